"""The inspector and its grid of numbers."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QSpinBox
from pytestqt.qtbot import QtBot

from app.colors import INK, SIGNED
from app.theme import LIGHT
from app.views.inspector import InspectorView
from app.views.number_grid import NumberGrid
from tests.app.views.made_up import LAYERS, kernels, maps


@pytest.fixture
def view(qtbot: QtBot) -> InspectorView:
    view = InspectorView()
    qtbot.addWidget(view)
    view.setTheme(LIGHT)
    view.resize(300, 800)
    view.show()
    return view


def show(view, layer, channel):
    view.setLayer(LAYERS[layer], channel)
    kernel = kernels().get(layer)
    view.showKernel(None if kernel is None else kernel[channel])
    view.showMap(maps()[layer][channel])
    settle()


def settle():
    """Let layouts within layouts come to rest: each gives its news to the next in a round of its own."""
    for _ in range(3):
        QApplication.processEvents()


def grid(view, name):
    return view.findChild(NumberGrid, name)


def text(view, name):
    return view.findChild(QLabel, name).text()


def titles(view):
    return [label.text() for label in view.findChildren(QLabel) if label.isVisible()]


def value(words):
    return float(words.rpartition(" ")[2].replace("\N{MINUS SIGN}", "-"))


def rgb(table, index):
    return tuple(int(part) for part in table[index][:3])


def cell(shown, row, column, rows):
    """The middle of a cell; a grid's cells begin at (1, 1)."""
    side = (shown.height() - 2 - 24) / rows
    return QPoint(int(1 + (column + 0.5) * side), int(1 + (row + 0.5) * side))


def test_nothing_selected_says_what_to_do(view):
    assert titles(view) == ["Click a kernel or a feature map to see it enlarged"]


def test_a_convolution_has_its_kernel_and_its_map(view):
    show(view, 3, 5)
    assert "conv 5×5×16 · channel 5" in titles(view)
    kernel, shown = kernels()[3][5], maps()[3][5]
    low, high = f"\N{MINUS SIGN}{abs(shown.min()):.3g}", f"{shown.max():.3g}"
    assert text(view, "mapFacts").startswith(f"min {low} · max {high} · mean ")
    assert f"max {kernel[0].max():.3g}" in text(view, "kernelFacts")


def test_the_stepper_goes_through_the_input_channels(view):
    show(view, 3, 5)
    stepper = view.findChild(QSpinBox, "inputChannelSpin")
    assert stepper.isVisible()
    assert stepper.text() == "input 0 of 8"
    before = grid(view, "kernelGrid").grab().toImage()
    QTest.keyClick(stepper, Qt.Key.Key_Up)
    assert f"max {kernels()[3][5, 1].max():.3g}" in text(view, "kernelFacts")
    assert grid(view, "kernelGrid").grab().toImage() != before
    QTest.keyClick(stepper, Qt.Key.Key_Down)
    QTest.keyClick(stepper, Qt.Key.Key_Down)
    assert stepper.value() == 7  # round the corner
    show(view, 0, 2)
    assert not stepper.isVisible()


def test_the_value_under_the_mouse(view):
    show(view, 3, 5)
    shown = grid(view, "mapGrid")
    QTest.mouseMove(shown, cell(shown, 2, 6, 8))
    words = text(view, "mapFacts")
    assert words.startswith("row 2, column 6: ")
    assert value(words) == pytest.approx(maps()[3][5, 2, 6], rel=1e-4)
    view.showMap(maps(9)[3][5])  # what is under the mouse now
    words = text(view, "mapFacts")
    assert value(words) == pytest.approx(maps(9)[3][5, 2, 6], rel=1e-4)
    kernel = grid(view, "kernelGrid")
    QTest.mouseMove(kernel, cell(kernel, 4, 0, 5))
    assert text(view, "kernelFacts").startswith("row 4, column 0: ")
    assert text(view, "mapFacts").startswith("min ")


@pytest.mark.parametrize("layer, table, index", [(3, SIGNED, 128), (1, INK, 0), (2, INK, 0)])
def test_signed_maps_are_diverging_and_others_sequential(view, layer, table, index):
    values = np.abs(maps()[layer][0])
    values[0, 0] = 0
    view.setLayer(LAYERS[layer], 0)
    view.showMap(values)
    shown = grid(view, "mapGrid")
    settle()
    image = shown.grab().toImage()
    assert image.pixelColor(QPoint(4, 4) * image.devicePixelRatio()).getRgb()[:3] == rgb(table, index)


def test_a_unit_of_a_vector_is_one_value(view):
    show(view, 5, 3)
    assert "linear 10 · unit 3" in titles(view)
    assert "Output" in titles(view)
    assert "Kernel" not in titles(view)
    assert text(view, "mapFacts").startswith("value ")


def test_without_a_drawing_there_is_no_map(view):
    show(view, 3, 5)
    view.showMap(None)
    assert text(view, "mapFacts") == "Draw a digit to see what this unit makes of it."
    view.setLayer(None)
    assert titles(view) == ["Click a kernel or a feature map to see it enlarged"]


def test_cells_grow_with_the_width_and_have_room_for_their_numbers(view):
    show(view, 0, 2)
    narrow = grid(view, "kernelGrid").height()
    view.resize(200, 800)
    settle()
    assert grid(view, "kernelGrid").height() < narrow
    view.resize(1200, 800)
    settle()
    assert grid(view, "kernelGrid").height() <= 5 * 44 + 2 + 24


def test_what_is_not_a_number_does_no_harm(view):
    show(view, 3, 5)
    view.showMap(np.full((8, 8), np.nan))
    view.showKernel(np.full((8, 5, 5), np.nan))
    assert not view.grab().isNull()
    assert "mean –" in text(view, "mapFacts")
