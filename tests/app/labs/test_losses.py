"""The page of the losses: curves against score or probability, and ten classes with a soft target."""

from __future__ import annotations

import math
import re

import pytest

from app.labs.losses import LossesPage
from app.labs.series_plot import SeriesPlot
from app.theme import DARK
from tests.app.labs.using import using

P = 1 / (1 + math.exp(1.5))


@pytest.fixture
def user(qtbot):
    with using(LossesPage(), qtbot) as found:
        found.type("lossesProbeSpin", "-1.5")
        yield found


def numbers(text):
    return [float(part.replace("\N{MINUS SIGN}", "-")) for part in text.split("·")]


@pytest.mark.parametrize("target", [0.0, 0.35, 1.0])
def test_the_probe_reads_loss_and_gradient(user, target):
    user.type("lossesTargetSpin", str(target))
    user.tick("lossesSoftmaxCrossEntropyCheck")
    squared = [(P - target) ** 2, 2 * (P - target) * P * (1 - P)]
    cross = [-target * math.log(P) - (1 - target) * math.log(1 - P), P - target]
    for name, wanted in (
        ("SquaredError", squared),
        ("BinaryCrossEntropy", cross),
        ("SoftmaxCrossEntropy", cross),
    ):
        assert numbers(user.reads(f"losses{name}Value")) == pytest.approx(wanted, rel=0.01, abs=1e-3)


def test_the_axis_can_be_the_probability(user):
    plot = user.find(SeriesPlot, "lossesPlot")
    assert plot.getPlotItem().vb.viewRange()[0][0] == pytest.approx(-6)
    user.choose("lossesAxisCombo", "probability p")
    left, right = plot.getPlotItem().vb.viewRange()[0]
    assert (left, right) == pytest.approx((0, 1), abs=0.01)


def test_the_probe_is_dragged_to_a_probability(user):
    user.choose("lossesAxisCombo", "probability p")
    user.find(SeriesPlot, "lossesPlot").probeMoved.emit(0.75)
    assert "p = 0.75" in user.reads("lossesAnswer")
    user.find(SeriesPlot, "lossesPlot").probeMoved.emit(1.5)
    assert "p = 0.998" in user.reads("lossesAnswer")


def total(user):
    return float(re.search(r"<b>([\d.]+)</b>", user.reads("lossesTotal"))[1])


def test_ten_classes_with_one_hot_and_soft_targets(user):
    for digit in range(10):
        user.type(f"lossesScore{digit}", "0")
    assert total(user) == pytest.approx(math.log(10), abs=1e-3)
    assert "one-hot" in user.reads("lossesTotal")
    user.type("lossesScore3", "8")
    assert total(user) < 0.01
    user.type("lossesSmoothingSpin", "0.5")
    assert "soft target" in user.reads("lossesTotal")
    assert total(user) > 3
    user.type("lossesSmoothingSpin", "0")
    user.choose("lossesLabelCombo", "4")
    assert total(user) == pytest.approx(8, abs=0.01)


def test_another_theme_repaints(user):
    before = user.page.grab().toImage()
    user.page.setTheme(DARK)
    assert user.page.grab().toImage() != before
