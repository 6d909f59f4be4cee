"""Small changes: none is what is read, and each does to the image what it says."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.explaining.variations import MAPS, PENS, SCALES, SHIFTS, TURNS, Change, Drawing
from nn_core.fitting import INK
from nn_core.ink import Picture, Stroke, digit_image
from nn_core.pen import pen_drawing

SEVEN = pen_drawing(7, rng=np.random.default_rng(1))
BAR = (Stroke(np.array([[140.0, 40], [140, 240]]), 20.0),)
PICTURE = (Picture(np.ones((20, 2), np.float32), 130.0, 40.0, 20.0, 200.0),)


def spread(image: np.ndarray, axis: int) -> float:
    """Standard deviation of the ink along x (0) or y (1), in pixels."""
    place, share = np.arange(28), image.sum(axis=axis) / image.sum()
    return float(np.sqrt(share @ (place - share @ place) ** 2))


@pytest.mark.parametrize("marks", [SEVEN, BAR, PICTURE])
def test_no_change_is_what_is_read(marks) -> None:
    drawing = Drawing(marks)
    assert np.array_equal(drawing.image, digit_image(marks))
    assert np.array_equal(drawing.changed(Change()), digit_image(marks))


def test_lines_are_where_they_are_read() -> None:
    """A change too small to be seen gives the same image, so lines are moved as centring moves pixels."""
    drawing = Drawing(SEVEN)
    np.testing.assert_allclose(drawing.changed(Change(right=1e-4)), drawing.image, atol=1e-3)


@pytest.mark.parametrize("marks", [SEVEN, PICTURE])
def test_a_shift_moves_whole_pixels(marks) -> None:
    drawing = Drawing(marks)
    moved = drawing.changed(Change(right=2, down=-3))
    np.testing.assert_allclose(moved[1:22, 4:26], drawing.image[4:25, 2:24], atol=1e-5)


@pytest.mark.parametrize("marks", [BAR, PICTURE])
def test_a_turn_goes_clockwise_and_a_scale_shortens(marks) -> None:
    drawing = Drawing(marks)
    turned = drawing.changed(Change(turn=30))
    rows, columns = np.nonzero(turned > 0.5)
    assert columns[rows < 9].mean() > 16  # the upper end goes to the right
    assert columns[rows > 18].mean() < 12
    flat = drawing.changed(Change(turn=90))
    assert spread(flat, 0) == pytest.approx(spread(drawing.image, 1), rel=0.03)
    small = drawing.changed(Change(scale=0.7))
    assert spread(small, 1) == pytest.approx(0.7 * spread(drawing.image, 1), rel=0.06)


def test_a_pen_draws_as_wide_as_it_is() -> None:
    for pen in (1.2, 2.4, 4.0):
        assert Drawing(BAR).changed(Change(pen=pen))[14].sum() == pytest.approx(pen * INK, rel=0.05)


def test_maps_have_the_present_drawing_in_their_middle_and_pictures_no_pen() -> None:
    assert len(SHIFTS) == 81
    assert SHIFTS[40] == TURNS[6] == SCALES[6] == PENS[6] == Change()
    assert (SHIFTS[0].right, SHIFTS[0].down, SHIFTS[1].right) == (-4, -4, -3)
    assert Drawing(BAR).maps() == MAPS
    assert "pen" not in Drawing(PICTURE).maps()
    assert Drawing(()).image is None
