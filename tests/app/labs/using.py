"""A page as its user has it: what is ticked, typed, chosen and read off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QCheckBox, QComboBox, QLabel
from pytestqt.qtbot import QtBot

from app.background import Background
from app.labs.page import LabPage


class User:
    """Uses a page by the names of its widgets."""

    def __init__(self, page: LabPage) -> None:
        self.page = page

    def find(self, kind, name):
        found = self.page.findChild(kind, name)
        assert found is not None, name
        return found

    def tick(self, name: str) -> None:
        """Click a check box."""
        box = self.find(QCheckBox, name)
        assert box.isEnabled(), name
        QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))

    def ticked(self, name: str) -> bool:
        return self.find(QCheckBox, name).isChecked()

    def type(self, name: str, text: str) -> None:
        """Type a number and press Enter."""
        spin = self.find(QAbstractSpinBox, name)
        spin.selectAll()
        QTest.keyClicks(spin, text)
        QTest.keyClick(spin, Qt.Key.Key_Return)

    def choose(self, name: str, text: str) -> None:
        """Choose an entry of a list by the keyboard."""
        combo = self.find(QComboBox, name)
        wanted = combo.findText(text)
        assert wanted >= 0, text
        way = Qt.Key.Key_Down if wanted > combo.currentIndex() else Qt.Key.Key_Up
        for _ in range(abs(wanted - combo.currentIndex())):
            QTest.keyClick(combo, way)
        assert combo.currentText() == text

    def press(self, name: str) -> None:
        """Press a button that can be pressed."""
        button = self.find(QAbstractButton, name)
        assert button.isEnabled(), name
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def reads(self, name: str) -> str:
        """What a label says."""
        return str(self.find(QLabel, name).text())


def meanwhile(qtbot: QtBot) -> None:
    """Let another job begin, be heard and end: time enough for one that ought to rest to say something."""
    job = Background(owner := QObject())
    for _ in range(2):
        with qtbot.waitSignal(job.ended):
            job.start(lambda: (number for number in range(100)))
    del owner


def rests(page: LabPage) -> bool:
    """Whether no clock of the page will ever make it go on by itself."""
    return not any(timer.isActive() for timer in page.findChildren(QTimer))


@contextmanager
def using(page: LabPage, qtbot: QtBot) -> Iterator[User]:
    """Shows a page, and ends its jobs afterwards."""
    qtbot.addWidget(page)
    page.resize(760, 900)
    with qtbot.waitExposed(page):
        page.show()
    page.enter()
    try:
        yield User(page)
    finally:
        page.shutDown()
