"""Layers that training leaves as they are, chosen by their locks, by a key, or all at once."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from app.freezing import NONE
from app.phase import Phase
from nn_core.checkpoint import load_checkpoint
from tests.app.driver import Driver


def click_lock(window: Driver, layer: int) -> None:
    place = window.kernel_view.lockRect(layer).center().toPoint()
    window.qtbot.mouseClick(window.kernel_view, Qt.MouseButton.LeftButton, pos=place)


def choose_learning(window: Driver, state: str) -> None:
    combo = window._child(QComboBox, "learningLayersCombo")
    index = combo.findText(state)
    assert index >= 0
    combo.setCurrentIndex(index)
    combo.textActivated.emit(state)


def state_of(window: Driver):
    return {key: values.copy() for key, values in window.window.reading.model.network.state_dict().items()}


def changed(before, after) -> set[str]:
    return {key.partition(".")[0] for key in before if not np.array_equal(before[key], after[key])}


def learning(window: Driver) -> str:
    return window._child(QComboBox, "learningLayersCombo").currentText()


def test_a_layer_whose_lock_was_clicked_stays_bit_for_bit(window: Driver):
    window.choose("blog-cnn", epochs=1)
    click_lock(window, 0)
    assert learning(window) == "some layers"
    start = state_of(window)
    with window.qtbot.waitSignal(window.window.session.finished, timeout=60_000):
        window.press("start")
    assert changed(start, state_of(window)) == {"3", "7"}
    click_lock(window, 0)
    assert learning(window) == "all layers"
    assert window.window.runs.model_to_save().card["frozen"] == [0]  # it was, while the network learnt


def test_a_layer_can_be_frozen_while_the_run_goes_on_and_the_checkpoint_knows(window: Driver):
    window.choose("blog-cnn")
    window.train(2)
    window.pause()
    click_lock(window, 3)
    before = state_of(window)
    for _ in range(2):
        step = window.window.session.step_number
        window.press("step")
        window.run_until(step + 1)
        window.until_state(Phase.PAUSED)
    window.until(lambda: changed(before, state_of(window)) == {"0", "7"})
    window.press("stop")
    window.until_state(Phase.IDLE)
    assert load_checkpoint(window.window.session.store.checkpoint)[2].frozen == (3,)


@pytest.mark.parametrize(
    "state, learns", [("all layers", {"0", "3", "7"}), ("the last one", {"7"}), ("none: predict only", set())]
)
def test_one_choice_for_all_layers(window: Driver, state, learns):
    window.choose("blog-cnn", epochs=1)
    choose_learning(window, state)
    start = state_of(window)
    with window.qtbot.waitSignal(window.window.session.finished, timeout=60_000):
        window.press("start")
    assert changed(start, state_of(window)) == learns
    assert learning(window) == state


def test_the_key_freezes_the_selected_layer_and_another_network_begins_with_none_frozen(window: Driver):
    window.choose("blog-cnn")
    view = window.kernel_view
    QTest.keyClick(view, Qt.Key.Key_L)  # nothing is selected
    assert window.window.session.frozen == frozenset()
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_L)
    assert window.window.session.frozen == {0}
    picture = window.picture(view)
    QTest.keyClick(view, Qt.Key.Key_L)
    assert window.window.session.frozen == frozenset()
    assert window.picture(view) != picture
    QTest.keyClick(view, Qt.Key.Key_L)
    window.press("reset")
    assert window.window.session.frozen == {0}
    window.choose("lenet5")
    assert window.window.session.frozen == frozenset()


def test_a_run_that_is_gone_on_with_has_its_layers_frozen(window: Driver, open_window):
    window.choose("blog-cnn")
    click_lock(window, 0)
    window.train(3)
    window.window.close()
    again = open_window()
    again.until(lambda: bool(again.messages()))
    assert again.window.session.frozen == frozenset()
    again.qtbot.mouseClick(again.message_button("Go on"), Qt.MouseButton.LeftButton)
    assert again.window.session.frozen == {0}
    start = state_of(again)
    step = again.window.session.step_number
    again.run_until(step + 3)
    again.pause()
    assert "0" not in changed(start, state_of(again))


def test_of_one_layer_the_last_is_all(window: Driver):
    window.window.runs.choose_network("flatten → linear 10")
    assert learning(window) == "all layers"
    click_lock(window, 1)
    assert learning(window) == NONE
