"""Why: the steps from hand to network, the nearest known digits, and what small changes would do."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from app.views.change_maps import ChangeMaps
from app.views.nearest_digits import NearestDigits
from app.views.step_cards import StepCards

_MARGIN = 8


class WhyPanel(QScrollArea):
    """Left the steps; right, as tabs, small changes and the nearest digits. Where there is little room, it scrolls."""

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
        left = QVBoxLayout()
        left.setContentsMargins(0, 4, 0, 0)
        left.addWidget(self.steps)
        line = QFrame()
        line.setFixedWidth(1)
        line.setStyleSheet("background: palette(mid)")
        inside = QWidget()
        row = QHBoxLayout(inside)
        row.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        row.setSpacing(10)
        row.addLayout(left)
        row.addWidget(line)
        row.addWidget(self._tabs, 1)
        self.setWidget(inside)
        self.setWidgetResizable(True)

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
