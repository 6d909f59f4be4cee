"""`train --pretrain`: lines of it, the card, and what is refused."""

from __future__ import annotations

import numpy as np

from nn_core.modelfile import load_model

CHAIN = "flatten -> linear 16 -> sigmoid -> linear 10"


def command(tiny, *more):
    return ["train", "--dataset", "tiny", "--data-dir", tiny, "--preset", CHAIN, "--epochs", 1, *more]


def test_layers_are_pre_trained_and_the_run_goes_on_from_there(call, tiny, tmp_path):
    plain, model, again = (tmp_path / name for name in ("plain", "model", "again"))
    call(*command(tiny, "--out", plain))
    checkpoint = tmp_path / "c"
    lines = call(*command(tiny, "--pretrain", "2:0.3", "--out", model, "--checkpoint", checkpoint))
    assert [(line["pretrained_layer"], line["epoch"]) for line in lines[:2]] == [(1, 1), (1, 2)]
    assert lines[1]["reconstruction_loss"] < lines[0]["reconstruction_loss"]
    assert "test_accuracy" in lines[2]
    card = load_model(model).card["pretraining"]
    assert (card["epochs"], card["corruption"], card["images"]) == (2, 0.3, 300)
    assert not np.array_equal(load_model(model).network.vector, load_model(plain).network.vector)
    call("train", "--resume", checkpoint, "--data-dir", tiny, "--out", again)
    assert load_model(again).card["pretraining"] == card


def test_what_cannot_be_is_refused(refused, tiny):
    assert "--pretrain (='x')" in refused(*command(tiny, "--pretrain", "x"))
    lenet = ["train", "--dataset", "tiny", "--data-dir", tiny, "--preset", "lenet5", "--pretrain", 1]
    assert "only networks of linear layers" in refused(*lenet)
