"""The page of the network of objects, by mouse and keys."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from app.labs.node_drawing import NodeDrawing
from app.labs.number_table import NumberTable
from app.labs.object_network import ObjectNetworkPage
from app.labs.plot import LabPlot
from nn_core.labs.small_problems import PROBLEMS
from tests.app.labs.using import meanwhile


@pytest.fixture
def page(qtbot: QtBot) -> ObjectNetworkPage:
    page = ObjectNetworkPage()
    qtbot.addWidget(page, before_close_func=lambda page: page.shutDown())
    page.resize(900, 1100)
    page.enter()
    page.show()
    qtbot.waitExposed(page)
    return page


def click(page, name):
    button = page.findChild(QPushButton, f"object{name}Button")
    assert button.isEnabled(), name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def enabled(page) -> list[bool]:
    names = ("Forwards", "Backwards", "Update")
    return [page.findChild(QPushButton, f"object{name}Button").isEnabled() for name in names]


def words(page, name) -> str:
    return re.sub(r"<[^>]+>", "", page.findChild(QLabel, f"object{name}").text())


def drawing(page) -> NodeDrawing:
    return page.findChild(NodeDrawing, "objectDrawing")


def point_at(page, place):
    QTest.mouseClick(drawing(page), Qt.MouseButton.LeftButton, pos=place.toPoint())


def network(page):
    """What the page draws, read from the drawing's own choice of a node."""
    return page._network


def choose(page, name, row):
    combo = page.findChild(QComboBox, f"object{name}")
    QTest.keyClick(combo, Qt.Key.Key_Home)
    for _ in range(row):
        QTest.keyClick(combo, Qt.Key.Key_Down)


def test_the_three_steps_are_those_of_the_mathematics(page):
    problem, twin = PROBLEMS["xor-2"], PROBLEMS["xor-2"].network(0)
    assert enabled(page) == [True, False, False]
    click(page, "Forwards")
    assert network(page).layers[-1].outputs() == twin.forward(problem.samples[0])
    assert enabled(page) == [True, True, False]
    click(page, "Backwards")
    twin.backward(problem.targets[0])
    assert [each.gradient for each in network(page).connections] == [each.gradient for each in twin.connections]
    click(page, "Update")
    twin.update(problem.rate)
    assert network(page).weights() == twin.weights()
    assert enabled(page) == [True, False, False]
    click(page, "Forwards")
    assert words(page, "Said").startswith("Sample 2.")
    assert network(page).layers[-1].outputs() == twin.forward(problem.samples[1])


def test_keys_take_the_steps(page, qtbot):
    drawing(page).setFocus()
    qtbot.waitUntil(drawing(page).hasFocus)
    before = network(page).weights()
    for key in (Qt.Key.Key_F, Qt.Key.Key_B, Qt.Key.Key_U):
        QTest.keyClick(drawing(page), key)
    assert words(page, "Said").startswith("Sample 1. Updated")
    assert network(page).weights() != before


def test_a_click_on_a_node_tells_its_numbers(page):
    node = network(page).layers[1].nodes[1]
    point_at(page, drawing(page).place(node))
    assert words(page, "Details") == "h₂: output –, error term –. Press Forwards."
    click(page, "Forwards")
    assert f"= {node.output:.4g}" in words(page, "Details")
    assert "press Backwards" in words(page, "Details")
    click(page, "Backwards")
    assert words(page, "Details").endswith(f"= {node.delta:.4g}".replace("-", "\N{MINUS SIGN}"))
    click(page, "Update")
    assert "before the update" in words(page, "Details")


def test_an_output_tells_its_target(page):
    point_at(page, drawing(page).place(network(page).layers[-1].nodes[0]))
    click(page, "Forwards")
    click(page, "Backwards")
    assert "y(1 − y)·(t − y)" in words(page, "Details")


def test_a_click_on_a_connection_tells_weight_and_gradient(page):
    connection = network(page).connections[0]
    point_at(page, drawing(page).middle(connection))
    assert drawing(page).selected() is connection
    told = words(page, "Details")
    assert told.startswith(f"x₁ → h₁: weight w = {connection.weight:.4g}")
    assert "press Backwards" in told
    QTest.keyClick(page.findChild(NumberTable, "objectSamples"), Qt.Key.Key_Down)
    for name in ("Forwards", "Backwards", "Update"):
        click(page, name)
    assert "updated: the weight has moved" in words(page, "Details")


def test_arrows_and_return_choose_too(page, qtbot):
    view = drawing(page)
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    layers = network(page).layers
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert view.selected() is layers[-1].nodes[0]
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert view.selected() is layers[1].nodes[0]
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.selected() is layers[1].nodes[1]
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert view.selected() is layers[1].nodes[1].incoming[0]
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert view.selected() is layers[1].nodes[1].incoming[1]


def test_it_trains_in_the_background_until_stopped(page, qtbot):
    choose(page, "Pace", 3)
    click(page, "Run")
    assert enabled(page) == [False, False, False]
    qtbot.waitUntil(lambda: "· every output within 0.2" in words(page, "Progress"), timeout=20000)
    click(page, "Run")  # which is the stop button now
    assert PROBLEMS["xor-2"].solved(network(page))
    table = page.findChild(NumberTable, "objectSamples").values()
    assert (abs(table[:, -1] - table[:, -2]) < 0.21).all()
    assert page.findChild(LabPlot, "objectErrorPlot").getPlotItem().listDataItems()
    weights = network(page).weights()
    meanwhile(qtbot)
    assert network(page).weights() == weights


def test_one_epoch_and_the_rate(page):
    page.findChild(QDoubleSpinBox, "objectRate").setValue(0.25)
    click(page, "Step")
    problem = PROBLEMS["xor-2"]
    twin = problem.network(0)
    problem.epoch(twin, 0.25)
    assert network(page).weights() == twin.weights()
    assert words(page, "Progress").startswith("Epoch 1 ")


def test_reset_and_seed(page):
    first = network(page).weights()
    click(page, "Step")
    assert network(page).weights() != first
    click(page, "Reset")
    assert network(page).weights() == first
    page.findChild(QSpinBox, "objectSeed").setValue(5)
    assert network(page).weights() == PROBLEMS["xor-2"].network(5).weights()
    assert words(page, "Progress").startswith("Not trained yet")


def test_the_encoder_shows_its_codes(page):
    choose(page, "Problem", 2)
    assert network(page).sizes == (8, 3, 8)
    assert page.findChild(NumberTable, "objectSamples").values().shape == (8, 11)
    net = PROBLEMS["encoder"].network(4)
    for _ in range(1200):
        PROBLEMS["encoder"].epoch(net, 1.0)
    network(page).load(net.weights())
    click(page, "Forwards")
    assert words(page, "Codes").endswith("8 of 8 differ")


def test_a_click_in_the_table_chooses_the_sample(page):
    table = page.findChild(NumberTable, "objectSamples")
    box = table.visualItemRect(table.item(2, 0))
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    click(page, "Forwards")
    assert [node.output for node in network(page).layers[0].nodes] == [1.0, 0.0]


def test_both_forms_are_measured(page, qtbot):
    click(page, "Measure")
    qtbot.waitUntil(lambda: words(page, "Speeds").count(": 1") == 2, timeout=30000)
    assert "2-2-1: objects" in words(page, "Speeds")
    assert "784-300-10: objects" in words(page, "Speeds")


def test_a_hidden_page_holds_its_training(page, qtbot):
    choose(page, "Pace", 3)
    click(page, "Run")
    qtbot.waitUntil(lambda: words(page, "Progress").startswith("Epoch"))
    page.leave()
    before = words(page, "Progress")
    meanwhile(qtbot)
    assert words(page, "Progress") == before
    page.enter()
    qtbot.waitUntil(lambda: words(page, "Progress") != before)


def test_the_thickest_line_is_the_strongest_weight(page):
    view, net = drawing(page), network(page)
    net.load([0.05] * len(net.connections))
    strong, weak = net.connections[0], net.connections[4]  # both level: x1 to h1, x2 to h2
    strong.weight = -3.0
    view.update()
    picture = view.grab().toImage()

    def thickness(connection):
        a, b = view.place(connection.source), view.place(connection.target)
        x, y = round(a.x() + 0.75 * (b.x() - a.x())), round(a.y())
        column = [picture.pixelColor(x, y + i).name() for i in range(-6, 7)]
        return len(column) - column.count(column[0])

    assert thickness(strong) >= 2 * thickness(weak) > 0
