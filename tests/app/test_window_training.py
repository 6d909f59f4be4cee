"""Training in the window: start, pause, step, stop, reset, and back through time."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QDeadlineTimer, Qt, QThread
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel

from app.mailbox import Held
from app.phase import Phase
from app.run_store import RunStore
from nn_core.drawing_file import load_drawing
from nn_core.own_digits import load_own_digits
from nn_core.presets import make_model
from nn_core.settings import TrainSettings
from tests.app.driver import ONE, SEVEN, Driver


@pytest.mark.parametrize("preset", ["blog-cnn", "mlp-300"])
def test_a_run_reaches_its_end(window: Driver, preset: str):
    window.choose(preset, epochs=2)
    with window.qtbot.waitSignal(window.window.session.finished, timeout=60_000) as told:
        window.press("start")
    assert window.window.session.state is Phase.FINISHED
    assert told.args[0].epoch == 2
    assert window.progress.value() == window.progress.maximum()
    assert window.window.session.curves.train[0].tolist() == list(range(1, 13))
    assert f"{100 * told.args[0].accuracy:.2f} %" in window.window.statusBar().currentMessage()


def test_kernels_and_answer_move_while_it_trains(window: Driver):
    window.choose()
    window.draw(SEVEN)
    window.train(1)
    picture, answer = window.picture(window.kernel_view), window.bars.probabilities()
    window.until(lambda: not np.array_equal(window.bars.probabilities(), answer))
    window.until(lambda: window.picture(window.kernel_view) != picture)
    window.press("stop")
    window.until_state(Phase.IDLE)


def test_pause_holds_and_continue_goes_on(window: Driver):
    window.choose()
    window.train(3)
    step = window.pause()
    weights = window.weights()
    with pytest.raises(window.qtbot.TimeoutError):
        window.until(lambda: window.window.session.step_number != step, timeout=300)
    np.testing.assert_array_equal(window.weights(), weights)
    window.press("pause")
    window.run_until(step + 3)
    assert window.window.session.state is Phase.RUNNING


def holds_unseen(window: Driver, wish: str) -> None:
    """Press a button and wait until the worker holds, without letting the window look into the mailbox."""
    window.press(wish)
    mailbox, deadline = window.window.session._mailbox, QDeadlineTimer(60_000)
    while not any(isinstance(message, Held) for message in mailbox._messages):
        assert not deadline.hasExpired()
        QThread.yieldCurrentThread()


def test_who_goes_on_before_the_window_knows_of_a_step_goes_on(window: Driver):
    window.choose()
    window.train(3)
    step = window.pause()
    holds_unseen(window, "step")
    window.press("pause")
    window.run_until(step + 3)
    assert window.window.session.state is Phase.RUNNING


def test_who_stops_before_the_window_knows_of_a_pause_is_offered_to_go_on(window: Driver):
    window.choose()
    window.train(3)
    holds_unseen(window, "pause")
    window.press("stop")
    window.until_state(Phase.IDLE)
    window.message_button("Go on").click()
    window.until_state(Phase.RUNNING)


def test_a_step_is_exactly_one_batch(window: Driver):
    window.choose()
    window.press("step")
    window.until_state(Phase.PAUSED)
    assert window.window.session.step_number == 1
    for step in (2, 3, 4):
        before = window.weights()
        window.press("step")
        window.until(lambda before=before: not np.array_equal(window.weights(), before))
        assert window.window.session.step_number == step
    with pytest.raises(window.qtbot.TimeoutError):
        window.until(lambda: window.window.session.step_number != 4, timeout=300)
    assert window.window.session.curves.train[0].tolist() == [1, 2, 3, 4]


def test_steps_go_over_the_end_of_an_epoch_to_the_end_of_the_run(window: Driver):
    window.choose(batch_size=300, epochs=2)
    for step in (1, 2):
        window.press("step")
        window.until_state(Phase.PAUSED)
        window.run_until(step)
    window.press("step")
    window.until_state(Phase.FINISHED)
    assert window.window.session.step_number == 2
    assert len(window.window.session.curves.test) == 2


def test_stop_keeps_what_has_been_learnt_and_offers_to_go_on(window: Driver):
    window.choose()
    window.train(8)
    window.press("stop")
    window.until_state(Phase.IDLE)
    step = window.window.session.step_number
    assert not np.array_equal(window.weights(), make_model("blog-cnn", 0).network.vector)
    window.message_button("Go on").click()
    window.run_until(step + 2)
    assert window.window.session.curves.train[0].tolist()[: step + 1] == list(range(1, step + 2))
    assert window.messages() == []


def test_from_the_first_moment_it_is_seen_that_a_run_has_begun(window: Driver):
    epoch = window.window.findChild(QLabel, "epochLabel")
    hint = next(each for each in window.window.findChildren(QLabel) if each.text().startswith("Press Start: the"))
    window.choose()
    window.press("start")
    assert epoch.text() == "Starting …"
    assert hint.text() == "The curves begin with the first batch"
    window.press("stop")
    window.until_state(Phase.IDLE)
    assert hint.text().startswith("Press Start")


def test_the_offer_stays_while_other_networks_are_looked_at(window: Driver):
    window.choose()
    window.train(3)
    window.press("stop")
    window.until_state(Phase.IDLE)
    offered = window.messages()
    assert "stands at" in offered[0]
    for _ in range(2):
        window.press("reset")
        assert window.messages() == offered
    window.press("start")
    assert window.messages() == []


def test_reset_shows_the_parameters_that_the_seed_gives(window: Driver):
    window.choose(seed=5)
    window.train(3)
    window.pause()
    window.press("reset")
    window.until_state(Phase.IDLE)
    np.testing.assert_array_equal(window.weights(), make_model("blog-cnn", 5).network.vector)
    assert window.progress.value() == 0
    assert not window.slider.isEnabled()
    assert len(window.window.session.curves.train) == 0


def test_the_same_settings_give_the_same_network(window: Driver):
    found = []
    for _ in range(2):
        window.choose(epochs=1)
        with window.qtbot.waitSignal(window.window.session.finished, timeout=60_000):
            window.press("start")
        found.append(window.weights())
    np.testing.assert_array_equal(*found)


def test_a_run_begun_by_mistake_takes_nothing_away(window: Driver):
    window.choose(epochs=1)
    with window.qtbot.waitSignal(window.window.session.finished, timeout=60_000):
        window.press("start")
    trained = window.weights()
    window.choose("mlp-300")
    window.train(3)
    assert not window.window.menu["Bring back the run before"].isEnabled()
    window.press("stop")
    window.until_state(Phase.IDLE)
    window.window.menu["Bring back the run before"].trigger()
    window.until_state(Phase.FINISHED)
    np.testing.assert_array_equal(window.weights(), trained)
    assert window.window.findChild(QComboBox, "presetCombo").currentText() == "blog-cnn"
    window.window.menu["Bring back the run before"].trigger()
    window.run_until(4)
    assert window.window.session.settings.preset == "mlp-300"


def test_a_run_can_begin_with_the_weights_shown(window: Driver):
    window.choose(epochs=1, learning_rate=0.0)
    window.window.menu["Start from the weights shown"].setChecked(True)
    shown = window.window.reading.model.network.vector + np.float32(0.001)
    window.window.reading.model.network.vector[...] = shown
    with window.qtbot.waitSignal(window.window.session.finished, timeout=60_000):
        window.press("start")
    np.testing.assert_array_equal(window.weights(), shown)


def test_the_timeline_takes_everything_back_and_forward_again(window: Driver):
    window.choose()
    window.draw(SEVEN)
    window.train(1)
    window.until(lambda: window.slider.maximum() >= 4)
    window.pause()
    label = window.window.findChild(QLabel, "timelineLabel")
    live = window.weights(), window.bars.probabilities(), window.picture(window.kernel_view), label.text()
    reading = window.window.reading
    with window.qtbot.waitSignals([reading.answered, reading.mapsChanged]):
        window.slider.setValue(0)
    then = window.weights(), window.bars.probabilities(), window.picture(window.kernel_view), label.text()
    np.testing.assert_array_equal(then[0], window.window.session.timeline.shown.vector)
    for now, before in zip(live, then, strict=True):
        assert not np.array_equal(now, before)
    with window.qtbot.waitSignals([reading.answered, reading.mapsChanged]):
        window.press("live")
    np.testing.assert_array_equal(window.weights(), live[0])
    np.testing.assert_array_equal(window.bars.probabilities(), live[1])
    assert window.picture(window.kernel_view) == live[2]
    assert label.text() == live[3]


def test_an_earlier_moment_stays_while_training_goes_on(window: Driver):
    window.choose()
    window.train(1)
    window.until(lambda: window.slider.maximum() >= 3)
    window.slider.setValue(1)
    shown = window.weights()
    step = window.window.session.step_number
    window.run_until(step + 20)
    np.testing.assert_array_equal(window.weights(), shown)
    window.press("live")
    assert not np.array_equal(window.weights(), shown)


def test_a_new_learning_rate_is_used_at_once(window: Driver):
    window.choose(learning_rate=0.001, optimizer="sgd")
    window.train(3)
    spin = window.window.findChild(QDoubleSpinBox, "learningRateSpin")
    assert spin.isEnabled()
    spin.setValue(0.0)
    step = window.window.session.step_number
    window.run_until(step + 10)
    window.pause()
    weights = window.weights()
    window.press("step")
    window.run_until(step + 11)
    np.testing.assert_array_equal(window.weights(), weights)


def test_a_run_that_diverges_is_told_and_leaves_the_window_usable(window: Driver):
    window.draw(SEVEN)
    window.choose(learning_rate=1000.0, optimizer="momentum", loss="mse")
    window.press("start")
    window.until(lambda: bool(window.messages()))
    window.until_state(Phase.IDLE)
    assert "diverged" in window.messages()[0]
    assert "1000" in window.messages()[0]
    window.choose(epochs=1)
    with window.qtbot.waitSignal(window.window.session.finished, timeout=60_000):
        window.press("start")
    assert window.messages() == []
    assert np.isfinite(window.bars.probabilities()).all()


@pytest.mark.parametrize("button", ["pause", "step"])  # which is Continue by now, and one batch
def test_what_goes_on_is_the_present(window: Driver, button: str):
    window.choose()
    window.train(1)
    window.until(lambda: window.slider.maximum() >= 3)
    step = window.pause()
    window.slider.setValue(1)
    assert window.window.session.timeline.shown is not None
    window.press(button)
    window.run_until(step + 1)
    assert window.window.session.timeline.shown is None
    assert window.slider.value() == window.slider.maximum()


def test_a_run_with_fresh_weights_says_so_where_others_were_shown(window: Driver):
    def said() -> str:
        return window.window.statusBar().currentMessage()

    window.window.parts.train.setSettings(TrainSettings(epochs=1, batch_size=50))
    window.press("start")  # while the shipped model is shown
    assert said() == "Begun with fresh weights. To train on with those shown: Run menu, Start from the weights shown."
    window.until_state(Phase.FINISHED)
    window.press("step")
    assert said() == "Begun with fresh weights. When this run is stopped, the Run menu brings back the one before."
    window.until_state(Phase.PAUSED)
    window.press("reset")
    window.until_state(Phase.IDLE)
    window.press("start")  # from weights that are fresh already
    assert "fresh weights" not in said()


def test_a_network_that_diverged_is_not_saved_and_what_is_drawn_is(window: Driver, tmp_path: Path):
    window.draw(SEVEN)
    with window.qtbot.waitSignal(window.window.predictionChanged):  # as a step may leave it before its loss tells
        window.window.reading.show_parameters(np.full_like(window.weights(), np.inf))
    assert not np.isfinite(window.window.reading.answer.probabilities).any()
    QTest.keyClick(window.canvas, Qt.Key.Key_7)
    (kept,) = load_own_digits(next((tmp_path / "digitscope-digits").glob("*.digits")))
    assert (kept.label, kept.probabilities) == (7, None)
    window.window.drawings.save(tmp_path / "mine.drawing")
    assert load_drawing(tmp_path / "mine.drawing").probabilities is None
    window.window.files.save(window.window.runs.model_to_save(), tmp_path / "mine.safetensors")
    assert any("mine.safetensors is not written: it holds values that are not finite" in m for m in window.messages())
    assert not (tmp_path / "mine.safetensors").exists()


def test_loading_can_be_stopped(window: Driver):
    window.choose(dataset="strokes")
    window.press("start")
    assert window.window.session.state is Phase.LOADING
    window.until(lambda: 0 < window.progress.value() < window.progress.maximum())
    window.press("stop")
    window.until_state(Phase.IDLE)
    assert window.progress.value() == 0
    assert window.messages() == []


def test_a_dataset_that_is_gone_is_told(open_window, tmp_path, tiny):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "tiny").symlink_to(tiny / "tiny")
    window = open_window(folder)
    window.choose()
    (folder / "tiny").unlink()
    window.press("start")
    window.until(lambda: bool(window.messages()))
    assert str(folder) in window.messages()[0]
    window.until_state(Phase.IDLE)


def test_choosing_a_network_shows_it_fresh(window: Driver):
    window.choose("lenet5", seed=3)
    np.testing.assert_array_equal(window.weights(), make_model("lenet5", 3).network.vector)
    window.draw(SEVEN)
    assert window.bars.probabilities().shape == (10,)


def test_another_network_during_a_run_comes_when_the_run_has_ended_and_holds_up_nothing(window: Driver, monkeypatch):
    disk = threading.Event()
    monkeypatch.setattr(RunStore, "save_curves", lambda *_: disk.wait(60))  # a slow disk, as the run is kept
    window.choose()
    window.train(3)
    window.choose("lenet5")
    assert window.window.session.state is Phase.STOPPING
    window.draw(ONE)  # the window answers meanwhile
    assert window.window.reading.model.network.vector.size != make_model("lenet5", 0).network.vector.size
    disk.set()
    window.until_state(Phase.IDLE)
    assert window.window.reading.model.network.vector.size == make_model("lenet5", 0).network.vector.size
    assert "A run of blog-cnn" in window.messages()[0]
