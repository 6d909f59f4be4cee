"""A short word in the status bar about a digit that was kept, and beside it the way to teach it."""

from __future__ import annotations

from PySide6.QtWidgets import QStatusBar, QToolButton

_SAID_MS = 8000


class KeptWords(QToolButton):
    """The button that stands in the status bar for as long as the words do."""

    def __init__(self, status: QStatusBar) -> None:
        super().__init__(status)
        self.setObjectName("teachLink")
        self.setText("Teach…")
        self.setToolTip("Look at my digits, and teach the network")
        self.setProperty("role", "tool")
        self._status, self._words = status, ""
        status.addPermanentWidget(self)
        status.messageChanged.connect(self._follow)
        self.hide()

    def say(self, words: str) -> None:
        """Show the words, with the button."""
        self._words = words
        self._status.showMessage(words, _SAID_MS)
        self.show()

    def drop(self) -> None:
        """Take the words away, because what they say is over."""
        if self._words and self._status.currentMessage() == self._words:
            self._status.clearMessage()

    def _follow(self, words: str) -> None:
        if words != self._words:
            self.hide()
