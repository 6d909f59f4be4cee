from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from app.colors import INK, SIGNED
from app.views.mosaic import Mosaic
from app.views.mosaic_image import Around, MosaicImage

AROUND = Around(gap=QColor("#00ff00"), outside=QColor("#ff00ff"))


@pytest.fixture
def mosaic():
    return Mosaic(units=3, stack=2, height=1, width=2, cell=2, gap=1, columns=2, ratio=2.0)


def color(table, index):
    return QColor(*(int(part) for part in table[index][:3]))


def test_every_value_gets_its_colour_and_every_gap_the_ground(qapp, mosaic):
    values = np.array([[[[-1.0, 0.0]], [[1.0, -1.0]]]] * 3)
    image = MosaicImage(mosaic).paint(values, (-1.0, 1.0), SIGNED, AROUND)
    assert (image.width(), image.height()) == mosaic.size
    assert image.devicePixelRatio() == 2.0
    assert image.pixelColor(1, 1) == color(SIGNED, 0)
    assert image.pixelColor(3, 1) == color(SIGNED, 128)
    assert image.pixelColor(1, 4) == color(SIGNED, 255)
    assert image.pixelColor(0, 0) == AROUND.gap
    third = mosaic.rect(2)
    assert image.pixelColor(third.x(), third.y()) == color(SIGNED, 0)
    assert image.pixelColor(mosaic.size[0] - 1, third.y()) == AROUND.outside  # there is no fourth unit


def test_more_values_than_it_shows_are_left_out(qapp, mosaic):
    values = np.zeros((5, 7, 1, 2))
    values[3:], values[:, 2:] = 9.0, 9.0
    image = MosaicImage(mosaic).paint(values, (0.0, 9.0), INK, AROUND)
    assert image.pixelColor(1, 1) == color(INK, 0)


def test_a_blank_has_one_colour(qapp, mosaic):
    image = MosaicImage(mosaic).blank(QColor("#102030"), AROUND)
    assert image.pixelColor(1, 1) == QColor("#102030")
    assert image.pixelColor(0, 0) == AROUND.gap
