"""The page of the activations: curves to lay over each other, read at a probe; softmax."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSlider

from app.labs.activations import ActivationsPage
from app.labs.series_plot import SeriesPlot
from app.theme import DARK
from tests.app.labs.using import using


@pytest.fixture
def user(qtbot):
    with using(ActivationsPage(), qtbot) as found:
        yield found


def numbers(text):
    return [float(part.replace("\N{MINUS SIGN}", "-")) for part in text.split("·")]


def test_the_probe_reads_values_and_slopes_of_the_layers(user):
    user.tick("activationsTanhCheck")
    user.type("activationsProbeSpin", "-0.5")
    assert numbers(user.reads("activationsTanhValue")) == pytest.approx(
        [math.tanh(-0.5), 1 - math.tanh(-0.5) ** 2], abs=1e-3
    )
    assert numbers(user.reads("activationsReLUValue")) == [0, 0]
    user.type("activationsProbeSpin", "2")
    assert numbers(user.reads("activationsReLUValue")) == [2, 1]


def drag(widget, places):
    """Press the left button at the first place, move, and release it at the last; QTest moves without a button."""
    left, none, move = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton, QEvent.Type.MouseMove
    events = [(move, places[0], none, none), (QEvent.Type.MouseButtonPress, places[0], left, left)]
    events += [(move, place, none, left) for place in places[1:]]
    events += [(QEvent.Type.MouseButtonRelease, places[-1], left, none)]
    for kind, place, button, buttons in events:
        spot = QPointF(place)
        event = QMouseEvent(
            kind, spot, QPointF(widget.mapToGlobal(place)), button, buttons, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(widget, event)


def test_a_curve_that_is_not_ticked_says_nothing(user):
    assert user.reads("activationsStepValue") == ""
    user.tick("activationsSigmoidCheck")
    assert user.reads("activationsSigmoidValue") == ""
    assert "sigmoid" not in user.reads("activationsFacts")


def test_the_probe_is_dragged_with_the_mouse(user, monkeypatch):
    # pyqtgraph passes over moves that come faster than 100 a second.
    monkeypatch.setitem(pyqtgraph.CONFIG_OPTIONS, "mouseRateLimit", 0)
    plot = user.find(SeriesPlot, "activationsPlot")
    view = plot.getPlotItem().vb

    def at(x):
        return plot.mapFromScene(view.mapViewToScene(QPointF(x, 3.0)))

    drag(plot.viewport(), [at(x) for x in np.linspace(1.0, -2.0, 4)])
    value, slope = numbers(user.reads("activationsSigmoidValue"))
    assert value == pytest.approx(1 / (1 + math.exp(2)), abs=0.02)
    assert slope == pytest.approx(value * (1 - value), abs=0.005)


def test_the_slope_of_leaky_relu_can_be_set(user):
    user.tick("activationsLeakyReLUCheck")
    user.type("activationsProbeSpin", "-2")
    user.type("activationsSlopeSpin", "0.3")
    assert numbers(user.reads("activationsLeakyReLUValue")) == pytest.approx([-0.6, 0.3])


def test_at_a_kink_the_page_says_what_the_layer_answers(user):
    user.type("activationsProbeSpin", "0")
    assert numbers(user.reads("activationsReLUValue")) == [0, 0]
    assert "the layer answers f′(0) = 0" in user.reads("activationsFacts")


def probabilities(user, count):
    grid = user.find(QSlider, "softmaxSlider0").parentWidget().layout()
    return [float(grid.itemAtPosition(1 + i, 4).widget().text().removesuffix(" %")) for i in range(count)]


def test_softmax_follows_its_sliders_and_its_temperature(user):
    slider = user.find(QSlider, "softmaxSlider2")
    QTest.keyClick(slider, Qt.Key.Key_End)
    shares = probabilities(user, 3)
    assert shares[2] > 99
    assert sum(shares) == pytest.approx(100, abs=0.2)
    user.type("softmaxTemperatureSpin", "20")
    assert max(probabilities(user, 3)) < 50


def test_softmax_of_ten(user):
    user.choose("softmaxCountCombo", "10 logits")
    user.type("softmaxScore9", "-8")
    shares = probabilities(user, 10)
    assert sum(shares) == pytest.approx(100, abs=0.6)
    assert shares[9] == 0


def test_another_theme_repaints(user):
    before = user.page.grab().toImage()
    user.page.setTheme(DARK)
    assert user.page.grab().toImage() != before
