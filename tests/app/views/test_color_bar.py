from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor

from app.colors import SIGNED
from app.views.color_bar import color_bar


def rgb(index):
    return QColor(*(int(part) for part in SIGNED[index][:3]))


def test_a_bar_has_the_colours_that_its_ends_have_on_the_scale(qapp):
    bar = color_bar((0.0, 1.0), (-1.0, 1.0), SIGNED, QSize(66, 7), QColor("#123456"), 1.0)
    colors = [bar.pixelColor(x, 3) for x in range(1, 65)]
    assert colors[-1] == rgb(254)
    assert colors[0] == rgb(129)  # nothing negative was found, so there is no blue in it
    assert bar.pixelColor(0, 3) == bar.pixelColor(30, 0) == QColor("#123456")


def test_a_bar_of_one_value_has_one_colour(qapp):
    bar = color_bar((1.0, 1.0), (-1.0, 1.0), SIGNED, QSize(20, 7), QColor("#123456"), 2.0)
    assert bar.devicePixelRatio() == 2.0
    assert {bar.pixelColor(x, 5).name() for x in np.arange(3, 36)} == {rgb(255).name()}
