"""The example worked by hand: every number of it, from the text, from PyTorch, and by central differences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nn_core.errors import SettingsError
from nn_core.labs.worked_example import Example, backward, forward, update, updates

# PyTorch 2.13 in float64: SGD with rate 0.5, from the numbers of the example; with biases that stay, and that learn.
ONE = [
    *(0.1497807161327628, 0.19956143226552567, 0.24975114363236958, 0.29950228726473915),
    *(0.35891647971788465, 0.4086661860762334, 0.5113012702387375, 0.5613701211079891),
]
TEN_THOUSAND = {
    False: ([0.01591362044355068, 0.9840642735146238], 3.510187782978859e-05, [0.35, 0.6]),
    True: (
        [0.012102159123466441, 0.9879283897200597],
        4.355321066163751e-06,
        [2.3243891629441435, -0.3373733264336139],
    ),
}


def test_the_way_forwards_gives_the_numbers_of_the_text():
    found = forward(Example())
    assert found.net_hidden[0] == pytest.approx(0.3775, abs=1e-15)
    np.testing.assert_allclose(found.out_hidden, [0.593269992, 0.596884378], atol=5e-10)
    assert found.net_output[0] == pytest.approx(1.105905967, abs=5e-10)
    assert [f"{value:.8f}" for value in found.out_output] == ["0.75136507", "0.77292847"]
    assert f"{found.out_output[1]:.9f}" == "0.772928465"
    np.testing.assert_allclose(found.errors, [0.274811083, 0.023560026], atol=5e-10)
    assert f"{found.total:.9f}" == "0.298371109"


def test_the_way_back_gives_the_numbers_of_torch():
    example = Example()
    found = backward(example, forward(example))
    hidden = [0.0004385677344743467, 0.0008771354689486934, 0.0004977127352608599, 0.0009954254705217198]
    output = [0.08216704056423077, 0.08266762784753325, -0.022602540477475067, -0.02274024221597822]
    np.testing.assert_allclose(found.weights, hidden + output, rtol=1e-13)
    np.testing.assert_allclose(found.biases, [0.01872560939470413, 0.10040032511200073], rtol=1e-13)


def test_the_factors_of_the_chain_rule_multiply_to_the_gradient():
    example = Example()
    there = forward(example)
    back = backward(example, there)
    w5 = back.error_by_out[0] * back.slope_output[0] * there.out_hidden[0]
    assert back.weights[4] == pytest.approx(w5, rel=1e-14)
    w2 = (back.shares[0, 0] + back.shares[0, 1]) * back.slope_hidden[0] * example.inputs[1]
    assert back.weights[1] == pytest.approx(w2, rel=1e-14)
    assert back.shares[0, 1] == pytest.approx(back.delta_output[1] * example.weights[6], rel=1e-14)


@pytest.mark.parametrize("seed", range(3))
def test_the_gradient_is_that_of_central_differences(seed: int):
    rng = np.random.default_rng(seed)
    sizes = {"inputs": 2, "targets": 2, "weights": 8, "biases": 2}
    example = Example(**{name: rng.normal(size=size) for name, size in sizes.items()})
    found = backward(example, forward(example))
    step = 1e-6
    for name, analytic in (("weights", found.weights), ("biases", found.biases)):
        for place in range(analytic.size):
            moves = np.zeros(analytic.size)
            moves[place] = step
            values = getattr(example, name)
            above, below = (forward(replace(example, **{name: values + sign * moves})).total for sign in (1, -1))
            assert analytic[place] == pytest.approx((above - below) / (2 * step), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("biases", [False, True])
def test_one_update(biases: bool):
    example = Example()
    after = update(example, backward(example, forward(example)), 0.5, biases=biases)
    np.testing.assert_allclose(after.weights, ONE, rtol=1e-14)
    np.testing.assert_allclose(after.biases, [0.3406371953026479, 0.5497998374439996] if biases else [0.35, 0.6])
    assert forward(after).total == pytest.approx(0.2857508866992965 if biases else 0.29102777369359933, rel=1e-13)


@pytest.mark.parametrize("biases", [False, True])
def test_ten_thousand_updates(biases: bool):
    *_, (example, error) = updates(Example(), 0.5, 10_000, biases=biases)
    outputs, left, moved = TEN_THOUSAND[biases]
    np.testing.assert_allclose(forward(example).out_output, outputs, rtol=1e-9)
    assert error == pytest.approx(left, rel=1e-8)
    np.testing.assert_allclose(example.biases, moved, rtol=1e-9)


def test_large_numbers_do_not_overflow():
    with np.errstate(over="raise", invalid="raise"):
        found = forward(Example(inputs=np.array([1e3, -1e3]), biases=np.array([0.0, 1e3])))
        assert np.isfinite(backward(Example(), found).weights).all()


@pytest.mark.parametrize("name", ["inputs", "targets", "weights", "biases"])
@pytest.mark.parametrize("value", [np.zeros(3), np.array([np.nan, 0.0])])
def test_numbers_are_checked(name: str, value: np.ndarray):
    with pytest.raises(SettingsError, match=name):
        Example(**{name: value})


@pytest.mark.parametrize(("rate", "count"), [(0.0, 1), (float("nan"), 1), (0.5, 0), (0.5, 10**9)])
def test_a_run_is_checked(rate: float, count: int):
    with pytest.raises(SettingsError):
        next(updates(Example(), rate, count, biases=False))
