"""`gradcheck`: what it prints, and how it ends."""

from __future__ import annotations

import pytest

from cli import main
from nn_core.layers import Linear


def test_a_preset_passes(call):
    *arrays, summary = call("gradcheck", "blog-cnn", "--entries", 2)
    assert [(line["layer"], line["name"]) for line in arrays[:3]] == [(0, "weight"), (0, "bias"), (0, "input")]
    assert summary["passed"]
    assert 0 < summary["relative_error"] < 1e-6
    assert summary["values"] == sum(line["values"] for line in arrays)
    errors = [entry["relative_error"] for entry in summary["worst"]]
    assert errors == sorted(errors, reverse=True)
    assert errors[0] == summary["relative_error"]


def test_one_layer_of_a_chain_and_another_loss(call):
    chain = "flatten -> linear 4 -> sigmoid -> linear 10"
    *arrays, summary = call("gradcheck", chain, "--layer", 3, "--loss", "mse", "--seed", 7)
    assert {line["layer"] for line in arrays} == {3}
    assert summary["loss"] == "mse"
    assert call("gradcheck", chain, "--layer", 3, "--loss", "mse", "--seed", 7) == [*arrays, summary]


def test_for_people_it_ends_with_the_verdict(capsys):
    assert main(["gradcheck", "mlp-300", "--entries", "2"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[-1].startswith("passed: the largest relative error is")
    assert "1.weight[" in said.out


def test_a_wrong_gradient_ends_with_1(capsys, monkeypatch):
    right = Linear.backward

    def wrong(layer, dy, scratch, gradients, *, need_dx):
        found = right(layer, dy, scratch, gradients, need_dx=need_dx)
        gradients["bias"] *= -1
        return found

    monkeypatch.setattr(Linear, "backward", wrong)
    assert main(["gradcheck", "mlp-300", "--layer", "3"]) == 1
    said = capsys.readouterr().err
    assert "failed: 10 of 50 values differ" in said
    assert "3.bias[" in said


@pytest.mark.parametrize(
    "words, why",
    [
        (("no-such-net",), "neither a preset"),
        (("mlp-300", "--layer", 9), "layer (=9) must be one of 0 to 3"),
        (("mlp-300", "--entries", 0), "entries (=0) must be at least 1"),
        (("mlp-300", "--seed", -1), "seed (=-1)"),
        (("mlp-300", "--loss", "none"), "loss (='none')"),
    ],
)
def test_bad_input_is_refused(refused, words, why):
    assert why in refused("gradcheck", *words)
