"""Typing a network as the chain of its layers."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

#: What a chain is: whether it can be used, and a sentence about it.
Explain = Callable[[str], tuple[bool, str]]

_HELP = (
    "One layer after the other, with -> between them: conv 5x5x8 (stride 2, pad 2, replicate), local 3x3x4, linear 100,"
    " max-pool 2, avg-pool 2, flatten, dropout 0.2, batch-norm, group-norm 4, local-response-norm 5 (alpha 0.0005, beta"
    " 0.75, k 2), weight-norm conv 5x5x8, relu, leaky-relu 0.1, sigmoid, tanh, softplus, softmax, step, identity. A"
    " dropout at the start drops pixels of the image. The last layer gives the ten digits: linear 10."
)


class ChainDialog(QDialog):
    """A field for the chain; under it what is made of it, or the first thing that is wrong with it."""

    chosen = Signal(str)

    def __init__(self, chain: str, explain: Explain, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chainDialog")
        self.setWindowTitle("A network as a chain of layers")
        self._explain = explain
        self._edit = _ChainEdit(chain)
        self._edit.entered.connect(self._choose)
        self._edit.setObjectName("chainEdit")
        self._edit.setAccessibleName("Chain of layers")
        self._edit.setTabChangesFocus(True)
        self._edit.setFixedHeight(96)
        self._said, help_line = QLabel(), QLabel(_HELP)
        self._said.setObjectName("chainWords")
        self._said.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        help_line.setProperty("role", "caption")
        for label in (self._said, help_line):
            label.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self._ok.setText("Use this network")
        self._ok.setObjectName("chainOkButton")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(10)
        for each in (help_line, self._edit, self._said, buttons):
            column.addWidget(each)
        self.setMinimumWidth(560)
        buttons.accepted.connect(self._choose)
        buttons.rejected.connect(self.reject)
        self._edit.textChanged.connect(self._check)
        self._check()
        self._edit.selectAll()

    def _chain(self) -> str:
        return " ".join(self._edit.toPlainText().split())

    def _check(self) -> None:
        good, words = self._explain(self._chain())
        self._said.setText(words)
        self._said.setProperty("role", "value" if good else "error")
        self._said.style().polish(self._said)
        self._ok.setEnabled(good)

    def _choose(self) -> None:
        if self._ok.isEnabled():
            self.accept()
            self.chosen.emit(self._chain())


class _ChainEdit(QPlainTextEdit):
    """A chain may be long, but has no lines of its own: Enter uses it."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)
