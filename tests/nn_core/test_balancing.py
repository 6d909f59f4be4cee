"""Class-balanced shuffling: equal shares of unequal classes, and all of each in time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core.balancing import balanced_order

SKEWED = np.repeat([0, 3, 9], [899, 90, 10]).astype(np.uint8)


@pytest.mark.parametrize("batch", [30, 64])
def test_a_skewed_split_comes_in_equal_shares(batch):
    shown = SKEWED[balanced_order(SKEWED, seed=1, epoch=0)]
    assert len(shown) == 999
    assert sorted(np.unique(shown, return_counts=True)[1]) == [333, 333, 333]
    for start in range(0, 999, batch):
        counts = [(shown[start : start + batch] == one).sum() for one in (0, 3, 9)]
        assert max(counts) - min(counts) <= 2  # a round may be cut at both ends


def test_all_images_of_a_class_come_before_one_comes_again():
    order = np.concatenate([balanced_order(SKEWED, 1, epoch) for epoch in range(4)])
    rare = order[order >= 989]
    for start in range(0, 1330, 10):
        assert sorted(rare[start : start + 10]) == list(range(989, 999))
    assert len({tuple(rare[start : start + 10]) for start in range(0, 1330, 10)}) > 100  # shuffled anew
    often = order[order < 899]
    assert len(np.unique(often)) == 899


@given(st.lists(st.integers(0, 9), min_size=1, max_size=60), st.integers(0, 2**32 - 1), st.integers(0, 5))
def test_any_labels_have_a_balanced_order_that_seed_and_epoch_decide(labels, seed, epoch):
    labels = np.array(labels, np.uint8)
    order = balanced_order(labels, seed, epoch)
    assert np.array_equal(order, balanced_order(labels, seed, epoch))
    assert len(order) == len(labels)
    counts = np.unique(labels[order], return_counts=True)[1]
    assert counts.max() - counts.min() <= 1


def test_epochs_and_seeds_differ():
    orders = {tuple(balanced_order(SKEWED, seed, epoch)) for seed in range(3) for epoch in range(3)}
    assert len(orders) == 9
