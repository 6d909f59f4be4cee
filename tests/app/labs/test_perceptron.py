"""The page of the perceptron: a vote, a gate by hand or by learning, and a half adder."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.labs.graph_diagram import GraphDiagram
from app.labs.number_table import CHOSEN, NumberTable
from app.labs.perceptron import PerceptronPage
from tests.app.labs import graphs
from tests.app.labs.using import rests


class User:
    """The page as its user has it."""

    def __init__(self, page: PerceptronPage, qtbot: QtBot) -> None:
        self.page, self.qtbot = page, qtbot
        self.diagram = page.findChild(GraphDiagram, "perceptronDiagram")
        self.adder = page.findChild(GraphDiagram, "adderDiagram")
        self.table = page.findChild(NumberTable, "perceptronTable")
        self.status = page.findChild(QLabel, "perceptronStatus")

    def press(self, name: str) -> None:
        self.qtbot.mouseClick(self.page.findChild(QPushButton, f"perceptron{name}Button"), Qt.MouseButton.LeftButton)

    def choose(self, gate: str) -> None:
        combo = self.page.findChild(QComboBox, "perceptronGateCombo")
        combo.setCurrentText(gate)
        combo.textActivated.emit(gate)

    def outputs(self) -> list[float]:
        return self.table.values()[:, 3].tolist()


@pytest.fixture
def user(qtbot: QtBot) -> User:
    page = PerceptronPage()
    qtbot.addWidget(page, before_close_func=PerceptronPage.leave)
    page.resize(740, 900)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    page.enter()
    return User(page, qtbot)


def test_it_begins_as_a_nand_that_is_right(user: User):
    assert user.outputs() == [1, 1, 1, 0]
    assert user.status.text() == "4 of 4 rows are right. This neuron is a NAND."
    assert "0·(−2) + 1·(−2) + 3 = 1" in user.page.findChild(QLabel, "perceptronFormula").text()


def test_an_input_is_turned_over_by_a_click(user: User):
    graphs.click(user.qtbot, user.diagram, "x1")
    assert "1·(−2) + 1·(−2) + 3 = −1" in user.page.findChild(QLabel, "perceptronFormula").text()
    assert "output 0" in graphs.text_of(user.diagram)


def test_weights_and_bias_are_typed_and_the_table_follows(user: User):
    graphs.type_number(user.qtbot, user.diagram, "b", "5")
    assert user.outputs() == [1, 1, 1, 1]
    assert user.status.text() == "3 of 4 rows are right. It is no NAND."
    graphs.type_number(user.qtbot, user.diagram, "x1>sum", "-6")
    graphs.type_number(user.qtbot, user.diagram, "x2>sum", "1")
    assert user.outputs() == [1, 1, 0, 0]


@pytest.mark.parametrize(("gate", "answers"), [("AND", [0, 0, 0, 1]), ("OR", [0, 1, 1, 1]), ("NAND", [1, 1, 1, 0])])
def test_a_gate_is_learnt_from_nothing(user: User, gate: str, answers: list[float]):
    user.choose(gate)
    user.press("Reset")
    for _ in range(40):
        user.press("Step")
        if "learnt" in user.status.text():
            break
    assert "A whole pass without a mistake" in user.status.text()
    assert user.outputs() == answers


def test_a_step_says_what_is_learnt_from_a_row(user: User):
    user.choose("AND")
    user.press("Reset")
    for _ in range(4):
        user.press("Step")
    words = "Pass 1, row 1 1: wanted 1, got 0. The row is added to the weights and 1 to the bias."
    assert user.status.text() == words
    assert "w·x + b 3" in graphs.text_of(user.diagram)


def test_xor_is_seen_to_go_round(user: User):
    user.choose("XOR")
    user.press("Reset")
    for _ in range(12):
        user.press("Step")
    assert "round and round" in user.status.text()
    assert not np.array_equal(user.outputs(), [0, 1, 1, 0])


def test_lessons_run_by_themselves_until_it_is_learnt_or_hidden(user: User):
    user.choose("OR")
    user.press("Reset")
    user.press("Run")
    user.qtbot.waitUntil(lambda: "Pass 1" in user.status.text())
    user.page.leave()
    words = user.status.text()
    assert rests(user.page)
    assert user.status.text() == words
    assert user.page.findChild(QPushButton, "perceptronRunButton").text() == "Run"


def test_the_half_adder_adds(user: User):
    table = user.page.findChild(NumberTable, "adderTable")
    for key, row in (("a", 1), ("b", 0), ("a", 2), ("b", 3)):
        graphs.click(user.qtbot, user.adder, key)
        a, b = divmod(row, 2)
        said = graphs.text_of(user.adder)
        assert f"carry {int(a and b)}" in said
        assert f"sum {a ^ b}" in said
        assert {place for place, mark in table._marks.items() if mark == CHOSEN} == {(row, k) for k in range(4)}


def test_the_vote_follows_its_numbers(user: User):
    words = user.page.findChild(QLabel, "voteFormula")
    assert "= 1 ≤ 3, so the output is <b>0</b>" in words.text()
    user.page.findChild(QDoubleSpinBox, "voteThresholdSpin").setValue(0.5)
    assert "= 1 &gt; 0.5, so the output is <b>1</b>" in words.text()
