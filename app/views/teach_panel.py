"""Teach: own digits, and the lesson that the network gets from them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.views.digit_shelf import DigitShelf
from app.views.lesson_box import LessonBox

_MARGIN = 12


class TeachPanel(QScrollArea):
    """The lesson above, the digits below; where there is little room, it scrolls."""

    seen = Signal()  # it has come to the front

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("teachPanel")
        self.lesson, self.shelf = LessonBox(), DigitShelf()
        inside, line = QWidget(), QFrame()
        line.setFixedHeight(1)
        line.setStyleSheet("background: palette(mid)")
        column = QVBoxLayout(inside)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        column.setSpacing(10)
        column.addWidget(self.lesson)
        column.addWidget(line)
        column.addWidget(self.shelf, 1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that somebody looks."""
        super().showEvent(event)
        if not event.spontaneous():
            self.seen.emit()
