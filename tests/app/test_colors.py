"""From numbers to colours."""

from __future__ import annotations

import gc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PySide6.QtGui import QImage

from app.colors import (
    INK,
    INK_DARK,
    NAN_COLOR,
    SIGNED,
    SIGNED_DARK,
    ink_table,
    signed_range,
    signed_table,
    to_qimage,
)

TABLES = {"ink": INK, "ink dark": INK_DARK, "signed": SIGNED, "signed dark": SIGNED_DARK}


def _rgb(image: QImage, x: int, y: int) -> tuple[int, ...]:
    return image.pixelColor(x, y).getRgb()[:3]


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES.keys())
def test_tables_are_256_opaque_colors_that_nobody_changes(table: np.ndarray) -> None:
    assert table.shape == (256, 4)
    assert table.dtype == np.uint8
    assert (table[:, 3] == 255).all()
    assert not table.flags.writeable


def test_ink_gets_steadily_darker_and_in_the_dark_lighter() -> None:
    assert (np.diff(INK[:, :3].astype(int).sum(axis=1)) <= 0).all()
    assert (np.diff(INK_DARK[:, :3].astype(int).sum(axis=1)) >= 0).all()


@pytest.mark.parametrize(("table", "away"), [(SIGNED, -1), (SIGNED_DARK, 1)], ids=["light", "dark"])
def test_signed_colors_run_from_the_neutral_to_both_sides_alike(table: np.ndarray, away: int) -> None:
    light = table[:, :3].astype(int) @ [299, 587, 114]
    assert (np.diff(light[128:]) * away >= 0).all()
    assert (np.diff(light[:129]) * away <= 0).all()
    neutral, negative, positive = table[128, :3].astype(int), table[40, :3].astype(int), table[216, :3].astype(int)
    assert np.ptp(neutral) <= 8
    assert negative[2] > negative[0]  # blue
    assert positive[0] > positive[2]  # orange


def test_the_theme_chooses_the_tables() -> None:
    assert ink_table(False) is INK
    assert ink_table(True) is INK_DARK
    assert signed_table(False) is SIGNED
    assert signed_table(True) is SIGNED_DARK


def test_ends_and_what_is_beyond_them() -> None:
    image = to_qimage(np.array([[0.0, 1.0, -5.0, 9.0, -np.inf, np.inf]]), 0.0, 1.0, INK)
    first, last = tuple(INK[0, :3].tolist()), tuple(INK[255, :3].tolist())
    assert [_rgb(image, x, 0) for x in range(6)] == [first, last, first, last, first, last]


@given(limit=st.floats(1e-12, 1e12))
def test_zero_is_neutral_whatever_the_range(limit: float) -> None:
    image = to_qimage(np.zeros((1, 1), np.float32), -limit, limit, SIGNED)
    assert _rgb(image, 0, 0) == tuple(SIGNED[128, :3].tolist())


def test_what_is_no_number_cannot_be_overlooked() -> None:
    values = np.array([[np.nan, 0.5]])
    assert _rgb(to_qimage(values, 0, 1, INK), 0, 0) == NAN_COLOR[:3]
    assert _rgb(to_qimage(values, 0, 1, INK), 1, 0) != NAN_COLOR[:3]
    assert np.isnan(values[0, 0])


def test_all_values_alike_are_blank() -> None:
    assert _rgb(to_qimage(np.zeros((2, 2)), 0.0, 0.0, INK), 1, 1) == tuple(INK[0, :3].tolist())


def test_the_picture_has_the_shape_of_the_values_and_keeps_them() -> None:
    values = np.zeros((5, 3), np.float32)
    values[4, 0] = 1
    image = to_qimage(values, 0, 1, INK)
    del values
    gc.collect()
    assert (image.width(), image.height()) == (3, 5)
    assert _rgb(image, 0, 4) == tuple(INK[255, :3].tolist())
    assert _rgb(image, 2, 0) == tuple(INK[0, :3].tolist())


def test_slices_and_integers_are_values_too() -> None:
    values = np.arange(12).reshape(3, 4)[:, ::2]
    assert _rgb(to_qimage(values, 0, 10, INK), 1, 2) == tuple(INK[255, :3].tolist())


@pytest.mark.parametrize("shape", [(3,), (0, 4), (4, 0), (2, 2, 2)])
def test_what_is_no_picture_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="height and a width"):
        to_qimage(np.zeros(shape), 0, 1, INK)


@given(arrays(np.float32, st.integers(0, 9), elements=st.floats(width=32)))
def test_signed_range_holds_every_finite_value(values: np.ndarray) -> None:
    low, high = signed_range(values)
    finite = values[np.isfinite(values)]
    assert low == -high < 0 < high
    assert (np.abs(finite) <= high).all()
