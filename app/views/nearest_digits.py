"""The known digits that are most like the drawing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.theme import tabular
from app.views.digit_thumb import DigitThumb
from app.views.wording import number

COUNT = 8
FEATURES, PIXELS = "features", "pixels"
_CHOICES = (("as the network sees them", FEATURES), ("pixel by pixel", PIXELS))
_SIDE, _COLUMNS = 38, 8
ABOUT = "Which digits that the network may have learnt from are most like this one? Press Find."


class NearestDigits(QWidget):
    """By what digits are compared, eight of them with label and distance, and a button until there are any."""

    findRequested = Signal()
    stopRequested = Signal()
    wayChanged = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("nearestDigits")
        self.findButton, self._way, self._progress = QPushButton("Find"), QComboBox(), QProgressBar()
        self.words = QLabel(ABOUT)
        self._thumbs = [DigitThumb(_SIDE) for _ in range(COUNT)]
        self._names = [QLabel() for _ in range(COUNT)]
        self._running = False
        self._dress()
        self._lay_out()
        self.findButton.clicked.connect(lambda: (self.stopRequested if self._running else self.findRequested).emit())
        self._way.currentIndexChanged.connect(lambda _index: self.wayChanged.emit())
        self.showProgress(None)

    def way(self) -> str:
        """By what digits are compared, `FEATURES` or `PIXELS`."""
        return str(self._way.currentData())

    def showProgress(self, share: float | None) -> None:
        """Show how far the reading of known digits is, 0 to 1, or that there is none."""
        self._running = share is not None
        self._progress.setValue(round(1000 * (share or 0.0)))
        keep = self._progress.sizePolicy()
        keep.setRetainSizeWhenHidden(True)  # nothing jumps when it comes
        self._progress.setSizePolicy(keep)
        self._progress.setVisible(self._running)
        self.findButton.setText("Stop" if self._running else "Find")

    def setKnown(self) -> None:
        """Digits are there to compare with: from now on the nearest are shown without being asked for."""
        if self.findButton.hasFocus():
            self._way.setFocus(Qt.FocusReason.OtherFocusReason)
        self.findButton.hide()

    def showWords(self, words: str) -> None:
        """Say what is shown, or what there is to do."""
        self.words.setText(words)

    def showDigits(self, found: Sequence[tuple[np.ndarray, int, float]]) -> None:
        """Show image uint8 (28, 28), label and distance of each, the nearest first."""
        for place, (thumb, name) in enumerate(zip(self._thumbs, self._names, strict=True)):
            there = place < len(found)
            image, label, distance = found[place] if there else (None, 0, 0.0)
            thumb.showImage(image, 255.0)
            thumb.setAccessibleName(f"a {label}, distance {number(distance)}" if there else "")
            thumb.setToolTip(thumb.accessibleName())
            name.setText(f"<b>{label}</b><br>{number(distance)}" if there else "<br>")

    def labels(self) -> list[int]:
        """The labels that are shown."""
        return [int(name.text()[3]) for name in self._names if name.text().startswith("<b>")]

    def _dress(self) -> None:
        self.findButton.setObjectName("findNearestButton")
        self._way.setObjectName("nearestWay")
        self._way.setAccessibleName("How digits are compared")
        self._way.setToolTip("By the answers of the last hidden layer, or by the 784 pixels; distances are Euclidean")
        for words, name in _CHOICES:
            self._way.addItem(words, name)
        self._progress.setObjectName("nearestProgress")
        self._progress.setAccessibleName("Progress of the search")
        self._progress.setRange(0, 1000)
        self._progress.setTextVisible(False)
        self.words.setObjectName("nearestWords")
        self.words.setProperty("role", "caption")
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._way, 1)
        line.addWidget(self.findButton)
        grid = QGridLayout()
        grid.setSpacing(4)
        for place, (thumb, name) in enumerate(zip(self._thumbs, self._names, strict=True)):
            name.setFont(tabular(name.font(), 11))
            row, column = 2 * (place // _COLUMNS), place % _COLUMNS
            grid.addWidget(thumb, row, column)
            grid.addWidget(name, row + 1, column, Qt.AlignmentFlag.AlignHCenter)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(0, 4, 0, 0)
        column_.setSpacing(4)
        column_.addLayout(line)
        column_.addWidget(self._progress)
        column_.addLayout(grid)
        column_.addWidget(self.words, 1)
        self.showDigits([])
