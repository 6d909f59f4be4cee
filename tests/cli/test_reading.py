"""`predict`, `evaluate` and `info` on files, good and bad."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage

from app.colors import INK, to_qimage
from nn_core.ink import render
from nn_core.modelfile import save_model
from nn_core.pen import pen_drawing
from nn_core.presets import make_model


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "m.safetensors"
    save_model(path, make_model("blog-cnn", 0))
    return path


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "digit.png"
    drawn = render(pen_drawing(3, rng=np.random.default_rng(0)), 140, 0, 0, 0.5)
    image = to_qimage(1 - drawn, 0, 1, INK).convertToFormat(QImage.Format.Format_Grayscale8)
    assert image.save(str(path))
    return path


def test_predict_gives_ten_probabilities_an_image(call, model, picture):
    first, second = call("predict", model, picture, picture)
    assert first == second
    assert first["image"] == str(picture)
    assert len(first["probabilities"]) == 10
    assert sum(first["probabilities"]) == pytest.approx(1, abs=1e-5)
    assert first["digit"] == int(np.argmax(first["probabilities"]))


def test_predict_refuses_what_is_no_picture(refused, model, tmp_path):
    (tmp_path / "x.png").write_bytes(b"no picture")
    assert "x.png" in refused("predict", model, tmp_path / "x.png")
    assert "none.png" in refused("predict", model, tmp_path / "none.png")


def test_a_file_that_is_no_model_is_refused(refused, tmp_path):
    bad = tmp_path / "bad.safetensors"
    bad.write_bytes(b"\x80\x04nonsense" * 10)
    assert "bad.safetensors" in refused("predict", bad, bad)
    assert "bad.safetensors" in refused("evaluate", bad)
    assert "bad.safetensors" in refused("info", bad)
    assert "neither a preset" in refused("info", "nothing-of-that-name")


def test_info_writes_out_the_arithmetic(call):
    (told,) = call("info", "lenet5")
    arithmetic = [layer["arithmetic"] for layer in told["layers"] if layer["arithmetic"]]
    assert arithmetic[1] == "(5·5·6+1)·16 = 2416"
    assert told["parameters"] == 61_706


def test_presets_lists_every_network(call):
    names = {line["preset"]: line["parameters"] for line in call("presets")}
    assert names["mlp-300"] == 238_510
    assert names["blog-cnn"] == 5_994
    assert names["deep-mnist"] == 3_274_634
    assert names["digitscope"] <= 300_000


def test_the_shipped_model_is_the_default(call):
    (told,) = call("info", "default")
    assert told["parameters"] <= 300_000
    assert told["card"]["accuracy"] >= 0.994
