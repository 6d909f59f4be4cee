"""Drawings put on the canvas, somewhere."""

from __future__ import annotations

import numpy as np

from nn_core.ink import CANVAS_SIDE
from nn_core.measuring.placing import placed, sample

LINES = [np.array([[0, 0], [0.5, 1]], np.float32), np.array([[0.25, 0.5]], np.float32)]


def test_sizes_pens_and_places_are_spread_over_what_is_asked_for():
    drawings = [placed(LINES, 1, number) for number in range(400)]
    points = [np.concatenate([stroke.points for stroke in drawing]) for drawing in drawings]
    sizes = np.array([np.ptp(each, axis=0).max() for each in points]) / CANVAS_SIDE
    pens = np.array([drawing[0].width for drawing in drawings])
    assert (sizes.min() > 0.299, sizes.max() < 0.851, np.ptp(sizes) > 0.5) == (True, True, True)
    assert (pens.min() >= 14, pens.max() <= 30, np.ptp(pens) > 15) == (True, True, True)
    assert min(each.min() for each in points) >= 0
    assert max(each.max() for each in points) <= CANVAS_SIDE
    assert np.ptp([each[0, 0] for each in points]) > 0.6 * CANVAS_SIDE


def test_a_drawing_is_put_in_the_same_place_whichever_others_there_are():
    np.testing.assert_array_equal(placed(LINES, 1, 7)[0].points, placed(LINES, 1, 7)[0].points)
    assert (placed(LINES, 1, 7)[0].points != placed(LINES, 2, 7)[0].points).any()


def test_a_sample_is_drawn_from_the_seed_and_rises():
    assert sample(5, None, 0) == sample(5, 9, 0) == [0, 1, 2, 3, 4]
    some = sample(1000, 100, 3)
    assert some == sorted(set(some))
    assert len(some) == 100
    assert some == sample(1000, 100, 3) != sample(1000, 100, 4)
