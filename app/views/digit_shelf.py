"""My digits: what has been kept, to be looked through, relabelled and deleted."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QEvent, QObject, QPoint, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from app.icons import icon
from app.views.digit_grid import DigitGrid, in_words
from nn_core.own_digits import OwnDigit

_ALL, _WRONG = "all", "wrong"
_ICON = QSize(18, 18)
_NOTHING = "Nothing is kept yet. Draw a digit, and press the key of what it was meant to be, or click its bar."
_HOW = "Choose some: 0 to 9 relabels, Delete deletes, Enter draws one again."


class DigitShelf(QWidget):
    """A filter, the thumbnails, words about what is chosen, and what can be done with it."""

    relabelled = Signal(object, int)  # the digits' keys, the label
    deleted = Signal(object)  # the digits' keys
    drawRequested = Signal(object)  # OwnDigit
    undoRequested = Signal()
    redoRequested = Signal()
    importRequested = Signal()
    exportRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._digits: list[OwnDigit] = []
        self.grid, self._words = DigitGrid(self), QLabel()
        self._filter = QComboBox()
        self._filter.setObjectName("ownFilter")
        self._filter.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._filter.setAccessibleName("Which of my digits are shown")
        self._filter.setToolTip("Which of my digits are shown: all, those that were read wrong, or those of one label")
        self.undoButton = self._tool("ownUndoButton", "Undo", self.undoRequested.emit)
        self.redoButton = self._tool("ownRedoButton", "Redo", self.redoRequested.emit)
        self.importButton = self._tool("ownImportButton", "Import digits from a file…", self.importRequested.emit)
        self.exportButton = self._tool("ownExportButton", "Export all digits to a file…", self.exportRequested.emit)
        self.drawButton, self.labelButton, self.deleteButton = QToolButton(), QToolButton(), QToolButton()
        self.labelButton.setMenu(self._label_menu(self))
        self.labelButton.setStyleSheet("QToolButton::menu-indicator { image: none; }")  # the dots say it
        self.labelButton.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._lay_out()
        self._connect()
        self._take_icons()
        self.setUndo("", "")
        self.setDigits([])

    def _tool(self, name: str, tip: str, slot: object) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setProperty("role", "tool")
        button.setIconSize(_ICON)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.clicked.connect(slot)
        return button

    def _label_menu(self, parent: QWidget) -> QMenu:
        menu = QMenu(parent)
        for label in range(10):
            menu.addAction(str(label)).triggered.connect(lambda _checked=False, label=label: self._relabel(label))
        return menu

    def _lay_out(self) -> None:
        title = QLabel("My digits")
        title.setProperty("role", "title")
        self._words.setObjectName("ownWords")
        self._words.setProperty("role", "caption")
        self._words.setWordWrap(True)
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.setSpacing(0)
        head.addWidget(title, 1)
        for button in (self.undoButton, self.redoButton, self.importButton, self.exportButton):
            head.addWidget(button)
        foot.setSpacing(6)
        for name, words, tip, button in (
            ("Draw", "Draw again", "Put it on the canvas (Enter)", self.drawButton),
            ("Label", "It is a…", "Say what it was meant to be (0 to 9)", self.labelButton),
            ("Delete", "Delete", "Delete it; Undo brings it back (Delete)", self.deleteButton),
        ):
            button.setObjectName(f"own{name}Button")
            button.setText(words)
            button.setToolTip(tip)
            foot.addWidget(button)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self._filter)
        column.addWidget(self.grid, 1)
        column.addWidget(self._words)
        column.addLayout(foot)

    def _connect(self) -> None:
        grid = self.grid
        self._filter.activated.connect(self._show)
        self._filter.installEventFilter(self)
        grid.chosenChanged.connect(self._tell_chosen)
        grid.labelTyped.connect(self._relabel)
        grid.deleteTyped.connect(self._delete)
        grid.digitOpened.connect(self.drawRequested)
        grid.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        grid.customContextMenuRequested.connect(self._open_menu)
        self.deleteButton.clicked.connect(self._delete)
        self.drawButton.clicked.connect(self._draw)

    # What is shown.

    def setDigits(self, digits: list[OwnDigit]) -> None:
        """Show these, as far as the filter lets them."""
        self._digits = digits
        chosen = self._filter.currentData()
        with QSignalBlocker(self._filter):
            self._filter.clear()
            self._filter.addItem(f"All ({len(digits)})", _ALL)
            wrong = sum(digit.was_wrong for digit in digits)
            self._filter.addItem(f"Read wrong when drawn ({wrong})", _WRONG)
            for label in range(10):
                self._filter.addItem(f"{label} ({sum(digit.label == label for digit in digits)})", label)
            self._filter.setCurrentIndex(max(0, self._filter.findData(chosen)))
        for widget in (self._filter, self.exportButton):
            self._enable(widget, bool(digits))
        self._show()

    def _show(self) -> None:
        wanted = self._filter.currentData()
        shown = [
            digit
            for digit in self._digits
            if wanted == _ALL or (digit.was_wrong if wanted == _WRONG else digit.label == wanted)
        ]
        self.grid.setDigits(shown)

    def chooseDoubted(self) -> None:
        """Choose the digits that the network was certain to be others, among those that were read wrong."""
        self._filter.setCurrentIndex(self._filter.findData(_WRONG))
        self._show()
        self.grid.choose([digit.key for digit in self._digits if digit.contradicted])
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def setUndo(self, undo: str, redo: str) -> None:
        """Say what can be undone and done again, each in words, or nothing."""
        for button, words, verb in ((self.undoButton, undo, "Undo"), (self.redoButton, redo, "Redo")):
            self._enable(button, bool(words))
            button.setToolTip(f"{verb}: {words}" if words else f"Nothing to {verb.lower()}")

    def _tell_chosen(self) -> None:
        chosen = self.grid.chosen()
        for button in (self.labelButton, self.deleteButton):
            self._enable(button, bool(chosen))
        self._enable(self.drawButton, len(chosen) == 1)
        if not self._digits:
            self._words.setText(_NOTHING)
        elif len(chosen) == 1:
            day = datetime.fromtimestamp(chosen[0].made / 1000).strftime("%d %b %Y, %H:%M")
            self._words.setText(f"{in_words(chosen[0])} · {day}")
        else:
            self._words.setText(f"{len(chosen)} chosen" if chosen else _HOW)

    def _enable(self, widget: QWidget, on: bool) -> None:
        """Let a part be used or not; a keyboard that stands on one that goes stays among the digits."""
        if not on and widget.hasFocus():
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
        widget.setEnabled(on)

    # What is done with it.

    def _keys(self) -> list[str]:
        return [digit.key for digit in self.grid.chosen()]

    def _relabel(self, label: int) -> None:
        if self._keys():
            self.relabelled.emit(self._keys(), label)

    def _delete(self) -> None:
        if self._keys():
            self.deleted.emit(self._keys())

    def _draw(self) -> None:
        for digit in self.grid.chosen()[:1]:
            self.drawRequested.emit(digit)

    def _open_menu(self, place: QPoint) -> None:
        if not self.grid.chosen():
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        draw = menu.addAction("Draw again")
        draw.setEnabled(self.drawButton.isEnabled())
        draw.triggered.connect(self._draw)
        labels = self._label_menu(menu)
        labels.setTitle("It is a")
        menu.addMenu(labels)
        menu.addAction("Delete").triggered.connect(self._delete)
        menu.popup(self.grid.viewport().mapToGlobal(place))

    def _take_icons(self) -> None:
        for name, button in (
            ("undo", self.undoButton),
            ("redo", self.redoButton),
            ("open", self.importButton),
            ("save", self.exportButton),
        ):
            button.setIcon(icon(name, self.palette()))

    def event(self, event: QEvent) -> bool:
        """Take the keys for undo and redo, which elsewhere in the window are the drawing's."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and _undoes(event):
            event.accept()
            return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep those keys from the filter, which would look for a line that begins with their letter."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and _undoes(event):
            self.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo and redo, whichever part of the shelf has the keyboard."""
        if not _undoes(event):
            super().keyPressEvent(event)
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undoRequested.emit()
        else:
            self.redoRequested.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "exportButton"):
            self._take_icons()


def _undoes(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
