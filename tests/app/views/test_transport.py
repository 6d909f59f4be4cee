"""The transport bar: every state offers what makes sense in it, and says what is pressed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QProgressBar
from pytestqt.qtbot import QtBot

from app.phase import Phase
from app.theme import DARK, LIGHT
from app.views.transport import TransportBar
from tests.app.pointing import wheel

NAMES = ("start", "pause", "step", "stop", "reset")
NO_BREAK = "\N{NARROW NO-BREAK SPACE}"


@pytest.fixture
def bar(qtbot: QtBot) -> TransportBar:
    bar = TransportBar()
    qtbot.addWidget(bar)
    bar.setTheme(LIGHT)
    bar.resize(1280, 48)
    bar.setChoices([("digitscope", "ours"), ("blog-cnn", "small")], [("strokes", "drawn here"), ("mnist", "60 000")])
    bar.show()
    bar.activateWindow()
    return bar


@pytest.fixture
def told(bar: TransportBar) -> list[str]:
    told: list[str] = []
    for name in ("start", "pause", "resume", "step", "stop", "reset"):
        getattr(bar, f"{name}Requested").connect(lambda name=name: told.append(name))
    bar.presetChosen.connect(told.append)
    bar.datasetChosen.connect(told.append)
    return told


def button(bar: TransportBar, name: str) -> QAbstractButton:
    return bar.findChild(QAbstractButton, f"{name}Button")


@pytest.mark.parametrize(
    "state, enabled, choices",
    [
        (Phase.IDLE, {"start", "step", "reset"}, True),
        (Phase.LOADING, {"stop"}, False),
        (Phase.RUNNING, {"pause", "stop"}, False),
        (Phase.PAUSED, {"pause", "step", "stop", "reset"}, False),
        (Phase.STOPPING, set(), False),
        (Phase.FINISHED, {"start", "step", "reset"}, True),
    ],
)
def test_a_state_enables_exactly_what_makes_sense(bar, told, state, enabled, choices):
    bar.setState(state)
    assert {name for name in NAMES if button(bar, name).isEnabled()} == enabled
    assert bar.findChild(QComboBox, "presetCombo").isEnabled() is choices
    assert bar.findChild(QComboBox, "datasetCombo").isEnabled() is choices
    for name in NAMES:
        QTest.mouseClick(button(bar, name), Qt.MouseButton.LeftButton)
    heard = {"resume" if name == "pause" and state is Phase.PAUSED else name for name in enabled}
    assert set(told) == heard


def test_pause_becomes_continue_without_moving_the_others(bar):
    bar.setState(Phase.RUNNING)
    place, picture = button(bar, "step").geometry(), button(bar, "pause").grab().toImage()
    assert button(bar, "pause").text() == "Pause"
    bar.setState(Phase.PAUSED)
    assert button(bar, "pause").text() == "Continue"
    assert button(bar, "step").geometry() == place
    assert button(bar, "pause").grab().toImage() != picture


@pytest.mark.parametrize("key, modifiers", [(Qt.Key.Key_F5, "No"), (Qt.Key.Key_R, "Control")])
def test_one_key_starts_pauses_and_goes_on(bar, told, key, modifiers):
    for state in Phase:
        bar.setState(state)
        QTest.keyClick(bar, key, getattr(Qt.KeyboardModifier, f"{modifiers}Modifier"))
    assert told == ["start", "pause", "resume", "start"]


def test_keys_for_step_stop_and_reset(bar, told):
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    bar.setState(Phase.PAUSED)
    QTest.keyClick(bar, Qt.Key.Key_F10)
    QTest.keyClick(bar, Qt.Key.Key_F5, shift)
    QTest.keyClick(bar, Qt.Key.Key_R, control | shift)
    assert told == ["step", "stop", "reset"]
    bar.setState(Phase.RUNNING)
    QTest.keyClick(bar, Qt.Key.Key_F10)
    assert told == ["step", "stop", "reset"]
    assert "F10" in button(bar, "step").toolTip()


def test_choosing_a_network_and_a_dataset(bar, told):
    for name in ("presetCombo", "datasetCombo"):
        QTest.keyClick(bar.findChild(QComboBox, name), Qt.Key.Key_Down)
    assert told == ["blog-cnn", "mnist"]
    assert (bar.preset(), bar.dataset()) == ("blog-cnn", "mnist")


def test_sets_put_together_are_counted(bar):
    bar.setChoices([("lenet5", "")], [("mnist+mnist+strokes+mnist", ""), ("mnist+strokes", "")])
    combo = bar.findChild(QComboBox, "datasetCombo")
    assert [combo.itemText(i) for i in range(2)] == ["mnist ×3 + strokes", "mnist + strokes"]
    assert bar.dataset() == "mnist+mnist+strokes+mnist"


def test_a_wheel_chooses_nothing(bar, told):
    for name in ("presetCombo", "datasetCombo"):
        combo = bar.findChild(QComboBox, name)
        combo.setFocus()
        wheel(combo, -1)
    assert told == []
    assert (bar.preset(), bar.dataset()) == ("digitscope", "strokes")


def test_of_two_chains_that_begin_alike_the_one_that_is_chosen_is_told(bar, told):
    chains = [f"conv 5x5x8 -> relu -> max-pool 2 -> flatten -> linear {units}" for units in (20, 10)]
    bar.setChoices([(chain, "") for chain in chains], [("strokes", "")])
    QTest.keyClick(bar.findChild(QComboBox, "presetCombo"), Qt.Key.Key_Down)
    assert told == chains[1:]


def test_what_is_chosen_from_outside_has_no_signal_and_outlives_new_choices(bar, told):
    bar.setPreset("blog-cnn")
    bar.setDataset("mnist")
    bar.setChoices([("lenet5", ""), ("blog-cnn", "small")], [("strokes", "")])
    assert (bar.preset(), bar.dataset()) == ("blog-cnn", "strokes")
    assert bar.findChild(QComboBox, "presetCombo").toolTip() == "Network: small"
    assert told == []


def test_progress_in_words(bar):
    bar.setProgress(1.42, 10, 0.142, 12345.6, 134.2, None)
    assert bar.findChild(QLabel, "epochLabel").text() == "epoch 1.42 of 10"
    assert bar.findChild(QLabel, "speedLabel").text() == f"12{NO_BREAK}346 images/s · 2 min 14 s left"
    progress = bar.findChild(QProgressBar, "trainProgress")
    assert progress.value() / progress.maximum() == pytest.approx(0.142)
    bar.setProgress(0, None, 2.0, None, None, "Drawing 60 000 digits")
    assert bar.findChild(QLabel, "epochLabel").text() == "Drawing 60 000 digits"
    assert bar.findChild(QLabel, "speedLabel").text() == ""
    assert progress.value() == progress.maximum()


def test_a_narrow_bar_has_icons_alone(bar):
    assert button(bar, "start").text() == "Start"
    bar.resize(880, 48)
    assert button(bar, "start").text() == ""
    assert not button(bar, "start").icon().isNull()
    assert button(bar, "start").accessibleName() == "Start"
    assert button(bar, "start").toolTip().startswith("Start: ")


def test_icons_take_the_colours_of_the_theme(bar):
    before = button(bar, "stop").icon().pixmap(16, 16).toImage()
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.ButtonText, QColor(DARK.text))
    bar.setPalette(palette)
    bar.setTheme(DARK)
    assert button(bar, "stop").icon().pixmap(16, 16).toImage() != before
