"""Batches: every image once an epoch, in an order that the seed alone decides."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core.augment import Augmentation
from nn_core.batches import Batches, as_pixels
from nn_core.data import Split
from nn_core.normalization import Normalization


def split(count):
    rng = np.random.default_rng(count)
    return Split(rng.integers(0, 256, (count, 28, 28), dtype=np.uint8), np.arange(count, dtype=np.uint8) % 10)


@given(count=st.integers(1, 200), batch=st.integers(1, 250), seed=st.integers(0, 2**32 - 1), epoch=st.integers(0, 5))
def test_an_epoch_holds_every_image_once_and_what_is_left_comes_last(count, batch, seed, epoch):
    batches = Batches(split(count), batch, seed)
    found = [batches.indices(epoch * batches.per_epoch + place) for place in range(batches.per_epoch)]
    assert sorted(np.concatenate(found)) == list(range(count))
    assert {len(part) for part in found[:-1]} <= {batch}
    assert 1 <= len(found[-1]) <= batch


def test_epochs_differ_seeds_differ_and_the_same_is_the_same():
    def order(seed, epoch):
        return Batches(split(50), 50, seed).indices(epoch).tolist()

    assert order(1, 0) == order(1, 0)
    assert len({tuple(order(seed, epoch)) for seed in range(4) for epoch in range(4)}) == 16
    assert order(0, 0) != list(range(50))


def test_steps_may_be_asked_for_in_any_order():
    batches = Batches(split(20), 6, 3)
    there = [batches.indices(step).tolist() for step in range(8)]
    back = [batches.indices(step).tolist() for step in reversed(range(8))]
    assert there == back[::-1]


@pytest.mark.parametrize("step, size", [(0, 12), (1, 12), (2, 6), (3, 12)])
def test_a_batch_is_gathered_with_its_labels_and_prepared_as_pixels(step, size):
    data = split(30)
    batches, images, labels = Batches(data, 12, 0), np.zeros((12, 28, 28), np.uint8), np.zeros(12, np.uint8)
    assert batches.gather(step, images, labels) == size
    indices = batches.indices(step)
    assert np.array_equal(images[:size], data.images[indices])
    assert np.array_equal(labels[:size], data.labels[indices])
    pixels = batches.preparation(Normalization(0.5, 0.25))(images[:2], step, 0)
    assert pixels.shape == (2, 1, 28, 28)
    assert pixels.dtype == np.float32
    assert np.allclose(pixels[:, 0], (data.images[indices[:2]] / 255 - 0.5) / 0.25, atol=1e-5)


def test_pixels_go_from_0_to_1_and_lie_as_the_network_works():
    pixels = as_pixels(np.array([0, 255], np.uint8).repeat(28 * 28).reshape(2, 28, 28))
    assert pixels[0].max() == 0
    assert pixels[1].min() == pixels[1].max() == pytest.approx(1, abs=1e-7)
    assert pixels.transpose(2, 1, 3, 0).flags.c_contiguous


def test_augmentation_depends_on_seed_step_and_part_alone():
    images = split(8).images

    def part(seed, step, number):
        return Batches(split(8), 8, seed, Augmentation()).preparation(Normalization())(images, step, number)

    assert np.array_equal(part(1, 2, 3), part(1, 2, 3))
    places = [(1, 2, 3), (2, 2, 3), (1, 3, 3), (1, 2, 4)]
    assert len({part(*place).tobytes() for place in places}) == 4
