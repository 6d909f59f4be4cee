"""Closing the window at any moment, and opening it again: nothing is lost."""

from __future__ import annotations

import os
import time

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QComboBox, QLabel, QSpinBox

from app.phase import Phase
from app.window import MainWindow
from nn_core.checkpoint import load_checkpoint
from nn_core.presets import make_model
from nn_core.settings import TrainSettings
from tests.app.driver import SEVEN, Driver, a_full_disk, ini

CLOSING_SECONDS = 2.0


def closed(window: Driver) -> float:
    """Close a window; the seconds of work that it took, whatever else the machine had to do."""
    started = time.process_time()
    assert window.window.close()
    return time.process_time() - started


def checkpoint(window: Driver):
    return window.window.session.store.checkpoint


def finish(window: Driver) -> np.ndarray:
    """Let a run come to its end; its parameters."""
    window.until_state(Phase.FINISHED)
    return window.weights()


@pytest.mark.parametrize("preset", ["blog-cnn", "digitscope"])
def test_a_run_that_was_closed_ends_with_the_bits_of_one_that_was_not(open_window, preset: str):
    window = open_window()
    settings = {"epochs": 30, "augment": True, "schedule": "one-cycle"}  # not over before the window looks again
    window.choose(preset, **settings)
    window.press("start")
    expected, points = finish(window), window.window.session.curves.train.table()
    window.press("start")
    window.run_until(9)
    assert closed(window) < CLOSING_SECONDS
    step = load_checkpoint(checkpoint(window))[2].step
    assert 9 <= step < 180

    again = open_window()
    again.until(lambda: bool(again.messages()))
    assert f"A run of {preset} on tiny stands at epoch" in again.messages()[0]
    assert "of 30" in again.messages()[0]
    again.message_button("Go on").click()
    np.testing.assert_array_equal(finish(again), expected)
    np.testing.assert_array_equal(again.window.session.curves.train.table(), points)
    assert again.messages() == []


def test_a_run_that_was_killed_goes_on_from_its_last_checkpoint(open_window, tmp_path):
    window = open_window()
    window.choose(epochs=40)
    window.press("start")
    expected = finish(window)
    window.press("start")
    window.run_until(7)
    window.pause()  # which keeps the run too
    step = window.window.session.step_number
    window.until(lambda: checkpoint(window).exists() and load_checkpoint(checkpoint(window))[2].step == step)
    kept = checkpoint(window).read_bytes()
    closed(window)
    checkpoint(window).write_bytes(kept)
    again = open_window()
    again.until(lambda: bool(again.messages()))
    again.message_button("Go on").click()
    np.testing.assert_array_equal(finish(again), expected)


@pytest.mark.parametrize("moment", ["loading", "paused", "evaluating", "stopping"])
def test_closing_is_quick_at_any_moment(open_window, moment: str):
    window = open_window()
    if moment == "loading":
        window.choose(dataset="strokes")
        window.press("start")
        window.until(lambda: window.progress.value() > 0)
    elif moment == "paused":
        window.choose()
        window.train(2)
        window.pause()
    elif moment == "evaluating":
        window.choose(batch_size=300)
        window.train(1)
    else:
        window.choose()
        window.train(2)
        window.press("stop")
    assert closed(window) < CLOSING_SECONDS


def test_what_was_offered_can_be_discarded_and_brought_back_nevertheless(open_window):
    window = open_window()
    window.choose()
    window.train(3)
    closed(window)
    again = open_window()
    again.until(lambda: bool(again.messages()))
    again.message_button("Discard").click()
    assert not checkpoint(again).exists()
    assert again.messages() == []
    assert "Bring back the run before" in again.window.statusBar().currentMessage()
    closed(again)
    third = open_window()
    assert not third.window.session.store.holds_run()
    third.window.menu["Bring back the run before"].trigger()
    third.run_until(4)


def assert_offered(again: Driver, trained: np.ndarray) -> None:
    """A network that was trained and not saved is offered, and is the one that is shown then."""
    again.until(lambda: bool(again.messages()))
    assert "is not saved" in again.messages()[0]
    again.message_button("Show it").click()
    np.testing.assert_array_equal(finish(again), trained)


def test_a_trained_network_that_was_not_saved_is_offered_too(open_window):
    window = open_window()
    window.choose(epochs=1)
    window.press("start")
    trained = finish(window)
    closed(window)
    again = open_window()
    assert_offered(again, trained)
    window.window.files.save(again.window.runs.model_to_save(), checkpoint(again).with_name("saved.safetensors"))


@pytest.mark.parametrize(
    "settings", [{"epochs": 2}, {"epochs": 400, "validation": 60, "patience": 2, "learning_rate": 0.1}]
)
def test_a_finished_run_that_is_shown_again_says_what_it_said(open_window, settings: dict[str, object]):
    def told(window: Driver) -> tuple[object, ...]:
        epoch = window.window.findChild(QLabel, "epochLabel").text()
        card = window.window.runs.model_to_save().card
        return epoch, window.progress.value(), window.window.statusBar().currentMessage(), card

    window = open_window()
    window.choose("blog-fc", optimizer="adam", **settings)
    window.press("start")
    finish(window)
    said = told(window)
    closed(window)
    again = open_window()
    again.until(lambda: bool(again.messages()))
    assert "has been trained for" in again.messages()[0]
    again.message_button("Show it").click()
    finish(again)
    assert told(again) == said
    assert said[0] != f"epoch 0.00 of {settings['epochs']}"
    assert "test images are read right" in said[2]
    assert {"measured_on", "accuracy", "loss"} < set(said[3])


def test_a_saved_network_is_offered_no_more(open_window, tmp_path):
    window = open_window()
    window.choose(epochs=1)
    window.press("start")
    finish(window)
    window.window.files.save(window.window.runs.model_to_save(), tmp_path / "saved.safetensors")
    closed(window)
    assert not checkpoint(window).exists()


def test_what_was_saved_before_the_end_takes_nothing_of_the_end_away(open_window, tmp_path):
    """While the user chooses a name, the run goes on and comes to its end."""
    window = open_window()
    window.choose(epochs=20)
    window.train(2)
    asked = window.window.runs.model_to_save()  # as the menu does, before the dialog opens
    trained = finish(window)
    assert asked.card["steps"] < 120
    window.window.files.save(asked, tmp_path / "earlier.safetensors")
    closed(window)
    again = open_window()
    assert_offered(again, trained)


def test_a_damaged_checkpoint_is_told_and_the_window_opens(open_window):
    window = open_window()
    window.choose()
    window.train(3)
    closed(window)
    data = checkpoint(window).read_bytes()
    checkpoint(window).write_bytes(data[:-100])
    again = open_window()
    again.until(lambda: bool(again.messages()))
    assert "cannot be gone on with" in again.messages()[0]
    assert checkpoint(again).read_bytes() == data[:-100]
    again.train(1)
    before = checkpoint(again).with_stem(f"{checkpoint(again).stem}-before")
    assert before.read_bytes() == data[:-100]
    again.press("stop")
    again.until(lambda: again.window.session.state is Phase.IDLE)
    kept = checkpoint(again).read_bytes()
    again.window.runs.bring_back()
    assert "is damaged" in again.messages()[-1]
    assert (checkpoint(again).read_bytes(), before.read_bytes()) == (kept, data[:-100])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no such pipes")
def test_curves_that_are_a_pipe_are_not_waited_for(open_window):
    window = open_window()
    window.choose()
    window.train(3)
    closed(window)
    curves = window.window.session.store.curves
    curves.unlink()
    os.mkfifo(curves)
    again = open_window()
    again.until(lambda: bool(again.messages()))
    assert "stands at batch" in again.messages()[0]


def test_lost_curves_do_not_keep_a_run_from_going_on(open_window):
    window = open_window()
    window.choose()
    window.train(3)
    closed(window)
    window.window.session.store.curves.write_bytes(b"nothing of use")
    again = open_window()
    again.until(lambda: bool(again.messages()))
    assert "stands at batch" in again.messages()[0]
    step = load_checkpoint(checkpoint(again))[2].step
    again.message_button("Go on").click()
    again.run_until(step + 2)
    assert again.window.session.curves.train[0][0] == step + 1


def test_two_windows_at_once_keep_their_runs_apart(open_window):
    first, second = open_window(), open_window()
    assert checkpoint(first) != checkpoint(second)
    for window in (first, second):
        window.choose()
        window.train(2)
    closed(second)
    closed(first)
    assert checkpoint(first).exists()
    assert checkpoint(second).exists()


def test_a_run_that_cannot_be_kept_holds_the_window_open_once(window: Driver, open_window, tmp_path):
    window.choose()
    for _ in range(2):  # and another run once more
        window.train(3)
        with a_full_disk():
            assert not window.window.close()
        assert window.window.isVisible()
        assert "close again" in window.messages()[-1]
    assert checkpoint(open_window()) != checkpoint(window)
    window.window.files.save(window.window.runs.model_to_save(), tmp_path / "saved.safetensors")
    assert (tmp_path / "saved.safetensors").exists()
    assert window.window.close()


def test_settings_and_window_come_back(open_window, tmp_path):
    window = open_window()
    chosen = {"optimizer": "momentum", "learning_rate": 0.02, "seed": 2**32 - 1, "augment": True, "epochs": 3}
    window.choose("lenet5", **chosen)
    window.window.menu["Dark"].trigger()
    window.window.parts.drawing.canvas.setPenWidth(30)
    window.window.resize(1100, 900)
    window.window.parts.dock_actions()[1].trigger()
    closed(window)
    again = open_window()
    again.window.resize(1100, 900)
    settings = again.window.parts.train.settings("lenet5", "tiny")
    assert settings == TrainSettings(preset="lenet5", dataset="tiny", schedule="constant", batch_size=50, **chosen)
    assert again.window.theming.theme.dark
    assert again.window.parts.drawing.canvas.penWidth() == 30
    assert not again.window.parts.dock_actions()[1].isChecked()
    assert again.window.findChild(QComboBox, "datasetCombo").currentText() == "tiny"
    assert again.window.findChild(QComboBox, "presetCombo").currentText() == "lenet5"
    again.window.menu["Reset layout"].trigger()
    assert again.window.parts.dock_actions()[1].isChecked()
    again.window.menu["Light"].trigger()
    assert not again.window.theming.theme.dark


@pytest.mark.parametrize(
    "values",
    [
        {"training": '{"batch_size": -5}', "window/theme": "pink"},
        {"training": "[" * 5000, "window/geometry": "text", "recent": 5},
        {"training": '{"optimizer": "magic", "seed": 1}', "window/docks": QByteArray(b"\xff" * 300)},
        {"training": '{"epochs": "many"}', "window/geometry": QByteArray(b"\0" * 40), "recent": ["a\0b", 3]},
        {"recent": ["x" * 20_000]},
        {"training": "x" * 20_000, "canvas/pen_width": "nan"},
        {"canvas/pen_width": "1e300", "window/docks": 7},
    ],
)
def test_settings_that_make_no_sense_are_passed_over(open_window, tmp_path, values: dict[str, object]):
    settings = ini(tmp_path)
    for key, value in values.items():
        settings.setValue(key, value)
    settings.sync()
    window = open_window()
    defaults = TrainSettings()
    assert window.window.parts.train.settings(defaults.preset, defaults.dataset) == defaults
    assert 8 <= window.window.parts.drawing.canvas.penWidth() <= 40
    assert window.messages() == []


def test_the_state_of_a_window_without_settings_is_the_users(qtbot, tiny):
    window = MainWindow(tiny)
    qtbot.addWidget(window)
    assert str(window.session.store.folder).startswith(os.environ["XDG_STATE_HOME"])


def test_full_screen_and_back(window: Driver):
    window.window.menu["Full screen"].trigger()
    assert window.window.windowState() & Qt.WindowState.WindowFullScreen
    window.window.menu["Full screen"].trigger()
    assert not window.window.windowState() & Qt.WindowState.WindowFullScreen


def test_a_fresh_window_shows_a_network_that_reads(window: Driver):
    shown = window.window.reading.model
    assert shown.network.shapes[-1] == (10,)
    assert window.window.findChild(QComboBox, "presetCombo").currentText() == "digitscope"
    status = window.window.statusBar()
    assert status.currentMessage().endswith("right. Draw a digit.")
    window.draw(SEVEN)
    assert status.currentMessage().endswith("test images right.")
    window.window.menu["Open shipped model"].trigger()
    assert status.currentMessage().endswith("test images right.")
    assert window.window.findChild(QSpinBox, "inputChannelSpin") is not None
    assert make_model("digitscope", 0).network.config() == shown.network.config()
