"""A table that is as high as its rows, whatever its headings need."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.labs.facts_table import FactsTable


def test_all_rows_are_seen_when_the_headings_grow(qtbot: QtBot):
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    table = FactsTable("factsTable", "Some facts", ["size", "noise\nof it"])
    column.addWidget(table)
    column.addStretch(1)
    page.show()
    table.showRows([["1", "2"]] * 5)
    for pixels in (12, 24, 12):
        font = table.horizontalHeader().font()
        font.setPixelSize(pixels)
        table.horizontalHeader().setFont(font)
        QApplication.processEvents()
        assert table.viewport().height() == table.rowViewportPosition(4) + table.rowHeight(4)
