"""`train --augment A --balanced`: what is said is done, kept in the file, and refused when it cannot be."""

from __future__ import annotations

import numpy as np

from cli import main
from nn_core.augment import Augmentation
from nn_core.checkpoint import load_checkpoint
from nn_core.modelfile import load_model
from tests.cli.test_train import train

WORDS = "rotation=15,noise=0.05,flip-horizontal"


def vector(call, tiny, tmp_path, *more):
    model = tmp_path / "m.safetensors"
    call(*train(tiny, "--epochs", 1, *more, "--out", model))
    found = load_model(model)
    return found.network.vector, found.card["settings"]


def test_augment_alone_is_the_usual_and_words_say_what_else(call, tiny, tmp_path):
    usual, settings = vector(call, tiny, tmp_path, "--augment")
    assert (settings["augment"], settings["augmentation"], settings["balanced"]) == (True, "usual", False)
    same = Augmentation()
    spelt = f"shift={same.shift},scale={same.scale},rotation={same.rotation},shear={same.shear},elastic={same.elastic}"
    assert np.array_equal(vector(call, tiny, tmp_path, "--augment", spelt)[0], usual)
    other, settings = vector(call, tiny, tmp_path, "--augment", WORDS)
    assert settings["augmentation"] == WORDS
    assert not np.array_equal(other, usual)
    assert not vector(call, tiny, tmp_path, "--no-augment")[1]["augment"]


def test_a_run_with_both_is_resumed_to_the_same_bits(call, tiny, tmp_path):
    whole, later, checkpoint = tmp_path / "whole", tmp_path / "later", tmp_path / "c"
    options = ("--epochs", 3, "--augment", "usual,crop=4", "--balanced")
    call(*train(tiny, *options, "--out", whole, "--checkpoint", checkpoint))
    _, settings, state = load_checkpoint(checkpoint)
    assert (settings.augmentation, settings.balanced) == ("usual,crop=4", True)
    assert state.step > 0
    call("train", "--resume", checkpoint, "--data-dir", tiny, "--out", later)
    assert np.array_equal(load_model(whole).network.vector, load_model(later).network.vector)
    plain, _ = vector(call, tiny, tmp_path, "--epochs", 3, "--augment", "usual,crop=4")
    assert not np.array_equal(plain, load_model(whole).network.vector)


def test_what_cannot_be_varied_is_refused(refused, tiny):
    assert "'blur'" in refused(*train(tiny, "--augment", "blur=1"))
    assert "rotation (='200') must lie between 0 and 180" in refused(*train(tiny, "--augment", "rotation=200"))


def test_flips_are_warned_of(capsys, tiny):
    for words, warned in ((WORDS, True), ("usual", False)):
        assert main([str(word) for word in train(tiny, "--epochs", 1, "--augment", words)]) == 0
        assert ("mirror image of a 2" in capsys.readouterr().err) == warned
