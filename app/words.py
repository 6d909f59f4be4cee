"""The sentences that a window says to its user: what went wrong, what was done, what is offered."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QStatusBar

from app.opening import INVITATION
from app.run_actions import Offer
from app.views.message_bar import MessageArea, MessageBar

_SAID_MS = 6000  # a word in the status bar stays so long

_log = logging.getLogger(__name__)


class Words(QObject):
    """Says trouble and offers in messages that stay until they are put away, and the rest in the status bar."""

    def __init__(self, messages: MessageArea, status: QStatusBar, parent: QObject) -> None:
        super().__init__(parent)
        self._messages, self._status = messages, status
        self._offer: MessageBar | None = None
        self._of_files: MessageBar | None = None

    def tell(self, sentence: str) -> MessageBar:
        """Show what went wrong, until it is put away."""
        _log.warning("%s", sentence)
        return self._messages.say(sentence)

    def tell_of_file(self, sentence: str) -> None:
        """Show what went wrong with a file or a picture, until it is put away or another one is tried."""
        self._forget_files()
        self._status.clearMessage()  # what went well with the one before
        self._of_files = self.tell(sentence)

    def say_of_file(self, words: str, milliseconds: int = _SAID_MS) -> None:
        """Show what went well with a file or a picture in the status bar."""
        self._forget_files()
        self.say(words, milliseconds)

    def _forget_files(self) -> None:
        if self._of_files is not None and self._of_files in self._messages.messages():
            self._of_files.dismiss()
        self._of_files = None

    def say(self, words: str, milliseconds: int = _SAID_MS) -> None:
        """Show a word in the status bar; with 0 milliseconds until the next one."""
        self._status.showMessage(words, milliseconds)

    def stop_inviting(self) -> None:
        """Ask no longer for a drawing: there is one."""
        words = self._status.currentMessage()
        if words.endswith(INVITATION):
            self.say(words.removesuffix(INVITATION), 0)

    def clear(self) -> None:
        """Say nothing more of what was; what is offered is offered still."""
        for bar in self._messages.messages():
            if bar is not self._offer:
                bar.dismiss()
        self._status.clearMessage()

    def offer(self, offer: Offer | None, accept: Callable[[Offer], object], discard: Callable[[], object]) -> None:
        """Offer something in place of what was offered before, or nothing."""
        if self._offer is not None and self._offer in self._messages.messages():
            self._offer.dismiss()
        self._offer = None
        if offer is not None:
            choices = ((offer.verb, lambda: accept(offer)), ("Discard", discard))
            self._offer = self._messages.say(offer.text, bad=False, choices=choices)
