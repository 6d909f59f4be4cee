"""Loss and accuracy over the epochs of a run, training and test."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape

import numpy as np
from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.theme import Theme, tabular, theme_of
from app.views.curve_plot import (
    HELD_OUT,
    KEPT_SHARE,
    KEPT_TEST,
    KEPT_TRAIN,
    SHARE,
    SMOOTH,
    TEST,
    TEST_SHARE,
    TRAIN,
    CurvePlot,
    pale,
)
from app.views.run_curves import Curves
from app.views.wording import number, thousands

_EMPTY, _BEGUN = "Press Start: the curves will grow here", "The curves begin with the first batch"
_HELP = "Wheel: zoom · drag: move · double click: everything · click: go to that moment"
_TOGETHER = "Loss and accuracy in one plot"
_DASHED = "&nbsp;&nbsp; <b>Accuracy</b>, dashed:&nbsp; "
_KEEP = "Keep these curves as thin lines, to compare a later run with"
_ALL, _NO_BATCHES, _NO_NAMES = range(3)  # what a legend leaves out for want of room
_TAG = re.compile("<[^>]*>")
_NARROW = 620  # logical pixels, below which the plots stand one above the other


class CurvesView(QWidget):
    """Two plots side by side, each under a legend that tells the values at the mouse, or else the newest.

    `togetherAction` puts the accuracies among the losses, as shares, and leaves one plot.
    """

    epochPicked = Signal(float)  # the user has clicked a moment

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._curves = Curves()
        self._kept: Curves | None = None
        self._stale = False
        self._follows = True  # shows everything, until the user zooms
        self._at: float | None = None
        self._theme = theme_of(self.palette())
        self._loss, self._accuracy = CurvePlot("lossPlot"), CurvePlot("accuracyPlot", ceiling=100.0)
        self._loss_legend, self._accuracy_legend = _legend("lossLegend"), _legend("accuracyLegend")
        self._logarithmic = QCheckBox("log")
        self._logarithmic.setObjectName("logLossCheck")
        self._logarithmic.setToolTip("Logarithmic axis for the loss")
        self._keep = QCheckBox("keep")
        self._keep.setObjectName("keepCurvesCheck")
        self._keep.setToolTip(_KEEP)
        self._keep.hide()  # while there is nothing to keep
        self.togetherAction = QAction(_TOGETHER, self, checkable=True)
        self._hint = QLabel(_EMPTY, self, alignment=Qt.AlignmentFlag.AlignCenter)
        self._then = QTimer(self)  # between the two plots the event loop sees to the pen
        self._then.setSingleShot(True)
        self._lay_out()
        self._connect()
        self.setTheme(self._theme)

    def _lay_out(self) -> None:
        self._plots, self._second = QBoxLayout(QBoxLayout.Direction.LeftToRight, self), QWidget()
        self._plots.setContentsMargins(8, 6, 8, 4)
        self._plots.setSpacing(12)
        rows = (
            ("Loss", self._loss, self._loss_legend),
            ("Accuracy", self._accuracy, self._accuracy_legend),
        )
        for title, plot, legend in rows:
            heading = QLabel(title)
            heading.setProperty("role", "title")
            plot.setToolTip(_HELP)
            plot.setAccessibleName(title)
            line = QHBoxLayout()
            line.setSpacing(12)
            line.setContentsMargins(8, 0, 4, 0)
            line.addWidget(heading)
            line.addWidget(legend, 1)
            if plot is self._loss:
                line.addWidget(self._keep)
                line.addWidget(self._logarithmic)
            part = self._second if plot is self._accuracy else QWidget()
            column = QVBoxLayout(part)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(2)
            column.addLayout(line)
            column.addWidget(plot, 1)
            self._plots.addWidget(part, 1)
        self._hint.setProperty("role", "panel")
        self._hint.setMargin(6)
        self._hint.setWordWrap(True)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._hint.raise_()

    def _connect(self) -> None:
        self._accuracy.setXLink(self._loss)
        self._logarithmic.toggled.connect(self._loss.setLogarithmic)
        self.togetherAction.toggled.connect(self._put_together)
        self._keep.toggled.connect(self._keep_curves)
        self._then.timeout.connect(self._accuracy.refresh)
        self._loss.moved.connect(self._place_hint)
        for plot in (self._loss, self._accuracy):
            plot.hovered.connect(self._hover)
            plot.picked.connect(self.epochPicked)
            plot.zoomed.connect(self._zoomed)
            plot.wholeWanted.connect(self._show_whole)

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self._loss.setTheme(theme)
        self._accuracy.setTheme(theme)
        self._tell()

    def setCurves(self, curves: Curves) -> None:
        """Show the run as it is now; a hidden view does no work until it is shown."""
        self._curves = curves
        self._stale = True
        if self.isVisible():
            self._draw()

    def _keep_curves(self, on: bool) -> None:
        """Let the curves of this run stay beside those of later ones, or take them away again."""
        self._kept = self._curves if on else None
        self._stale = True
        self._draw()

    def _put_together(self, on: bool) -> None:
        """Show one plot with everything, or two."""
        self._second.setVisible(not on)
        self._stale = True
        self._draw()

    def setMoment(self, epoch: float | None) -> None:
        """Mark the moment that the timeline shows, None for the present."""
        self._loss.setMarker(epoch)
        self._accuracy.setMarker(epoch)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < _NARROW < self.height() * 2
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._plots.setDirection(way)
        self._tell()

    def setBegun(self, begun: bool) -> None:
        """Say that a run has begun, of which there may be nothing to see yet."""
        self._hint.setText(_BEGUN if begun else _EMPTY)
        self._place_hint()

    def _place_hint(self) -> None:
        """Put the hint where curves will be, between the axes of the first plot."""
        place, hint = self._loss.inside(), self._hint
        place.translate(self._loss.mapTo(self, QPoint()))
        wide = hint.fontMetrics().horizontalAdvance(hint.text()) + 2 * hint.margin() + 4
        wide = min(wide, place.width())
        size = QRect(0, 0, wide, hint.heightForWidth(wide))
        size.moveCenter(place.center())
        hint.setGeometry(size)

    def _draw(self) -> None:
        """Hand both plots what is new, and let them draw it."""
        if not self._stale:
            return
        self._stale = False
        now = self._curves
        self._hint.setVisible(not (len(now.train_epoch) or len(now.test_epoch)))
        kept = self._kept or Curves()
        for plot, what in ((self._loss, "loss"), (self._accuracy, "accuracy")):
            plot.setSeries(TRAIN, now.train_epoch, now.series(f"train_{what}"))
            plot.setSeries(SMOOTH, now.train_epoch, now.series(f"train_{what}_smooth"))
            plot.setSeries(HELD_OUT, now.held_out_epoch, now.series(f"held_out_{what}"))
            plot.setSeries(TEST, now.test_epoch, now.series(f"test_{what}"))
            plot.setSeries(KEPT_TRAIN, kept.train_epoch, kept.series(f"train_{what}_smooth"))
            plot.setSeries(KEPT_TEST, kept.test_epoch, kept.series(f"test_{what}"))
        now, kept = (now, kept) if self.togetherAction.isChecked() else (Curves(), Curves())
        self._loss.setSeries(SHARE, now.train_epoch, now.series("train_accuracy_smooth"))
        self._loss.setSeries(TEST_SHARE, now.test_epoch, now.test_accuracy)
        self._loss.setSeries(KEPT_SHARE, kept.test_epoch, kept.test_accuracy)
        self._keep.setVisible(self._kept is not None or len(self._curves.train_epoch) > 0)
        self._show()
        self._tell()

    def _show(self) -> None:
        """Let both plots draw, one after the other, over the same epochs."""
        runs = (self._curves, self._kept or Curves())
        ends = [float(x[-1]) for run in runs for x in (run.train_epoch, run.test_epoch) if len(x)]
        if self._follows:
            self._loss.showWhole(max(ends, default=1.0))
        self._loss.refresh()
        self._then.start(0)

    def _zoomed(self) -> None:
        self._follows = False
        self._show()

    def _show_whole(self) -> None:
        self._follows = True
        self._show()

    def _hover(self, epoch: float | None) -> None:
        index = _at_or_before(self._curves.train_epoch, epoch)
        self._at = None if index is None else epoch
        for plot in (self._loss, self._accuracy):
            plot.setCursorEpoch(self._at, "" if index is None else _place(self._curves, index))
        self._tell()

    def _tell(self) -> None:
        """Write the values at the mouse into the legends, or the newest ones, in as many words as fit."""
        for legend, words in ((self._loss_legend, self._of_losses), (self._accuracy_legend, self._of_accuracies)):
            for less in (_ALL, _NO_BATCHES, _NO_NAMES):
                text = words(less)
                if _wide(text, legend) <= legend.width():
                    break
            legend.setText(text)

    def _of_losses(self, less: int) -> str:
        losses = self._values("loss", number, less)
        together = self.togetherAction.isChecked()
        return losses + _DASHED + self._of_accuracies(max(less, _NO_BATCHES)) if together else losses

    def _of_accuracies(self, less: int) -> str:
        return self._values("accuracy", _percent, less)

    def _values(self, what: str, say: Callable[[float], str], less: int) -> str:
        """A legend: colour, name and value of each curve of the losses or of the accuracies."""
        now, kept = self._curves, self._kept or Curves()
        found = [
            _value(run.series(name), _at_or_before(x, self._at))
            for run, name, x in (
                (now, f"train_{what}", now.train_epoch),
                (now, f"train_{what}_smooth", now.train_epoch),
                (now, f"test_{what}", now.test_epoch),
                (now, f"held_out_{what}", now.held_out_epoch),
                (kept, f"test_{what}", kept.test_epoch),
            )
        ]
        return self._written([None if each is None else say(each) for each in found], less)

    def _written(self, values: list[str | None], less: int) -> str:
        theme, kept = self._theme, "" if self._kept is None else escape(self._kept.name or "kept")
        held_out = "held out" if len(self._curves.held_out_epoch) else ""
        colors = (pale(theme), theme.train, theme.test, theme.good, theme.muted)
        names = ("batch", "training", "test", held_out, kept)
        entries = [entry for entry in zip(colors, names, values, strict=True) if entry[1]]
        parts = [
            f"<span style='color:{color}'>━</span>&nbsp;"
            + (f"<span style='color:{self._theme.muted}'>{name}</span>&nbsp;" if less < _NO_NAMES else "")
            + (value or "–")
            for color, name, value in (entries[1:] if less else entries)
        ]
        return "&nbsp;&nbsp; ".join(parts)


def _legend(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setFont(tabular(label.font(), 12))
    label.setMinimumWidth(1)
    return label


def _wide(words: str, label: QLabel) -> int:
    """The logical pixels of width that rich words take in a label."""
    return label.fontMetrics().horizontalAdvance(unescape(_TAG.sub("", words)))


def _at_or_before(epochs: np.ndarray, epoch: float | None) -> int | None:
    """The index of the newest measurement at an epoch, or of all; None where there is none."""
    if not len(epochs):
        return None
    return len(epochs) - 1 if epoch is None else max(0, int(np.searchsorted(epochs, epoch, "right")) - 1)


def _value(values: np.ndarray, index: int | None) -> float | None:
    return None if index is None else float(values[index])


def _percent(share: float) -> str:
    return f"{100 * share:.2f} %"


def _place(curves: Curves, index: int) -> str:
    epoch = f"epoch {curves.train_epoch[index]:.2f}"
    return f"{epoch} · batch {thousands(curves.train_step[index])}" if len(curves.train_step) else epoch
