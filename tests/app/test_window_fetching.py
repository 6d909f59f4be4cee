"""Fetching MNIST from the window: with progress, stopped, and failing."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox

from app.phase import Phase
from app.run_actions import DOWNLOAD
from nn_core.data import fetch
from nn_core.modelfile import save_model
from nn_core.presets import make_model
from tests.app.driver import Driver
from tests.app.test_window_freezing import click_lock, learning
from tests.nn_core.data.idx_files import MNIST_NAMES
from tests.nn_core.data.mirror import Mirror, Request, refuse, stall, whole


@pytest.fixture
def files(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What the mirrors give in place of MNIST, and how it is known."""
    found = {name: (tiny / "tiny" / name).read_bytes() for name in MNIST_NAMES}
    known = [fetch.RemoteFile(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in found.items()]
    monkeypatch.setattr(fetch, "MNIST_FILES", tuple(known))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return found


def ask(window: Driver) -> None:
    combo = window.window.findChild(QComboBox, "datasetCombo")
    index = combo.findText(DOWNLOAD)
    assert index >= 0
    combo.setCurrentIndex(index)
    combo.activated.emit(index)
    assert combo.currentText() != DOWNLOAD


def test_what_is_fetched_becomes_a_dataset(open_window, files, monkeypatch, tmp_path: Path):
    window = open_window(tmp_path / "data")
    with Mirror(files) as mirror:
        monkeypatch.setattr(fetch, "MIRRORS", (mirror.url,))
        with window.qtbot.waitSignal(window.window.session.fetched, timeout=60_000):
            ask(window)
            assert window.window.session.state is Phase.LOADING
    assert {path.name for path in (tmp_path / "data").iterdir()} == set(MNIST_NAMES)
    assert window.window.session.state is Phase.IDLE
    assert window.messages() == []


def test_a_fetch_can_be_stopped(open_window, files, monkeypatch, tmp_path: Path):
    window = open_window(tmp_path / "data")
    with Mirror(files, {MNIST_NAMES[0]: stall}) as mirror:
        monkeypatch.setattr(fetch, "MIRRORS", (mirror.url,))
        ask(window)
        window.press("stop")
        window.until_state(Phase.IDLE)
    assert window.messages() == []


def later(answer: threading.Event):
    """An answer that comes when it is asked for."""

    def give(request: Request) -> None:
        answer.wait()
        whole(request)

    return give


def test_a_model_that_is_opened_meanwhile_ends_no_fetch(open_window, files, monkeypatch, tmp_path: Path):
    window, answer = open_window(tmp_path / "data"), threading.Event()
    save_model(tmp_path / "mine.safetensors", make_model("lenet5", 9))
    with Mirror(files, {MNIST_NAMES[0]: later(answer)}) as mirror:
        monkeypatch.setattr(fetch, "MIRRORS", (mirror.url,))
        ask(window)
        window.drop(tmp_path / "mine.safetensors")
        window.until(lambda: window.window.windowTitle().startswith("mine.safetensors"))
        assert window.window.session.state is Phase.LOADING
        with window.qtbot.waitSignal(window.window.session.fetched, timeout=60_000):
            answer.set()
    assert {path.name for path in (tmp_path / "data").iterdir()} == set(MNIST_NAMES)
    assert window.window.session.state is Phase.IDLE
    assert window.window.windowTitle().startswith("mine.safetensors")
    assert window.messages() == []


def test_a_lock_clicked_during_a_fetch_says_nothing_of_the_run_before(window, files, monkeypatch):
    window.choose(epochs=1)
    window.press("start")
    window.until_state(Phase.FINISHED)
    with Mirror(files, {MNIST_NAMES[0]: stall}) as mirror:
        monkeypatch.setattr(fetch, "MIRRORS", (mirror.url,))
        window.window.session.fetch(window.window.runs.folder)
        click_lock(window, 0)
        assert learning(window) == "some layers"
        window.press("stop")
        window.until_state(Phase.FINISHED)
    assert "frozen" not in window.window.runs.model_to_save().card


def test_a_fetch_that_fails_is_told(open_window, files, monkeypatch, tmp_path: Path):
    window = open_window(tmp_path / "data")
    with Mirror(files, {MNIST_NAMES[0]: refuse(404)}) as mirror:
        monkeypatch.setattr(fetch, "MIRRORS", (mirror.url,))
        ask(window)
        window.until(lambda: bool(window.messages()))
    window.until_state(Phase.IDLE)
    assert MNIST_NAMES[0] in window.messages()[0]


def test_a_fetch_that_failed_a_moment_ago_keeps_no_window_open(open_window, files, monkeypatch, tmp_path: Path):
    window = open_window(tmp_path / "data")
    with Mirror(files, {MNIST_NAMES[0]: refuse(404)}) as mirror:
        monkeypatch.setattr(fetch, "MIRRORS", (mirror.url,))
        ask(window)
        assert window.window.session._worker.wait(60_000)  # what it said has not been read yet
    assert window.window.close()
