"""Schedules: where they start, where they end, and which way they go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core.errors import SettingsError
from nn_core.schedules import SCHEDULES, constant, cosine, find_schedule, one_cycle, step_down, warm_up


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


def test_one_cycle_may_peak_elsewhere_and_rises_there_as_in_a_longer_run():
    late = find_schedule("one-cycle:0.45")
    assert [late(step, 600) for step in range(270)] == [one_cycle(step, 900) for step in range(270)]
    assert [late(step, 600) for step in (270, 435, 600)] == pytest.approx([1, 0.5, 4e-6], rel=1e-4)
    assert find_schedule("one-cycle:0.3")(77, 600) == one_cycle(77, 600)


def test_one_cycle_may_be_cut_short_while_the_rate_is_high():
    short, longer = find_schedule("one-cycle:0.3:0.6"), find_schedule("one-cycle:0.3")
    assert [short(step, 600) for step in range(601)] == pytest.approx([longer(step, 1000) for step in range(601)])
    assert short(600, 600) == pytest.approx(0.611, abs=1e-3)  # the first 3/7 of the way down


@pytest.mark.parametrize("number", ["", "x", "1.1", "-0.1", "nan"])
def test_a_peak_outside_of_the_run_is_refused(number):
    with pytest.raises(SettingsError, match=rf"peak of one-cycle \(='{number}'\)"):
        find_schedule(f"one-cycle:{number}")
    with pytest.raises(SettingsError, match=rf"part of one-cycle \(='{number}'\)"):
        find_schedule(f"one-cycle:0.3:{number}")


def test_step_falls_to_a_tenth_at_a_half_and_at_three_quarters():
    assert [step_down(step, 100) for step in (0, 49, 50, 74, 75, 99)] == pytest.approx([1, 1, 0.1, 0.1, 0.01, 0.01])


def test_warm_up_rises_in_a_tenth_of_the_run_and_stays():
    assert [warm_up(step, 50) for step in range(7)] == pytest.approx([0.2, 0.4, 0.6, 0.8, 1, 1, 1])
    assert warm_up(0, 3) == 1


@pytest.mark.peers
def test_step_goes_the_way_of_torch():
    import torch

    steps = 41
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones=[21, 31], gamma=0.1)
    for step in range(steps):
        assert schedule.get_last_lr()[0] == pytest.approx(step_down(step, steps))
        optimizer.step()
        schedule.step()


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


@given(
    name=st.sampled_from([*SCHEDULES, "one-cycle:0", "one-cycle:1", "one-cycle:0.5:0.1"]),
    steps=st.integers(1, 10**6),
    share=st.floats(0, 1),
)
def test_no_schedule_leaves_zero_to_one(name, steps, share):
    assert 0 <= find_schedule(name)(round(share * steps), steps) <= 1


def test_an_unknown_name_is_refused_with_those_there_are():
    with pytest.raises(SettingsError, match=r"schedule \(='linear'\) must be one of constant, cosine, one-cycle"):
        find_schedule("linear")
