"""Pictures of digits, taken by the program itself."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.errors import DataError
from nn_core.measuring.photographed import CONDITIONS, SIDES, photographed

DIGIT = np.zeros((28, 28))
DIGIT[4:24, 12:16] = 1


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_picture_follows_from_its_stream(condition: str) -> None:
    pixels = photographed(DIGIT, condition, np.random.default_rng(5))
    assert pixels.shape == (*SIDES, 4)
    np.testing.assert_array_equal(pixels, photographed(DIGIT, condition, np.random.default_rng(5)))
    empty = photographed(0 * DIGIT, condition, np.random.default_rng(5))
    changed = (pixels != empty).any(axis=-1).mean()
    assert 0.001 < changed < 0.3


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_row_of_digits_is_whole_in_the_picture(condition: str) -> None:
    row = np.tile(DIGIT[:, 8:20], 5)
    for seed in range(3):
        changed = photographed(row, condition, np.random.default_rng(seed)) != photographed(
            0 * row, condition, np.random.default_rng(seed)
        )
        across = changed.any(axis=(0, 2))
        assert (np.diff(across.astype(int), prepend=0) == 1).sum() >= 5


def test_only_what_is_transparent_has_transparent_places() -> None:
    alphas = {name: photographed(DIGIT, name, np.random.default_rng(1))[..., 3].min() for name in CONDITIONS}
    assert {name for name, alpha in alphas.items() if alpha < 255} == {"transparent"}


def test_a_condition_that_is_not_known_is_named() -> None:
    with pytest.raises(DataError, match="'fog'"):
        photographed(DIGIT, "fog", np.random.default_rng(0))
