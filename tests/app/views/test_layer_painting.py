"""Newer values are painted a few rows at a time, and all of them in the end."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject

from app.views.feature_map_view import FeatureMapView
from app.views.kernel_view import KernelView
from app.views.layer_column import ABOVE, CAPTION, HEADER, SIDE
from app.views.network_view import NetworkView
from nn_core.presets import make_model


class Paints(QObject):
    """Counts the pixels that a widget paints, event by event."""

    def __init__(self, widget) -> None:
        super().__init__(widget)
        self.areas: list[int] = []
        widget.installEventFilter(self)

    def eventFilter(self, watched, event) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.areas.append(sum(rect.width() * rect.height() for rect in event.region()))
        return False


@pytest.fixture
def view(qtbot):
    view = NetworkView()
    qtbot.addWidget(view)
    network = make_model("deep-mnist", 0).network
    view.setLayers(network.describe())
    view.resize(700, 4000)
    view.show()
    qtbot.waitExposed(view)
    return view


def maps(value: float) -> dict[int, np.ndarray]:
    network = make_model("deep-mnist", 0).network
    return {i: np.full(shape, value, np.float32) for i, shape in enumerate(network.shapes)}


def test_newer_values_are_painted_a_few_rows_at_a_time(view, qtbot):
    view.showMaps(maps(0.5))
    column = view.findChild(FeatureMapView)
    qtbot.waitUntil(lambda: not column._stale)
    before = column.grab().toImage()
    paints = Paints(column)
    view.showMaps({i: np.linspace(-1, 1, v.size, dtype=np.float32).reshape(v.shape) for i, v in maps(0).items()})
    qtbot.waitUntil(lambda: not column._stale)
    qtbot.waitUntil(lambda: len(paints.areas) > 1)
    assert max(paints.areas) < 0.6 * column.width() * column.height()
    assert column.grab().toImage() != before


@pytest.mark.parametrize("width", [360, 400, 700])
def test_the_numbers_of_a_colour_bar_have_room_in_a_narrow_column(view, qtbot, width):
    values = np.full((32, 1, 5, 5), -0.8888, np.float32)  # as long as the numbers become
    view.showKernels({0: values})
    column = view.findChild(KernelView)
    view.resize(width, 4000)
    qtbot.waitUntil(lambda: column.width() < width / 2)
    picture = column.grab().toImage()
    mosaic = column._rows[0].mosaic
    top = ABOVE + HEADER + int(mosaic.size[1] / mosaic.ratio) + 2
    end, caption = range(column.width() - SIDE + 2, column.width()), range(top, top + CAPTION - 2)
    assert len({picture.pixel(x, y) for x in end for y in caption}) == 1
    assert len({picture.pixel(x, y) for x in range(column.width()) for y in caption}) > 1
