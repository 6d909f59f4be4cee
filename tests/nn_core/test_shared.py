"""Arrays that processes share."""

from __future__ import annotations

import gc
import os
import pickle

import numpy as np
import pytest

from nn_core.errors import TrainingError
from nn_core.shared import SharedArray


@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 5, 7)])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.int64])
def test_what_one_writes_the_other_reads(shape, dtype):
    one = SharedArray(shape, dtype)
    other = pickle.loads(pickle.dumps(one))
    assert not one.array.any()
    one.array[...] = 3
    assert other.array.shape == shape
    assert other.array.dtype == dtype
    assert (other.array == 3).all()
    other.array[...] = 4
    assert (one.array == 4).all()


def test_a_copy_is_a_copy():
    values = np.arange(6.0).reshape(2, 3)
    shared = SharedArray.of(values)
    assert np.array_equal(shared.array, values)
    shared.array[0] = 9
    assert values[0, 0] == 0


def test_the_array_lasts_longer_than_its_owner_and_no_file_is_left_open():
    before = len(os.listdir("/proc/self/fd"))
    array = SharedArray.of(np.arange(5)).array
    assert array.sum() == 10
    del array
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) == before


def test_no_room_is_told_with_its_size():
    with pytest.raises(TrainingError, match="no room for 4,611,686,018,427,387,904 bytes"):
        SharedArray((1 << 62,), np.uint8)
