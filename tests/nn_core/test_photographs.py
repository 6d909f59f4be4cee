"""Ink in pictures of every kind."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest

from nn_core.errors import DataError
from nn_core.ink import digit_image
from nn_core.measuring.photographed import CONDITIONS, photographed
from nn_core.pen import pen_digits
from nn_core.photographs import ink_in, picture_of

DIGITS = pen_digits(40, rng=np.random.default_rng(8)).images[[3, 17]] / np.float32(255)
Y, X = np.mgrid[0:120, 0:160].astype(np.float32)
STROKE = ((np.abs(X - 80) < 6) & (np.abs(Y - 60) < 40)).astype(np.float32)


def _sheet(ink: tuple[float, float, float], paper: tuple[float, float, float]) -> np.ndarray:
    cover = STROKE[..., None]
    return (np.array(paper) * (1 - cover) + np.array(ink) * cover).astype(np.float32)


def _likeness(image: np.ndarray, digit: np.ndarray) -> float:
    """The correlation with a digit that was turned and tilted a little, at the nearest place."""
    steps = [(dy, dx) for dy in range(-2, 3) for dx in range(-2, 3)]
    return max(float(np.corrcoef(np.roll(image, step, (0, 1)).ravel(), digit.ravel())[0, 1]) for step in steps)


@pytest.mark.parametrize("condition", [name for name in CONDITIONS if name != "transparent"])
def test_the_digit_is_found_however_the_picture_was_taken(condition: str) -> None:
    for number, digit in enumerate(DIGITS):
        pixels = photographed(digit, condition, np.random.default_rng([2, number]))
        image = digit_image((picture_of(pixels[..., :3] / np.float32(255), "it"),))
        assert image is not None
        assert _likeness(image, digit) > 0.8


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ((0.9, 0.1, 0.1), (1, 1, 1)),
        ((0.1, 0.2, 0.9), (1, 1, 1)),
        ((1, 0.95, 0.1), (1, 1, 1)),
        ((0.8, 0.1, 0.1), (0.1, 0.46, 0.1)),  # equally light, in another colour
        ((1, 1, 1), (0.1, 0.3, 0.2)),
    ],
    ids=["red", "blue", "yellow", "red on green", "chalk"],
)
def test_ink_of_any_color_is_full_ink(ink: tuple[float, float, float], paper: tuple[float, float, float]) -> None:
    noise = np.random.default_rng(1).normal(0, 0.02, (*STROKE.shape, 3)).astype(np.float32)
    for picture in (_sheet(ink, paper), np.clip(_sheet(ink, paper) + noise, 0, 1)):
        found = ink_in(picture, "it")
        assert found[STROKE == 1].mean() > 0.9
        assert found[STROKE == 0].mean() < 0.02


def test_ink_goes_by_steps_that_a_byte_can_hold() -> None:
    light = _sheet((0, 0, 0), (1, 1, 1)) * (0.5 + X / 320)[..., None]
    steps = ink_in(light, "it") * 255
    np.testing.assert_allclose(steps, np.rint(steps), atol=1e-4)


def test_small_ink_is_enlarged_where_it_is_and_large_ink_left_alone() -> None:
    light = np.ones((400, 500, 3), np.float32)
    light[300:350, 440:450] = 0
    picture = picture_of(light, "it")
    rows, columns = (np.flatnonzero(picture.ink.max(axis=axis) > 0.5) for axis in (1, 0))
    unit = picture.height / picture.ink.shape[0]
    assert np.ptp(rows) * unit == pytest.approx(0.7 * 280, rel=0.05)
    assert picture.left + (columns[0] + columns[-1] + 1) / 2 * unit == pytest.approx(140, abs=2 * unit)
    assert picture.top + (rows[0] + rows[-1] + 1) / 2 * unit == pytest.approx(140, abs=2 * unit)
    light[60:380, 100:110] = 0
    whole = picture_of(light, "it")
    assert (whole.left, whole.top, whole.width, whole.height) == pytest.approx((0, 28, 280, 224))


def test_several_digits_stay_beside_each_other() -> None:
    light = np.full((200, 300, 3), 0.9, np.float32) * np.linspace(0.6, 0.9, 300, dtype=np.float32)[:, None]
    for left in (60, 140, 220):
        light[60:140, left : left + 10] *= 0.2
    ink = ink_in(light, "it")
    assert [float(ink[100, left + 5]) for left in (60, 140, 220)] == pytest.approx([1, 1, 1], abs=0.1)


@pytest.mark.parametrize("noise", [0.0, 0.05])
def test_paper_alone_is_told_by_name(noise: float) -> None:
    light = 0.8 + np.random.default_rng(0).normal(0, noise, (100, 120, 3)).astype(np.float32)
    with pytest.raises(DataError, match=r"empty\.png shows one colour"):
        ink_in(light, "empty.png")


@pytest.mark.parametrize("shape", [(4, 4), (4, 80), (80, 4), (7, 5)])
def test_the_smallest_pictures_are_read_or_refused(shape: tuple[int, int]) -> None:
    for seed in range(4):
        light = np.random.default_rng(seed).random((*shape, 3)).astype(np.float32)
        with contextlib.suppress(DataError):
            ink = ink_in(light, "it")
            assert ink.shape == shape
            assert 0 <= ink.min() <= ink.max() <= 1
