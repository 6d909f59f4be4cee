"""The Labs: a list to choose from by mouse and keys, and pages that hear only of what they show."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from app.labs.contents import ENTRIES as REAL
from app.labs.labs_view import LabsView
from app.theme import DARK
from nn_core.presets import make_model
from tests.app.labs.made_up import ENTRIES, RememberingPage, counting
from tests.app.labs.using import meanwhile

IMAGE = np.zeros((28, 28), np.float32)


@pytest.fixture
def labs(qtbot: QtBot) -> LabsView:
    view = LabsView(ENTRIES)
    qtbot.addWidget(view, before_close_func=LabsView.shutDown)
    view.resize(900, 600)
    view.show()
    return view


def pages(view: LabsView) -> list[RememberingPage]:
    return view.findChildren(RememberingPage)


def test_no_page_is_made_before_it_is_seen(labs: LabsView):
    labs.open("one")
    assert pages(labs) == []
    labs.enter()
    assert len(pages(labs)) == 1


def test_a_page_is_told_everything_before_it_is_shown(labs: LabsView):
    labs.setTheme(DARK)
    labs.setImage(IMAGE)
    labs.setNetwork(make_model("mlp-300", 0))
    labs.setDataFolder(Path("data"))
    labs.open("two")
    labs.enter()
    assert pages(labs)[0].calls == ["dark", "network", "folder", "image", "enter"]
    assert pages(labs)[0].isVisible()


def test_a_hidden_page_hears_of_nothing_and_then_of_the_newest(labs: LabsView):
    labs.enter()
    labs.open("one")
    (page,) = pages(labs)
    labs.leave()
    page.calls.clear()
    labs.setImage(None)
    labs.setImage(IMAGE)
    assert page.calls == []
    labs.enter()
    assert page.calls[-2:] == ["image", "enter"]
    labs.setImage(None)
    assert page.calls[-1] == "no image"


def test_the_job_of_a_hidden_page_holds(labs: LabsView, qtbot: QtBot):
    labs.enter()
    labs.open("one")
    (page,) = pages(labs)
    page.job.start(counting)
    qtbot.waitUntil(lambda: len(page.counted) > 10)
    labs.open("two")
    counted = len(page.counted)
    meanwhile(qtbot)
    assert len(page.counted) == counted
    labs.open("one")
    qtbot.waitUntil(lambda: len(page.counted) > counted)
    labs.shutDown()
    assert not page.job.alive


def test_keys_go_from_page_to_page_and_past_the_groups(labs: LabsView, qtbot: QtBot):
    labs.enter()
    listed = labs.findChild(QListWidget, "labsList")
    seen = []
    for _ in range(4):
        qtbot.keyClick(listed, Qt.Key.Key_Down)
        seen.append(labs.opened())
    assert seen == ["one", "two", "three", "three"]
    assert labs.findChild(QLabel, "labTitle").text() == "Three"
    qtbot.keyClick(listed, Qt.Key.Key_Up)
    assert labs.opened() == "two"


def test_a_card_of_the_overview_opens_its_page(labs: LabsView, qtbot: QtBot):
    labs.enter()
    qtbot.mouseClick(labs.findChild(QPushButton, "threeCard"), Qt.MouseButton.LeftButton)
    assert labs.opened() == "three"
    assert pages(labs)[0].isVisible()


def test_a_page_that_there_is_no_more_opens_the_overview(labs: LabsView):
    labs.open("three")
    labs.open("gone")
    assert labs.opened() == ""


def test_the_table_is_in_order():
    groups = [entry.group for entry in REAL]
    assert len({entry.key for entry in REAL}) == len(REAL)
    assert groups == sorted(groups, key=groups.index), "pages of one group stand together"
    assert all(entry.about.endswith(".") and entry.about.count(". ") == 0 for entry in REAL)


@pytest.mark.parametrize("entry", REAL, ids=lambda entry: entry.key)
def test_every_page_can_be_opened_changed_in_look_and_closed(entry, qtbot: QtBot, data_dir: Path):
    view = LabsView((entry,))
    qtbot.addWidget(view, before_close_func=LabsView.shutDown)
    view.setDataFolder(data_dir)
    view.setNetwork(make_model("mlp-300", 0))
    view.resize(700, 500)
    view.show()
    view.open(entry.key)
    view.enter()
    view.setImage(IMAGE)
    view.setTheme(DARK)
    view.leave()
    view.enter()
    assert not view.grab().isNull()
