"""Keys that name a digit."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_WITH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


def digit_of(event: QKeyEvent) -> int | None:
    """The digit that a key press types, on any keyboard: with Shift on a French one; None for other keys."""
    text = event.text()
    typed = len(text) == 1 and text in "0123456789" and not event.modifiers() & _WITH
    return int(text) if typed and not event.isAutoRepeat() else None
