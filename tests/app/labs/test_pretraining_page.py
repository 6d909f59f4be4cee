"""The page of pre-training: digits restored layer by layer, then two curves."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox

from app.labs.map_view import MapView
from app.labs.pretraining import PretrainingPage
from app.theme import DARK
from tests.app.labs.using import using

BIG = 60_000  # milliseconds


@pytest.fixture
def user(qtbot, tiny):
    page = PretrainingPage()
    page.setDataFolder(tiny)
    with using(page, qtbot) as found:
        found.qtbot = qtbot
        network(found, "flatten -> linear 12 -> sigmoid -> linear 10")
        for name, value in (("Epochs", 2), ("Labelled", 60), ("Tuned", 2), ("Images", 200)):
            found.type(f"pretraining{name}Spin", str(value))
        yield found


def network(user, text):
    line = user.find(QComboBox, "pretrainingNetworkCombo").lineEdit()
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)


def until(user, words):
    user.qtbot.waitUntil(lambda: words in user.reads("pretrainingWords"), timeout=BIG)


def test_digits_are_restored_and_both_networks_compared(user):
    user.press("pretrainingRunButton")
    assert not user.find(QComboBox, "pretrainingDecoderCombo").isEnabled()
    until(user, "Finished")
    assert user.reads("pretrainingFigureWords").startswith("Layer 1, epoch 2: loss 0.")
    assert user.find(MapView, "pretrainingDigits").maps().shape == (1, 3 * 29 - 1, 10 * 29 - 1)
    assert user.find(MapView, "pretrainingFilters").maps().shape == (1, 2 * 29 - 1, 10 * 29 - 1)
    assert "After epoch 2 with 60 labels" in user.reads("pretrainingResult")
    assert user.find(QComboBox, "pretrainingDecoderCombo").isEnabled()
    user.press("pretrainingResetButton")
    assert not user.find(MapView, "pretrainingDigits").isVisible()
    assert "Press Run" in user.reads("pretrainingWords")


def test_what_cannot_be_pre_trained_is_told(user):
    network(user, "lenet5")
    user.press("pretrainingRunButton")
    until(user, "only networks of linear layers")
    assert user.find(QAbstractButton, "pretrainingRunButton").text() == "Run"
    assert user.find(QComboBox, "pretrainingDecoderCombo").isEnabled()


def test_another_theme_repaints(user):
    before = user.page.grab().toImage()
    user.page.setTheme(DARK)
    assert user.page.grab().toImage() != before
