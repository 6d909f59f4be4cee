from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.views.rate_spin import RateSpin


@pytest.fixture
def spin(qtbot: QtBot) -> RateSpin:
    spin = RateSpin(0.0, 1000.0)
    qtbot.addWidget(spin)
    spin.setValue(0.001)
    spin.show()
    return spin


def enter(spin, text):
    spin.selectAll()
    QTest.keyClicks(spin, text)
    QTest.keyClick(spin, Qt.Key.Key_Return)


def test_it_writes_no_zeros_that_say_nothing(spin):
    assert spin.text() == "0.001"
    spin.setValue(0.000025)
    assert spin.text() == "2.5e-05"


@pytest.mark.parametrize("text, value", [("0.02", 0.02), ("1e-3", 0.001), ("2.5E-5", 0.000025), ("0,5", 0.5)])
def test_it_reads_what_people_write(spin, text, value):
    enter(spin, text)
    assert spin.value() == pytest.approx(value)


@pytest.mark.parametrize("text", ["e", "1e", "9999", "x"])
def test_what_is_no_rate_changes_nothing(spin, text):
    enter(spin, text)
    assert spin.value() in (0.001, 999.0)  # of 9999 the last digit is not taken


def test_arrows_step_by_a_tenth_of_the_power_of_ten(spin):
    QTest.keyClick(spin, Qt.Key.Key_Up)
    assert spin.value() == pytest.approx(0.0011)
    QTest.keyClick(spin, Qt.Key.Key_Down)
    QTest.keyClick(spin, Qt.Key.Key_Down)
    assert spin.value() == pytest.approx(0.00099)


def test_a_half_written_number_is_not_a_value_yet(spin):
    told = []
    spin.valueChanged.connect(told.append)
    spin.selectAll()
    QTest.keyClicks(spin, "0.05")
    assert told == []
    QTest.keyClick(spin, Qt.Key.Key_Return)
    assert told == [0.05]
