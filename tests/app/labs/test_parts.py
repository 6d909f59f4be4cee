"""The small parts of pages."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.labs.parts import TransportRow
from app.labs.plot import LabPlot, series_color
from app.theme import DARK, LIGHT


def test_the_run_button_stops_what_runs(qtbot: QtBot):
    row = TransportRow("made")
    qtbot.addWidget(row)
    with qtbot.waitSignal(row.runPressed):
        qtbot.mouseClick(row.run, Qt.MouseButton.LeftButton)
    row.setRunning(True)
    assert (row.run.text(), row.step.isEnabled()) == ("Stop", False)
    with qtbot.waitSignal(row.stopPressed):
        qtbot.mouseClick(row.run, Qt.MouseButton.LeftButton)
    assert row.run.objectName() == "madeRunButton"


def test_a_plot_draws_curves_by_their_names(qtbot: QtBot):
    plot = LabPlot("made", "loss", "step")
    qtbot.addWidget(plot)
    x = np.arange(3.0)
    plot.setCurve("one", x, x)
    plot.setCurve("two", x, -x)
    plot.setCurve("one", x, 2 * x)
    plot.setTheme(DARK)
    curves = plot.getPlotItem().listDataItems()
    assert [curve.name() for curve in curves] == ["one", "two"]
    assert curves[0].getData()[1].tolist() == [0, 2, 4]
    assert curves[1].opts["pen"].color().name() == series_color(DARK, 1) != series_color(LIGHT, 1)
    plot.clearCurves()
    assert plot.getPlotItem().listDataItems() == []
