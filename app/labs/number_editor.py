"""Numbers that are typed, and the field that opens over one for it."""

from __future__ import annotations

from math import isfinite

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.theme import tabular
from app.views.wording import MINUS

_NARROWEST = 56  # logical pixels


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
    """A field over a number: Return or leaving it takes what was typed, Escape drops it, and so does what is no number.

    A fraction such as `1/9` is a number too.
    """

    typed = Signal(float)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._under = parent
        self._begun = ""
        self.setObjectName(name)
        self.setAccessibleName("New value")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFont(tabular(self.font()))
        self.setStyleSheet("QLineEdit { padding: 0; border-radius: 0; }")
        self.setMaxLength(16)
        self.hide()

    def begin(self, place: QRect, text: str, chosen: bool = True) -> None:
        """Open over a place with a text; if it is `chosen`, the next key replaces it, and taking it changes nothing."""
        self.cover(place)
        self._begun = text if chosen else ""
        self.setText(text)
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if chosen:
            self.selectAll()

    def cover(self, place: QRect) -> None:
        """Lie over a place, wide enough to type in, and within what is beneath."""
        room = self._under.width()
        width = max(place.width(), min(_NARROWEST, room))
        left = min(max(0, place.center().x() - width // 2), room - width)
        self.setGeometry(left, place.top(), width, place.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take with Return, drop with Escape; what lies beneath gets no key meanwhile."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
            self._under.setFocus(Qt.FocusReason.OtherFocusReason)
        elif event.key() == Qt.Key.Key_Escape:
            self.hide()
            self._under.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take what stands here."""
        super().focusOutEvent(event)
        if self.isVisible():
            self._take()

    def _take(self) -> None:
        self.hide()
        value = typed_number(self.text())
        if value is not None and self.text() != self._begun:
            self.typed.emit(value)
