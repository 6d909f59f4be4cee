"""A lesson: the button that begins it, how far it is, what it has changed, and the way back."""

from __future__ import annotations

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
from app.views import wording
from nn_core.own_digits import CERTAIN
from nn_core.replay import HOLD_BACK_FROM
from nn_core.teaching import Score, Scores, Taught

_CHOICES = (("All layers", "all"), ("Last layer", "last"))
_KNOWN = {"mnist": "MNIST's test", "strokes": "Pen strokes"}
_ABOUT = (
    "The network learns your digits, mixed with seven times as many familiar ones. It takes seconds, and one click"
    " takes it back."
)


class LessonBox(QWidget):
    """Teach, stop, a small table of before and after, and back."""

    teachRequested = Signal(str)  # the name of the layers, see `nn_core.teaching.LAYERS`
    stopRequested = Signal()
    backRequested = Signal()
    doubtsRequested = Signal()  # to see the digits whose labels are doubted

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count, self._doubted, self._running, self._way_back, self._hindrance = 0, 0, False, False, ""
        self._layers, self._progress, self._about = QComboBox(), QProgressBar(), QLabel(_ABOUT)
        self.teachButton, self.backButton = QPushButton("Teach"), QPushButton("Go back")
        self._doubts, self._doubt_words, self.doubtsButton = QWidget(), QLabel(), QPushButton("Look")
        self._table = QWidget()
        self._rows, self._labels = QGridLayout(self._table), list[QLabel]()
        self._lay_out()
        self.teachButton.clicked.connect(self._press)
        self.backButton.clicked.connect(self.backRequested)
        self.doubtsButton.clicked.connect(self.doubtsRequested)
        self.showLesson(None)
        self.setWayBack(False)
        self.showProgress(None)

    def _lay_out(self) -> None:
        for words, name in _CHOICES:
            self._layers.addItem(words, name)
        self._layers.setObjectName("teachLayers")
        self._layers.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._layers.setMinimumContentsLength(7)
        self._layers.setAccessibleName("Which layers learn")
        self._layers.setToolTip("All layers learn more; the last layer alone forgets less, and sees no better")
        self.teachButton.setObjectName("teachButton")
        self.teachButton.setProperty("role", "primary")
        self.backButton.setObjectName("teachBackButton")
        self.backButton.setToolTip("Show the network again that was there before the lesson, bit for bit")
        self._progress.setObjectName("teachProgress")
        self._progress.setAccessibleName("Progress of the lesson")
        self._progress.setTextVisible(False)
        self._progress.setRange(0, 1000)
        self._about.setObjectName("teachWords")
        self._about.setProperty("role", "caption")
        self._about.setWordWrap(True)
        self._doubt_words.setObjectName("doubtWords")
        self._doubt_words.setProperty("role", "caption")
        self._doubt_words.setWordWrap(True)
        self.doubtsButton.setObjectName("teachDoubtsButton")
        self.doubtsButton.setToolTip("Choose them below, where a digit key relabels them")
        doubts = QHBoxLayout(self._doubts)
        doubts.setContentsMargins(0, 0, 0, 0)
        doubts.addWidget(self._doubt_words, 1)
        doubts.addWidget(self.doubtsButton)
        self._table.setObjectName("teachTable")
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setHorizontalSpacing(8)
        self._rows.setVerticalSpacing(3)
        self._rows.setColumnStretch(0, 1)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self.teachButton, 1)
        line.addWidget(self._layers)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(line)
        column.addWidget(self._progress)
        column.addWidget(self._about)
        column.addWidget(self._doubts)
        column.addWidget(self._table)
        self._rows.addWidget(self.backButton, 0, 0, Qt.AlignmentFlag.AlignLeft)

    # What is shown.

    def setCount(self, count: int, doubted: int = 0) -> None:
        """Say how many digits there are to teach, and how many of them the network was certain to be others."""
        self._count, self._doubted = count, doubted
        self._doubt_words.setText(
            f"{doubted} of them {'was' if doubted == 1 else 'were'} read as another digit, with {100 * CERTAIN:.0f} % "
            "or more. Is that label what was meant? The network will believe it."
        )
        self._refresh()

    def setHindrance(self, why: str) -> None:
        """Say in a sentence why nothing can be taught now, or nothing when it can."""
        self._hindrance = why
        self._refresh()

    def showProgress(self, share: float | None, words: str = "") -> None:
        """Show how far the lesson is, 0 to 1, or that there is none."""
        self._running = share is not None
        self._progress.setVisible(self._running)
        self._progress.setValue(round(1000 * (share or 0.0)))
        if self._running:
            self._about.setText(words)
        self._refresh()

    def showLesson(self, taught: Taught | None) -> None:
        """Show what a lesson has changed, or that there was none."""
        for label in self._labels:
            label.setParent(None)
            label.deleteLater()
        self._labels.clear()
        self._about.setText(_ABOUT if taught is None else _held_words(taught.before))
        if taught is not None:
            self._fill(taught)
        self._refresh()

    def _fill(self, taught: Taught) -> None:
        for column, words in ((1, "before"), (2, "after")):
            self._put(0, column, words)
        before, after = taught.before, taught.after
        known = known_name(taught)
        for row, (name, first, then, share) in enumerate(
            (
                ("Digits taught", before.learnt, after.learnt, False),
                ("Digits held back", before.held, after.held, False),
                (known, before.known, after.known, True),
            ),
            start=1,
        ):
            if first.count:
                self._put_row(row, name, first, then, share)

    def _put_row(self, row: int, name: str, before: Score, after: Score, share: bool) -> None:
        label = self._put(row, 0, name)
        label.setToolTip(
            f"{wording.thousands(after.count)} digits, none of them shown in the lesson" if row > 1 else ""
        )
        self._put(row, 1, _score(before, share))
        changed = self._put(row, 2, f"{_score(after, share)} {_arrow(before, after)}")
        better = "good" if after.right > before.right else "error" if after.right < before.right else "value"
        changed.setProperty("role", better)
        changed.setAccessibleName(f"{name}: {_score(before, share)} before, {_score(after, share)} after")

    def _put(self, row: int, column: int, words: str) -> QLabel:
        label = QLabel(words)
        label.setFont(tabular(label.font()))
        label.setProperty("role", "caption" if row == 0 or column == 0 else "value")
        self._labels.append(label)
        self._rows.addWidget(label, row, column, Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft)
        return label

    def setWayBack(self, there: bool) -> None:
        """Say whether there is a lesson to undo."""
        self._way_back = there
        self._refresh()

    def _refresh(self) -> None:
        self._layers.setEnabled(not self._running)
        self._doubts.setVisible(bool(self._doubted) and not self._labels and not self._running)
        self._table.setVisible((bool(self._labels) or self._way_back) and not self._running)
        self.backButton.setVisible(self._way_back)
        self.teachButton.setEnabled(self._running or (self._count > 0 and not self._hindrance))
        digits = "1 digit" if self._count == 1 else f"{self._count} digits"
        self.teachButton.setText("Stop" if self._running else f"Teach {digits}" if self._count else "Teach")
        why = self._hindrance or ("" if self._count else "Keep a digit first: draw it, and press its key.")
        self.teachButton.setToolTip("" if self._running else why or "Let the network learn your digits")

    def _press(self) -> None:
        if self._running:
            self.stopRequested.emit()
        else:
            self.teachRequested.emit(self._layers.currentData())


def known_name(taught: Taught) -> str:
    """What the familiar digits are called that a lesson is judged by."""
    return _KNOWN.get(taught.dataset, f"{taught.dataset}'s test")


def _score(score: Score, share: bool) -> str:
    if share and score.share is not None:
        return f"{100 * score.share:.2f} %"
    return f"{score.right} of {score.count}"


def _arrow(before: Score, after: Score) -> str:
    return "↑" if after.right > before.right else "↓" if after.right < before.right else "="


def _held_words(scores: Scores) -> str:
    if scores.held.count:
        total = scores.learnt.count + scores.held.count
        return f"{scores.held.count} of {total} digits were held back to judge by."
    if scores.learnt.count < HOLD_BACK_FROM:
        return f"All digits were taught: from {HOLD_BACK_FROM} on, a fifth is held back to judge by."
    return "All of your digits have been taught: new ones will be held back to judge by."
