"""Optimisers that torch does not have, against their papers' formulas in float64 and plain loops; penalties; memory."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nn_core.errors import SettingsError
from nn_core.optimizers import (
    FTRL,
    OPTIMIZERS,
    Adadelta,
    Adagrad,
    AdagradDA,
    Momentum,
    ProximalAdagrad,
    ProximalGradientDescent,
    RMSprop,
    Rprop,
    make_optimizer,
)
from tests.reference.cases import OPTIMIZER_START, OPTIMIZER_STEPS, optimizer_gradient

LR, L1, L2 = 0.3, 0.02, 0.05
PENALTIES = [(0.0, 0.0), (L1, 0.0), (0.0, L2), (L1, L2)]


def walk(optimizer, dtype=np.float64, rates=None, steps=OPTIMIZER_STEPS):
    """The parameters after each step, `(steps, size)`."""
    p = OPTIMIZER_START.astype(dtype)
    memory, path = tuple(optimizer.memory_for(p).values()), []
    for step in range(steps):
        if rates:
            optimizer.lr = rates[step]
        optimizer.begin(step + 1)
        g = optimizer_gradient(p.astype(np.float64), step).astype(dtype)
        optimizer.update(p, g, memory, np.full_like(p, np.nan))
        path.append(p.copy())
    return np.array(path)


def by_formula(formula, state):
    """The same for one step of a formula on single numbers: (p, g, t, state) -> p, with lists as the states."""
    p, states, path = OPTIMIZER_START.tolist(), [state(value) for value in OPTIMIZER_START.tolist()], []
    for step in range(OPTIMIZER_STEPS):
        gradient = optimizer_gradient(np.array(p), step).tolist()
        p = [formula(a, g, step + 1, s) for a, g, s in zip(p, gradient, states, strict=True)]
        path.append(p)
    return np.array(path)


def sign(value):
    return (value > 0) - (value < 0)


def proximal(l1, l2):
    """TensorFlow's ApplyProximalGradientDescent."""

    def step(p, g, t, state):
        prox = p - LR * g
        return sign(prox) / (1 + LR * l2) * max(abs(prox) - LR * l1, 0)

    return step, lambda start: []


def proximal_adagrad(l1, l2):
    """TensorFlow's ApplyProximalAdagrad."""

    def step(p, g, t, state):
        state[0] += g * g
        rate = LR / math.sqrt(state[0])
        prox = p - rate * g
        return sign(prox) / (1 + rate * l2) * max(abs(prox) - rate * l1, 0)

    return step, lambda start: [0.1]


def adagrad_da(l1, l2, from_start):
    """TensorFlow's ApplyAdagradDA, which is Duchi et al.'s composite dual averaging."""

    def step(p, g, t, state):
        state[0] += g
        state[1] += g * g
        return -LR * sign(state[0]) * max(abs(state[0]) - l1 * t, 0) / (l2 * t * LR + math.sqrt(state[1]))

    return step, lambda start: [-start * math.sqrt(0.1) / LR if from_start else 0.0, 0.1]


def ftrl(l1, l2, from_start, beta=0.0):
    """McMahan et al.'s algorithm 1, with the accumulator's first value of TensorFlow's ApplyFtrl."""

    def step(p, g, t, state):
        z, n = state
        sigma = (math.sqrt(n + g * g) - math.sqrt(n)) / LR
        state[0], state[1] = z, n = z + g - sigma * p, n + g * g
        return 0.0 if abs(z) <= l1 else -(z - sign(z) * l1) / ((beta + math.sqrt(n)) / LR + l2)

    return step, lambda start: [-start * (beta + math.sqrt(0.1)) / LR if from_start else 0.0, 0.1]


@pytest.mark.parametrize("l1, l2", PENALTIES)
@pytest.mark.parametrize(
    "optimizer, formula, more",
    [
        (ProximalGradientDescent, proximal, {}),
        (ProximalAdagrad, proximal_adagrad, {}),
        (AdagradDA, adagrad_da, {"from_start": False}),
        (AdagradDA, adagrad_da, {"from_start": True}),
        (FTRL, ftrl, {"from_start": False}),
        (FTRL, ftrl, {"from_start": True}),
        (FTRL, ftrl, {"from_start": False, "beta": 1.0}),
    ],
)
def test_it_goes_the_way_of_its_paper(optimizer, formula, more, l1, l2):
    wanted = by_formula(*formula(l1, l2, **more))
    assert np.abs(walk(optimizer(LR, weight_decay=l2, l1=l1, **more)) - wanted).max() < 1e-13
    assert np.abs(walk(optimizer(LR, weight_decay=l2, l1=l1, **more), np.float32) - wanted).max() < 1e-5


#: What TensorFlow itself ends at (its own tests: python/training/…_test.py), learning rate 3, sums of squares from 0.1.
GRADIENT = np.array([0.1, 0.2, 0.01, 0.02])
ZEROS, ONWARDS = np.zeros(4), np.array([1.0, 2.0, 4.0, 3.0])
BY_TENSORFLOW = [
    (AdagradDA, ZEROS, 1, 0.0, 0.0, [-0.904534, -1.603567, -0.094821, -0.189358]),
    (AdagradDA, ONWARDS, 1, 0.0, 0.0, [-0.904534, -1.603567, -0.094821, -0.189358]),
    (AdagradDA, ONWARDS, 1, 0.001, 0.0, [-0.895489, -1.59555, -0.085339, -0.17989]),
    (AdagradDA, ONWARDS, 1, 0.001, 2.0, [-0.046907, -0.093659, -0.004275, -0.009023]),
    (ProximalGradientDescent, ZEROS, 3, 0.0, 0.0, [-0.9, -1.8, -0.09, -0.18]),
    (ProximalGradientDescent, ONWARDS, 3, 0.0, 0.0, [0.1, 0.2, 3.91, 2.82]),
    (ProximalGradientDescent, ONWARDS, 10, 0.001, 2.0, [-0.0495, -0.0995, -0.0045, -0.0095]),
    (ProximalAdagrad, ZEROS, 3, 0.0, 0.0, [-2.60260963, -4.29698515, -0.28432083, -0.56694895]),
    (ProximalAdagrad, ONWARDS, 3, 0.0, 0.0, [-1.60261, -2.296985, 3.715679, 2.433051]),
    (ProximalAdagrad, ONWARDS, 10, 0.001, 0.0, [-6.663634, -9.190331, 2.959304, 1.029232]),
    (ProximalAdagrad, ONWARDS, 10, 0.001, 2.0, [-0.0495, -0.0995, -0.0045, -0.0095]),
    (FTRL, ZEROS, 3, 0.0, 0.0, [-2.60260963, -4.29698515, -0.28432083, -0.56694895]),
    (FTRL, ONWARDS, 3, 0.0, 0.0, [-2.55607247, -3.98729396, -0.28232238, -0.56096673]),
    (FTRL, ONWARDS, 10, 0.001, 0.0, [-7.66718769, -10.91273689, -0.93460727, -1.86147261]),
    (FTRL, ONWARDS, 10, 0.001, 2.0, [-0.24059935, -0.46829352, -0.02406147, -0.04830509]),
]


@pytest.mark.parametrize("optimizer, start, steps, l1, l2, wanted", BY_TENSORFLOW)
def test_it_ends_where_tensorflow_ends(optimizer, start, steps, l1, l2, wanted):
    more = {"from_start": False} if optimizer in (AdagradDA, FTRL) else {}
    decay = 2 * l2 if optimizer is FTRL else l2  # its l2 is no half
    one, p = optimizer(3.0, weight_decay=decay, l1=l1, **more), start.copy()
    memory = tuple(one.memory_for(p).values())
    for step in range(1, steps + 1):
        one.begin(step)
        one.update(p, GRADIENT.copy(), memory, np.empty_like(p))
    assert p == pytest.approx(wanted, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("l1, l2", PENALTIES)
def test_adagrad_da_minimises_what_its_paper_minimises(l1, l2):
    """Duchi et al. 2011, eq. 3 times t: lr·(⟨Σg, x⟩ + t·(l1·|x| + l2/2·x²)) + ½·x·√(initial + Σg²)·x."""
    optimizer, p = AdagradDA(LR, weight_decay=l2, l1=l1, from_start=False), OPTIMIZER_START.copy()
    memory, gradients = tuple(optimizer.memory_for(p).values()), []

    def objective(x):
        t, total = len(gradients), np.sum(gradients, axis=0)
        root = np.sqrt(0.1 + np.square(gradients).sum(axis=0))
        return LR * (total * x + t * (l1 * np.abs(x) + l2 / 2 * x**2)) + root * x**2 / 2

    for step in range(OPTIMIZER_STEPS):
        gradients.append(optimizer_gradient(p, step))
        optimizer.begin(step + 1)
        optimizer.update(p, gradients[-1].copy(), memory, np.empty_like(p))
        for away in (-1e-2, -1e-4, 1e-4, 1e-2):
            assert (objective(p) <= objective(p + away)).all()


@pytest.mark.parametrize("l1, l2", PENALTIES)
def test_a_proximal_step_minimises_what_its_paper_minimises(l1, l2):
    """Duchi and Singer 2009, eq. 3: ½·(x − (p − lr·g))² + lr·(l1·|x| + l2/2·x²)."""
    for step in range(OPTIMIZER_STEPS):
        before, g = OPTIMIZER_START * (1 - 0.1 * step), optimizer_gradient(OPTIMIZER_START, step)
        x = before.copy()
        ProximalGradientDescent(LR, weight_decay=l2, l1=l1).update(x, g.copy(), (), np.empty_like(x))

        def objective(x, target=before - LR * g):
            return (x - target) ** 2 / 2 + LR * (l1 * np.abs(x) + l2 / 2 * x**2)

        for away in (-1e-2, -1e-4, 1e-4, 1e-2):
            assert (objective(x) <= objective(x + away)).all()


@pytest.mark.parametrize("name", ["proximal", "proximal-adagrad", "adagrad-da", "ftrl"])
def test_exact_l1_makes_zeros_and_a_penalty_in_the_gradient_does_not(name):
    assert (walk(make_optimizer(name, 0.1, l1=2.0))[-1] == 0).any()
    assert (walk(make_optimizer("sgd", 0.1, l1=2.0))[-1] != 0).all()


@pytest.mark.parametrize("name", ["sgd", "momentum", "nesterov", "adam", "adamw", "adagrad", "adadelta", "rmsprop"])
def test_l1_elsewhere_adds_its_sign_to_the_gradient(name):
    plain, penalised = make_optimizer(name, 0.1), make_optimizer(name, 0.1, l1=0.25)
    p, g = np.array([0.5, -2.0, 0.0]), np.array([0.1, 0.1, 0.1])
    found, wanted = p.copy(), p.copy()
    for optimizer, values, gradient in ((penalised, found, g), (plain, wanted, g + [0.25, -0.25, 0])):
        optimizer.begin(1)
        optimizer.update(values, gradient.copy(), tuple(optimizer.memory_for(p).values()), np.empty(3))
    assert found == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("name", ["adagrad-da", "ftrl"])
def test_a_schedule_slows_averaging_down_and_does_not_shrink_the_network(name):
    rates = [LR * (1 - step / OPTIMIZER_STEPS) for step in range(OPTIMIZER_STEPS)]
    constant, slowed = walk(make_optimizer(name, LR)), walk(make_optimizer(name, LR), rates=rates)
    assert np.abs(np.diff(slowed, axis=0)[-5:]).max() < np.abs(np.diff(constant, axis=0)[-5:]).max()
    assert np.abs(slowed[-1]).max() > 0.1  # where a rate that came last would leave a fiftieth


def test_averaging_starts_from_the_start_of_the_network():
    for optimizer in (AdagradDA(LR), FTRL(LR)):
        p = OPTIMIZER_START.copy()
        optimizer.begin(1)
        optimizer.update(p, np.zeros_like(p), tuple(optimizer.memory_for(p).values()), np.empty_like(p))
        assert p == pytest.approx(OPTIMIZER_START, rel=1e-12)


def test_memory_starts_where_the_optimiser_says():
    p = np.ones(3, np.float32)
    starts = {name: make_optimizer(name, 0.25).memory_for(p) for name in OPTIMIZERS}
    for name, memory in starts.items():
        assert tuple(memory) == OPTIMIZERS[name].memory_names
        assert {values.dtype for values in memory.values()} <= {np.dtype(np.float32)}
    assert starts["rprop"]["step_size"].tolist() == [0.25] * 3
    assert Adagrad(initial=0.5).memory_for(p)["sum"].tolist() == [0.5] * 3
    assert starts["proximal-adagrad"]["sum"] == pytest.approx([0.1] * 3)


def test_rprop_rests_after_a_turn_and_keeps_its_steps_within_their_bounds():
    optimizer, p = Rprop(0.5, step_sizes=(0.1, 0.55)), np.zeros(1)
    memory, path = tuple(optimizer.memory_for(p).values()), []
    for g in (1.0, 1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0, 1.0, 1.0):
        optimizer.update(p, np.array([g]), memory, np.empty(1))
        path.append(p.item())
    # 0.5, then 0.6 cut to 0.55; a turn halves it and rests; …; at last 0.0688 raised to 0.1.
    assert path == pytest.approx([-0.5, -1.05, -1.05, -0.775, -0.775, -0.9125, -0.9125, -0.8125, -0.8125, -0.9125])


@pytest.mark.parametrize("name", sorted(set(OPTIMIZERS) - {"rprop"}))  # whose rate is but its first step
@pytest.mark.parametrize("penalty", [0.0, 0.1])
def test_a_learning_rate_of_0_leaves_everything(name, penalty):
    p = np.array([0.5, -1, 2], np.float32)
    optimizer = make_optimizer(name, 0.0, penalty, penalty)
    memory = tuple(optimizer.memory_for(p).values())
    optimizer.begin(1)
    optimizer.update(p, np.ones_like(p), memory, np.empty_like(p))
    assert p.tolist() == [0.5, -1, 2]


@pytest.mark.parametrize(
    "make, told",
    [
        (lambda: make_optimizer("sgd", 0.1, -1.0), r"weight_decay \(=-1.0\)"),
        (lambda: make_optimizer("ftrl", 0.1, l1=math.nan), r"l1 \(=nan\)"),
        (lambda: Momentum(0.1, momentum=1.0), r"momentum \(=1.0\)"),
        (lambda: Adagrad(initial=-1), r"initial \(=-1\)"),
        (lambda: Adadelta(rho=1.5), r"rho \(=1.5\)"),
        (lambda: RMSprop(eps=0), r"eps \(=0\)"),
        (lambda: Rprop(etas=(0.5, 1.0)), r"etas \(=\(0.5, 1.0\)\)"),
        (lambda: Rprop(step_sizes=(0, 1)), r"step_sizes \(=\(0, 1\)\)"),
        (lambda: ProximalAdagrad(0.1, initial=0), r"initial \(=0\)"),
        (lambda: FTRL(0.1, initial=0), r"initial \(=0\)"),
        (lambda: FTRL(0.1, beta=-1), r"beta \(=-1\)"),
    ],
)
def test_what_is_out_of_range_is_named_with_its_value(make, told):
    with pytest.raises(SettingsError, match=told):
        make()
