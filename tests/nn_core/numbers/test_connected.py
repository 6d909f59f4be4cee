"""Pictures cut into the pieces of ink that hang together: nothing is lost, nothing torn, nothing joined."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nn_core.ink import CANVAS_SIDE, Picture, Stroke, render
from nn_core.numbers.connected import MOST, connected, lines_of


def picture(ink: np.ndarray) -> Picture:
    return Picture(ink.astype(np.float32), 10.0, 20.0, 200.0, 160.0)


def rows(text: str) -> np.ndarray:
    return np.array([[letter == "#" for letter in row] for row in text.split()], np.float32)


def pieces_by_walking(inked: np.ndarray) -> list[set[tuple[int, int]]]:
    """What hangs together, found the slow way."""
    left, found = set(zip(*np.nonzero(inked), strict=True)), []
    while left:
        piece, edge = set(), {left.pop()}
        while edge:
            piece |= edge
            near = {(y + v, x + u) for y, x in edge for v in (-1, 0, 1) for u in (-1, 0, 1)}
            edge = near & left
            left -= edge
        found.append(piece)
    return found


def seen(*marks: Picture | Stroke) -> np.ndarray:
    return render(marks, 140, 0.0, 0.0, 140 / CANVAS_SIDE)


@given(arrays(np.bool_, st.tuples(st.integers(1, 12), st.integers(1, 12))))
def test_pieces_are_what_a_walk_from_pixel_to_pixel_finds(inked: np.ndarray):
    whole = picture(inked)
    walked = pieces_by_walking(inked)
    sizes = [max(np.ptp([y for y, _ in each]), np.ptp([x for _, x in each])) + 1 for each in walked]
    found = connected(whole)
    large = sum(size > 0.15 * max(sizes) for size in sizes)
    assert len(found) == (large if 1 < large <= MOST else 1)
    np.testing.assert_allclose(seen(*found), seen(whole), atol=1e-5)


@pytest.mark.parametrize(
    "drawn",
    [
        "#.#.#.# #.#.#.# #######",  # a comb, whose teeth meet in the last row
        "####### ......# .####.# .#..#.# .##.#.# ....#.# .####.# .#####",  # a spiral
        "#.#.# .#.#. #.#.#",  # by corners alone
    ],
)
def test_what_meets_somewhere_is_one_piece(drawn: str):
    long = max(map(len, drawn.split()))
    whole = picture(rows(" ".join(row.ljust(long, ".") for row in drawn.split())))
    assert connected(whole) == (whole,)


def test_a_speck_goes_with_the_nearest_piece():
    ink = np.zeros((40, 60))
    ink[5:35, 10:14] = ink[5:35, 40:44] = 1
    ink[20, 37] = 1
    left, right = connected(picture(ink))
    assert np.isclose(left.ink.sum(), 30 * 4)
    assert np.isclose(right.ink.sum(), 30 * 4 + 1)


def test_pale_ink_joins_nothing_and_goes_with_both_sides():
    ink = np.zeros((20, 30))
    ink[4:16, 4:8] = ink[4:16, 12:16] = 1
    ink[4:16, 8:12] = 0.2
    left, right = connected(picture(ink))
    np.testing.assert_allclose(left.ink[5], [0, 0, 1, 1, 1, 1, 0.2, 0.2], atol=1e-6)
    np.testing.assert_allclose(right.ink[5], [0.2, 0.2, 1, 1, 1, 1, 0, 0], atol=1e-6)


def test_a_picture_of_many_pieces_stays_whole():
    ink = np.zeros((20, 4 * MOST + 4))
    ink[2:18, 2 : 4 * MOST + 4 : 4] = 1
    whole = picture(ink)
    assert connected(whole) == (whole,)


def test_lines_are_in_the_middle_of_the_ink_and_end_where_it_was_erased():
    ink = np.zeros((160, 200))
    ink[20:140, 90:110] = 1
    whole = picture(ink)
    lines = lines_of(whole, ())
    assert lines.start[:, 0].mean() == pytest.approx(lines.end[:, 0].mean()) == pytest.approx(110, abs=0.5)
    assert (lines.start[:, 1].min(), lines.start[:, 1].max()) == pytest.approx((40.5, 159.5), abs=1)
    upper = Stroke(np.array([[60, 60], [160, 60]], np.float32), 80.0, erase=True)
    assert lines_of(whole, (upper,)).start[:, 1].min() == pytest.approx(100.5, abs=1)
