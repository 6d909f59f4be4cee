"""Numbers composed of single digits: what they show, where they are, how far apart."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.errors import DataError
from nn_core.ink import CANVAS_SIDE
from nn_core.measuring.composing import composed_numbers
from nn_core.measuring.pen_file import PenDigit

BAR = (np.array([[0.0, 0.0], [0.0, 1.0]], np.float32),)
HOOK = (np.array([[0.0, 0.0], [0.0, 0.5]], np.float32), np.array([[0.0, 0.5], [0.5, 1.0]], np.float32))


def digits(writers: str) -> list[PenDigit]:
    return [PenDigit((BAR, HOOK)[place % 2], place % 10, writer=name) for place, name in enumerate(writers)]


def test_a_number_shows_different_digits_of_one_writer():
    for number in composed_numbers(digits("aaaabbbcc"), 40, seed=0):
        assert len(set(number.text)) == 3
        assert set(number.text) <= set("0123") or set(number.text) == set("456")
        assert len(number.strokes) == sum((1, 2)[int(text) % 2] for text in number.text)


def test_it_lies_on_the_canvas_from_left_to_right():
    for number in composed_numbers([PenDigit(BAR, 1)] * 3, 60, seed=1):
        points = np.concatenate([stroke.points for stroke in number.strokes])
        assert points.min() >= -1e-3
        assert points.max() <= CANVAS_SIDE + 1e-3
        middles = [stroke.points[:, 0].mean() for stroke in number.strokes]
        assert len(middles) == 3
        assert np.ptp(points, axis=0).max() <= 0.95 * CANVAS_SIDE + 1e-3


def test_gaps_are_as_people_leave_them():
    wide = (np.array([[0.0, 0.0], [0.5, 0.0], [0.5, 1.0], [0.0, 1.0]], np.float32),)
    gaps = []
    for number in composed_numbers([PenDigit(wide, 1)] * 3, 200, seed=2):
        boxes = [(stroke.points[:, 0].min(), stroke.points[:, 0].max()) for stroke in number.strokes]
        height = np.median([np.ptp(stroke.points[:, 1]) for stroke in number.strokes])
        gaps += [(right[0] - left[1]) / height for left, right in zip(boxes[:-1], boxes[1:], strict=True)]
    assert 0.05 < np.mean(np.array(gaps) < 0.02) < 0.2
    assert 0.15 < np.mean(gaps) < 0.3
    assert min(gaps) > -0.25


def test_the_seed_decides():
    one, same, other = (composed_numbers(digits("aaaa"), 3, seed)[2] for seed in (5, 5, 6))
    assert all(np.array_equal(a.points, b.points) for a, b in zip(one.strokes, same.strokes, strict=True))
    assert not np.array_equal(one.strokes[0].points, other.strokes[0].points)


def test_too_few_digits_of_everybody_are_refused():
    with pytest.raises(DataError, match="3 digits"):
        composed_numbers(digits("aabb"), 1, seed=0)
