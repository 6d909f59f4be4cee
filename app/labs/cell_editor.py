"""The field that opens over a cell while its number is written."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.labs.number_editor import typed_number
from app.theme import tabular

_NARROWEST = 56  # logical pixels


class CellEditor(QLineEdit):
    """Takes a number: Return or leaving the field writes it, Escape drops it, and so does what is no number.

    A fraction such as `1/9` is a number too.
    """

    written = Signal(float)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._grid = parent
        self.setObjectName(name)
        self.setAccessibleName("New value")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFont(tabular(self.font()))
        self.setStyleSheet("QLineEdit { padding: 0; border-radius: 0; }")
        self.setMaxLength(16)
        self.hide()

    def open(self, place: QRect, text: str, chosen: bool) -> None:
        """Begin over a cell with a text, which the next key replaces if it is `chosen`."""
        room = self._grid.width()
        width = max(place.width(), min(_NARROWEST, room))
        left = min(max(0, place.center().x() - width // 2), room - width)
        self.setGeometry(left, place.top(), width, place.height())
        self.setText(text)
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if chosen:
            self.selectAll()

    def drop(self) -> None:
        """Close without a word."""
        self.blockSignals(True)
        self.hide()
        self.blockSignals(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Write with Return, drop with Escape."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._write()
            self._grid.setFocus(Qt.FocusReason.OtherFocusReason)
        elif event.key() == Qt.Key.Key_Escape:
            self.hide()
            self._grid.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Write what stands here."""
        super().focusOutEvent(event)
        if self.isVisible():
            self._write()

    def _write(self) -> None:
        self.hide()
        value = typed_number(self.text())
        if value is not None:
            self.written.emit(value)
