"""Numbers in cells: changed by mouse and keys, under a frame."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.labs.cell_grid import CellGrid
from app.labs.number_editor import typed_number
from app.theme import DARK, LIGHT


@pytest.fixture
def grid(qtbot: QtBot) -> CellGrid:
    grid = CellGrid("grid", "Numbers", editable=True)
    qtbot.addWidget(grid)
    grid.setValues(np.arange(9.0).reshape(3, 3))
    grid.show()
    grid.setFocus()
    qtbot.waitUntil(grid.hasFocus)
    return grid


def middle(grid: CellGrid, row: int, column: int) -> QPoint:
    return grid.cellRect(row, column).center().toPoint()


def changes(grid: CellGrid) -> list[tuple[int, int, float]]:
    found: list[tuple[int, int, float]] = []
    grid.edited.connect(lambda *change: found.append(change))
    return found


def editor(grid: CellGrid) -> QLineEdit:
    found = grid.findChild(QLineEdit, "gridEditor")
    assert found is not None
    return found


def test_a_number_typed_replaces_the_one_under_the_cursor(grid):
    seen = changes(grid)
    QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=middle(grid, 1, 2))
    QTest.keyClick(grid, Qt.Key.Key_Minus)
    QTest.keyClicks(editor(grid), "2,5")
    QTest.keyClick(editor(grid), Qt.Key.Key_Return)
    assert seen == [(1, 2, -2.5)]
    assert grid.hasFocus()
    assert not editor(grid).isVisible()


def test_arrow_keys_move_the_cursor_and_space_exchanges_0_and_1(grid):
    seen, pointed = changes(grid), []
    grid.pointed.connect(pointed.append)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up):
        QTest.keyClick(grid, key)
    assert pointed == [(1, 0), (1, 1), (1, 2), (1, 2), (0, 2)]
    assert grid.accessibleDescription() == "row 0, column 2: 2"
    QTest.keyClick(grid, Qt.Key.Key_Space)
    grid.setValues(np.ones((3, 3)))
    QTest.keyClick(grid, Qt.Key.Key_Space)
    assert seen == [(0, 2, 1.0), (0, 2, 0.0)]


def test_escape_and_words_change_nothing_and_leaving_writes(grid):
    seen = changes(grid)
    QTest.mouseDClick(grid, Qt.MouseButton.LeftButton, pos=middle(grid, 0, 1))
    assert editor(grid).text() == "1"
    QTest.keyClicks(editor(grid), "7")
    QTest.keyClick(editor(grid), Qt.Key.Key_Escape)
    QTest.keyClick(grid, Qt.Key.Key_Return)
    QTest.keyClicks(editor(grid), "one")
    QTest.keyClick(editor(grid), Qt.Key.Key_Return)
    assert seen == []
    QTest.keyClick(grid, Qt.Key.Key_F2)
    QTest.keyClicks(editor(grid), "1/4")
    editor(grid).clearFocus()
    assert seen == [(0, 0, 0.25)] or seen == [(0, 1, 0.25)]


def test_padding_is_shown_and_cannot_be_changed(grid, qtbot):
    seen, pointed = changes(grid), []
    grid.setValues(np.pad(np.ones((2, 2)), 1), rim=1)
    grid.pointed.connect(pointed.append)
    QTest.mouseMove(grid, middle(grid, 3, 0))
    assert pointed == [(3, 0)]
    QTest.mouseDClick(grid, Qt.MouseButton.LeftButton, pos=middle(grid, 0, 0))
    assert not editor(grid).isVisible()
    QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=middle(grid, 3, 3))  # goes to the nearest that is not padding
    QTest.keyClick(grid, Qt.Key.Key_Space)
    assert seen == [(1, 1, 0.0)]


def test_what_only_shows_opens_no_editor(qtbot):
    grid = CellGrid("grid", "Numbers")
    qtbot.addWidget(grid)
    grid.show()
    QTest.mouseDClick(grid, Qt.MouseButton.LeftButton, pos=middle(grid, 0, 0))
    QTest.keyClicks(grid, "5 ")
    assert not editor(grid).isVisible()


def test_the_frame_is_painted_where_the_window_is(grid):
    grid.clearFocus()
    before = grid.grab().toImage()
    grid.setWindow(QRect(1, 1, 2, 2))
    after = grid.grab().toImage()
    corner, away = grid.cellRect(1, 1).topLeft().toPoint(), middle(grid, 0, 0)
    ratio = after.devicePixelRatio()
    assert after.pixelColor(corner * ratio).name() == LIGHT.accent
    assert after.pixelColor(away * ratio) == before.pixelColor(away * ratio)


def test_it_is_readable_in_both_themes_and_whatever_the_values(grid):
    for theme in (LIGHT, DARK):
        grid.setTheme(theme)
        for values in (np.zeros((2, 2)), np.array([[1e-9, -12345.678], [0.1111, 1e4]])):
            grid.setValues(values)
            assert not grid.grab().isNull()


@pytest.mark.parametrize(
    "text, value",
    [
        ("3", 3),
        (" −1,5 ", -1.5),
        ("1/9", 1 / 9),
        ("1/0", None),
        ("", None),
        ("nan", None),
        ("1e400", None),
        ("x", None),
    ],
)
def test_what_is_a_number(text, value):
    assert typed_number(text) == (pytest.approx(value) if value is not None else None)
