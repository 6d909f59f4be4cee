"""Sentences for the user at the top of the window: what went wrong, or what can be gone on with."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

_MOST = 3  # messages at once; the oldest that offers nothing goes

Choice = tuple[str, Callable[[], object]]  # what the button says, and what it does; either way the message goes


class MessageBar(QWidget):
    """One message, with buttons for what can be done, and one to put it away."""

    def __init__(self, text: str, bad: bool, choices: Sequence[Choice], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageBar")
        self.offers = bool(choices)
        self.setProperty("role", "message")
        self.setProperty("bad", bad)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.label = QLabel(text, self)
        self.label.setObjectName("messageLabel")
        self.label.setTextFormat(Qt.TextFormat.PlainText)  # it may hold the name of a stranger's file
        self.label.setWordWrap(True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.setSpacing(8)
        row.addWidget(self.label, 1)
        for words, what in choices:
            button = QPushButton(words, self)
            button.clicked.connect(lambda _checked=False, what=what: self._choose(what))
            row.addWidget(button)
        self.closeButton = QToolButton(self)
        self.closeButton.setObjectName("messageCloseButton")
        self.closeButton.setProperty("role", "tool")
        self.closeButton.setText("×")
        self.closeButton.setToolTip("Put this message away")
        self.closeButton.setAccessibleName("Put the message away")
        self.closeButton.clicked.connect(self.dismiss)
        row.addWidget(self.closeButton)

    def text(self) -> str:
        """What it says."""
        return self.label.text()

    def dismiss(self) -> None:
        """Put it away."""
        self.hide()
        self.setParent(None)
        self.deleteLater()

    def _choose(self, what: Callable[[], object]) -> None:
        self.dismiss()
        what()


class MessageArea(QWidget):
    """The messages that have not been put away, newest at the bottom; it takes no room when there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageArea")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)

    def say(self, text: str, *, bad: bool = True, choices: Sequence[Choice] = ()) -> MessageBar:
        """Show a message; the same one again takes the place of the first."""
        shown = self.messages()
        for bar in shown:
            if bar.text() == text:
                bar.dismiss()
        for bar in sorted(shown, key=lambda bar: bar.offers)[: max(0, len(shown) - _MOST + 1)]:
            bar.dismiss()
        bar = MessageBar(text, bad, choices, self)
        self._column.addWidget(bar)
        bar.show()
        return bar

    def messages(self) -> list[MessageBar]:
        """What is shown, oldest first."""
        items = (self._column.itemAt(i) for i in range(self._column.count()))
        return [bar for item in items if item is not None and isinstance(bar := item.widget(), MessageBar)]
