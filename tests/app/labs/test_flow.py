"""Things beside each other while there is room, else below."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget
from pytestqt.qtbot import QtBot

from app.labs.flow import FlowLayout


class Block(QLabel):
    """A widget of a known size."""

    def __init__(self, width: int, height: int, grows: bool = False) -> None:
        super().__init__()
        self._hint = QSize(width, height)
        across = QSizePolicy.Policy.Expanding if grows else QSizePolicy.Policy.Fixed
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return self._hint

    def minimumSizeHint(self) -> QSize:
        return self._hint


@pytest.mark.parametrize(
    ("width", "places", "height"),
    [
        (400, [(0, 0, 240), (250, 20, 100), (360, 10, 40)], 60),
        (230, [(0, 0, 120), (130, 20, 100), (0, 70, 40)], 110),
        (110, [(0, 0, 110), (0, 70, 100), (0, 100, 40)], 140),
    ],
)
def test_rows_are_filled(qtbot: QtBot, width: int, places: list[tuple[int, int, int]], height: int):
    blocks = [Block(100, 60, grows=True), Block(100, 20), Block(40, 40)]
    box = QWidget()
    qtbot.addWidget(box)
    flow = FlowLayout(box, gap=10, row_gap=10, middle=True, grow=True)
    for block in blocks:
        flow.addWidget(block)
    box.resize(width, 300)
    box.show()
    assert [(block.x(), block.y(), block.width()) for block in blocks] == places
    assert flow.heightForWidth(width) == height
    assert flow.minimumSize() == QSize(100, 60)
