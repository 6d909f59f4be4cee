"""Every layer and loss against a numerical gradient: central differences, in float64."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nn_core.differences import slope
from nn_core.layers import Dropout
from nn_core.network import Pass, Sequential
from tests.reference.cases import LAYER_CASES, LOSS_CASES, LayerCase
from tests.reference.values import spread

Array = NDArray[np.float64]
# f, which is None beyond a kink; where; its gradient there by the code under test
Check = tuple[Callable[[Array], float | None], Array, Array]

RELATIVE = 1e-7  # what a central difference leaves in float64, and no slip in a formula does
ONE_BY_ONE = 24  # values of which each is tried alone; beyond these, directions through all of them

CASES = [
    *LAYER_CASES,
    LayerCase("dropout", lambda: (Dropout(0.3),), (4, 3, 2, 5)),
    LayerCase("dropout vectors", lambda: (Dropout(0.7),), (1, 40)),
    *LOSS_CASES,
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_gradient_is_the_numerical_one(case):
    for f, at, gradient in layer_checks(case) if isinstance(case, LayerCase) else loss_checks(case):
        ways = list(directions(at.shape))
        by_code = np.array([np.vdot(gradient, way) for way in ways])
        found = [slope(lambda t, f=f, at=at, way=way: f(at + t * way)) for way in ways]
        by_numbers = np.array([each.value for each in found])
        rounding = max(each.rounding for each in found)
        assert np.abs(by_code - by_numbers).max() <= RELATIVE * np.abs(by_numbers).max() + rounding


def directions(shape: tuple[int, ...]) -> Iterator[Array]:
    """Each value of a small array alone; through a large one, three ways in which every value takes part."""
    size = int(np.prod(shape))
    if size <= ONE_BY_ONE:
        for one in np.eye(size):
            yield one.reshape(shape)
    else:
        for seed in range(3):
            way = spread(shape, 50 + seed).astype(np.float64)
            yield way / np.linalg.norm(way)


def layer_checks(case: LayerCase) -> Iterator[Check]:
    """The sum of the outputs, weighed, as a function of the input, then of all parameters."""
    network = case.network().clone(np.float64)
    memory, x, learnt = Pass(network), case.input().astype(np.float64), network.layout.learnt
    y = forward(network, x, memory, case.training)
    weights = case.output_gradient(y.shape).astype(np.float64)
    dx = network.backward(weights.copy(), memory, need_dx=True)
    assert dx is not None
    dx, d_parameters, here = dx.copy(), memory.gradient.copy(), sides(network, memory)

    def of_input(at: Array) -> float | None:
        found = float(np.vdot(forward(network, at, memory, case.training), weights))
        return found if sides(network, memory) == here else None

    def of_parameters(at: Array) -> float | None:
        network.vector[:learnt] = at
        return of_input(x)

    yield of_input, x, dx
    if learnt:
        yield of_parameters, network.vector[:learnt].copy(), d_parameters


def forward(network: Sequential, x: Array, memory: Pass, training: bool) -> Any:
    return network.forward(x, memory, training=training, rng=np.random.default_rng(5))  # the same values dropped


def sides(network: Sequential, memory: Pass) -> list[list[bool] | None]:
    found = (layer.sides(scratch) for layer, scratch in zip(network.layers, memory.scratch, strict=True))
    return [None if each is None else each.tolist() for each in found]


def loss_checks(case: Any) -> Iterator[Check]:
    outputs = case.outputs.astype(np.float64)
    yield lambda at: case.loss(at, case.targets)[0], outputs, case.loss(outputs, case.targets)[1]
