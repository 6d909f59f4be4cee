"""Rows of two drawings: as many as asked for, always the same, and as wide as two things are."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core import doubt_drawings
from nn_core.doubt_drawings import number_blocks, row_blocks
from nn_core.errors import SettingsError

BLOCKS = {"numbers": number_blocks, "rows": row_blocks}


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doubt_drawings, "BLOCK", 50)


@pytest.mark.parametrize("name", BLOCKS)
def test_the_seed_decides_and_fewer_are_the_first_of_more(name: str):
    one, same, fewer, other = (
        np.concatenate(list(BLOCKS[name](count, rng=np.random.default_rng(seed))))
        for count, seed in ((80, 5), (80, 5), (65, 5), (80, 6))
    )
    assert one.shape == (80, 28, 28)
    assert one.dtype == np.uint8
    assert np.array_equal(one, same)
    assert np.array_equal(one[:65], fewer)
    assert not np.array_equal(one, other)


def test_most_numbers_are_wider_than_high():
    images = np.concatenate(list(number_blocks(300, rng=np.random.default_rng(2))))
    wide, high = ((images.max(axis=axis) > 0).sum(axis=1) for axis in (1, 2))
    assert np.mean(wide > high) > 0.7


@pytest.mark.parametrize("name", BLOCKS)
def test_none_is_refused(name: str):
    with pytest.raises(SettingsError, match="count"):
        next(BLOCKS[name](0, rng=np.random.default_rng(0)))
