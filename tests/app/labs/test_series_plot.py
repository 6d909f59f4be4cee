"""The plot of curves that are compared: what it shows before there is much to show."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget

from app.labs.series_plot import Series, SeriesPlot


@pytest.fixture
def page(qtbot):
    found = QWidget()
    qtbot.addWidget(found)
    found.resize(400, 300)
    found.show()
    return found


@pytest.fixture
def plot(page):
    found = SeriesPlot("plot", "%", "batches", parent=page)
    found.resize(400, 300)
    found.show()
    return found


def series(*y: float, place: int = 0) -> Series:
    return Series("adam", place, np.arange(float(len(y))), np.array(y))


def picture(plot: SeriesPlot) -> bytes:
    return bytes(plot.grab().toImage().constBits())


def test_an_empty_one_shows_the_reach_that_it_will_have(plot):
    plot.setReach(0, 1)
    assert plot.viewRange()[1] == pytest.approx([0, 1])


def test_a_curve_of_one_point_is_seen_and_the_axis_has_a_length(plot):
    plot.setReach(0, 100)
    plot.showSeries([series(13.0)])
    (left, right), _ = plot.viewRange()
    assert left == 0
    assert right > 1
    seen = set()
    for y, place in ((13.0, 0), (90.0, 0), (90.0, 1)):  # another value, another colour
        plot.showSeries([Series("adam", place, np.zeros(1), np.array([y]), named=False)])
        seen.add(picture(plot))
    assert len(seen) == 3


def test_a_point_that_the_axis_cannot_show_is_left_out(page):
    plot = SeriesPlot("plot", "loss", "batches", log_x=True, parent=page)
    plot.showSeries([series(13.0)])  # at 0, which has no logarithm
    plot.showSeries([series(13.0, 12.0, 11.0)])
    assert plot.viewRange()[0][0] == 0
