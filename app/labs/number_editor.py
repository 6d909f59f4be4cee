"""Numbers that are typed."""

from __future__ import annotations

from math import isfinite

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.views.wording import MINUS


def typed_number(text: str) -> float | None:
    """The number in a text, with either minus and either decimal mark, or a fraction such as `1/9`; None for no number.

    What is not finite is no number here.
    """
    above, bar, below = text.replace(MINUS, "-").replace(",", ".").partition("/")
    try:
        value = float(above) / float(below) if bar else float(above)
    except (ValueError, ZeroDivisionError):
        return None
    return value if isfinite(value) else None


class NumberEditor(QLineEdit):
    """A field that comes up over a number; Enter, or leaving it, takes what was typed, Escape does not."""

    typed = Signal(float)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hide()
        self._shown = 0.0
        self._open = False
        self.editingFinished.connect(self._take)

    def begin(self, value: float) -> None:
        """Come up with a number, selected, so that typing replaces it."""
        self._shown, self._open = value, True
        self.setText(f"{value:.10g}")
        self.selectAll()
        self.show()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Enter and Escape to itself: what lies beneath would take them for its own."""
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)
        event.accept()

    def _take(self) -> None:
        if not self._open:
            return  # it was left by a key before it lost the focus
        self._close()
        value = typed_number(self.text())
        if value is not None and value != self._shown:
            self.typed.emit(value)

    def _close(self) -> None:
        self._open = False
        self.hide()
        parent = self.parentWidget()
        if parent is not None:
            parent.setFocus()
