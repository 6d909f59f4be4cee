"""`train` with a network typed as a chain, another start, penalties and frozen layers."""

from __future__ import annotations

import numpy as np
import pytest

from cli import main
from nn_core.modelfile import load_model
from nn_core.presets import make_model

CHAIN = "conv 5x5x4 stride 2 -> group-norm 2 -> softplus -> flatten -> linear 10"


def train(tiny, *more):
    return ["train", "--dataset", "tiny", "--data-dir", tiny, "--batch", 50, "--epochs", 2, *more]


def test_a_chain_trains_and_is_kept_in_the_model(call, tiny, tmp_path):
    path = tmp_path / "m.safetensors"
    first, second = call(*train(tiny, "--preset", CHAIN, "--optimizer", "nesterov", "--lr", 0.01, "--out", path))
    assert second["train_loss"] < first["train_loss"]
    model = load_model(path)
    assert [layer.title() for layer in model.network.layers] == [
        "conv 5×5×4", "group norm 2", "softplus", "flatten", "linear 10",
    ]  # fmt: skip
    assert model.card["settings"]["preset"] == CHAIN


def test_start_penalties_and_schedule_reach_the_run(call, tiny, tmp_path):
    path = tmp_path / "m.safetensors"
    call(
        *train(
            tiny, "--preset", "mlp-300", "--init", "truncated-normal:0.05", "--bias", 0.1, "--optimizer", "proximal",
            "--lr", 0.2, "--schedule", "step", "--loss", "binary-cross-entropy", "--l1", 0.02, "--max-norm", 0.5,
            "--out", path,
        )
    )  # fmt: skip
    model = load_model(path)
    weight = model.network.state_dict()["1.weight"]
    assert np.linalg.norm(weight, axis=1).max() <= 0.5 * (1 + 1e-6)
    assert (weight == 0).mean() > 0.1
    kept = model.card["settings"]
    assert (kept["init"], kept["bias"], kept["l1"], kept["max_norm"]) == ("truncated-normal:0.05", 0.1, 0.02, 0.5)


def test_frozen_layers_are_those_of_the_start(call, tiny, tmp_path):
    path, checkpoint = tmp_path / "m.safetensors", tmp_path / "c"
    whole = train(tiny, "--preset", "blog-cnn", "--seed", 4, "--freeze", "0,3", "--out", path)
    call(*whole, "--checkpoint", checkpoint)
    start, end = make_model("blog-cnn", 4).network.state_dict(), load_model(path).network.state_dict()
    same = {key for key in start if np.array_equal(start[key], end[key])}
    assert same == {"0.weight", "0.bias", "3.weight", "3.bias"}
    assert load_model(path).card["frozen"] == [0, 3]


def test_a_frozen_run_resumes_frozen(call, tiny, tmp_path):
    path, checkpoint = tmp_path / "m.safetensors", tmp_path / "c"
    call(*train(tiny, "--preset", "blog-cnn", "--freeze", "0", "--checkpoint", checkpoint, "--out", path))
    call("train", "--resume", checkpoint, "--data-dir", tiny, "--out", path)
    assert load_model(path).card["frozen"] == [0]


@pytest.mark.parametrize(
    "more, told",
    [
        (["--preset", "conv 5x5x4 -> flaten -> linear 10"], "layer 'flaten' is not understood"),
        (["--preset", "flatten -> linear 9"], "end it with"),
        (["--init", "he"], "initialiser (='he') must be one of"),
        (["--init", "constant:x"], "the number of constant"),
        (["--l1", -1], "l1 (=-1.0) must lie between"),
        (["--max-norm", -1], "max norm (=-1.0)"),
        (["--bias", 1000], "bias (=1000.0)"),
        (["--freeze", "first"], "--freeze (='first')"),
        (["--freeze", "1"], "layer 1 cannot be frozen"),
        (["--freeze", "0,"], "--freeze (='0,')"),
    ],
)
def test_bad_input_is_one_line_and_status_2(refused, tiny, more, told):
    assert told in refused(*train(tiny, *more))


def test_info_shows_the_layers_of_a_chain(call):
    (told,) = call("info", CHAIN)
    assert [layer["type"] for layer in told["layers"]] == ["Conv2d", "GroupNorm", "Softplus", "Flatten", "Linear"]
    assert told["parameters"] == 104 + 8 + 5770


VECTORS = "flatten -> linear 5 -> batch-norm -> relu -> linear 10"
PIXELS = "conv 28x28x3 -> batch-norm -> relu -> flatten -> linear 10"


@pytest.mark.parametrize("chain, layer", [(VECTORS, 2), (PIXELS, 1)])
def test_batches_that_batch_normalisation_learns_nothing_from_are_refused(call, refused, tiny, chain, layer):
    few = ["--train-images", 12, "--preset", chain]
    for batch in (1, 2, 3):
        told = refused(*train(tiny, *few, "--batch", batch))
        assert f"batches of {batch} are too small for layer {layer} (batch norm)" in told
    assert "batches of 3 are" in refused(*train(tiny, *few, "--train-images", 3))  # which is all that a batch can have
    call(*train(tiny, *few, "--batch", 4))
    call(*train(tiny, *few, "--batch", 11))  # whose last batch is one image
    call(*train(tiny, *few, "--batch", 1, "--freeze", layer))  # uses its averages, and measures nothing


def test_batch_normalisation_of_images_takes_any_batch(call, tiny):
    chain = "conv 5x5x3 -> batch-norm -> flatten -> linear 10"
    call(*train(tiny, "--train-images", 3, "--batch", 1, "--preset", chain))


@pytest.mark.parametrize("loss, last", [("cross-entropy", "softmax"), ("binary-cross-entropy", "sigmoid")])
def test_a_loss_that_repeats_the_last_layer_is_told_of(tiny, capsys, loss, last):
    for chain, told in ((f"flatten -> linear 10 -> {last}", True), ("flatten -> linear 10", False)):
        words = train(tiny, "--train-images", 50, "--loss", loss, "--preset", chain)
        assert main([str(word) for word in words]) == 0
        assert (f"The loss {loss} has a {last} of its own" in capsys.readouterr().err) == told
