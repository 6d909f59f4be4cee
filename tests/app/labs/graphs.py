"""Graphs as their user has them: a click on a node, a number typed where it stands."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.labs.graph_diagram import GraphDiagram


def click(qtbot: QtBot, diagram: GraphDiagram, key: str) -> None:
    """Click a node or the number on an edge."""
    qtbot.mouseClick(diagram, Qt.MouseButton.LeftButton, pos=diagram.rectOf(key).center().toPoint())


def type_number(qtbot: QtBot, diagram: GraphDiagram, key: str, text: str) -> None:
    """Click a number and type another in its place."""
    click(qtbot, diagram, key)
    editor = diagram.findChild(QLineEdit)
    assert editor.isVisible()
    qtbot.keyClicks(editor, text)  # what stood there is selected
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert not editor.isVisible()


def text_of(diagram: GraphDiagram) -> str:
    """What is read out of the nodes."""
    return diagram.accessibleDescription()
