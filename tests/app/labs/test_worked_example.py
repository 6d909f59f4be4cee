"""The page of the worked example: every number is there, and follows when one is changed."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.labs import worked_example
from app.labs.graph_diagram import GraphDiagram
from app.labs.number_table import NumberTable
from app.labs.plot import LabPlot
from app.labs.worked_example import WorkedExamplePage
from app.views.wording import thousands
from tests.app.labs import graphs


class User:
    """The page as its user has it."""

    def __init__(self, page: WorkedExamplePage, qtbot: QtBot) -> None:
        self.page, self.qtbot = page, qtbot
        self.diagram = page.findChild(GraphDiagram, "workedDiagram")
        self.weights = page.findChild(NumberTable, "workedWeightTable")
        self.neurons = page.findChild(NumberTable, "workedNeuronTable")
        self.run_button = page.findChild(QPushButton, "workedRunButton")

    def press(self, name: str) -> None:
        self.qtbot.mouseClick(self.page.findChild(QPushButton, f"worked{name}Button"), Qt.MouseButton.LeftButton)

    def steps(self, *expected: str) -> None:
        """Press the step button so often, each time with these words on it."""
        button = self.page.findChild(QPushButton, "workedStepButton")
        for words in expected:
            assert button.text() == words
            self.press("Step")

    def text(self, name: str) -> str:
        return self.page.findChild(QLabel, f"worked{name}").text()

    def curve(self) -> np.ndarray:
        """The errors that are drawn."""
        (line,) = self.page.findChild(LabPlot, "workedPlot").getPlotItem().listDataItems()
        found = line.getOriginalDataset()[1]
        return np.zeros(0) if found is None else found


@pytest.fixture
def user(qtbot: QtBot) -> User:
    page = WorkedExamplePage()
    qtbot.addWidget(page, before_close_func=WorkedExamplePage.shutDown)
    page.resize(740, 1200)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    page.enter()
    return User(page, qtbot)


def test_nothing_is_known_before_the_way_forwards(user: User):
    assert np.isnan(user.neurons.values()).all()
    assert "h₁ ?" in graphs.text_of(user.diagram)
    assert user.text("Status") == "No update yet."
    assert user.page.findChild(LabPlot, "workedPlot").isHidden()


def test_forwards_and_backwards_show_every_number(user: User):
    user.steps("Forwards")
    assert "0.75136507 and 0.772928465" in user.text("Status")
    assert "the error is 0.298371109" in user.text("Status")
    assert "0.274811083 + 0.0235600256" in user.text("Forward")
    assert user.weights.item(4, 1).text() == ""
    user.steps("Backwards")
    assert user.weights.item(4, 1).text() == "0.082167041"
    assert user.weights.item(4, 2).text() == "0.358916480"
    assert user.weights.item(8, 2).text() == "0.350000000"
    assert user.neurons.item(4, 2).text() == "0.138498562"
    assert "0.74136507 · 0.186815602 · 0.593269992 = <b>0.0821670406</b>" in user.text("Chain")


def test_the_chain_rule_is_that_of_the_weight_that_is_clicked(user: User):
    user.steps("Forwards", "Backwards")
    graphs.click(user.qtbot, user.diagram, "i1>h1")
    assert "<b>0.000438567734</b>" in user.text("Chain")
    place = user.weights.visualItemRect(user.weights.item(7, 0)).center()
    user.qtbot.mouseClick(user.weights.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert "<b>−0.0227402422</b>" in user.text("Chain")


def test_one_update(user: User):
    user.steps("Forwards", "Backwards", "Update", "Forwards")
    assert user.text("Status").startswith("Updates: 1. ")
    assert "the error is 0.291027774" in user.text("Status")
    np.testing.assert_allclose(user.curve(), [0.298371109, 0.291027774], atol=1e-9)


def test_the_biases_learn_if_they_are_asked_to(user: User):
    user.page.findChild(QCheckBox, "workedBiasesCheck").click()
    user.steps("Forwards", "Backwards")
    assert user.weights.item(8, 2).text() == "0.340637195"
    user.steps("Update", "Forwards")
    assert "the error is 0.285750887" in user.text("Status")


def test_numbers_can_be_changed_at_every_stage(user: User):
    user.steps("Forwards", "Backwards", "Update", "Forwards", "Backwards")
    graphs.type_number(user.qtbot, user.diagram, "h1>o1", "0.9")
    assert user.weights.values()[4, 0] == 0.9
    assert user.text("Status").startswith("No update yet. The outputs are 0.79")
    graphs.type_number(user.qtbot, user.diagram, "t1", "1")
    graphs.type_number(user.qtbot, user.diagram, "b2", "-1")
    graphs.type_number(user.qtbot, user.diagram, "i2", "2")
    assert "wanted are 1 and 0.99" in user.text("Status")
    assert "·2 + 0.35 =" in user.text("Forward")
    user.press("Reset")
    user.steps("Forwards")
    assert "the error is 0.298371109" in user.text("Status")


def test_ten_thousand_updates_run_beside_the_window(user: User):
    user.press("Run")
    assert user.run_button.text() == "Stop"
    user.qtbot.waitUntil(lambda: user.run_button.text() != "Stop", timeout=60_000)
    assert "0.0159136204 and 0.984064274" in user.text("Status")
    assert user.curve().shape == (10_001,)
    assert user.curve()[-1] == pytest.approx(3.510187782978859e-05, rel=1e-8)


def test_a_run_can_be_stopped_and_gone_on_with(user: User, monkeypatch):
    monkeypatch.setattr(worked_example, "MANY", 1_000_000)
    user.press("Run")
    user.qtbot.waitUntil(lambda: len(user.curve()) > 200)
    user.press("Run")
    count = len(user.curve()) - 1
    user.steps("Backwards", "Update")
    assert user.text("Status").startswith(f"Updates: {thousands(count + 1)}.")
    assert len(user.curve()) == count + 2
