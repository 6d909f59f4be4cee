"""Small parts that pages are made of: words, and the buttons that step and run."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from app.icons import accent_icon, icon
from app.theme import Theme, tabular, theme_of


def heading(text: str) -> QLabel:
    """The heading of a part of a page."""
    label = QLabel(text)
    label.setProperty("role", "title")
    return label


def caption(text: str = "") -> QLabel:
    """Small words that explain what is beside or above them."""
    label = QLabel(text)
    label.setProperty("role", "caption")
    label.setWordWrap(True)
    return label


def formula(text: str = "") -> QLabel:
    """A formula with numbers, in rich text (`<sub>`, `<sup>`), that can be selected."""
    label = QLabel(text)
    label.setProperty("role", "formula")
    label.setFont(tabular(label.font()))
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


class TransportRow(QWidget):
    """Buttons named <prefix>StepButton, …RunButton, …ResetButton: a step, run until stopped, begin anew.

    The run button is the stop button while something runs.
    """

    stepPressed = Signal()
    runPressed = Signal()
    stopPressed = Signal()
    resetPressed = Signal()

    def __init__(self, prefix: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._running = False
        self._run_text = "Run"
        self.step, self.run, self.reset = QPushButton("Step"), QPushButton(), QPushButton("Reset")
        self.run.setProperty("role", "primary")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for name, button in (("Run", self.run), ("Step", self.step), ("Reset", self.reset)):
            button.setObjectName(f"{prefix}{name}Button")
            button.setIconSize(QSize(16, 16))
            row.addWidget(button)
        row.addStretch(1)
        self.step.clicked.connect(self.stepPressed)
        self.reset.clicked.connect(self.resetPressed)
        self.run.clicked.connect(lambda: (self.stopPressed if self._running else self.runPressed).emit())
        self.setTheme(theme_of(self.palette()))

    def setWords(self, step: str, run: str) -> None:
        """Say on the buttons themselves what a step and a run are here."""
        self._run_text = run
        self.step.setText(step)
        self.setTheme(theme_of(self.palette()))

    def setTips(self, step: str, run: str, reset: str) -> None:
        """Say in tool tips what the buttons do here."""
        for button, words in ((self.step, step), (self.run, run), (self.reset, reset)):
            button.setToolTip(words)

    def setRunning(self, running: bool) -> None:
        """Show whether something runs."""
        self._running = running
        self.step.setEnabled(not running)
        self.setTheme(theme_of(self.palette()))

    def setTheme(self, theme: Theme) -> None:
        """Take the icons of a theme, which the palette has already."""
        self.run.setText("Stop" if self._running else self._run_text)
        names = {self.step: "step", self.run: "stop" if self._running else "start", self.reset: "reset"}
        for button, name in names.items():
            button.setIcon((accent_icon if button is self.run else icon)(name, self.palette()))
