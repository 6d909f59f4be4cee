"""The optimiser race: run, held, stepped, reset, and the same again with the same seed."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QComboBox, QProgressBar

from app.labs.optimiser_race import OptimiserRacePage
from app.labs.series_plot import SeriesPlot
from app.theme import DARK
from app.views.rate_spin import RateSpin
from nn_core.optimizers import OPTIMIZERS
from tests.app.labs.using import meanwhile, using
from tests.app.pointing import wheel

BIG = 30_000  # milliseconds
CHAIN = "flatten -> linear 8 -> relu -> linear 10"


@pytest.fixture
def user(qtbot, tiny):
    page = OptimiserRacePage()
    page.setDataFolder(tiny)
    with using(page, qtbot) as found:
        found.qtbot = qtbot
        combo = found.find(QComboBox, "raceNetworkCombo")
        combo.lineEdit().selectAll()
        QTest.keyClicks(combo.lineEdit(), CHAIN)
        for name in ("Sgd", "Rmsprop"):
            found.tick(f"race{name}Check")
        found.type("raceStepsSpin", "40")
        found.type("raceBatchSpin", "30")
        yield found


def until(user, words):
    user.qtbot.waitUntil(lambda: words in user.reads("raceWords"), timeout=BIG)


def results(user):
    return [user.reads(f"race{name}Value") for name in ("Momentum", "Adam")]


def settled(plot):
    """A picture of the plot after a first one, in which its axis has found how wide its labels are."""
    plot.grab()
    QApplication.processEvents()
    return plot.grab().toImage()


def test_a_race_runs_to_its_end_and_names_the_best(user):
    user.press("raceRunButton")
    until(user, "Finished")
    assert "1. " in user.reads("raceWords")
    assert all(text.endswith(" %") for text in results(user))
    assert user.reads("raceSgdValue") == ""
    assert user.find(QProgressBar, "raceProgress").value() == 40
    assert user.find(QAbstractButton, "raceRunButton").text() == "Run"


def test_the_same_seed_gives_the_same_race_and_another_one_another(user):
    found = []
    for seed in ("3", "3", "4"):
        user.type("raceSeedSpin", seed)
        user.press("raceRunButton")
        until(user, "Finished")
        found.append((results(user), settled(user.find(SeriesPlot, "raceLossPlot"))))
        user.press("raceResetButton")
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_it_steps_holds_goes_on_and_is_reset(user):
    user.press("raceStepButton")
    until(user, "Batch 1 of 40")
    assert not user.find(QAbstractButton, "raceUsualButton").isEnabled()
    user.press("raceStepButton")
    until(user, "Batch 2 of 40")
    user.press("raceRunButton")
    user.qtbot.waitUntil(lambda: user.find(QProgressBar, "raceProgress").value() > 2, timeout=BIG)
    user.press("raceResetButton")
    assert results(user) == ["", ""]
    assert user.find(QProgressBar, "raceProgress").value() == 0
    assert "Press Run" in user.reads("raceWords")
    assert user.find(QAbstractButton, "raceUsualButton").isEnabled()


def test_a_rate_can_be_set_and_put_back(user):
    spin = user.find(RateSpin, "raceAdamRate")
    assert spin.value() == OPTIMIZERS["adam"].default_lr
    user.type("raceAdamRate", "0.25")
    assert spin.value() == 0.25
    user.press("raceUsualButton")
    assert spin.value() == OPTIMIZERS["adam"].default_lr
    assert not user.find(RateSpin, "raceFtrlRate").isEnabled()


def test_with_an_l1_penalty_the_zeros_are_told(user):
    for name in ("Momentum", "Adam", "Sgd", "Proximal"):
        user.tick(f"race{name}Check")
    user.type("raceL1Spin", "0.02")
    user.press("raceRunButton")
    until(user, "exactly 0")
    told = user.reads("raceWords").splitlines()[-1].split(": ")[1]
    zeros = {name: float(share) for name, share, _ in (each.split() for each in told.split(", "))}
    assert zeros["sgd"] < 5 < 20 < zeros["proximal"]


def test_without_a_runner_there_is_no_race(user):
    for name in ("Momentum", "Adam"):
        user.tick(f"race{name}Check")
    assert not user.find(QAbstractButton, "raceRunButton").isEnabled()
    assert "Tick at least one" in user.reads("raceWords")


def test_a_network_that_does_not_exist_is_told_in_a_sentence(user):
    combo = user.find(QComboBox, "raceNetworkCombo")
    combo.lineEdit().selectAll()
    QTest.keyClicks(combo.lineEdit(), "flatten -> lineal 10")
    user.press("raceRunButton")
    until(user, "'lineal 10' is not understood")
    assert user.find(QAbstractButton, "raceUsualButton").isEnabled()


def test_who_diverges_is_marked(user):
    combo = user.find(QComboBox, "raceNetworkCombo")
    combo.lineEdit().selectAll()
    QTest.keyClicks(combo.lineEdit(), "flatten -> linear 8 -> linear 10")
    user.type("raceMomentumRate", "1000")
    user.press("raceRunButton")
    until(user, "Finished")
    assert user.reads("raceMomentumValue") == "diverged"
    assert user.reads("raceAdamValue").endswith(" %")


def test_a_hidden_race_holds_and_goes_on(user):
    user.press("raceRunButton")
    until(user, "Batch")
    user.page.leave()
    held = user.reads("raceWords")
    meanwhile(user.qtbot)
    assert user.reads("raceWords") == held
    user.page.enter()
    until(user, "Finished")


@pytest.mark.parametrize("name", ["raceAdamRate", "raceSeedSpin"])
def test_the_wheel_turns_a_number_that_has_the_focus_and_no_other(user, name):
    spin = user.find(QAbstractSpinBox, name)
    user.find(QAbstractButton, "raceUsualButton").setFocus()
    before = spin.value()
    wheel(spin)
    assert spin.value() == before
    spin.setFocus()
    user.qtbot.waitUntil(spin.hasFocus)
    wheel(spin)
    assert spin.value() > before


def test_another_theme_repaints(user):
    before = user.page.grab().toImage()
    user.page.setTheme(DARK)
    assert user.page.grab().toImage() != before
