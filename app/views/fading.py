"""Parts of a page that grow pale when what they show is no longer so."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QGraphicsOpacityEffect, QWidget

_PATIENCE_MS = 250  # what is shown anew within it does not flicker
_PALE = 0.3  # opacity


class Fading(QObject):
    """Turns parts pale that are out of date for longer than a moment, until they are shown anew."""

    def __init__(self, parts: Sequence[QWidget], parent: QObject) -> None:
        super().__init__(parent)
        self._effects = [QGraphicsOpacityEffect(part, opacity=_PALE) for part in parts]
        for part, effect in zip(parts, self._effects, strict=True):
            part.setGraphicsEffect(effect)
        self._fade(False)
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(lambda: self._fade(True))

    def outdate(self) -> None:
        """Say that what is shown is no longer so."""
        if not self._soon.isActive():
            self._soon.start(_PATIENCE_MS)

    def renew(self, outdated: bool) -> None:
        """Say that the parts are shown anew, or that what they show by now is out of date again."""
        if not outdated:
            self._soon.stop()
            self._fade(False)
        elif self._soon.isActive():
            self._soon.start(_PATIENCE_MS)

    def _fade(self, on: bool) -> None:
        for effect in self._effects:
            effect.setEnabled(on)
