"""Layers, losses and optimisers answer as PyTorch does in float64: as it was recorded, and as it says now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.reference import ours
from tests.reference.cases import LAYER_CASES, LOSS_CASES, OPTIMIZER_CASES
from tests.reference.recorded import recorded, recorded_case

layers = pytest.mark.parametrize("case", LAYER_CASES, ids=lambda case: case.name)
losses = pytest.mark.parametrize("case", LOSS_CASES, ids=lambda case: case.name)
optimizers = pytest.mark.parametrize("case", OPTIMIZER_CASES, ids=lambda case: case.title)


@layers
def test_layers_answer_as_recorded(case):
    ours.assert_agree(ours.run_layers(case), recorded_case("layers", case.name), 1e-5)


@losses
def test_losses_answer_as_recorded(case):
    wanted = recorded_case("losses", case.name)
    ours.assert_agree(ours.run_loss(case), wanted, 1e-5)
    ours.assert_agree(ours.run_loss(case, np.float64), wanted, 1e-12)


@optimizers
def test_optimizers_go_the_recorded_way(case):
    follow(ours.run_optimizer, case, recorded("optimizers")[case.title])


def test_nothing_was_recorded_that_is_not_compared():
    assert {key.rpartition("/")[0] for key in recorded("layers")} == {case.name for case in LAYER_CASES}
    assert {key.rpartition("/")[0] for key in recorded("losses")} == {case.name for case in LOSS_CASES}
    assert set(recorded("optimizers")) == {case.title for case in OPTIMIZER_CASES}


@pytest.mark.peers
@layers
def test_layers_answer_as_torch(case):
    from tests.reference import torch_peer

    wanted = torch_peer.run_layers(case)
    ours.assert_agree(ours.run_layers(case), wanted, 1e-5)
    ours.assert_agree(ours.run_layers(case, np.float64), wanted, 1e-12)


@pytest.mark.peers
@losses
def test_losses_answer_as_torch(case):
    from tests.reference import torch_peer

    wanted = torch_peer.run_loss(case)
    ours.assert_agree(ours.run_loss(case), wanted, 1e-5)
    ours.assert_agree(ours.run_loss(case, np.float64), wanted, 1e-12)


@pytest.mark.peers
@optimizers
def test_optimizers_go_the_way_of_torch(case):
    from tests.reference import torch_peer

    follow(ours.run_optimizer, case, torch_peer.run_optimizer(case))


def follow(run: Callable[..., Any], case: Any, wanted: Any) -> None:
    """Every one of the steps, not the last alone: an error may cancel on the way."""
    assert np.abs(run(case, np.float64) - wanted).max() < 1e-12
    # Adam divides by √v: what float32 rounds in a gradient near 0 is seen in the step.
    assert np.abs(run(case, np.float32) - wanted).max() < 2e-5
