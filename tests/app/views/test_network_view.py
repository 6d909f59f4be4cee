"""The network view, used by mouse and keyboard."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from app.colors import INK, SIGNED, SIGNED_DARK
from app.theme import DARK, LIGHT
from app.views.feature_map_view import FeatureMapView
from app.views.kernel_view import KernelView
from app.views.mosaic_image import MosaicImage
from app.views.network_view import NetworkView
from nn_core.description import LayerInfo
from tests.app.views.made_up import LAYERS, kernels, maps

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(qtbot: QtBot) -> NetworkView:
    view = NetworkView()
    qtbot.addWidget(view)
    view.setTheme(LIGHT)
    view.resize(720, 600)
    view.setLayers(LAYERS)
    view.showKernels(kernels())
    view.showMaps(maps())
    view.show()
    return view


@pytest.fixture
def left(view: NetworkView) -> KernelView:
    return view.findChild(KernelView, "kernelView")


@pytest.fixture
def right(view: NetworkView) -> FeatureMapView:
    return view.findChild(FeatureMapView, "featureMapView")


@pytest.fixture
def chosen(view: NetworkView) -> list[tuple[int, int]]:
    told: list[tuple[int, int]] = []
    view.unitSelected.connect(lambda layer, channel: told.append((layer, channel)))
    return told


def hint(view: NetworkView) -> QLabel:
    return next(label for label in view.findChildren(QLabel) if label.parent() is not view)


def picture(view: NetworkView) -> QImage:
    return view.grab().toImage()


def corner(column: KernelView | FeatureMapView, layer: int, unit: int) -> QColor:
    """The colour of the first value of a unit."""
    image = column.grab(column.rect()).toImage()
    place = column.unitRect(layer, unit).topLeft() + QPoint(1, 1)
    return image.pixelColor(place * image.devicePixelRatio())


def rgb(table: np.ndarray, index: int) -> QColor:
    return QColor(*(int(part) for part in table[index][:3]))


def test_rows_of_both_columns_begin_at_the_same_height(left, right):
    for layer in (0, 3):
        assert abs(left.unitRect(layer, 0).top() - right.unitRect(layer, 0).top()) <= 4
    tops = [right.unitRect(layer.index, 0).top() for layer in LAYERS]
    assert tops == sorted(tops)
    assert left.height() == right.height() > right.unitRect(5, 9).bottom()


def test_a_click_on_a_map_selects_its_unit_in_both_columns(left, right, chosen):
    QTest.mouseClick(right, LEFT, pos=right.unitRect(3, 5).center())
    assert chosen == [(3, 5)]
    assert left.accessibleDescription() == right.accessibleDescription() == "conv 5×5×16, channel 5"


def test_a_click_on_a_kernel_selects_its_output_channel(left, chosen):
    place = left.unitRect(3, 2)
    QTest.mouseClick(left, LEFT, pos=place.bottomRight() - QPoint(2, 2))
    QTest.mouseClick(left, LEFT, pos=place.topLeft() + QPoint(2, 2))  # the same one: nothing new
    QTest.mouseClick(left, Qt.MouseButton.RightButton, pos=left.unitRect(3, 7).center())
    QTest.mouseClick(left, LEFT, pos=QPoint(4, place.top()))  # beside the mosaic
    assert chosen == [(3, 2)]


def test_arrow_keys_move_the_selection(view, right, chosen):
    for key in ("Right", "Right", "Right", "Left", "Down", "Down", "Down", "Up"):
        QTest.keyClick(right, getattr(Qt.Key, f"Key_{key}"))
    assert chosen == [(0, 0), (0, 1), (0, 2), (0, 1), (1, 1), (2, 1), (3, 1), (2, 1)]
    assert view.selection() == (2, 1)


def test_arrow_keys_stop_at_the_ends(view, left, chosen):
    view.setSelection(4, 800)
    QTest.keyClick(left, Qt.Key.Key_Down)
    QTest.keyClick(left, Qt.Key.Key_Down)
    QTest.keyClick(left, Qt.Key.Key_Right)
    assert chosen == [(5, 9)]  # ten outputs: the last of them, and no further


def test_arrow_keys_bring_the_selection_to_light(view, right, chosen):
    for _ in range(len(LAYERS)):
        QTest.keyClick(right, Qt.Key.Key_Down)
    assert view.selection() == (5, 0)
    assert right.visibleRegion().contains(right.unitRect(5, 0))


def test_a_selection_from_outside_is_shown_without_a_signal(view, right, chosen):
    before = picture(view)
    view.setSelection(0, 1)
    assert chosen == []
    assert picture(view) != before


def test_signed_layers_are_diverging_and_rectified_ones_sequential(view, right):
    shown = maps()
    for layer in (0, 1, 2):
        shown[layer][0] = 0
    view.showMaps(shown)
    assert corner(right, 0, 0) == rgb(SIGNED, 128)
    assert corner(right, 1, 0) == corner(right, 2, 0) == rgb(INK, 0)
    view.setTheme(DARK)
    assert corner(right, 0, 0) == rgb(SIGNED_DARK, 128)


@pytest.mark.parametrize("scope, index", [("This map", 255), ("This layer", 192), ("Whole network", 160)])
def test_the_colour_scale_reaches_as_far_as_chosen(view, left, scope, index):
    shown = {0: np.zeros((8, 1, 5, 5), np.float32), 3: np.zeros((16, 8, 5, 5), np.float32)}
    shown[0][0], shown[0][1], shown[3][0] = 1.0, -2.0, 4.0
    view.showKernels(shown)
    combo = view.findChild(QComboBox, "scaleCombo")
    QTest.keyClick(combo, Qt.Key.Key_Home)
    for _ in range(combo.findText(scope)):
        QTest.keyClick(combo, Qt.Key.Key_Down)
    assert combo.currentText() == scope
    assert corner(left, 0, 0) == rgb(SIGNED, index)


def test_the_tool_tip_says_which_value_is_under_the_mouse(view, left, right):
    view.resize(720, 1000)
    QApplication.processEvents()
    QTest.mouseMove(right, right.unitRect(1, 3).topLeft() + QPoint(1, 1))
    value = maps()[1][3, 0, 0]
    assert right.toolTip().startswith("map 3, row 0, column 0: ")
    assert float(right.toolTip().rpartition(" ")[2]) == pytest.approx(value, rel=1e-4)
    QTest.mouseMove(left, left.unitRect(3, 4).topLeft() + QPoint(1, 1))
    assert left.toolTip().startswith("kernel 4, input 0, row 0, column 0: ")
    QTest.mouseMove(right, right.unitRect(5, 7).center())
    assert right.toolTip().startswith("digit 7: ")
    QTest.mouseMove(left, QPoint(14, 16))
    assert left.toolTip() == "conv 5×5×8  (5·5·1+1)·8 = 208"


def test_nothing_drawn_shows_the_places_and_says_what_to_do(view, right, chosen):
    view.showMaps(None)
    assert hint(view).isVisible()
    assert hint(view).text() == "Draw a digit to see its feature maps"
    QTest.mouseMove(right, right.unitRect(1, 3).center())
    assert ":" not in right.toolTip()
    QTest.mouseClick(right, LEFT, pos=right.unitRect(1, 3).center())
    assert chosen == [(1, 3)]  # a unit can be chosen before anything is drawn
    view.showMaps(maps())
    assert not hint(view).isVisible()


def test_without_a_network_it_says_so(qtbot):
    view = NetworkView()
    qtbot.addWidget(view)
    view.show()
    assert hint(view).text() == "Choose a network to see its layers"
    QTest.keyClick(view.findChild(FeatureMapView), Qt.Key.Key_Right)
    assert view.selection() == (-1, -1)


def test_rows_that_are_not_seen_cost_nothing(qtbot, view, monkeypatch):
    painted = []
    paint = MosaicImage.paint
    monkeypatch.setattr(MosaicImage, "paint", lambda self, *given: painted.append(1) or paint(self, *given))

    def update(seed):
        painted.clear()
        view.showKernels(kernels(seed))
        view.showMaps(maps(seed))
        QApplication.processEvents()
        return len(painted)

    view.resize(720, 250)
    QApplication.processEvents()
    seen = update(1)
    assert 0 < seen < len(LAYERS)
    assert update(2) == seen
    view.hide()
    assert update(3) == 0
    view.show()
    QApplication.processEvents()
    assert len(painted) == seen  # the newest, painted once, now that it is seen


def test_a_row_that_comes_to_light_shows_the_newest(view, right):
    view.resize(720, 250)
    QApplication.processEvents()
    newest = maps(7)
    newest[5][:] = 0
    newest[5][4] = 1
    view.showMaps(newest)
    bar = view.findChild(QScrollArea, "networkScroll").verticalScrollBar()
    bar.setValue(bar.maximum())
    QApplication.processEvents()
    image = view.grab().toImage()
    for digit, index in ((4, 255), (3, 128)):
        place = right.mapTo(view, right.unitRect(5, digit).center())
        assert image.pixelColor(place * image.devicePixelRatio()) == rgb(SIGNED, index)


def test_values_that_are_not_numbers_are_said(view, right):
    broken = maps()
    broken[0][2, 3, 4] = np.nan
    broken[1][:] = np.nan
    before = picture(view)
    view.showMaps(broken)
    assert picture(view) != before
    QTest.mouseMove(right, right.unitRect(1, 3).topLeft() + QPoint(1, 1))
    assert right.toolTip().endswith("nan")


@pytest.mark.parametrize(
    "show, values, said",
    [
        ("showMaps", {9: np.zeros((8, 4, 4))}, "no layer 9"),
        ("showMaps", {0: np.zeros((8, 23, 24))}, r"layer 0 \(=\(8, 1, 23, 24\)\)"),
        ("showMaps", {5: np.zeros((11,))}, "layer 5"),
        ("showKernels", {3: np.zeros((16, 9, 5, 5))}, "layer 3"),
    ],
)
def test_what_is_of_another_network_is_refused(view, show, values, said):
    with pytest.raises(ValueError, match=said):
        getattr(view, show)(values)


def test_another_network_takes_the_place_of_the_first(view, right, chosen):
    view.setSelection(3, 5)
    view.setLayers([LayerInfo(0, "0", "Linear", "linear 300", (300,), 235500, "(784+1)·300 = 235500")])
    assert view.selection() == (-1, -1)
    assert hint(view).isVisible()
    view.showKernels({})
    view.showMaps({0: np.arange(300, dtype=np.float32)})
    assert right.unitRect(3, 5).isEmpty()
    QTest.mouseClick(right, LEFT, pos=right.unitRect(0, 299).center())
    assert chosen == [(0, 299)]


def test_a_very_wide_layer_shows_its_first_units(qtbot):
    view = NetworkView()
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.setLayers([LayerInfo(0, "0", "Flatten", "flatten", (90_000,), 0, "")])
    view.showMaps({0: np.zeros(90_000, np.float32)})
    view.show()
    right = view.findChild(FeatureMapView)
    assert not right.unitRect(0, 0).isEmpty()
    assert right.unitRect(0, 89_999).isEmpty()
    assert right.height() < 400


@pytest.mark.parametrize("size", [(380, 200), (1400, 1000)])
def test_any_size_will_do(view, left, right, size):
    view.resize(*size)
    QApplication.processEvents()
    for layer in LAYERS:
        first = right.unitRect(layer.index, 0)
        assert right.rect().contains(first)
    assert left.rect().contains(left.unitRect(3, 15))
    assert not picture(view).isNull()


@pytest.mark.parametrize("height", [240, 330, 420, 600])
def test_the_hint_hides_no_words(view: NetworkView, right: FeatureMapView, height: int):
    view.showMaps(None)
    view.resize(720, height)
    QApplication.processEvents()
    place = hint(view).geometry().translated(-right.pos())
    for layer in LAYERS:
        cells = right.unitRect(layer.index, 0)
        assert not place.intersects(QRect(0, cells.top() - 22, right.width(), 20)), layer.title


def test_the_hint_keeps_within_the_column_of_the_maps(view: NetworkView, right: FeatureMapView):
    view.showMaps(None)
    for width in (400, 1200):
        view.resize(width, 300)
        place, column = hint(view).geometry(), right.geometry()
        assert column.left() <= place.left()
        assert place.right() <= column.right()
