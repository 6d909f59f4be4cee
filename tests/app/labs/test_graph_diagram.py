"""A graph: its nodes are clicked and its numbers typed, by mouse and by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.labs.graph import Edge, Node
from app.labs.graph_diagram import GraphDiagram
from tests.app.labs import graphs

NODES = (
    Node("a", (0.0, 0.0), "1", above="first", clickable=True),
    Node("b", (0.0, 1.0), "2"),
    Node("c", (1.0, 0.5), "3", value=3.0),
)
EDGES = (Edge("a", "c", "0.5", value=0.5), Edge("b", "c", "0.7", below="grad"))


@pytest.fixture
def diagram(qtbot: QtBot) -> GraphDiagram:
    made = GraphDiagram("made", "A graph", (400, 240))
    qtbot.addWidget(made)
    made.setGraph(NODES, EDGES)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    return made


def test_a_node_that_can_be_clicked_says_so(diagram: GraphDiagram, qtbot: QtBot):
    with qtbot.waitSignal(diagram.clicked) as told:
        graphs.click(qtbot, diagram, "a")
    assert told.args == ["a"]
    with qtbot.assertNotEmitted(diagram.clicked):
        graphs.click(qtbot, diagram, "b")


@pytest.mark.parametrize("key", ["c", "a>c"])
def test_a_number_is_typed_where_it_stands(diagram: GraphDiagram, qtbot: QtBot, key: str):
    with qtbot.waitSignal(diagram.edited) as told:
        graphs.type_number(qtbot, diagram, key, "-2,5")
    assert told.args == [key, -2.5]


@pytest.mark.parametrize("text", ["x", "1e30", "nan", "3"])
def test_what_is_no_new_number_is_passed_over(diagram: GraphDiagram, qtbot: QtBot, text: str):
    with qtbot.assertNotEmitted(diagram.edited):
        graphs.type_number(qtbot, diagram, "c", text)


def test_keys_reach_all_that_can_be_changed(diagram: GraphDiagram, qtbot: QtBot):
    diagram.setFocus()
    with qtbot.waitSignal(diagram.clicked):
        qtbot.keyClick(diagram, Qt.Key.Key_Space)
    qtbot.keyClick(diagram, Qt.Key.Key_Right)
    qtbot.keyClick(diagram, Qt.Key.Key_Right)
    qtbot.keyClick(diagram, Qt.Key.Key_Return)
    editor = diagram.findChild(QLineEdit)
    with qtbot.waitSignal(diagram.edited) as told:
        qtbot.keyClicks(editor, "9")
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert told.args == ["a>c", 9.0]


def test_escape_leaves_the_number_as_it_was(diagram: GraphDiagram, qtbot: QtBot):
    graphs.click(qtbot, diagram, "c")
    editor = diagram.findChild(QLineEdit)
    qtbot.keyClicks(editor, "8")
    with qtbot.assertNotEmitted(diagram.edited):
        qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert not editor.isVisible()


def test_a_graph_where_nothing_can_be_changed_takes_no_focus(diagram: GraphDiagram):
    diagram.setGraph(NODES[1:2], ())
    assert diagram.focusPolicy() == Qt.FocusPolicy.NoFocus
    assert "2" in diagram.accessibleDescription()
