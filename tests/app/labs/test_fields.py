"""Number fields of the pages."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.labs.fields import decimal_spin


def test_a_decimal_has_the_minus_of_all_numbers_and_takes_that_of_the_keyboard(qtbot: QtBot):
    spin = decimal_spin("probe", "a probe", -6, 6, 0.25, -2, 2)
    qtbot.addWidget(spin)
    spin.show()
    assert spin.text() == "−2.00"
    QTest.keyClick(spin, Qt.Key.Key_Up)
    assert (spin.value(), spin.text()) == (-1.75, "−1.75")
    spin.selectAll()
    QTest.keyClicks(spin, "-3.5")
    QTest.keyClick(spin, Qt.Key.Key_Return)
    assert (spin.value(), spin.text()) == (-3.5, "−3.50")
