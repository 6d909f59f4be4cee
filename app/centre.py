"""The middle of the window: the network and the Labs, one of them in front."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDockWidget, QTabWidget, QWidget

from app.labs.labs_view import LabsView

NETWORK, LABS = "network", "labs"
_T = TypeVar("_T")


class Centre(QTabWidget):
    """Two tabs. While the Labs are in front they have the room of the docks that go with the network."""

    labsShown = Signal(bool)

    def __init__(self, network: QWidget, labs: LabsView, docks: Sequence[QDockWidget]) -> None:
        super().__init__()
        self.setObjectName("centreTabs")
        self.setAccessibleName("Network or Labs")
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self._labs, self._docks = labs, docks
        self._put_away: list[QDockWidget] = []
        self.addTab(network, "Network")
        self.addTab(labs, "Labs")
        self.setTabToolTip(0, "The network, its kernels and its feature maps (Ctrl+1)")
        self.setTabToolTip(1, "Small experiments, step by step (Ctrl+2)")
        self.currentChanged.connect(self._changed)

    def shown(self) -> str:
        """`NETWORK` or `LABS`."""
        return LABS if self.currentWidget() is self._labs else NETWORK

    def choose(self, name: str) -> None:
        """Bring the Labs to the front, or else the network."""
        self.setCurrentIndex(int(name == LABS))

    def make_room(self) -> None:
        """Put the docks away while the Labs are in front, those that are there."""
        if self.shown() == LABS:
            self._put_away = [dock for dock in self._docks if not dock.isHidden()]
            for dock in self._put_away:
                dock.hide()
            self._take_room(True)

    def with_docks(self, ask: Callable[[], _T]) -> _T:
        """What `ask` returns while the docks that were put away are back."""
        self._take_room(False)
        for dock in self._put_away:
            dock.show()
        answer = ask()
        for dock in self._put_away:
            dock.hide()
        self._take_room(self.shown() == LABS)
        return answer

    def _take_room(self, on: bool) -> None:
        self._labs.takeRoom(on)
        self.updateGeometry()  # at once, lest the docks that come now push the window wider

    def _changed(self) -> None:
        in_front = self.shown() == LABS
        if in_front:
            self.make_room()
            self._labs.enter()
        else:
            self._labs.leave()
            self._take_room(False)
            for dock in self._put_away:
                dock.show()
            self._put_away = []
        self.labsShown.emit(in_front)
