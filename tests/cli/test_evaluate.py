"""`evaluate`: by which loss."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cli import main
from nn_core.modelfile import load_model, save_model
from nn_core.presets import make_model
from tests.cli.test_train_techniques import train


@pytest.mark.parametrize("loss", ["mse", "binary-cross-entropy", "cross-entropy"])
def test_a_model_is_evaluated_by_the_loss_that_it_learnt_by(call, capsys, tiny, tmp_path, loss):
    path, data = tmp_path / "m.safetensors", ["--dataset", "tiny", "--data-dir", tiny]
    call(*train(tiny, "--preset", "flatten -> linear 10", "--loss", loss, "--out", path))
    (found,) = call("evaluate", path, *data)
    assert found["loss_function"] == loss
    assert found["loss"] == pytest.approx(load_model(path).card["loss"], rel=1e-6)
    assert main([str(word) for word in ("evaluate", path, *data)]) == 0
    assert f" {loss} {found['loss']:.4f} on 100 images of tiny" in capsys.readouterr().out


@pytest.mark.parametrize("card", [{}, *({"settings": some} for some in ("mse", {"loss": ["mse"]}, {"loss": "no"}))])
def test_a_model_that_does_not_tell_its_loss_is_evaluated_by_cross_entropy(call, tiny, tmp_path, card):
    save_model(tmp_path / "m", replace(make_model("flatten -> linear 10", 0), card=card))
    (found,) = call("evaluate", tmp_path / "m", "--dataset", "tiny", "--data-dir", tiny)
    assert found["loss_function"] == "cross-entropy"
