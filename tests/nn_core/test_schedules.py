"""Schedules: where they start, where they end, and which way they go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core.errors import SettingsError
from nn_core.schedules import SCHEDULES, constant, cosine, find_schedule, one_cycle


def test_constant_is_one():
    assert {constant(step, 10) for step in range(10)} == {1.0}


def test_cosine_falls_from_one_by_half_to_zero():
    assert [cosine(step, 100) for step in (0, 50, 100)] == pytest.approx([1, 0.5, 0], abs=1e-12)


def test_one_cycle_rises_from_a_25th_to_one_and_falls_to_next_to_nothing():
    assert [one_cycle(step, 1000) for step in (0, 150, 300, 650, 1000)] == pytest.approx(
        [0.04, 0.52, 1, 0.5, 4e-6], rel=1e-4
    )
    values = [one_cycle(step, 1000) for step in range(1001)]
    assert values[:301] == sorted(values[:301])
    assert values[300:] == sorted(values[300:], reverse=True)


@pytest.mark.peers
def test_one_cycle_goes_the_way_of_torch():
    import torch

    steps = 400
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    # torch places its peak at 0.3 · steps − 1 and its end at the last step: the same curve, laid over one step fewer.
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1.0, total_steps=steps, cycle_momentum=False)
    for step in range(steps - 1):
        assert schedule.get_last_lr()[0] == pytest.approx(one_cycle(step, steps), abs=0.02)
        optimizer.step()
        schedule.step()


@given(name=st.sampled_from(sorted(SCHEDULES)), steps=st.integers(1, 10**6), share=st.floats(0, 1))
def test_no_schedule_leaves_zero_to_one(name, steps, share):
    assert 0 <= find_schedule(name)(round(share * steps), steps) <= 1


def test_an_unknown_name_is_refused_with_those_there_are():
    with pytest.raises(SettingsError, match=r"schedule \(='step'\) must be one of constant, cosine, one-cycle"):
        find_schedule("step")
