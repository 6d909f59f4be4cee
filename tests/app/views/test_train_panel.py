"""The settings of a run, as a form."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QSpinBox,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.views.train_panel import TrainPanel
from nn_core.settings import TrainSettings
from tests.app.pointing import wheel

ALL = TrainSettings(
    preset="blog-cnn",
    dataset="mnist",
    optimizer="momentum",
    learning_rate=0.05,
    batch_size=64,
    epochs=3,
    seed=2**32 - 1,  # more than a QSpinBox can hold
    schedule="cosine",
    loss="mse",
    weight_decay=1e-4,
    label_smoothing=0.1,
    average=0.999,
    augment=True,
    augmentation="crop=4,noise=0.05",
    balanced=True,
    threads=1,
    l1=1e-5,
    max_norm=3.0,
    init="truncated-normal:0.05",
    bias=-0.1,
    normalization="min-max",
    train_images=1000,
    validation=500,
    evaluate_every=2,
    patience=3,
    save_every=5,
)


@pytest.fixture
def panel(qtbot: QtBot) -> TrainPanel:
    panel = TrainPanel()
    qtbot.addWidget(panel)
    panel.setOptimizers(["sgd", "momentum", "adam"])
    panel.setSchedules(["constant", "cosine", "one-cycle"])
    panel.setFurther(["cross-entropy", "mse"], ["preset", "zeros"], ["standard", "min-max"], ["", "a+b"])
    panel.setRecipes([("lenet5", "an old one"), ("blog-cnn", "a small one")])
    panel.resize(300, 640)
    panel.show()
    return panel


def field(panel, kind, name):
    return panel.findChild(kind, name)


def test_it_begins_with_the_defaults(panel):
    assert panel.settings("digitscope", "strokes") == TrainSettings()


def test_all_settings_go_in_and_come_out_without_a_signal(panel):
    told = []
    panel.learningRateChanged.connect(told.append)
    panel.settingsEdited.connect(lambda: told.append("edited"))
    panel.setSettings(ALL)
    assert panel.settings("blog-cnn", "mnist") == ALL
    assert told == []


def test_what_the_user_enters_is_in_the_settings(panel):
    told = []
    panel.settingsEdited.connect(lambda: told.append("edited"))
    for kind, name, text in (
        (QSpinBox, "batchSpin", "32"),
        (QSpinBox, "epochsSpin", "5"),
        (QSpinBox, "seedSpin", "11"),
        (QSpinBox, "threadsSpin", "4"),
        (QDoubleSpinBox, "learningRateSpin", "3e-4"),
        (QDoubleSpinBox, "averageSpin", "0.99"),
    ):
        spin = field(panel, kind, name)
        spin.selectAll()
        QTest.keyClicks(spin, text)
        QTest.keyClick(spin, Qt.Key.Key_Return)
    QTest.keyClick(field(panel, QComboBox, "optimizerCombo"), Qt.Key.Key_Home)
    QTest.keyClick(field(panel, QCheckBox, "augmentCheck"), Qt.Key.Key_Space)
    settings = panel.settings("p", "d")
    assert (settings.batch_size, settings.epochs, settings.seed, settings.threads) == (32, 5, 11, 4)
    assert settings.learning_rate == pytest.approx(3e-4)
    assert (settings.optimizer, settings.augment) == ("sgd", True)
    assert settings.average == pytest.approx(0.99)
    assert told == ["edited"] * 8


def test_during_a_run_only_the_learning_rate_changes(panel):
    told = []
    panel.learningRateChanged.connect(told.append)
    panel.setRunning(True)
    fields = [each for each in panel.findChildren(QWidget) if each.objectName().endswith("Spin")]
    free = {each.objectName() for each in fields if each.isEnabled()}
    assert free == {"learningRateSpin"}
    assert not field(panel, QComboBox, "optimizerCombo").isEnabled()
    rate = field(panel, QDoubleSpinBox, "learningRateSpin")
    rate.selectAll()
    QTest.keyClicks(rate, "0.01")
    QTest.keyClick(rate, Qt.Key.Key_Return)
    assert told == [0.01]
    panel.setRunning(False)
    assert field(panel, QSpinBox, "seedSpin").isEnabled()


def test_new_optimisers_keep_the_chosen_one(panel):
    panel.setSettings(ALL)
    panel.setOptimizers(["adam", "momentum"])
    assert panel.settings("p", "d").optimizer == "momentum"
    panel.setOptimizers(["adam"])
    assert panel.settings("p", "d").optimizer == "adam"


def test_one_schedule_is_no_choice(panel):
    combo = field(panel, QComboBox, "scheduleCombo")
    assert combo.isVisible()
    panel.setSchedules(["constant"])
    assert not combo.isVisible()


def test_what_most_people_need_not_see_is_folded_away(panel):
    loss = field(panel, QComboBox, "lossCombo")
    assert not loss.isVisible()
    QTest.keyClick(field(panel, QToolButton, "moreButton"), Qt.Key.Key_Space)
    assert loss.isVisible()
    assert panel.widget().minimumSizeHint().width() <= 300  # nothing sticks out of the tab


def test_what_is_entered_under_more_is_in_the_settings(panel):
    QTest.mouseClick(field(panel, QToolButton, "moreButton"), Qt.MouseButton.LeftButton)
    patience = field(panel, QSpinBox, "patienceSpin")
    assert not patience.isEnabled()
    for kind, name, text in (
        (QDoubleSpinBox, "labelSmoothingSpin", "0.2"),
        (QDoubleSpinBox, "l1Spin", "1e-4"),
        (QSpinBox, "validationSpin", "5000"),
        (QSpinBox, "patienceSpin", "2"),
        (QSpinBox, "trainImagesSpin", "1000"),
    ):
        spin = field(panel, kind, name)
        spin.selectAll()
        QTest.keyClicks(spin, text)
        QTest.keyClick(spin, Qt.Key.Key_Return)
    QTest.keyClick(field(panel, QComboBox, "lossCombo"), Qt.Key.Key_End)
    QTest.keyClick(field(panel, QComboBox, "normalizationCombo"), Qt.Key.Key_End)
    init = field(panel, QComboBox, "initCombo")
    init.lineEdit().selectAll()
    QTest.keyClicks(init.lineEdit(), "sparse:9")
    QTest.keyClick(init.lineEdit(), Qt.Key.Key_Return)
    settings = panel.settings("p", "d")
    assert (settings.loss, settings.normalization, settings.init) == ("mse", "min-max", "sparse:9")
    assert (settings.l1, settings.train_images, settings.validation, settings.patience) == (1e-4, 1000, 5000, 2)
    assert any("0.9, every other one at 0.1" in label.text() for label in panel.findChildren(QLabel))
    assert patience.text() == "2 evaluations"


def test_without_images_held_out_there_is_no_patience(panel):
    panel.setSettings(ALL)
    field(panel, QSpinBox, "validationSpin").setValue(0)
    assert panel.settings("p", "d").patience == 0


def test_a_recipe_is_told_when_it_is_chosen_and_shown_when_it_is_there(panel):
    told = []
    panel.recipeChosen.connect(told.append)
    panel.settingsEdited.connect(lambda: told.append("edited"))
    combo = field(panel, QComboBox, "recipeCombo")
    assert combo.currentText() == "own settings"
    QTest.keyClick(combo, Qt.Key.Key_Down)
    assert told == ["lenet5"]
    panel.setRecipe("blog-cnn")
    assert combo.currentText() == "blog-cnn"
    panel.setRecipe("")
    assert combo.currentText() == "own settings"
    assert told == ["lenet5"]
    panel.setRunning(True)
    assert not combo.isEnabled()


def test_a_wheel_that_scrolls_the_form_turns_no_setting(panel):
    spin = field(panel, QSpinBox, "epochsSpin")
    field(panel, QSpinBox, "seedSpin").setFocus()
    taken = wheel(spin)
    assert spin.value() == TrainSettings().epochs
    assert not taken


def test_a_loss_that_repeats_the_last_layer_is_warned_of(panel):
    QTest.mouseClick(field(panel, QToolButton, "moreButton"), Qt.MouseButton.LeftButton)
    panel.setLastLayer("softmax")
    for key, warned in ((Qt.Key.Key_Home, True), (Qt.Key.Key_Down, False), (Qt.Key.Key_Up, True)):
        QTest.keyClick(field(panel, QComboBox, "lossCombo"), key)
        assert any("a softmax of its own" in label.text() for label in visible_labels(panel)) == warned
    panel.setLastLayer("linear 10")
    assert not any("of its own" in label.text() for label in visible_labels(panel))


def visible_labels(panel):
    return [label for label in panel.findChildren(QLabel) if label.isVisible()]


def test_how_images_are_varied_is_typed_and_flips_are_warned_of(panel):
    QTest.mouseClick(field(panel, QToolButton, "moreButton"), Qt.MouseButton.LeftButton)
    combo = field(panel, QComboBox, "augmentationCombo")
    for text, told in (("flip-horizontal", "mirror image of a 2"), ("blur=3", "'blur'"), ("usual,noise=0.1", "")):
        combo.lineEdit().selectAll()
        QTest.keyClicks(combo.lineEdit(), text)
        QTest.keyClick(combo.lineEdit(), Qt.Key.Key_Return)
        assert panel.settings("p", "d").augmentation == text
        shown = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
        assert any(told in words for words in shown)
        assert any("mirror image" in words for words in shown) == (text == "flip-horizontal")
    QTest.keyClick(field(panel, QCheckBox, "balancedCheck"), Qt.Key.Key_Space)
    assert panel.settings("p", "d").balanced
