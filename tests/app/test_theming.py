"""Another theme for the window, as the menu gives it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QWidget

from app.labs.page import LabPage
from app.theme import DARK
from app.views.train_panel import TrainPanel
from tests.app.driver import Driver


def place(item: QObject) -> int:
    """What tells objects apart, wrapped by Python or not."""
    return shiboken6.getCppPointer(item)[0]


class _Restyled(QObject):
    """Counts how often each widget is given a style."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[int] = Counter()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.StyleChange:
            self.counts[place(watched)] += 1
        return False


@pytest.fixture
def restyled(qapp: QApplication) -> Iterator[_Restyled]:
    found = _Restyled()
    qapp.installEventFilter(found)
    yield found
    qapp.removeEventFilter(found)


def choose(window: Driver, theme: str) -> None:
    window.window.menu[theme].trigger()


def pages(window: Driver, *keys: str) -> list[LabPage]:
    """These pages of the Labs, of which the last is shown."""
    window.window.menu["Labs"].trigger()
    found = []
    for key in keys:
        window.window.parts.labs.open(key)
        found.append(window.window.findChild(LabPage))
    return found


def test_no_widget_is_restyled_once_for_each_of_its_ancestors(window: Driver, restyled: _Restyled):
    choose(window, "Light")
    field = window.window.findChild(TrainPanel).findChild(QLabel)
    choose(window, "Dark")
    restyled.counts.clear()
    choose(window, "Light")
    assert 1 <= restyled.counts[place(field)] <= 2
    assert max(restyled.counts.values()) <= 3


def test_a_hidden_page_of_the_labs_has_the_theme_only_when_it_is_shown(window: Driver, restyled: _Restyled):
    choose(window, "Light")
    hidden, shown = pages(window, "perceptron", "losses")
    parts = {place(part) for part in hidden.findChildren(QWidget)}
    seen = {place(part) for part in shown.findChildren(QLabel)}
    restyled.counts.clear()
    choose(window, "Dark")
    assert seen <= restyled.counts.keys()
    assert not parts & restyled.counts.keys()
    window.window.parts.labs.open("perceptron")
    assert parts & restyled.counts.keys()
    button = hidden.findChild(QPushButton, "perceptronStepButton")
    assert button.grab().toImage().pixelColor(button.width() // 2, 4) == QColor(DARK.raised)


def test_dialogs_have_the_theme_of_their_window(window: Driver):
    choose(window, "Dark")
    window.window.menu["About Digitscope"].trigger()
    dialog = window.window.findChild(QDialog)
    assert dialog.grab().toImage().pixelColor(2, 2) == QColor(DARK.window)
    dialog.close()
