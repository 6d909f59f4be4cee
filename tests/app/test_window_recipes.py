"""Recipes, settings under More, and networks typed as chains, in the window."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QPlainTextEdit, QSpinBox

from app.curve_series import curves_of
from app.views.mosaic import Place
from nn_core.normalization import Normalization
from nn_core.recipes import RECIPES, Recipe, recipe_of
from nn_core.settings import TrainSettings
from tests.app.driver import SEVEN, Driver

CHAIN = "dropout 0.2 -> flatten -> linear 16 -> tanh -> linear 10"


def combo(window: Driver, name: str) -> QComboBox:
    return window._child(QComboBox, name)


def choose_recipe(window: Driver, name: str) -> None:
    box = combo(window, "recipeCombo")
    index = box.findText(name)
    assert index > 0
    box.setCurrentIndex(index)
    box.activated.emit(index)


def settings(window: Driver):
    parts = window.window.parts
    return parts.train.settings(parts.transport.preset(), parts.transport.dataset())


def test_a_recipe_fills_in_everything_and_says_when_it_is_left(window: Driver):
    assert combo(window, "recipeCombo").currentText() == "own settings"
    choose_recipe(window, "deep-mnist")
    found, wanted = settings(window), RECIPES["deep-mnist"].settings
    assert combo(window, "presetCombo").currentText() == "deep-mnist"
    assert (found.init, found.bias, found.batch_size, found.train_images) == ("truncated-normal:0.1", 0.1, 50, 50_000)
    assert found.normalization == wanted.normalization
    assert "deep-mnist wants the dataset mnist" in window.messages()[0]  # which this window has not
    assert combo(window, "recipeCombo").currentText() == "own settings"


def test_with_its_data_it_is_the_recipe_until_a_setting_is_edited(window: Driver, monkeypatch):
    own = replace(RECIPES["lenet5"], settings=replace(RECIPES["lenet5"].settings, dataset="tiny"))
    monkeypatch.setitem(RECIPES, "lenet5", own)
    choose_recipe(window, "lenet5")
    assert recipe_of(settings(window)) == "lenet5"
    assert combo(window, "recipeCombo").currentText() == "lenet5"
    epochs = window._child(QSpinBox, "epochsSpin")
    QTest.keyClick(epochs, Qt.Key.Key_Up)
    assert combo(window, "recipeCombo").currentText() == "own settings"
    QTest.keyClick(epochs, Qt.Key.Key_Down)
    assert combo(window, "recipeCombo").currentText() == "lenet5"
    preset = combo(window, "presetCombo")
    preset.setCurrentIndex(preset.findText("blog-cnn"))
    preset.activated.emit(preset.currentIndex())
    assert combo(window, "recipeCombo").currentText() == "own settings"


def test_start_and_normalisation_reach_the_run_and_the_drawing(window: Driver):
    window.choose("blog-fc", init="constant:0.25", normalization="logarithm", train_images=100, epochs=2)
    window.draw(SEVEN)
    with window.qtbot.waitSignal(window.window.session.finished, timeout=60_000):
        window.press("start")
    assert window.window.session.curves.train[0].tolist() == [1, 2, 3, 4]
    assert window.window.reading.model.normalization == Normalization(curve="logarithm")
    kept = window.window.runs.model_to_save()
    assert kept.card["settings"]["normalization"] == "logarithm"
    weight = kept.network.state_dict()["1.weight"]
    assert abs(weight - 0.25).max() < 0.25  # it has begun there


def test_an_early_end_is_a_finished_run_with_its_best_parameters(window: Driver):
    window.choose("blog-fc", epochs=400, validation=60, patience=2, learning_rate=0.1, optimizer="adam")
    with window.qtbot.waitSignal(window.window.session.finished, timeout=60_000):
        window.press("start")
    session = window.window.session
    assert session.step_number < 400 * 5
    assert session.tested is not None
    assert window.window.statusBar().currentMessage().startswith("Back to epoch ")
    kept = window.window.runs.model_to_save()
    assert kept.card["accuracy"] == session.tested.accuracy
    assert session.tested.step == session.step_number
    assert (kept.network.vector == window.weights()).all()


def test_an_initialiser_that_does_not_exist_is_told_in_one_sentence(window: Driver):
    window.choose("blog-fc", init="he")
    window.press("reset")
    assert "initialiser (='he') must be one of" in window.messages()[-1]


def open_dialog(window: Driver):
    preset = combo(window, "presetCombo")
    preset.activated.emit(preset.count() - 1)
    dialog = window.window.findChild(QPlainTextEdit, "chainEdit").window()
    window.qtbot.waitExposed(dialog)
    return dialog, dialog.findChild(QPlainTextEdit), dialog.findChild(QAbstractButton, "chainOkButton")


def test_a_chain_can_be_typed_and_is_trained(window: Driver):
    dialog, edit, ok = open_dialog(window)
    QTest.keyClicks(edit, CHAIN)
    assert "5 layers, 12\N{NARROW NO-BREAK SPACE}730 parameters" in dialog.findChild(QLabel, "chainWords").text()
    window.qtbot.mouseClick(ok, Qt.MouseButton.LeftButton)
    assert combo(window, "presetCombo").currentData() == CHAIN
    window.choose(CHAIN[:24] + "…", epochs=1)
    assert settings(window).preset == CHAIN
    with window.qtbot.waitSignal(window.window.session.finished, timeout=60_000):
        window.press("start")
    assert [info.title for info in window.window.reading.layers()][:2] == ["dropout 0.2", "flatten"]


def test_enter_uses_a_chain_that_can_be(window: Driver):
    dialog, edit, _ = open_dialog(window)
    edit.setPlainText("flatten -> linear 9")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert edit.toPlainText() == "flatten -> linear 9"
    edit.setPlainText("flatten -> linear 10")
    QTest.keyClick(edit, Qt.Key.Key_Enter)
    assert not dialog.isVisible()
    assert window.window.runs.shown == "flatten -> linear 10"


def test_a_long_chain_takes_no_words_away(window: Driver, open_window):
    chain = "conv 3x3x4 pad 1 -> relu -> " * 12 + "flatten -> linear 10"
    window.window.runs.choose_network(chain)
    window.window.parts.train.setSettings(TrainSettings(epochs=40, batch_size=50, augment=False))
    window.train(2)
    assert curves_of(window.window.session.curves, settings(window)).name == "conv 3x3x4 pad…"
    window.window.close()
    again = open_window()
    again.until(lambda: bool(again.messages()))
    assert again.messages()[0].startswith(f"A run of {chain[:60]}… on tiny stands at epoch")


def test_a_fresh_network_of_a_typed_chain_is_there_the_next_time(open_window):
    window = open_window()
    dialog, edit, ok = open_dialog(window)
    edit.setPlainText("flatten -> linear 12 -> relu -> linear 10")
    window.qtbot.mouseClick(ok, Qt.MouseButton.LeftButton)
    fresh = window.weights()
    assert len(fresh) == 785 * 12 + 13 * 10
    window.window.close()
    again = open_window()
    assert again.messages() == []
    np.testing.assert_array_equal(again.weights(), fresh)


def test_a_chain_that_ends_as_the_loss_begins_is_warned_of(window: Driver):
    window.press("more")
    for chain, warned in (("flatten -> linear 10", False), ("flatten -> linear 10 -> softmax", True)):
        dialog, edit, ok = open_dialog(window)
        edit.selectAll()
        QTest.keyClicks(edit, chain)
        assert ("a softmax of its own" in dialog.findChild(QLabel, "chainWords").text()) == warned
        window.qtbot.mouseClick(ok, Qt.MouseButton.LeftButton)
        labels = window.window.parts.train.findChildren(QLabel)
        shown = [label for label in labels if label.isVisible() and "a softmax of its own" in label.text()]
        assert bool(shown) == warned
        wrapped = [label for label in labels if label.isVisible() and label.wordWrap()]
        window.qtbot.waitUntil(
            lambda wrapped=wrapped: all(label.height() >= label.heightForWidth(label.width()) for label in wrapped)
        )


@pytest.mark.parametrize(
    "chain, told",
    [
        ("conv 5x5x4 -> flaten -> linear 10", "Layer 'flaten' is not understood"),
        ("flatten -> linear 9", "end it with linear 10"),
        ("nothing", "has an arrow"),
        ("flatten -> linear 300000 -> linear 10", "too large"),
    ],
)
def test_a_chain_that_cannot_be_is_told_while_it_is_typed(window: Driver, chain, told):
    dialog, edit, ok = open_dialog(window)
    edit.setPlainText(chain)
    assert told in dialog.findChild(QLabel, "chainWords").text()
    assert not ok.isEnabled()
    before = window.window.runs.shown
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert combo(window, "presetCombo").currentText() == before


def test_local_and_weight_normalised_kernels_are_shown(window: Driver):
    window.window.runs.choose_network("local 3x3x2 stride 5 -> weight-norm conv 2x2x3 -> flatten -> linear 10")
    parts, reading = window.window.parts, window.window.reading
    for layer, shape in ((0, (2, 1, 18, 18)), (1, (3, 2, 2, 2))):
        assert reading.kernels()[layer].shape == shape
        place = window.kernel_view.unitRect(layer, 1).center()
        window.qtbot.mouseClick(window.kernel_view, Qt.MouseButton.LeftButton, pos=place)
        facts = parts.inspector.findChild(QLabel, "kernelFacts").text()
        assert "min" in facts
    assert "place 5, 0, row 2, column 0" in _tip(window, 0, row=17, column=0)
    assert "kernel 0, input 0, row 1" in _tip(window, 1, row=1, column=0)


def _tip(window: Driver, layer: int, row: int, column: int) -> str:
    view = window.kernel_view
    return view.words(view._rows[layer], Place(0, 0, row, column))


def test_teachers_are_trained_first_and_then_the_run(window: Driver, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    lesson = TrainSettings(preset="flatten -> linear 10", dataset="tiny", batch_size=50, epochs=2, threads=1)
    monkeypatch.setitem(RECIPES, "tutor", Recipe("a teacher", lesson))
    window.choose("blog-cnn", epochs=1)
    window.press("more")
    teachers = combo(window, "teachersCombo")
    assert teachers.lineEdit().placeholderText() == "none"
    QTest.keyClicks(teachers.lineEdit(), "tutor")
    QTest.keyClick(teachers.lineEdit(), Qt.Key.Key_Return)
    with window.qtbot.waitSignal(window.window.session.finished, timeout=60_000):
        window.press("start")
    (kept,) = (tmp_path / "cache" / "digitscope" / "teachers").iterdir()
    assert kept.name.startswith("tutor-")
    assert window.window.runs.model_to_save().card["settings"]["teachers"] == "tutor"


def test_a_teacher_that_does_not_exist_is_told_in_one_sentence(window: Driver):
    window.choose("blog-fc", epochs=1, teachers="nobody")
    window.press("start")
    window.qtbot.waitUntil(lambda: "recipe (='nobody') must be one of" in "".join(window.messages()), timeout=60_000)
