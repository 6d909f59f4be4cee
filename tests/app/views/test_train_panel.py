"""The settings of a run, as a form."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QDoubleSpinBox, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from app.views.train_panel import TrainPanel
from nn_core.settings import TrainSettings

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
    threads=1,
)


@pytest.fixture
def panel(qtbot: QtBot) -> TrainPanel:
    panel = TrainPanel()
    qtbot.addWidget(panel)
    panel.setOptimizers(["sgd", "momentum", "adam"])
    panel.setSchedules(["constant", "cosine", "one-cycle"])
    panel.setLosses(["cross-entropy", "mse"])
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
    panel.setLosses(["mse"])
    assert not field(panel, QComboBox, "lossCombo").isVisible()


def test_a_wheel_that_scrolls_the_form_turns_no_setting(panel):
    spin = field(panel, QSpinBox, "epochsSpin")
    field(panel, QSpinBox, "seedSpin").setFocus()
    middle = QPointF(spin.rect().center())
    event = QWheelEvent(
        middle,
        spin.mapToGlobal(middle),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(spin, event)
    assert spin.value() == TrainSettings().epochs
    assert not event.isAccepted()
