"""Maps as pictures with their colours and values."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.colors import SIGNED
from app.labs.map_view import Look, MapView
from app.theme import DARK, LIGHT


@pytest.fixture
def view(qtbot: QtBot) -> MapView:
    view = MapView("map", "Map")
    qtbot.addWidget(view)
    view.setTheme(LIGHT)
    view.setWidth(100)
    view.show()
    return view


def color(view, x, y):
    image = view.grab().toImage()
    return image.pixelColor(QPoint(x, y) * image.devicePixelRatio()).getRgb()[:3]


def test_zero_is_neutral_in_a_signed_map(view):
    view.setMaps(np.array([[[-2.0, 0.0], [0.5, 1.0]]]), Look.SIGNED)
    assert color(view, 75, 25) == tuple(int(part) for part in SIGNED[128][:3])
    red, _, blue = color(view, 25, 25)
    assert blue > red  # negative
    red, _, blue = color(view, 75, 75)
    assert red > blue
    assert view.facts() == "2 × 2 · min −2 · max 1"


def test_grey_maps_go_from_black_at_0_to_white_at_the_top(view):
    view.setMaps(np.array([[[-1.0, 0.0], [1.5, 3.0]]]), Look.GRAY, 3.0)
    assert color(view, 25, 25) == color(view, 75, 25) == (0, 0, 0)
    assert color(view, 25, 75) == (128, 128, 128)
    assert color(view, 75, 75) == (255, 255, 255)


def test_three_channels_are_one_picture_in_colour_or_three_maps(view):
    maps = np.zeros((3, 2, 2))
    maps[1] = 1.0
    view.setMaps(maps, Look.COLOR)
    assert color(view, 50, 50) == (0, 255, 0)
    one = view.width()
    view.setMaps(maps, Look.SIGNED)
    assert view.width() > 3 * (one - 2)
    assert view.facts().startswith("red, green, blue: 2 × 2 × 3")


def test_the_value_under_the_mouse(view, qtbot):
    said: list[str] = []
    view.hovered.connect(said.append)
    view.setMaps(np.arange(8.0).reshape(1, 2, 4), Look.GRAY)
    QTest.mouseMove(view, QPoint(60, 35))
    assert said == ["row 1, column 2: 6"]
    QTest.mouseMove(view, QPoint(60, view.height() - 2))
    assert said[-1] == ""


def test_wide_and_tall_pictures_keep_their_shape(view):
    view.setMaps(np.zeros((1, 10, 40)), Look.GRAY)
    assert view.width() == 102
    view.setMaps(np.zeros((1, 80, 10)), Look.GRAY)
    assert view.height() < 190
    view.setTheme(DARK)
    assert not view.grab().isNull()
