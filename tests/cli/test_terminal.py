"""Text of strangers, and terminals that lack characters: all of it is shown, and none of it is obeyed."""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from cli import main
from nn_core.model import Model
from nn_core.modelfile import save_model
from nn_core.presets import make_model
from tests.nn_core.model_files import metadata_of, tampered

ROOT = Path(__file__).resolve().parents[2]
CARD = {"by": "\x1b]0;owned\x07\x1b[31mMax Müller → 7", "half\ud800": "a\nb"}


def test_a_card_gives_the_terminal_no_orders(call, tmp_path, capsys):
    made = make_model("blog-cnn", 0)
    save_model(tmp_path / "m", Model(made.network, made.normalization, CARD))
    assert main(["info", str(tmp_path / "m")]) == 0
    by, half = capsys.readouterr().out.splitlines()[-2:]
    assert by == r"by: \x1b]0;owned\x07\x1b[31mMax Müller → 7"
    assert half == r"half\ud800: a\nb"
    (told,) = call("info", tmp_path / "m")
    assert told["card"] == CARD


def test_a_refusal_gives_the_terminal_no_orders(refused, tmp_path):
    path = tmp_path / "a\x1b[31m"
    path.write_bytes(b"no model")
    assert r"a\x1b[31m is damaged" in refused("info", path)


def test_a_run_that_goes_on_gives_the_terminal_no_orders(tiny, tmp_path, capsys):
    path = tmp_path / "c"
    argv = ["train", "--preset", "flatten -> linear 10", "--dataset", "tiny", "--data-dir", str(tiny), "--epochs", "1"]
    assert main([*argv, "--checkpoint", str(path)]) == 0
    run = json.loads(metadata_of(path.read_bytes())["run"])
    run["settings"]["preset"] = "\x1b[31mred"
    path.write_bytes(tampered(path.read_bytes(), metadata={"run": json.dumps(run)}))
    capsys.readouterr()
    assert main(["train", "--resume", str(path), "--data-dir", str(tiny)]) == 0
    assert r"\x1b[31mred on tiny" in capsys.readouterr().err


def test_names_of_files_give_the_terminal_no_orders(tiny, tmp_path, capsys):
    folder, picture = tmp_path / "a\x1b[31m", tmp_path / "b\x1b[31m.png"
    shutil.copytree(tiny, folder)
    image = QImage(60, 60, QImage.Format.Format_Grayscale8)
    image.fill(255)
    for at in range(10, 50):
        image.setPixel(30, at, 0)
    assert image.save(str(picture), "PNG")
    for words in (["data", "--data-dir", folder], ["predict", "default", picture]):
        assert main([str(word) for word in words]) == 0
        said = capsys.readouterr().out
        assert "\x1b" not in said
        assert r"\x1b[31m" in said


def test_words_that_are_no_options_give_the_terminal_no_orders(refused):
    assert r"--\x1b[31m" in refused("presets", "--\x1b[31m")


def test_numbers_that_json_lacks_are_null(tmp_path, capsys):
    made = make_model("blog-cnn", 0)
    save_model(tmp_path / "m", Model(made.network, made.normalization, {"loss": math.nan, "all": [math.inf, 1.5]}))
    assert main(["info", str(tmp_path / "m"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out, parse_constant=pytest.fail)["card"] == {"loss": None, "all": [None, 1.5]}


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a disk that is full, as Linux has one")
@pytest.mark.parametrize(
    "where, said",
    [
        (">/dev/full", b"digitscope: the output cannot be written: No space left on device\n"),
        (">&-", b"digitscope: the output is closed: there is nowhere to write to\n"),
        (">/dev/full 2>/dev/full", b""),
        (">&- 2>&-", b""),
    ],
)
def test_an_output_that_takes_nothing_ends_in_a_sentence(where, said):
    line = f'"{sys.executable}" main.py presets {where}'
    done = subprocess.run(["sh", "-c", line], cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (2, said)


@pytest.mark.skipif(sys.platform == "win32", reason="a shell that closes stderr")
def test_what_is_said_to_people_does_not_get_among_the_records(tmp_path):
    line = f'"{sys.executable}" main.py data --data-dir "{tmp_path}" --json 2>&-; '
    line += f'"{sys.executable}" main.py data --data-dir "{tmp_path}" 2>&-'
    done = subprocess.run(["sh", "-c", line], cwd=ROOT, capture_output=True, timeout=60, check=True)
    assert b"MNIST is not there" not in done.stdout


def output_of(*words: str | bytes, **environment: str) -> bytes:
    """What a process of its own prints, which must end well."""
    done = subprocess.run(
        [sys.executable, "main.py", *words],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_terminal_that_lacks_characters_is_enough(encoding):
    for words in (["presets"], ["presets", "--json"]):
        assert rb" \u2192 max-pool 2" in output_of(*words, PYTHONIOENCODING=encoding)


def test_help_needs_no_more():
    assert rb"\u2026" in output_of("train", "--help", PYTHONIOENCODING="ascii")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names of files are Unicode")
def test_names_that_are_no_text_are_told(tiny, tmp_path):
    folder = os.fsencode(tmp_path) + b"/d\xff"
    shutil.copytree(os.fsencode(tiny), folder)
    assert rb"/d\udcff/tiny" in output_of("data", "--data-dir", folder)
    assert rb"/d\udcff/tiny" in output_of("data", "--data-dir", folder, "--json")
