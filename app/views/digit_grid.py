"""Own digits as thumbnails that can be chosen."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.colors import ink_table, to_qimage
from app.digit_key import digit_of
from app.theme import blend, tabular, theme_of
from nn_core.own_digits import OwnDigit

_THUMB = 42  # logical pixels: 1½ a pixel of the image
_CELL = QSize(50, 66)
_TEXT = 10
_DIGIT = Qt.ItemDataRole.UserRole
_KEYS = QKeySequence.StandardKey
_MOVES = {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End}
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class DigitGrid(QListView):
    """Thumbnails in rows; digit keys relabel what is chosen, Delete deletes it, Enter draws it again.

    With nothing chosen, a digit key chooses and relabels the digit that the keyboard stands on.
    """

    labelTyped = Signal(int)
    deleteTyped = Signal()
    digitOpened = Signal(object)  # OwnDigit
    chosenChanged = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ownDigits")
        self.setAccessibleName("My digits")
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list = _Digits(self)
        self.setModel(self._list)
        self.setItemDelegate(_Thumbnail(self))
        self.activated.connect(lambda index: self.digitOpened.emit(index.data(_DIGIT)))
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosenChanged.emit())

    def setDigits(self, digits: list[OwnDigit]) -> None:
        """Show digits in their order; those that are chosen stay chosen where they are still there."""
        chosen, current = {digit.key for digit in self.chosen()}, self.currentIndex().row()
        self._list.replace(digits)
        self._choose(chosen, min(max(current, 0), len(digits) - 1))

    def choose(self, keys: Collection[str]) -> None:
        """Choose the digits with these keys, as far as they are shown, and no others."""
        self.selectionModel().clearSelection()
        self._choose(keys, self.currentIndex().row())

    def _choose(self, keys: Collection[str], current: int) -> None:
        flag = QItemSelectionModel.SelectionFlag
        rows = [row for row, digit in enumerate(self._list.digits) if digit.key in keys]
        for row in rows:
            self.selectionModel().select(self._list.index(row), flag.Select)
        self.selectionModel().setCurrentIndex(self._list.index(rows[0] if rows else current), flag.NoUpdate)
        self.chosenChanged.emit()

    def digits(self) -> list[OwnDigit]:
        """What is shown."""
        return list(self._list.digits)

    def chosen(self) -> list[OwnDigit]:
        """The digits that are chosen, in their order."""
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        return [self._list.digits[row] for row in rows if row < len(self._list.digits)]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what the keys say; the arrows and Ctrl+A are the list's own."""
        digit = digit_of(event)
        if digit is not None:
            self._choose_current()
            self.labelTyped.emit(digit)
        elif event.matches(_KEYS.Delete) or event.key() == Qt.Key.Key_Backspace:
            self.deleteTyped.emit()
        elif event.matches(_KEYS.Undo) or event.matches(_KEYS.Redo):
            event.ignore()  # they are the shelf's
        else:
            super().keyPressEvent(event)
            if event.key() in _MOVES and event.modifiers() in _PLAIN:
                self._choose_current()

    def _choose_current(self) -> None:
        """Choose the digit with the frame if none is chosen: a list chooses what keys move to, not where they stay."""
        if not self.chosen():
            self.selectionModel().select(self.currentIndex(), QItemSelectionModel.SelectionFlag.Select)

    def minimumSizeHint(self) -> QSize:
        """Show a row and a half at least."""
        return QSize(2 * _CELL.width(), _CELL.height() + _CELL.height() // 2)

    def sizeHint(self) -> QSize:
        """Ask for no more, and take what is left over."""
        return QSize(4 * _CELL.width(), self.minimumSizeHint().height())


class _Digits(QAbstractListModel):
    """The list behind the grid."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.digits: list[OwnDigit] = []

    def replace(self, digits: list[OwnDigit]) -> None:
        self.beginResetModel()
        self.digits = digits
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.digits)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        digit = self.digits[index.row()]
        match role:
            case Qt.ItemDataRole.UserRole:
                return digit
            case Qt.ItemDataRole.AccessibleTextRole | Qt.ItemDataRole.ToolTipRole:
                return in_words(digit)
        return None


class _Thumbnail(QStyledItemDelegate):
    """Paints a digit, its label, and what it was read as where that was wrong."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return _CELL

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        digit: OwnDigit = index.data(_DIGIT)
        cell: QRect = option.rect
        state: QStyle.StateFlag = option.state
        widget = self.parent()
        assert isinstance(widget, QWidget)
        theme = theme_of(widget.palette())
        place = QRect(cell.x() + (cell.width() - _THUMB) // 2, cell.y() + 4, _THUMB, _THUMB)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(cell, QColor(blend(theme.panel, theme.accent, 0.24)))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if digit.image is not None:
            painter.drawImage(place, to_qimage(digit.image, 0, 255, ink_table(theme.dark)))
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        painter.setPen(QPen(QColor(theme.accent if chosen or focused else theme.line), 2 if focused else 1))
        painter.drawRect(place.adjusted(-1, -1, 0, 0))
        line = QRect(cell.x() + 3, place.bottom() + 2, cell.width() - 6, cell.bottom() - place.bottom() - 2)
        painter.setFont(tabular(widget.font(), _TEXT + 2, bold=True))
        painter.setPen(QColor(theme.text))
        left, right, middle = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, left | middle, str(digit.label))
        if digit.was_wrong:
            painter.setFont(tabular(widget.font(), _TEXT))
            painter.setPen(QColor(theme.bad))
            painter.drawText(line, right | middle, f"read {digit.read}")


def in_words(digit: OwnDigit) -> str:
    """What a digit is, and what it was read as: `7, read as 1 (62 %)`."""
    if digit.probabilities is None or digit.read is None:
        return str(digit.label)
    share = f"({100 * float(digit.probabilities[digit.read]):.0f} %)"
    return f"{digit.label}, read as {digit.read} {share}" if digit.was_wrong else f"{digit.label}, read right {share}"
