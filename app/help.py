"""What the Help menu shows."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QVBoxLayout,
    QWidget,
)

from app.menus import FULL_SCREEN
from nn_core import __version__

_Keys = tuple[QKeySequence.StandardKey | str, ...]
_KEYS: dict[str, dict[str, _Keys]] = {
    "Drawing": {
        "Draw, erase": ("left button, right button",),
        "By keyboard: move, pen down or up": ("←", "→", "↑", "↓", "Space"),
        "On the number that is read: another digit": ("←", "→"),
        "Undo, redo": (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo),
        "Clear the drawing": (QKeySequence.StandardKey.Delete,),
        "Eraser, narrower pen, wider pen": ("E", "[", "]"),
        "Drop the stroke in progress": (QKeySequence.StandardKey.Cancel,),
        "Paste a picture": (QKeySequence.StandardKey.Paste,),
        "Say what it was meant to be": ("0 to 9",),
        "Why it is read so": ("W",),
    },
    "Training": {
        "Start, pause, continue": ("F5", "Ctrl+R"),
        "One step": ("F10",),
        "Stop": ("Shift+F5",),
        "Reset": ("Ctrl+Shift+R",),
        "Moment by moment, on the timeline": ("←", "→"),
        "Its beginning, the present, on the timeline": ("Home", "End"),
    },
    "My digits": {
        "Say what they were meant to be": ("0 to 9",),
        "Delete, undo": (QKeySequence.StandardKey.Delete, QKeySequence.StandardKey.Undo),
        "Draw it again": ("Enter",),
    },
    "Network and files": {
        "Network, Labs": ("Ctrl+1", "Ctrl+2"),
        "Select a unit, in the network": ("←", "→", "↑", "↓"),
        "Freeze its layer, or let it learn": ("L",),
        "Open, save a model": (QKeySequence.StandardKey.Open, QKeySequence.StandardKey.Save),
        "Open a picture": ("Ctrl+I",),
        "Open, save a drawing": ("Ctrl+Shift+O", "Ctrl+Shift+S"),
        "Export the kernels": ("Ctrl+E",),
        "Full screen": (FULL_SCREEN,),
    },
}
_COLUMNS = (("Drawing", "My digits"), ("Training", "Network and files"))  # side by side: a screen may be 640 high
_ABOUT = (
    "A microscope for a small convolutional network that reads handwritten digits. Draw one, and the network reads it"
    " while you draw; press Start, and watch it learn.\n\nThe network is written in NumPy, the window in Qt (PySide6)"
    " and pyqtgraph. MIT licence."
)


def show_shortcuts(window: QWidget) -> None:
    """Show the keys, beside the window, which goes on working."""
    halves = QHBoxLayout()
    halves.setSpacing(48)
    for parts in _COLUMNS:
        form = QFormLayout()
        form.setHorizontalSpacing(24)
        form.setVerticalSpacing(6)
        for part in parts:
            form.addRow(_title(part))
            for what, sequences in _KEYS[part].items():
                words = [_native(each) for each in sequences]
                form.addRow(what, QLabel("  ".join(word for word in words if word)))
        halves.addLayout(form)
    _show(window, "Keyboard shortcuts", halves)


def show_about(window: QWidget) -> None:
    """Show what this is."""
    form = QFormLayout()
    words = QLabel(_ABOUT)
    words.setWordWrap(True)
    words.setMinimumWidth(380)
    form.addRow(_title(f"Digitscope {__version__}"))
    form.addRow(words)
    _show(window, "About Digitscope", form)


def _show(window: QWidget, title: str, inside: QLayout) -> None:
    dialog = QDialog(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(24, 16, 24, 16)
    column.setSpacing(16)
    column.addLayout(inside)
    column.addWidget(buttons)
    dialog.show()


def _title(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "title")
    label.setContentsMargins(0, 8, 0, 0)
    return label


def _native(keys: QKeySequence.StandardKey | str) -> str:
    if isinstance(keys, str):
        return keys
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
