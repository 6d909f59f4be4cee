"""The page of the gradient check, by mouse and keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QProgressBar, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from app.labs.agreement_plot import AgreementPlot
from app.labs.gradient_check import GradientCheckPage
from app.labs.worst_table import WorstTable
from app.theme import DARK
from nn_core.presets import make_model


@pytest.fixture
def page(qtbot: QtBot) -> GradientCheckPage:
    page = GradientCheckPage()
    qtbot.addWidget(page, before_close_func=lambda page: page.shutDown())
    page.resize(900, 900)
    page.setNetwork(make_model("blog-cnn", 0))
    page.enter()
    page.show()
    qtbot.waitExposed(page)
    choose(page, "Network", "mlp-300")
    page.findChild(QSpinBox, "gradientEntries").setValue(5)
    return page


def choose(page, name, text):
    """Choose by keys the entry that begins so."""
    combo = page.findChild(QComboBox, f"gradient{name}")
    row = next(i for i in range(combo.count()) if combo.itemText(i).startswith(text))
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Home)
    for _ in range(row):
        QTest.keyClick(combo, Qt.Key.Key_Down)
    assert combo.currentText().startswith(text)


def words(page, name="Verdict") -> str:
    return page.findChild(QLabel, f"gradient{name}").text()


def button(page) -> QPushButton:
    return page.findChild(QPushButton, "gradientStartButton")


def check(page, qtbot) -> str:
    """Check to the end; the verdict."""
    QTest.mouseClick(button(page), Qt.MouseButton.LeftButton)
    assert button(page).text() == "Stop"
    qtbot.waitUntil(lambda: button(page).text() == "Check", timeout=30000)
    return words(page)


def points(page, kind) -> int:
    return page.findChild(AgreementPlot, "gradientPlot").shown(kind)


def table(page) -> list[list[str]]:
    found = page.findChild(WorstTable, "gradientWorst")
    return [[found.item(row, column).text() for column in range(4)] for row in range(found.rowCount())]


def test_an_empty_page_says_what_to_do(page):
    assert words(page).startswith("Press Check")
    assert table(page) == []
    assert not page.findChild(QLabel, "gradientWarning").isVisible()


def test_a_network_passes(page, qtbot):
    told = check(page, qtbot)
    assert told.startswith("Passed: 40 values agree")
    assert (points(page, "agree"), points(page, "differ")) == (40, 0)
    rows = table(page)
    assert len(rows) == 10
    assert all(analytic[:8] == numeric[:8] for _, analytic, numeric, _ in rows)
    bar = page.findChild(QProgressBar, "gradientProgress")
    assert bar.value() == bar.maximum() == 40


def test_one_layer_alone(page, qtbot):
    choose(page, "Layer", "3  linear 10")
    assert check(page, qtbot).startswith("Passed: 15 values")
    assert {row[0].split("[")[0] for row in table(page)} <= {"3.weight", "3.bias", "3.input"}


def test_a_broken_pass_fails_and_says_that_it_was_broken(page, qtbot):
    choose(page, "Layer", "1  linear 300")
    QTest.keyClick(page.findChild(QCheckBox, "gradientBreak"), Qt.Key.Key_Space)
    told = check(page, qtbot)
    assert told.startswith("Failed: 5 of 15 values differ by 1e-6 or more, in 1.weight")
    assert words(page, "Warning").startswith("Broken on purpose, in layer 1: a missing minus")
    assert page.findChild(QLabel, "gradientWarning").isVisible()
    assert (points(page, "agree"), points(page, "differ")) == (10, 5)
    assert [row[3] for row in table(page)[:5]] == ["2"] * 5


@pytest.mark.parametrize("slip, where", [("a missing slope", "2.input"), ("a wrong factor", "2.input")])
def test_activations_can_be_broken_too(page, qtbot, slip, where):
    choose(page, "Layer", "2  sigmoid")
    page.findChild(QCheckBox, "gradientBreak").setChecked(True)
    choose(page, "Slip", slip)
    assert check(page, qtbot).endswith(f"in {where}.")


def test_a_slip_above_spoils_all_below(page, qtbot):
    page.findChild(QCheckBox, "gradientBreak").setChecked(True)
    choose(page, "Slip", "a wrong factor")
    told = check(page, qtbot)
    assert "0.input, 1.weight, 1.bias, 1.input, 2.input, 3.input" in told
    assert "3.weight" not in told


def test_the_windows_own_network_is_checked(page, qtbot):
    choose(page, "Network", "the window's network")
    assert page.findChild(QComboBox, "gradientLayer").itemText(1) == "0  conv 5×5×8"
    choose(page, "Layer", "7  linear 10")
    assert check(page, qtbot).startswith("Passed")
    page.setNetwork(make_model("lenet5", 0))
    assert page.findChild(QComboBox, "gradientLayer").itemText(1) == "0  conv 5×5×6"


def test_it_can_be_stopped(page, qtbot):
    choose(page, "Network", "digitscope")
    QTest.mouseClick(button(page), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: points(page, "agree") > 0, timeout=30000)
    QTest.mouseClick(button(page), Qt.MouseButton.LeftButton)
    assert words(page).startswith("Stopped after")
    assert button(page).text() == "Check"


def test_another_theme_keeps_what_was_found(page, qtbot):
    choose(page, "Layer", "3  linear 10")
    before = check(page, qtbot)
    page.setTheme(DARK)
    assert words(page) == before
