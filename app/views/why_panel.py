"""Why: the steps from hand to network, the nearest known digits, and what small changes would do."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from app.views.change_maps import ChangeMaps
from app.views.nearest_digits import NearestDigits
from app.views.step_cards import StepCards

_MARGIN, _GAP = 8, 10


class WhyPanel(QScrollArea):
    """Left the steps; right, as tabs, small changes and the nearest digits. Where it is narrow, all three are tabs."""

    seen = Signal()  # it, or another part of it, has come to the front
    hidden = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("whyPanel")
        self.steps, self.maps, self.nearest = StepCards(), ChangeMaps(), NearestDigits()
        self._tabs = QTabWidget()
        self._tabs.setObjectName("whyTabs")
        self._tabs.setDocumentMode(True)
        self._tabs.tabBar().setDrawBase(False)
        self._tabs.addTab(self.maps, "Small changes")
        self._tabs.addTab(self.nearest, "Nearest digits")
        self._tabs.currentChanged.connect(lambda _index: self.seen.emit())
        self._left = QVBoxLayout()
        self._left.setContentsMargins(0, 4, 0, 0)
        self._left.addWidget(self.steps)
        self._line = QFrame()
        self._line.setFixedWidth(1)
        self._line.setStyleSheet("background: palette(mid)")
        inside = QWidget()
        row = QHBoxLayout(inside)
        row.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        row.setSpacing(_GAP)
        row.addLayout(self._left)
        row.addWidget(self._line)
        row.addWidget(self._tabs, 1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the steps beside the tabs, or among them where there is no room for both."""
        beside = self.steps.sizeHint().width() + self.maps.sizeHint().width() + 2 * (_MARGIN + _GAP) + 1
        self._arrange(self.width() >= beside)
        super().resizeEvent(event)

    def _arrange(self, beside: bool) -> None:
        if beside is not self._line.isHidden():
            return  # as it is
        self._line.setVisible(beside)
        if beside:
            self._left.addWidget(self.steps)
            self.steps.show()
        else:
            self._tabs.insertTab(0, self.steps, "Steps")
            self._tabs.setCurrentIndex(0)

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that somebody looks."""
        super().showEvent(event)
        if not event.spontaneous():
            self.seen.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that nobody looks."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.hidden.emit()
