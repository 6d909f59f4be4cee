"""One slider over the moments of a run that are kept; it takes every view back to any of them."""

from __future__ import annotations

from bisect import bisect_left

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

from app.icons import icon
from app.theme import Theme, tabular, theme_of
from app.views.wording import thousands

LIVE = -1
_HELP = "Take kernels, feature maps and the answer back to an earlier moment\n← →: one moment · Home, End: start, live"


class TimelineView(QWidget):
    """A position for every moment kept, oldest first, and at the right end one more: live."""

    momentChosen = Signal(int)  # index in the list last given, -1 is live

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._moments: list[tuple[int, float]] = []
        self._present: tuple[int, float] | None = None
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName("timelineSlider")
        self._slider.setAccessibleName("Moment of the run")
        self._slider.setToolTip(_HELP)
        self._slider.setPageStep(10)
        self._live = QToolButton()
        self._live.setObjectName("liveButton")
        self._live.setText("Live")
        self._live.setToolTip("Back to the present")
        self._live.setCheckable(True)
        self._live.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._label = QLabel()
        self._label.setObjectName("timelineLabel")
        self._label.setFont(tabular(self._label.font()))
        self._label.setMinimumWidth(self._label.fontMetrics().horizontalAdvance("epoch 1000.00 · batch 1 000 000"))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(12)
        row.addWidget(self._slider, 1)
        row.addWidget(self._label)
        row.addWidget(self._live)
        self._slider.valueChanged.connect(self._slider_moved)
        self._live.clicked.connect(self._go_live)
        self.setTheme(theme_of(self.palette()))
        self._mirror(0)

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme, which the palette has by now."""
        self._live.setIcon(icon("live", self.palette()))

    def moment(self) -> int:
        """The index of the moment that is shown, -1 for live."""
        value = self._slider.value()
        return value if value < len(self._moments) else LIVE

    def setMoments(self, moments: list[tuple[int, float]]) -> None:
        """Take the moments kept by now, (step, epoch) ascending.

        Live stays live, and whoever looks at an earlier moment goes on looking at it, under whatever index it has now.
        Only when it is no longer kept, the nearest one that is takes its place, and `momentChosen` says so.
        """
        step = None if self.moment() == LIVE else self._moments[self.moment()][0]
        self._moments = list(moments)
        if not moments:
            self._present = None
        if step is None or not self._moments:
            self._mirror(len(self._moments))
            if step is not None:
                self.momentChosen.emit(LIVE)
            return
        index = _nearest([each for each, _ in self._moments], step)
        self._mirror(index)
        if self._moments[index][0] != step:
            self.momentChosen.emit(index)

    def setPresent(self, step: int, epoch: float) -> None:
        """Say where the run is now, for the words while live; without it they are about the newest moment kept."""
        self._present = (step, epoch)
        self._tell()

    def setMoment(self, index: int) -> None:
        """Show a moment, -1 for live, without a signal."""
        self._mirror(index if 0 <= index < len(self._moments) else len(self._moments))

    def _mirror(self, value: int) -> None:
        """Put the slider where it belongs; it is not the user who moves it."""
        blocked = self._slider.blockSignals(True)
        self._slider.setRange(0, len(self._moments))
        self._slider.setValue(value)
        self._slider.blockSignals(blocked)
        self._slider.setEnabled(bool(self._moments))
        self._tell()

    def _slider_moved(self) -> None:
        self._tell()
        self.momentChosen.emit(self.moment())

    def _go_live(self) -> None:
        self._slider.setValue(self._slider.maximum())
        self._tell()  # the button must stay pressed when live is clicked while live

    def _tell(self) -> None:
        index = self.moment()
        self._live.setChecked(index == LIVE)
        self._live.setEnabled(bool(self._moments))
        shown = self._moments[index] if self._moments else None
        if index == LIVE and self._present is not None:
            shown = self._present
        if shown is None:
            self._label.setText("no moments kept yet")
            return
        step, epoch = shown
        self._label.setText(f"epoch {epoch:.2f} · batch {thousands(step)}")


def _nearest(ascending: list[int], value: int) -> int:
    """The index of the element that is nearest to a value."""
    after = bisect_left(ascending, value)
    around = [index for index in (after - 1, after) if 0 <= index < len(ascending)]
    return min(around, key=lambda index: abs(ascending[index] - value))
