"""The page of the batch size: noise first, then training with each size, and a table."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QProgressBar

from app.labs.batch_size import BatchSizePage
from app.labs.facts_table import FactsTable
from app.theme import DARK
from tests.app.labs.using import using

BIG = 60_000  # milliseconds


@pytest.fixture
def user(qtbot, tiny):
    page = BatchSizePage()
    page.setDataFolder(tiny)
    with using(page, qtbot) as found:
        found.qtbot = qtbot
        combo = found.find(QComboBox, "batchNetworkCombo")
        combo.lineEdit().selectAll()
        QTest.keyClicks(combo.lineEdit(), "flatten -> linear 8 -> tanh -> linear 10")
        for name in ("1", "64", "256"):
            found.tick(f"batch{name}Check")
        found.type("batchSecondsSpin", "1")
        yield found


def until(user, words):
    user.qtbot.waitUntil(lambda: words in user.reads("batchWords"), timeout=BIG)


def table(user):
    found = user.find(FactsTable, "batchTable")
    return [[found.item(i, j).text() for j in range(found.columnCount())] for i in range(found.rowCount())]


def test_noise_times_and_losses_are_measured(user):
    user.press("batchRunButton")
    until(user, "Finished")
    rows = table(user)
    assert [row[0] for row in rows] == ["16", "300"]  # 300: what the data folder has
    assert float(rows[0][1]) > 0.1
    assert rows[1][1:3] == ["0", "1"]
    assert all(float(text) > 0 for row in rows for text in row[3:5])
    assert rows[0][6] != "–"
    assert user.find(QAbstractButton, "batchRunButton").text() == "Run"


def test_it_is_stopped_goes_on_and_is_reset(user):
    user.press("batchRunButton")
    until(user, "Training")
    user.press("batchRunButton")  # it says Stop now
    assert user.find(QAbstractButton, "batchRunButton").text() == "Run"
    user.press("batchRunButton")
    until(user, "Training")
    user.press("batchResetButton")
    assert table(user) == []
    assert user.find(QProgressBar, "batchProgress").value() == 0
    assert "Press Run" in user.reads("batchWords")
    assert user.find(QComboBox, "batchRuleCombo").isEnabled()


def test_without_a_size_there_is_nothing_to_run(user):
    user.tick("batch16Check")
    user.tick("batchWholeSetCheck")
    assert not user.find(QAbstractButton, "batchRunButton").isEnabled()
    assert "Tick a batch size" in user.reads("batchWords")


def test_another_theme_repaints(user):
    before = user.page.grab().toImage()
    user.page.setTheme(DARK)
    assert user.page.grab().toImage() != before
