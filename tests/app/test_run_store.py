"""Where runs are kept: one place a window, that of a window which has gone first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.run_store import RunStore
from nn_core.errors import ModelError

ROOT = Path(__file__).resolve().parents[2]


def test_windows_that_are_open_at_once_have_places_of_their_own(tmp_path: Path):
    first, second = RunStore(tmp_path), RunStore(tmp_path)
    assert first.checkpoint != second.checkpoint
    first.close()
    third = RunStore(tmp_path)
    assert third.checkpoint == first.checkpoint
    second.close()
    third.close()


def test_however_many_windows_there_are_each_has_a_place_of_its_own(tmp_path: Path):
    stores = [RunStore(tmp_path) for _ in range(20)]
    assert len({store.checkpoint for store in stores}) == 20
    for store in stores:
        store.close()
    (tmp_path / "run-20.safetensors").touch()
    (tmp_path / "run-3-before.safetensors").touch()
    again = RunStore(tmp_path)
    assert again.checkpoint.name == "run-20.safetensors"
    again.close()


def test_a_place_with_a_run_is_taken_first(tmp_path: Path):
    first, second = RunStore(tmp_path), RunStore(tmp_path)
    second.checkpoint.write_bytes(b"a run")
    first.close()
    second.close()
    again = RunStore(tmp_path)
    assert again.holds_run()
    again.discard()
    assert not again.holds_run()
    again.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no process is killed like that there")
def test_a_place_is_free_again_when_its_process_has_gone(tmp_path: Path):
    code = f"from app.run_store import *; store = RunStore(Path({str(tmp_path)!r})); import os; os.kill(os.getpid(), 9)"
    killed = subprocess.run([sys.executable, "-c", code], cwd=ROOT)
    assert killed.returncode == -9
    assert (tmp_path / "run-1.lock").exists()
    store = RunStore(tmp_path)
    assert store.checkpoint.name == "run-1.safetensors"
    store.close()


def test_no_run_and_no_folder_are_told(tmp_path: Path):
    (tmp_path / "file").write_text("")
    for folder in (tmp_path, tmp_path / "file" / "below"):
        store = RunStore(folder)
        assert not store.holds_run()
        with pytest.raises(ModelError):
            store.load()
        store.close()


class Killed(BaseException):
    """What comes between two moves."""


@pytest.mark.parametrize("how", [OSError(28, "the disk is full"), Killed()], ids=["fails", "killed"])
@pytest.mark.parametrize("moves", [0, 1, 2])
def test_an_exchange_that_is_interrupted_loses_no_run(tmp_path: Path, monkeypatch, moves: int, how: BaseException):
    store = RunStore(tmp_path)
    before = store.checkpoint.with_name("run-1-before.safetensors")
    store.checkpoint.write_bytes(b"the run")
    before.write_bytes(b"the one before")
    replace, done = os.replace, []

    def replace_at_first(source: Path, target: Path) -> None:
        if len(done) == moves:
            done.append(source)
            raise how
        done.append(source)
        replace(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", replace_at_first)
        with pytest.raises((ModelError, Killed)):
            store.bring_back()
    store.close()
    again = RunStore(tmp_path)
    assert {again.checkpoint.read_bytes(), before.read_bytes()} == {b"the run", b"the one before"}
    assert sorted(path.name for path in tmp_path.glob("*.safetensors")) == [before.name, again.checkpoint.name]
    again.close()
