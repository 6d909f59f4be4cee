"""The table of numbers: what is typed counts if it is a number, and marks are seen."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.labs.number_table import BAD, NumberTable


@pytest.fixture
def table(qtbot: QtBot) -> NumberTable:
    made = NumberTable("table", "A table", (2, 3))
    qtbot.addWidget(made)
    made.setValues(np.arange(6.0).reshape(2, 3))
    made.setEditable(True, -9, 9)
    made.show()
    return made


def type_into(qtbot: QtBot, table: NumberTable, row: int, column: int, text: str) -> None:
    table.setFocus()
    table.setCurrentCell(row, column)
    qtbot.keyClick(table, Qt.Key.Key_F2)
    editor = table.findChild(QLineEdit)
    editor.clear()
    editor.insert(text)  # keys of a test are Latin letters alone
    qtbot.keyClick(editor, Qt.Key.Key_Return)


@pytest.mark.parametrize(("text", "value"), [("-1.5", -1.5), ("−2", -2.0), ("0,25", 0.25), ("50", 9.0)])
def test_a_number_that_is_typed_is_told(table: NumberTable, qtbot: QtBot, text: str, value: float):
    with qtbot.waitSignal(table.edited) as told:
        type_into(qtbot, table, 1, 2, text)
    assert told.args == [1, 2, value]
    assert table.values()[1, 2] == value


@pytest.mark.parametrize("text", ["x", "nan", "inf", ""])
def test_what_is_no_number_is_passed_over(table: NumberTable, qtbot: QtBot, text: str):
    with qtbot.assertNotEmitted(table.edited):
        type_into(qtbot, table, 0, 1, text)
    assert table.item(0, 1).text() == "1"


def test_a_table_shows_all_its_cells_whatever_its_shape(table: NumberTable):
    table.setValues(np.zeros((5, 5)))
    assert table.item(4, 4).text() == "0"
    assert table.width() >= 5 * 52


def test_marks_are_seen_and_taken_off(table: NumberTable):
    plain = table.item(0, 0).background().color()
    table.setMarks({(0, 0): BAD})
    assert table.item(0, 0).background().color() != plain
    table.setMarks({})
    assert table.item(0, 0).background().color() == plain
