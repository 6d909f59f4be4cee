"""Drawings and what a network is given of them."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from nn_core.errors import DataError
from nn_core.fitting import INK, PEN, PICTURE_INK, centred
from nn_core.ink import CANVAS_SIDE, Marks, Picture, Stroke, digit_image, ink_box, render
from nn_core.pen import pen_drawing

Points = list[tuple[float, float]]
on_canvas = st.floats(5.0, 275.0, width=32)
lines = st.lists(st.tuples(on_canvas, on_canvas), min_size=1, max_size=12)


def drawn(label: int = 3, seed: int = 0, width: float | None = None) -> tuple[Stroke, ...]:
    marks = [mark for mark in pen_drawing(label, rng=np.random.default_rng(seed)) if isinstance(mark, Stroke)]
    return tuple(Stroke(mark.points, width or mark.width) for mark in marks)


def image(*marks: Stroke | Picture) -> NDArray[np.float32]:
    seen = digit_image(marks)
    assert seen is not None
    assert seen.shape == (28, 28)
    assert seen.dtype == np.float32
    assert np.isfinite(seen).all()
    assert seen.min() >= 0.0
    assert seen.max() <= 1.0
    return seen


def extent(seen: NDArray[np.float32]) -> tuple[int, int]:
    """Height and width of the ink."""
    ink = seen > 0.5 / 255
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


@pytest.mark.parametrize("points", [[], [1.0, 2.0], [[1.0, 2.0, 3.0]], [[0.0, np.nan]], [[np.inf, 0.0]], [[1e9, 0.0]]])
def test_refuses_points_that_no_hand_drew(points: list[float]) -> None:
    with pytest.raises(DataError, match="points of a stroke"):
        Stroke(np.array(points), 22.0)


@pytest.mark.parametrize("width", [0.0, 1e-40, 9e-4, -3.0, np.nan, np.inf])
def test_refuses_a_pen_without_width(width: float) -> None:
    with pytest.raises(DataError, match="width of a stroke"):
        Stroke(np.zeros((1, 2)), width)


def test_a_dot_of_the_thinnest_pen_is_a_dot() -> None:
    assert np.array_equal(image(Stroke(np.array([[10.0, 10]]), 1e-3)), image(Stroke(np.array([[10.0, 10]]), 22.0)))


@pytest.mark.parametrize("ink", [np.zeros((0, 3)), np.zeros(4), np.full((2, 2), 2.0), np.full((2, 2), np.nan)])
def test_refuses_a_picture_that_is_none(ink: NDArray[np.float64]) -> None:
    with pytest.raises(DataError, match="ink of a picture"):
        Picture(ink, 0, 0, 10, 10)


@pytest.mark.parametrize("rectangle", [(0, 0, 0, 5), (0, 0, 5, -1), (np.nan, 0, 5, 5), (0, 0, np.inf, 5)])
def test_refuses_a_picture_without_a_place(rectangle: tuple[float, float, float, float]) -> None:
    with pytest.raises(DataError, match="rectangle of a picture"):
        Picture(np.ones((2, 2)), *rectangle)


def test_a_drawing_does_not_change_with_the_array_it_was_made_of() -> None:
    points = np.array([[10.0, 10.0], [90.0, 200.0]], np.float32)
    stroke = Stroke(points, 22.0)
    points[:] = 0.0
    assert stroke.points[1, 1] == 200.0
    with pytest.raises(ValueError, match="read-only"):
        stroke.points[0, 0] = 1.0


@pytest.mark.parametrize("outside", [[(-200.0, 20.0)], [(-9.0, -9.0), (400.0, -9.0)], [(900_000.0, 900_000.0)]])
def test_no_ink_is_no_image(outside: Points) -> None:
    assert digit_image(()) is None
    assert digit_image((Stroke(np.array(outside), 12.0),)) is None
    assert digit_image((Stroke(np.array([[50.0, 50.0]]), 12.0, erase=True),)) is None
    assert digit_image((Picture(np.zeros((4, 4)), 0, 0, 280, 280),)) is None


@pytest.mark.parametrize("ink", [0.35, 0.4, 0.5, 0.6, 1.0])
def test_a_faint_speck_is_ink_of_its_own_size(ink):
    speck = Picture(np.full((1, 1), ink), 100, 100, 2, 2)
    left, top, right, bottom = ink_box((speck,))
    assert 0 < right - left <= 2
    assert 0 < bottom - top <= 2
    assert image(speck).max() > 0.3


@given(points=lines, width=st.floats(14, 30))
def test_an_eraser_drawn_over_a_line_leaves_nothing(points: Points, width: float) -> None:
    marks = (Stroke(np.array(points), width), Stroke(np.array(points), width, erase=True))
    assert digit_image(marks) is None


def test_an_eraser_takes_what_was_there_before_and_nothing_that_comes_after() -> None:
    left, right = Stroke(np.array([[60.0, 40], [60, 240]]), 22), Stroke(np.array([[200.0, 40], [200, 240]]), 22)
    eraser = Stroke(np.array([[60.0, 20], [60, 260]]), 40, erase=True)
    assert np.array_equal(image(left, right, eraser), image(right))
    assert np.array_equal(image(right, eraser, left), image(left, right))


def test_half_of_a_line_is_what_remains_of_it() -> None:
    line = Stroke(np.array([[40.0, 30], [140, 30], [140, 250]]), 22)
    eraser = Stroke(np.array([[30.0, 30], [100, 30]]), 30, erase=True)
    rest = Stroke(np.array([[115.0, 30], [140, 30], [140, 250]]), 22)
    assert np.abs(image(line, eraser) - image(rest)).max() < 0.15


def test_what_is_drawn_beside_the_paper_is_not_read() -> None:
    whole = Stroke(np.array([[100.0, 100], [100, -5000], [5000, -5000], [5000, 200], [180, 200]]), 22)
    seen = (Stroke(np.array([[100.0, 100], [100, 0]]), 22), Stroke(np.array([[280.0, 200], [180, 200]]), 22))
    assert np.abs(image(whole) - image(*seen)).max() < 1e-3


@settings(max_examples=50)
@given(points=lines, width=st.floats(1, 40))
def test_every_drawing_fills_the_box_and_is_centred_by_its_mass(points: Points, width: float) -> None:
    seen = image(Stroke(np.array(points), width))
    assert max(extent(seen)) <= 20
    reach = np.ptp(np.array(points), axis=0).max()
    if reach > width:
        assert max(extent(seen)) == 20
    middle = np.array([seen.sum(axis=1) @ np.arange(28), seen.sum(axis=0) @ np.arange(28)]) / seen.sum()
    at_the_rim = [seen[[0, -1]].any(), seen[:, [0, -1]].any()]
    assert ((np.abs(middle - 14) <= 0.51) | at_the_rim).all()


@given(
    label=st.integers(0, 9), seed=st.integers(0, 99), size=st.floats(0.3, 1.0), place=st.tuples(*[st.floats(-1, 1)] * 2)
)
def test_place_size_and_pen_change_almost_nothing(
    label: int, seed: int, size: float, place: tuple[float, float]
) -> None:
    marks = drawn(label, seed)
    whole = np.concatenate([mark.points for mark in marks])
    middle = (whole.min(axis=0) + whole.max(axis=0)) / 2
    room = CANVAS_SIDE / 2 - np.ptp(whole, axis=0).max() * size / 2
    moved = [(mark.points - middle) * size + CANVAS_SIDE / 2 + room * np.array(place) for mark in marks]
    again = image(*(Stroke(points, 14.0 + 16.0 * size) for points in moved))
    assert np.abs(again - image(*marks)).max() < 0.02


@pytest.mark.parametrize("label", range(10))
def test_agrees_with_a_large_raster_shrunk_by_area(label: int) -> None:
    for seed in range(3):
        marks = drawn(label, seed)
        points = np.concatenate([mark.points for mark in marks])
        low, high = points.min(axis=0), points.max(axis=0)
        scale = (20 - PEN) / float((high - low).max())
        left, top = (low + high) / 2 - 14 / scale
        large = brute_force(marks, 16 * 28, left, top, 16 * scale, 8 * PEN)
        small = large.reshape(28, 16, 28, 16).mean(axis=(1, 3), dtype=np.float32)
        difference = np.abs(image(*marks) / INK - centred(small[None])[0])
        assert difference.max() < 0.15
        assert difference.mean() < 0.004


def brute_force(
    marks: tuple[Stroke, ...], side: int, left: float, top: float, scale: float, radius: float
) -> NDArray[np.bool_]:
    """Which pixels of a raster have their centre under a pen: no anti-aliasing, no short cut."""
    y, x = (np.mgrid[:side, :side] + 0.5) / scale + np.array([top, left])[:, None, None]
    ink = np.zeros((side, side), bool)
    for mark in marks:
        for a, b in zip(mark.points[:-1].astype(float), mark.points[1:].astype(float), strict=True):
            along = ((x - a[0]) * (b - a)[0] + (y - a[1]) * (b - a)[1]) / max(float((b - a) @ (b - a)), 1e-9)
            along = np.clip(along, 0, 1)
            ink |= np.hypot(x - a[0] - along * (b - a)[0], y - a[1] - along * (b - a)[1]) * scale <= radius
    return ink


def test_a_thin_one_is_tall_and_narrow() -> None:
    assert extent(image(Stroke(np.array([[140.0, 60], [140, 200]]), 22))) in {(20, 3), (20, 4)}


def test_a_dot_stays_a_dot() -> None:
    seen = image(Stroke(np.array([[40.0, 200]]), 22))
    assert seen.sum() == pytest.approx(INK * np.pi * PEN**2 / 4, rel=0.05)
    assert max(extent(seen)) <= 4
    assert seen[13:16, 13:16].sum() > 0.8 * seen.sum()
    trembling = image(Stroke(np.array([[40.0, 200], [41, 201], [39, 201]]), 22))
    assert max(extent(trembling)) <= 6


def test_a_picture_is_fitted_as_it_is_and_paled() -> None:
    seen = image(Picture(np.ones((30, 15)), 100, 40, 60, 120))
    assert extent(seen) == (20, 10)
    assert seen.sum() == pytest.approx(200 * PICTURE_INK, rel=1e-3)
    grey = image(Picture(np.indices((64, 64)).sum(axis=0) % 2, 100, 100, 100, 100))
    assert np.allclose(grey[8:18, 8:18], 0.5 * PICTURE_INK, atol=0.1)


def test_a_picture_can_be_drawn_on_and_erased() -> None:
    picture = Picture(np.ones((20, 20)), 40, 40, 80, 80)
    beside = Stroke(np.array([[200.0, 40], [200, 120]]), 20)
    away = Stroke(np.array([[80.0, 80]]), 200, erase=True)
    assert extent(image(picture, beside))[0] < 20
    assert extent(image(picture, away, beside)) == extent(image(beside, Picture(np.zeros((1, 1)), 0, 0, 1, 1)))
    assert digit_image((picture, away)) is None


@pytest.mark.parametrize("width", [3_000.0, 1_000_000.0])
def test_a_pen_wider_than_the_paper_blackens_a_picture(width: float) -> None:
    picture = Picture(np.eye(4), 100, 100, 20, 20)
    blackened = image(picture, Stroke(np.array([[10.0, 10], [20, 20]]), width))
    assert extent(blackened) == (20, 20)
    assert blackened.sum() == pytest.approx(400 * PICTURE_INK, rel=1e-3)


def test_a_wide_eraser_may_leave_a_speck_of_a_picture() -> None:
    speck = Picture(np.ones((1, 1)), 100, 100, 2, 2)
    beside = Stroke(np.array([[200_103.0, 100]]), 400_000.0, erase=True)
    assert np.allclose(image(speck, beside), image(speck), atol=0.05)


def test_a_wide_pen_takes_no_memory_for_thin_lines_beside_the_paper() -> None:
    thin = [Stroke(np.array([[-1e6, y], [1e6, y]]), 1.0) for y in (20.0, 200.0)]
    wide = Stroke(np.array([[0.0, 999_000.0]]), 1_000_000.0)
    tracemalloc.start()
    try:
        render((*thin, wide), 28, 0, 0, 0.1)
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


def test_render_covers_the_area_of_the_ink() -> None:
    dot = (Stroke(np.array([[100.0, 100]]), 40),)
    assert render(dot, 280, 0, 0, 1).sum() == pytest.approx(np.pi * 400, rel=0.01)
    assert render(dot, 70, 0, 0, 0.25).sum() * 16 == pytest.approx(np.pi * 400, rel=0.01)
    cut_off: Marks = (Stroke(np.array([[0.0, 100]]), 40),)
    assert render(cut_off, 300, -10, -10, 1).sum() == pytest.approx(np.pi * 200, rel=0.02)
    erased = (*dot, Stroke(np.array([[100.0, 100]]), 20, erase=True))
    assert render(erased, 280, 0, 0, 1).sum() == pytest.approx(np.pi * 300, rel=0.02)
    far = (Stroke(np.array([[-900_000.0, 140], [900_000, 140]]), 10),)
    assert render(far, 280, 0, 0, 1).sum() == pytest.approx(2800, rel=0.01)
