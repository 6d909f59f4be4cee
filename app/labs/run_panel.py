"""The buttons of a long run, and under them how far it is, in a bar and in words."""

from __future__ import annotations

from PySide6.QtWidgets import QProgressBar, QWidget

from app.labs.parts import TransportRow, caption
from app.labs.side_by_side import bare_column


class RunPanel(QWidget):
    """A transport row, a bar named <prefix>Progress and words named <prefix>Words; `spoken` is the bar's name."""

    def __init__(self, prefix: str, spoken: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.transport, self.progress, self.words = TransportRow(prefix), QProgressBar(), caption()
        self.progress.setTextVisible(False)
        self.progress.setObjectName(f"{prefix}Progress")
        self.progress.setAccessibleName(spoken)
        self.words.setObjectName(f"{prefix}Words")
        column = bare_column(self)
        for part in (self.transport, self.progress, self.words):
            column.addWidget(part)
