"""Digits that the program draws itself."""

from __future__ import annotations

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from nn_core.errors import SettingsError
from nn_core.ink import CANVAS_SIDE, Stroke, digit_image
from nn_core.pen import BLOCK, pen_blocks, pen_digits, pen_drawing


def rng(seed: int = 7) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_the_same_seed_gives_the_same_bits_however_many_are_asked_for() -> None:
    few, many = pen_digits(150, rng=rng()), pen_digits(BLOCK + 50, rng=rng())
    assert np.array_equal(few.images, many.images[:150])
    assert np.array_equal(few.labels, many.labels[:150])
    assert not np.array_equal(few.images, pen_digits(150, rng=rng(8)).images)


def test_the_threads_of_the_arithmetic_change_no_bit() -> None:
    with threadpool_limits(1):
        alone = pen_digits(BLOCK, rng=rng())
    with threadpool_limits(2):
        together = pen_digits(BLOCK, rng=rng())
    assert np.array_equal(alone.images, together.images)


def test_blocks_can_be_stopped_and_do_not_repeat() -> None:
    blocks = pen_blocks(10**9, rng=rng())
    first, second = next(blocks), next(blocks)
    blocks.close()
    assert len(first) == len(second) == BLOCK
    assert not np.array_equal(first.images, second.images)
    assert [len(block) for block in pen_blocks(BLOCK + 3, rng=rng())] == [BLOCK, 3]


def test_every_label_is_as_common_as_any_other_and_in_no_order() -> None:
    labels = pen_digits(BLOCK, rng=rng()).labels
    assert np.array_equal(np.bincount(labels), [BLOCK // 10] * 10)
    assert np.bincount(labels[:100], minlength=10).max() < 30


def test_every_digit_is_fitted_as_mnist_was() -> None:
    images = pen_digits(BLOCK, rng=rng()).images
    assert images.dtype == np.uint8
    assert images.shape == (BLOCK, 28, 28)
    high, wide = ([np.ptp(np.flatnonzero(line)) + 1 for line in images.any(axis=axis)] for axis in (2, 1))
    longer = np.maximum(high, wide)
    assert (longer >= 19).all()
    assert (longer <= 20).all()
    mass = images.sum(axis=(1, 2), dtype=float)
    middle = images.sum(axis=2) @ np.arange(28.0) / mass, images.sum(axis=1) @ np.arange(28.0) / mass
    assert (np.abs(np.array(middle) - 14) < 0.55).mean() > 0.97


def test_pens_are_as_wide_as_mnists() -> None:
    """Twice the ink over the length of its rim; MNIST's training images have 1.6, 2.4 and 3.6."""
    ink = np.pad(pen_digits(BLOCK, rng=rng()).images, ((0, 0), (1, 1), (1, 1))) / 255.0
    across, down = np.diff(ink, axis=2)[:, :-1], np.diff(ink, axis=1)[:, :, :-1]
    width = 2 * ink.sum(axis=(1, 2)) / np.hypot(across, down).sum(axis=(1, 2))
    assert np.percentile(width, [5, 50, 95]) == pytest.approx([1.6, 2.4, 3.6], abs=0.3)


@pytest.mark.parametrize("label", range(10))
def test_a_drawing_is_a_digit_on_the_canvas(label: int) -> None:
    for seed in range(20):
        marks = pen_drawing(label, rng=rng(seed))
        assert marks
        assert digit_image(marks) is not None
        for mark in marks:
            assert isinstance(mark, Stroke)
            assert not mark.erase
            assert mark.points.min() > mark.width / 2
            assert mark.points.max() < CANVAS_SIDE - mark.width / 2


def test_asking_for_nothing_or_for_no_digit_is_refused() -> None:
    with pytest.raises(SettingsError, match="count of pen digits"):
        next(pen_blocks(0, rng=rng()))
    with pytest.raises(SettingsError, match="label"):
        pen_drawing(10, rng=rng())
