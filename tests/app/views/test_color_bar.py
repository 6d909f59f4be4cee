from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QImage, QPainter

from app.colors import SIGNED
from app.views.color_bar import paint_color_bar


def rgb(index):
    return QColor(*(int(part) for part in SIGNED[index][:3]))


def painted(found, size, ratio=1):
    image = QImage(size * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    painter = QPainter(image)
    paint_color_bar(painter, QPointF(0, 0), size, found, (-1.0, 1.0), SIGNED, QColor("#123456"))
    painter.end()
    return image


def test_a_bar_has_the_colours_that_its_ends_have_on_the_scale(qapp):
    bar = painted((0.0, 1.0), QSize(66, 7))
    colors = [bar.pixelColor(x, 3) for x in range(1, 65)]
    assert colors[-1] in (rgb(253), rgb(254))
    assert colors[0] in (rgb(128), rgb(129))  # nothing negative was found, so there is no blue in it
    assert bar.pixelColor(0, 3) == bar.pixelColor(30, 0) == QColor("#123456")


def test_a_bar_of_one_value_has_one_colour(qapp):
    bar = painted((1.0, 1.0), QSize(20, 7), 2)
    assert {bar.pixelColor(x, 5).name() for x in np.arange(3, 36)} == {rgb(255).name()} or {
        bar.pixelColor(x, 5).name() for x in np.arange(3, 36)
    } == {rgb(254).name()}
