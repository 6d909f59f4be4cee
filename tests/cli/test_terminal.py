"""Text of strangers, and terminals that lack characters: all of it is shown, and none of it is obeyed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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
