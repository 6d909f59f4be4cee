"""What can be chosen beside the kernel: picture, channels, padding, pooling, colours."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QPushButton, QVBoxLayout, QWidget

from app.labs.fields import whole_spin
from app.labs.labelled import control_row
from app.labs.map_view import Look

SAMPLE, DRAWING, OWN = "sample", "drawing", "own"
GRAY, SUMMED, APART = "grey", "summed", "apart"
_SOURCES = {SAMPLE: "test picture", DRAWING: "your drawing", OWN: "your picture"}
_CHANNELS = {GRAY: "grey", SUMMED: "RGB, added up", APART: "RGB, one by one"}
_PADDINGS = {"": "none", "zeros": "zeros", "replicate": "edge copies"}
_SPIN = 62  # logical pixels: two digits and their arrows
_LOOKS = {None: "automatic", Look.GRAY: "grey", Look.SIGNED: "signed"}


class FilterControls(QWidget):
    """Rows of choices; `changed` tells that any of them is another."""

    changed = Signal()
    sourceChosen = Signal(str)
    openPressed = Signal()
    pastePressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = _combo("Source", "Picture", _SOURCES)
        self._channels = _combo("Channels", "How colours are treated", _CHANNELS)
        self._padding = _combo("Padding", "What is put around the picture", _PADDINGS)
        self._look = _combo("Look", "Colours in which the answer is shown", _LOOKS)
        self._open, self._paste = QPushButton("Open…"), QPushButton("Paste")
        self._pool_size, self._pool_stride = (
            whole_spin("filterPoolSize", "Pooling window: rows and columns that become one value", 1, 16, 1, 2),
            whole_spin("filterPoolStride", "Stride: from one pooling window to the next", 1, 16, 1, 2),
        )
        self._open.setObjectName("filterOpenButton")
        self._paste.setObjectName("filterPasteButton")
        self._open.setToolTip("Open a picture of your own; or drop it here")
        self._paste.setToolTip("Take the picture in the clipboard (Ctrl+V)")
        self._channels.setToolTip(
            "Added up: one filter with this kernel for red, for green and for blue, as in a network.\n"
            "One by one: red, green and blue as three pictures."
        )
        self._padding.setToolTip("What is put around the picture, so that its size does not change")
        self._look.setToolTip(
            "Grey: black is 0, white the most that a picture can be; what lies outside is black or white.\n"
            "Signed: 0 in the middle, negative blue, positive orange.\n"
            "Automatic: signed when the weights of the kernel add up to 0, else as a picture."
        )
        self._lay_out()
        self._source.activated.connect(lambda: self.sourceChosen.emit(self._source.currentData()))
        for combo in (self._channels, self._padding, self._look):
            combo.activated.connect(self.changed)
        for spin in (self._pool_size, self._pool_stride):
            spin.setFixedWidth(_SPIN)
            spin.valueChanged.connect(self.changed)
        self._open.clicked.connect(self.openPressed)
        self._paste.clicked.connect(self.pastePressed)

    def _lay_out(self) -> None:
        fields: tuple[tuple[str, QWidget], ...] = (
            ("Picture", self._source),
            ("", self._open),
            ("", self._paste),
            ("Channels", self._channels),
            ("Padding", self._padding),
            ("Pooling", self._pool_size),
            ("stride", self._pool_stride),
            ("Colours", self._look),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(control_row(*fields))

    def source(self) -> str:
        """Which picture."""
        return str(self._source.currentData())

    def show_source(self, source: str) -> None:
        """Show which picture it is, without a signal."""
        self._source.setCurrentIndex(self._source.findData(source))

    def channels(self) -> str:
        """`GRAY`, `SUMMED` or `APART`."""
        return str(self._channels.currentData())

    def padding_mode(self) -> str:
        """Torch's word for the padding; empty for none."""
        return str(self._padding.currentData())

    def pooling(self) -> tuple[int, int]:
        """Size and stride."""
        return self._pool_size.value(), self._pool_stride.value()

    def look(self) -> Look | None:
        """The colours that were chosen; None lets the kernel decide."""
        look: Look | None = self._look.currentData()
        return look


def _combo(name: str, spoken: str, entries: dict[str, str] | dict[Look | None, str]) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(f"filter{name}")
    combo.setAccessibleName(spoken)
    for key, words in entries.items():
        combo.addItem(words, key)
    return combo
