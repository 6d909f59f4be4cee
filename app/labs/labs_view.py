"""The Labs: a list of pages, and beside it the one that is open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.labs.contents import ENTRIES, Entry
from app.theme import Theme, tabular, theme_of

if TYPE_CHECKING:
    from app.labs.page import LabPage
    from nn_core.model import Model

_BEHIND, _IN_FRONT = 360, 678  # logical pixels of width at least
_LIST_WIDTH = 180  # logical pixels
_MARGIN, _LEFT = 16, 10
_RIGHT = 8  # right of the panel and of a page
_HEADING, _ITEM = 34, 28  # logical pixels of height
_KEY = Qt.ItemDataRole.UserRole
_OVERVIEW = ""  # in place of a page's key


class LabsView(QWidget):
    """Makes a page when it is opened for the first time, and hands it what it shows for as long as it is seen.

    The list of pages and the overview are made when the Labs are entered for the first time.
    """

    settingsChosen = Signal(object)  # `TrainSettings` that a page has found and the user wants to train with

    def __init__(self, entries: tuple[Entry, ...] = ENTRIES, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("labsView")
        self._entries = {entry.key: entry for entry in entries}
        self._pages: dict[str, LabPage] = {}
        self._theme = theme_of(self.palette())
        self._image: NDArray[np.float32] | None = None
        self._model: Model | None = None
        self._folder: Path | None = None
        self._own: Path | None = None
        self._opened = _OVERVIEW
        self._shown: LabPage | None = None  # the page that has been entered
        self._seen = False  # whether the Labs are in front
        self._made = False
        self.setMinimumSize(_BEHIND, 160)

    def _make(self) -> None:
        """Make what is always there."""
        from app.labs.overview import Overview

        self._made = True
        self._list = QListWidget()
        overview = Overview(tuple(self._entries.values()))
        self._title, self._about = QLabel(), QLabel()
        self._scrolls: dict[str, QScrollArea] = {}
        self._stack = QStackedWidget()
        self._away = QWidget()  # has the pages that are not shown: a new style sheet of the window spares them
        self.destroyed.connect(self._away.deleteLater)
        self._fill_list()
        panel = self._lay_out()
        self._scrolls[_OVERVIEW] = _scrolled(overview, self._away)
        self._list.currentItemChanged.connect(self._chosen)
        overview.chosen.connect(self.open)
        self._mark_opened()
        panel.show()  # at once, because a list that is not there takes no focus

    def _fill_list(self) -> None:
        self._list.setObjectName("labsList")
        self._list.setAccessibleName("Pages of the Labs")
        self._list.setFixedWidth(_LIST_WIDTH)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._add_item("All labs", _OVERVIEW)
        group = ""
        for entry in self._entries.values():
            if entry.group != group:
                group = entry.group
                heading = QListWidgetItem(group, self._list)
                heading.setFlags(Qt.ItemFlag.NoItemFlags)
                heading.setFont(tabular(self._list.font(), 12, bold=True))
                heading.setSizeHint(QSize(_LIST_WIDTH - 20, _HEADING))
                heading.setTextAlignment(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft)
            self._add_item(entry.title, entry.key).setToolTip(entry.about)

    def _add_item(self, text: str, key: str) -> QListWidgetItem:
        item = QListWidgetItem(text, self._list)
        item.setData(_KEY, key)
        item.setSizeHint(QSize(_LIST_WIDTH - 20, _ITEM))  # its own is that before the style is known
        return item

    def _lay_out(self) -> QFrame:
        self._title.setProperty("role", "heading")
        self._title.setObjectName("labTitle")
        self._about.setProperty("role", "caption")
        self._about.setWordWrap(True)
        self._about.setContentsMargins(0, 0, _MARGIN, 0)
        right = QVBoxLayout()
        right.setContentsMargins(_LEFT, 12, 0, 0)
        right.setSpacing(2)
        right.addWidget(self._title)
        right.addWidget(self._about)
        right.addSpacing(8)
        right.addWidget(self._stack, 1)
        panel = QFrame()
        panel.setProperty("role", "panel")
        row = QHBoxLayout(panel)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        row.addWidget(self._list)
        row.addLayout(right, 1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, _RIGHT, 0)
        whole.addWidget(panel)
        return panel

    # What is open.

    def open(self, key: str) -> None:
        """Show a page, or the overview where there is no page of this name."""
        self._opened = key if key in self._entries else _OVERVIEW
        if self._made:
            self._mark_opened()
        self._show_opened()

    def opened(self) -> str:
        """The key of the page that is open; empty for the overview."""
        return self._opened

    def _chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._opened = str(item.data(_KEY))
            self._show_opened()

    def _mark_opened(self) -> None:
        for row in range(self._list.count()):
            if self._list.item(row).data(_KEY) == self._opened:
                with QSignalBlocker(self._list):
                    self._list.setCurrentRow(row)

    def _show_opened(self) -> None:
        self._leave_page()
        if self._seen:
            self._enter_page()

    def _enter_page(self) -> None:
        key = self._opened
        entry = self._entries.get(key)
        self._title.setText("Labs" if entry is None else entry.title)
        self._about.setText(_WELCOME if entry is None else entry.about)
        if key != _OVERVIEW:
            self._shown = self._page(key)
            self._tell_all(self._shown)
            self._shown.enter()
        self._bring(self._scrolls[key])

    def _bring(self, scroll: QScrollArea) -> None:
        before = self._stack.currentWidget()
        if before is not scroll:
            self._stack.setCurrentIndex(self._stack.addWidget(scroll))
        if before not in (None, scroll):
            self._stack.removeWidget(before)
            before.setParent(self._away)

    def _leave_page(self) -> None:
        page, self._shown = self._shown, None
        if page is not None:
            page.leave()

    def _page(self, key: str) -> LabPage:
        if key not in self._pages:
            self._pages[key] = self._entries[key].make()
            self._pages[key].settingsChosen.connect(self.settingsChosen)
            self._scrolls[key] = _scrolled(self._pages[key], self._away)
        return self._pages[key]

    def _tell_all(self, page: LabPage) -> None:
        page.setTheme(self._theme)
        if self._model is not None:
            page.setNetwork(self._model)
        if self._folder is not None:
            page.setDataFolder(self._folder)
        if self._own is not None:
            page.setOwnFolder(self._own)
        page.setImage(self._image)

    # What the window says.

    def enter(self) -> None:
        """Be in front."""
        if not self._made:
            self._make()
        self._seen = True
        self._enter_page()
        self._list.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Be behind."""
        self._seen = False
        self._leave_page()

    def takeRoom(self, on: bool) -> None:
        """Ask for the width in which no page is scrolled sideways, or for no more than others do."""
        self.setMinimumWidth(_IN_FRONT if on else _BEHIND)

    def shutDown(self) -> None:
        """End what the pages do, because the window closes."""
        self.leave()
        for page in self._pages.values():
            page.shutDown()

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        if self._shown is not None:
            self._shown.setTheme(theme)

    def setImage(self, image: NDArray[np.float32] | None) -> None:
        """Take what is on the canvas, (28, 28) in [0, 1]; None while nothing is drawn."""
        self._image = image
        if self._shown is not None:
            self._shown.setImage(image)

    def setNetwork(self, model: Model) -> None:
        """Take the model that the window shows."""
        self._model = model
        if self._shown is not None:
            self._shown.setNetwork(model)

    def setDataFolder(self, folder: Path) -> None:
        """Take the folder in which the datasets are."""
        self._folder = folder
        if self._shown is not None:
            self._shown.setDataFolder(folder)

    def setOwnFolder(self, folder: Path) -> None:
        """Take the folder in which the user's own things are kept."""
        self._own = folder
        if self._shown is not None:
            self._shown.setOwnFolder(folder)


def _scrolled(inside: QWidget, parent: QWidget) -> QScrollArea:
    scroll = QScrollArea(parent)
    scroll.setWidgetResizable(True)
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, _RIGHT, _MARGIN)
    column.addWidget(inside)
    scroll.setWidget(box)
    for each in (scroll.viewport(), box):
        each.setAutoFillBackground(False)
    return scroll


_WELCOME = "Small experiments to take apart: change a number, and see what follows from it."
