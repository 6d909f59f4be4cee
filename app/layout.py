"""Where the views of the window are."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QAction, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDockWidget,
    QMainWindow,
    QPushButton,
    QTabBar,
    QTabWidget,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.centre import NETWORK, Centre
from app.dock_handle import DockHandle
from app.labs.labs_view import LabsView
from app.theme import Theme
from app.views.curves import CurvesView
from app.views.drawing_panel import DrawingPanel
from app.views.inspector import InspectorView
from app.views.kept_words import KeptWords
from app.views.kernel_view import KernelView
from app.views.message_bar import MessageArea
from app.views.network_view import NetworkView
from app.views.teach_panel import TeachPanel
from app.views.timeline import TimelineView
from app.views.train_panel import TrainPanel
from app.views.transport import TransportBar

if TYPE_CHECKING:
    from app.views.why_panel import WhyPanel

#: Of a window that nobody has given another size.
SIZE = QSize(1280, 800)
_MARGIN = 8
_LEFT, _RIGHT, _BELOW = 300, 300, 216  # logical pixels of the docks at first
_LEAST_LEFT, _LEAST_RIGHT = 268, 276  # at least: the window then fits into half of a screen of 1920
_ROOMY = 1020  # logical pixels of the window, from which on they need not give way
_WHY = 276  # logical pixels that the one below has while it explains


class Layout:
    """Makes the views and puts them into a main window; docks may be moved, and come back where they were."""

    VERSION = 1  # of the arrangement: another one does not fit what was remembered

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self._height_before = _BELOW
        self.messages, self.transport = MessageArea(), TransportBar()
        self.drawing, self.network = DrawingPanel(), NetworkView()
        self.train, self.inspector = TrainPanel(), InspectorView()
        self.teach = TeachPanel()
        self.curves, self.timeline = CurvesView(), TimelineView()
        self.tabs = QTabWidget()
        self.tabs.setObjectName("sideTabs")
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.addTab(self.train, "Train")
        self.tabs.addTab(self.inspector, "Inspect")
        self.tabs.addTab(self.teach, "Teach")
        self.labs = LabsView()
        self._put_on_top()
        area = Qt.DockWidgetArea
        history = _column(self.curves, self.timeline)
        history.setContentsMargins(0, 0, _MARGIN, 0)
        self.below = _below(history)
        self.below.addAction(self.drawing.whyAction)
        self._docks = {
            "drawingDock": (self._dock("drawingDock", "Drawing", self.drawing), area.LeftDockWidgetArea),
            "sideDock": (self._dock("sideDock", "Train, Inspect and Teach", self.tabs), area.RightDockWidgetArea),
            "historyDock": (self._dock("historyDock", "History of the run", self.below), area.BottomDockWidgetArea),
        }
        drawing, side, below = (dock for dock, _ in self._docks.values())
        drawing.setMinimumWidth(_LEAST_LEFT)
        side.setMinimumWidth(_LEAST_RIGHT)
        below.setMinimumHeight(_BELOW)
        self.centre = Centre(self.network, self.labs, (side, below))
        window.setCentralWidget(self.centre)
        self.kept = KeptWords(window.statusBar())
        self.kept.clicked.connect(self.show_teach)
        window.setDockNestingEnabled(True)
        window.setCorner(Qt.Corner.BottomLeftCorner, area.LeftDockWidgetArea)  # the canvas needs the height
        window.resize(SIZE)
        self.reset()
        self._order_focus()

    @cached_property
    def why(self) -> WhyPanel:
        """What explains the answer; made when it is first asked for."""
        from app.views.why_panel import WhyPanel

        panel = WhyPanel(self.below)  # so that it goes with the window, opened or not
        panel.hide()
        return panel

    def _put_on_top(self) -> None:
        bar = QToolBar("Run", self._window)
        bar.setObjectName("transportToolBar")
        bar.setMovable(False)
        bar.toggleViewAction().setVisible(False)  # it is always there
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.messages.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        bar.addWidget(_column(self.messages, self.transport))
        self._window.addToolBar(Qt.ToolBarArea.TopToolBarArea, bar)

    def _order_focus(self) -> None:
        """Let Tab go from the drawing to what starts a run; the rest is in order: settings, curves, network."""
        bar = self.transport
        stops = (self.drawing.whyButton, *bar.findChildren(QComboBox), *bar.findChildren(QPushButton))
        for one, then in pairwise(stops):
            QWidget.setTabOrder(one, then)

    def _dock(self, name: str, title: str, inside: QWidget) -> QDockWidget:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(name)
        dock.setTitleBarWidget(DockHandle(dock))
        dock.setWidget(inside)
        return dock

    def dock_actions(self) -> list[QAction]:
        """Actions that show and hide the docks."""
        return [dock.toggleViewAction() for dock, _ in self._docks.values()]

    def reset(self) -> None:
        """Put everything where it was at first."""
        for dock, area in self._docks.values():
            dock.setFloating(False)
            self._window.addDockWidget(area, dock)
            dock.show()
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        left, right, below = (dock for dock, _ in self._docks.values())
        self._window.resizeDocks([left, right], [_LEFT, _RIGHT], across)
        self._window.resizeDocks([below], [_BELOW], down)
        self.centre.make_room()

    def resized(self, before: int, now: int) -> None:
        """Give docks that had to give way their first widths again, once the window has the room."""
        if 0 < before < _ROOMY <= now:
            for name, width in (("drawingDock", _LEFT), ("sideDock", _RIGHT)):
                dock, _ = self._docks[name]
                if dock.isVisible() and not dock.isFloating() and dock.width() < width:
                    self._window.resizeDocks([dock], [width], Qt.Orientation.Horizontal)

    def state(self) -> QByteArray:
        """Where the docks are while the network is in front, as Qt keeps it."""
        return self.centre.with_docks(lambda: self._window.saveState(self.VERSION))

    def restore(self, geometry: QByteArray, docks: QByteArray) -> None:
        """Put window and docks where they were; what does not fit is left as it is."""
        if not geometry.isEmpty():
            self._window.restoreGeometry(geometry)
        if not docks.isEmpty() and not self._window.restoreState(docks, self.VERSION):
            self.reset()

    def set_theme(self, theme: Theme) -> None:
        """Hand the views the colours that they paint with themselves."""
        for view in (self.transport, self.network, self.labs, self.inspector, self.curves, self.timeline):
            view.setTheme(theme)

    def show_inspector(self) -> None:
        """Bring the selected unit to the front."""
        self.tabs.setCurrentWidget(self.inspector)

    def show_train(self) -> None:
        """Bring the settings of a run to the front."""
        self.centre.choose(NETWORK)
        self._docks["sideDock"][0].show()
        self.tabs.setCurrentWidget(self.train)

    def show_teach(self) -> None:
        """Bring own digits to the front."""
        self.centre.choose(NETWORK)
        self._docks["sideDock"][0].show()
        self.tabs.setCurrentWidget(self.teach)

    def toggle_why(self) -> None:
        """Bring the explanation of the answer to the front; put it away if it is there."""
        if self.why.isVisible():
            self.hide_why()
            return
        self.centre.choose(NETWORK)
        dock, _ = self._docks["historyDock"]
        dock.show()
        if self.below.indexOf(self.why) < 0:
            self._height_before = dock.height()
            place = self.below.addTab(self.why, "Why?")
            self.below.tabBar().setTabButton(place, QTabBar.ButtonPosition.RightSide, self._closer())
            self._window.resizeDocks([dock], [max(_WHY, dock.height())], Qt.Orientation.Vertical)
        self.below.setCurrentWidget(self.why)

    def _closer(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("whyCloseButton")
        button.setProperty("role", "tool")
        button.setText("×")
        button.setStyleSheet("QToolButton { padding: 0 5px; }")
        button.setToolTip("Put this away (W)")
        button.setAccessibleName("Put the explanation away")
        button.clicked.connect(self.hide_why)
        return button

    def hide_why(self) -> None:
        """Put the explanation away, and give back the room that it took."""
        self.below.removeTab(self.below.indexOf(self.why))
        self.drawing.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self._window.resizeDocks([self._docks["historyDock"][0]], [self._height_before], Qt.Orientation.Vertical)

    def kernel_picture(self) -> QPixmap:
        """All kernels, with what is written about them."""
        view = self.network.findChild(KernelView)
        assert view is not None
        return view.grab()


def _below(history: QWidget) -> QTabWidget:
    """Tabs that show themselves when there is more than the history."""
    tabs = QTabWidget()
    tabs.setObjectName("historyTabs")
    tabs.setDocumentMode(True)
    tabs.setTabBarAutoHide(True)
    # Else the tabs pass the focus on to their bar, hidden or not, and Tab stops before it.
    tabs.setFocusProxy(None)  # type: ignore[arg-type]
    tabs.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    tabs.tabBar().setDrawBase(False)
    tabs.addTab(history, "History")
    return tabs


def _column(*views: QWidget) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    for view in views:
        column.addWidget(view, 1 if isinstance(view, CurvesView) else 0)
    return box
