"""A small dataset in a folder, and the command line called as a function."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cli import main
from nn_core.pen import pen_digits
from tests.nn_core.data.idx_files import MNIST_NAMES, idx_bytes, write


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one set, `tiny`: 300 pen digits to train on and 100 to test."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "tiny").mkdir()
    digits = pen_digits(400, rng=np.random.default_rng(1))
    parts = (digits.images[:300], digits.labels[:300], digits.images[300:], digits.labels[300:])
    for name, values in zip(MNIST_NAMES, parts, strict=True):
        write(folder / "tiny" / name, idx_bytes(values))
    return folder


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], tiny: Path) -> Callable[..., list[dict[str, Any]]]:
    """Run a command with `--json` that must end well; its records."""

    def run(*argv: object) -> list[dict[str, Any]]:
        capsys.readouterr()
        assert main([str(word) for word in argv] + ["--json"]) == 0
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run a command that must end with exit status 2; its one line."""

    def run(*argv: object) -> str:
        capsys.readouterr()
        try:
            status = main([str(word) for word in argv])
        except SystemExit as end:
            status = end.code
        said = capsys.readouterr()
        assert status == 2
        assert said.out == ""
        assert said.err.count("\n") == 1
        return said.err.strip()

    return run
