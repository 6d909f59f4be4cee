"""The same cases through our own network, losses and optimisers, through their public doors."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_core.network import Pass
from nn_core.optimizers import make_optimizer
from tests.reference.cases import (
    OPTIMIZER_START,
    OPTIMIZER_STEPS,
    LayerCase,
    LossCase,
    OptimizerCase,
    optimizer_gradient,
)

Arrays = dict[str, NDArray[Any]]


def run_layers(case: LayerCase, dtype: type[np.floating[Any]] = np.float32) -> Arrays:
    """Outputs, the gradients of input and parameters, and the running averages after the pass."""
    network = case.network().clone(dtype)
    memory = Pass(network)
    y = network.forward(case.input().astype(dtype), memory, training=case.training, rng=np.random.default_rng(0))
    found = {"y": y.copy()}
    dx = network.backward(case.output_gradient(y.shape).astype(dtype), memory, need_dx=True)
    assert dx is not None
    found["dx"] = dx.copy()
    for number, views in enumerate(memory.gradients):
        found |= {f"d {number}.{name}": values.copy() for name, values in views.items()}
    if case.training:
        network.settle(memory)
        found |= {key: values.copy() for key, values in network.state_dict().items() if "running" in key}
    return found


def run_loss(case: LossCase, dtype: type[np.floating[Any]] = np.float32) -> Arrays:
    """The loss and its gradient."""
    value, gradient = case.loss(case.outputs.astype(dtype), case.targets)
    return {"loss": np.array([value]), "gradient": gradient}


def run_optimizer(case: OptimizerCase, dtype: type[np.floating[Any]] = np.float64) -> NDArray[Any]:
    """The parameters after each of the steps, `(OPTIMIZER_STEPS, size)`."""
    optimizer = make_optimizer(case.name, case.lr, case.weight_decay)
    p = OPTIMIZER_START.astype(dtype)
    memory = tuple(optimizer.memory_for(p).values())
    path = np.empty((OPTIMIZER_STEPS, p.size), dtype)
    for step in range(OPTIMIZER_STEPS):
        gradient = optimizer_gradient(p.astype(np.float64), step).astype(dtype)
        optimizer.begin(step + 1)
        optimizer.update(p, gradient, memory, np.empty_like(p))
        path[step] = p
    return path


def assert_agree(found: Arrays, wanted: Arrays, relative: float) -> None:
    """Fail unless each array is as its reference to within `relative` of the largest value in the reference."""
    assert found.keys() == wanted.keys()
    for name, reference in wanted.items():
        assert found[name].shape == reference.shape, name
        largest = np.abs(reference).max()
        furthest = np.abs(found[name].astype(np.float64) - reference).max()
        assert furthest <= relative * largest, f"{name} is {furthest / largest:.2g} of its largest value off"
