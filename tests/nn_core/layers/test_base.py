"""What all layers have in common."""

from __future__ import annotations

import mmap

import numpy as np
import pytest

from nn_core.layers import LAYERS, Scratch
from nn_core.layers.base import Spare
from tests.reference.cases import LAYER_CASES


def test_scratch_gives_the_same_array_again_and_a_new_one_for_another_shape_or_type():
    scratch = Scratch()
    first = scratch.array("a", (2, 3), np.float32)
    assert not first.any()
    first += 7
    assert scratch.array("a", (2, 3), np.float32) is first
    assert scratch.array("a", (3, 2), np.float32) is not first
    assert scratch.array("b", (2, 3), np.float32) is not first
    assert scratch.array("a", (2, 3), np.float64).dtype == np.float64


def test_layers_of_a_pass_have_spare_memory_in_common_and_gradients_in_turn():
    spare = Spare()
    one, other = Scratch(spare), Scratch(spare, takes_over=True)
    large = one.spare("a", (4, 5), np.float32)
    assert np.shares_memory(large, other.spare("a", (7,), np.float64))
    assert not np.shares_memory(large, other.spare("b", (7,), np.float64))
    assert other.spare("a", (4, 5), np.float32) is large
    assert not np.shares_memory(one.spare("a", (9, 9), np.float32), large)  # which who still has it may go on reading

    first, second, third = one.handed((3,), np.float32), other.handed((5,), np.float32), one.handed((3,), np.float32)
    assert not np.shares_memory(first, second)
    assert third is first


@pytest.mark.parametrize("system_has_large_pages", [True, False])
def test_large_arrays_are_zeros_that_share_nothing(monkeypatch, system_has_large_pages):
    if not system_has_large_pages:
        monkeypatch.delattr(mmap, "MADV_HUGEPAGE", raising=False)
    scratch = Scratch()
    sizes = (1 << 15) + np.arange(40) * 4321  # some float32 are small, most are not, and together they are 18 MB
    arrays = [scratch.array(str(size), (int(size),), np.float32) for size in sizes]
    arrays.append(scratch.array("larger than all that is taken at once", (3 << 20,), np.float32))
    for number, array in enumerate(arrays):
        assert not array.any()
        array.fill(number + 1)
    for number, array in enumerate(arrays):
        assert (array == number + 1).all()


def test_more_memory_than_there_is_raises_what_numpy_would():
    with pytest.raises(MemoryError):
        Scratch().array("a", (1 << 60,), np.uint8)


def test_only_who_may_writes_over_its_input():
    x = np.ones((2, 3), np.float32)
    own, shared = Scratch(takes_over=True).over("y", x), Scratch().over("y", x)
    assert own is x
    assert not np.shares_memory(shared, x)
    assert shared.shape == x.shape


def test_every_layer_is_among_the_cases_that_are_checked():
    checked = {type(layer).__name__ for case in LAYER_CASES for layer in case.make()}
    assert checked == set(LAYERS)


@pytest.mark.parametrize("case", LAYER_CASES, ids=lambda case: case.name)
def test_the_shape_that_is_announced_is_the_shape_of_the_answer(case):
    network = case.network()
    assert network(case.input()).shape == (case.shape[0], *network.shapes[-1])


@pytest.mark.parametrize("case", [case for case in LAYER_CASES if len(case.make()) == 1], ids=lambda case: case.name)
def test_a_layer_is_made_again_from_its_config(case):
    (layer,) = case.make()
    arguments = layer.config()
    if layer.needs_rng:
        arguments["rng"] = np.random.default_rng(0)
    assert repr(type(layer)(**arguments)) == repr(layer)
    assert layer.title()
