"""The drawing on the screen is the drawing that the network gets."""

from __future__ import annotations

import time

import numpy as np
import pytest
from PySide6.QtGui import QColor

from app.colors import INK, INK_DARK
from app.ink_raster import InkRaster
from nn_core.ink import Marks, Picture, Stroke, render

SIDE = 300
SCALE = SIDE / 280


def _wave(count: int = 60) -> list[list[float]]:
    t = np.linspace(0, 1, count)
    return np.stack([50 + 180 * t, 140 + 60 * np.sin(8 * t)], axis=1).tolist()


def _stroke(points: list[list[float]], width: float = 20, erase: bool = False) -> Stroke:
    return Stroke(np.array(points, np.float32), width, erase)


def _draw(raster: InkRaster, stroke: Stroke) -> None:
    raster.begin(stroke.width, stroke.erase)
    for x, y in stroke.points.tolist():
        raster.extend(x, y)
    raster.finish(stroke)


def _shown(raster: InkRaster) -> np.ndarray:
    """Return how much ink each pixel of the picture shows, 0..1 (side, side), from its colours."""
    pixels = np.frombuffer(raster.image.constBits(), np.uint32).reshape(raster.side, raster.side) & 0xFF
    paper, ink = float(INK[0, 2]), float(INK[255, 2])
    return (paper - pixels) / (paper - ink)


def _share_that_differs(shown: np.ndarray, meant: np.ndarray) -> float:
    """Return the share of pixels on different sides of half coverage, to whom anti-aliasing is no excuse."""
    return float(((shown > 0.65) & (meant < 0.35) | (shown < 0.35) & (meant > 0.65)).mean())


DRAWINGS: dict[str, Marks] = {
    "a dot": (_stroke([[140, 100]]),),
    "two points": (_stroke([[40, 40], [200, 220]], 8),),
    "a wave": (_stroke(_wave(), 30),),
    "a sharp corner": (_stroke([[60, 60], [200, 60], [110, 230]], 24),),
    "there and back": (_stroke([[60, 60], [200, 60], [60, 60.2]], 24),),
    "two strokes that cross": (_stroke([[60, 60], [200, 200]]), _stroke([[200, 60], [60, 200]])),
    "a wave, erased across": (_stroke(_wave(), 30), _stroke([[140, 0], [140, 280]], 40, erase=True)),
    "drawn where it was erased": (
        _stroke([[40, 140], [240, 140]], 40),
        _stroke([[140, 40], [140, 240]], 40, erase=True),
        _stroke([[100, 100], [180, 180]], 10),
    ),
    "beyond the edge": (_stroke([[140, 140], [400, 300], [-90, 200]], 20),),
}


@pytest.mark.parametrize("marks", DRAWINGS.values(), ids=DRAWINGS.keys())
def test_the_screen_shows_what_the_network_gets(marks: Marks) -> None:
    raster = InkRaster(SIDE, INK)
    raster.set_marks(marks)
    assert _share_that_differs(_shown(raster), render(marks, SIDE, 0, 0, SCALE)) < 1e-4


@pytest.mark.parametrize("marks", DRAWINGS.values(), ids=DRAWINGS.keys())
def test_drawing_bit_by_bit_looks_like_drawing_at_once(marks: Marks) -> None:
    at_once, bit_by_bit = InkRaster(SIDE, INK), InkRaster(SIDE, INK)
    at_once.set_marks(marks)
    for mark in marks:
        assert isinstance(mark, Stroke)
        _draw(bit_by_bit, mark)
    assert _share_that_differs(_shown(at_once), _shown(bit_by_bit)) < 1e-4


def test_the_stroke_in_progress_is_shown_up_to_its_last_point() -> None:
    raster = InkRaster(SIDE, INK)
    raster.begin(20, False)
    for count, (x, y) in enumerate(_wave(20), 1):
        raster.extend(x, y)
        meant = render((_stroke(_wave(20)[:count]),), SIDE, 0, 0, SCALE)
        assert _share_that_differs(_shown(raster), meant) < 1e-3


def test_only_what_a_point_touches_is_painted_again() -> None:
    raster = InkRaster(SIDE, INK)
    raster.begin(20, False)
    for x, y in _wave(40):
        before = _shown(raster)
        changed = raster.extend(x, y)
        where = np.argwhere(_shown(raster) != before)
        assert changed.width() < SIDE / 3
        assert changed.height() < SIDE / 3
        assert where[:, 1].min(initial=changed.left()) >= changed.left()
        assert where[:, 1].max(initial=changed.right()) <= changed.right()
        assert where[:, 0].min(initial=changed.top()) >= changed.top()
        assert where[:, 0].max(initial=changed.bottom()) <= changed.bottom()


def test_a_stroke_of_tiny_steps_back_and_forth_stays_round() -> None:
    jitter = [[100.0, 100.0], [100.1, 100.2], [100.0, 99.9], [100.2, 100.0], [99.9, 100.1]] * 8
    stroke = _stroke(jitter, 40)
    raster = InkRaster(SIDE, INK)
    _draw(raster, stroke)
    assert _share_that_differs(_shown(raster), render((stroke,), SIDE, 0, 0, SCALE)) == 0


def test_a_cancelled_stroke_leaves_no_trace() -> None:
    kept = _stroke([[60, 60], [200, 200]])
    raster = InkRaster(SIDE, INK)
    raster.set_marks((kept,))
    before = _shown(raster)
    raster.begin(40, True)
    for x, y in _wave():
        raster.extend(x, y)
    assert (_shown(raster) != before).any()
    raster.cancel()
    assert (_shown(raster) == before).all()


def test_taking_marks_away_shows_what_is_left() -> None:
    first, second = _stroke([[60, 60], [200, 200]]), _stroke(_wave())
    raster, only_first = InkRaster(SIDE, INK), InkRaster(SIDE, INK)
    raster.set_marks((first, second))
    raster.set_marks((first,))
    only_first.set_marks((first,))
    assert (_shown(raster) == _shown(only_first)).all()
    raster.set_marks(())
    assert _shown(raster).max() == 0


@pytest.mark.parametrize("side", [4, 28, 1000])
def test_a_picture_lies_where_it_was_placed(side: int) -> None:
    ink = np.zeros((side, side), np.float32)
    ink[side // 4 : side // 2, side // 4 :] = 1
    picture = Picture(ink, 40, 20, 200, 240)
    raster = InkRaster(SIDE, INK)
    raster.set_marks((picture,))
    # A small picture is shown smooth and read as cells: what differs is one cell's rim.
    rim = 1.5 * 240 / side / 280
    assert _share_that_differs(_shown(raster), render((picture,), SIDE, 0, 0, SCALE)) <= rim


def test_a_picture_that_reaches_far_out_takes_no_more_than_another() -> None:
    picture = Picture(np.tile(np.arange(2000)[:, None] < 1000, 4), -500_000, 100, 1_000_000, 20)
    raster = InkRaster(SIDE, INK)
    started = time.process_time()
    raster.set_marks((picture,))
    assert time.process_time() - started < 1
    assert _share_that_differs(_shown(raster), render((picture,), SIDE, 0, 0, SCALE)) < 0.01


def test_the_table_gives_paper_and_ink_their_colors() -> None:
    raster = InkRaster(SIDE, INK)
    raster.set_marks((_stroke([[140, 140]], 40),))
    raster.set_table(INK_DARK)
    assert raster.image.pixelColor(5, 5) == QColor(*INK_DARK[0].tolist())
    assert raster.image.pixelColor(150, 150) == QColor(*INK_DARK[255].tolist())
