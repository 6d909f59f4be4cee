"""`predict`, `evaluate` and `info` on files, good and bad."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PySide6.QtGui import QImage

from app.colors import INK, to_qimage
from cli import main
from nn_core.ink import Stroke, render
from nn_core.model import Model
from nn_core.modelfile import save_model
from nn_core.own_digits import save_own_digits
from nn_core.pen import pen_drawing
from nn_core.presets import make_model, make_network
from tests.nn_core.measuring.pen_files import write
from tests.nn_core.own_drawings import upright


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


def test_predict_says_what_the_window_would_show(capsys, tmp_path, picture):
    pixels = [pen_drawing(digit, rng=np.random.default_rng(3)) for digit in (4, 0)]
    row = np.concatenate([render(marks, 140, 0, 0, 0.5)[:, 20:-20] for marks in pixels], axis=1)
    letter = (Stroke(np.array([[80, 60], [80, 220]]), 16), Stroke(np.array([[210, 60], [84, 140], [214, 222]]), 16))
    paths = tmp_path / "number.png", tmp_path / "letter.png"
    for path, drawn in zip(paths, (row, render(letter, 140, 0, 0, 0.5)), strict=True):
        assert to_qimage(1 - drawn, 0, 1, INK).convertToFormat(QImage.Format.Format_Grayscale8).save(str(path))
    assert main(["predict", "default", str(picture), *map(str, paths)]) == 0
    digit, number, unsure = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r".*digit\.png: 3 \(\d+\.\d%\)", digit)
    assert re.fullmatch(r".*number\.png: 40 \(\d+\.\d%, \d+\.\d%\)", number)
    assert re.fullmatch(r".*letter\.png: \? \(perhaps \d, \d+\.\d%\)", unsure)


def test_predict_goes_on_after_what_it_cannot_read(capsys, picture, tmp_path):
    (tmp_path / "bad.png").write_bytes(b"no picture")
    for option in ([], ["--json"]):
        assert main(["predict", "default", str(tmp_path / "bad.png"), str(picture), *option]) == 2
        told = capsys.readouterr()
        assert "digit.png" in told.out
        assert "bad.png" in told.err


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


@pytest.fixture(params=["flatten -> linear 5", "flatten -> linear 12", "conv 3x3x2 -> flatten", "14 × 14"])
def other(request, tmp_path):
    """The file of a network that reads something else than digits."""
    size, chain = ((14, 14), "flatten -> linear 10") if request.param == "14 × 14" else ((28, 28), request.param)
    network = make_network(chain, rng=np.random.default_rng(0), input_shape=(1, *size))
    save_model(tmp_path / "other.safetensors", Model(network))
    return tmp_path / "other.safetensors"


def test_a_network_of_something_else_reads_nothing(refused, other, picture, tiny, tmp_path):
    own, pens = tmp_path / "own.digits", write(tmp_path / "pens.npz", [3])
    save_own_digits(own, upright(1))
    for words in (
        ("evaluate", other, "--dataset", "tiny", "--data-dir", tiny),
        ("predict", other, picture),
        ("teach", other, own, "--out", tmp_path / "out.safetensors", "--data-dir", tiny),
        ("strokes", pens, "--model", other),
    ):
        assert re.search("other.safetensors .* reads no digits: it must take", refused(*words))


def test_a_network_of_something_else_is_looked_at_and_checked(call, other):
    (told,) = call("info", other)
    assert told["layers"]
    assert call("gradcheck", other, "--entries", 1)[-1]["passed"]


@pytest.mark.parametrize("name", ["x" * 300, "loop"])
def test_names_that_no_file_can_have(refused, model, tmp_path, name):
    (tmp_path / "loop").symlink_to("loop")
    path = tmp_path / name
    for words in (("info", path), ("evaluate", path), ("predict", path, path), ("predict", model, path)):
        assert name in refused(*words)
    for words in (("teach", model, path, "--out"), ("demo", "--screenshot"), ("doubt", "--out")):
        assert f"{name} cannot be written" in refused(*words, path)


def test_a_picture_is_not_written_under_the_name_of_something_else(refused, tmp_path):
    assert "f.txt must have a name that ends in .png" in refused("demo", "--screenshot", tmp_path / "f.txt")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("threads", [-1, 0, 65, 100_000])
def test_threads_are_counted_before_they_are_begun(refused, model, threads):
    assert f"threads (={threads}) must lie between 1 and 64" in refused("evaluate", model, "--threads", threads)


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
