"""The timeline's slider, used by mouse and keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QSlider, QToolButton
from pytestqt.qtbot import QtBot

from app.theme import LIGHT
from app.views.timeline import TimelineView


def moments(steps):
    return [(step, step / 469) for step in steps]


@pytest.fixture
def view(qtbot: QtBot) -> TimelineView:
    view = TimelineView()
    qtbot.addWidget(view)
    view.setTheme(LIGHT)
    view.resize(900, 40)
    view.setMoments(moments(range(0, 1000, 100)))
    view.show()
    return view


@pytest.fixture
def slider(view: TimelineView) -> QSlider:
    return view.findChild(QSlider, "timelineSlider")


@pytest.fixture
def live(view: TimelineView) -> QToolButton:
    return view.findChild(QToolButton, "liveButton")


@pytest.fixture
def chosen(view: TimelineView) -> list[int]:
    told: list[int] = []
    view.momentChosen.connect(told.append)
    return told


def words(view):
    return view.findChild(QLabel, "timelineLabel").text()


def test_it_begins_live(view, slider, live):
    assert view.moment() == -1
    assert slider.value() == slider.maximum() == 10
    assert live.isChecked()
    assert words(view) == "epoch 1.92 · batch 900"
    view.setPresent(1234, 2.63)
    assert words(view) == "epoch 2.63 · batch 1\N{NARROW NO-BREAK SPACE}234"


def test_keys_go_back_moment_by_moment_and_home_and_to_live(view, slider, live, chosen):
    for key in ("Left", "Left", "Home", "Right", "End"):
        QTest.keyClick(slider, getattr(Qt.Key, f"Key_{key}"))
    assert chosen == [9, 8, 0, 1, -1]
    assert live.isChecked()


def test_the_live_button_goes_back_to_the_present_and_stays_pressed(view, slider, live, chosen):
    QTest.keyClick(slider, Qt.Key.Key_Home)
    assert not live.isChecked()
    assert words(view) == "epoch 0.00 · batch 0"
    for _ in range(2):
        QTest.mouseClick(live, Qt.MouseButton.LeftButton)
        assert live.isChecked()
    assert chosen == [0, -1]


def test_live_stays_at_the_right_end_when_moments_come(view, slider, chosen):
    view.setMoments(moments(range(0, 1500, 100)))
    assert slider.value() == slider.maximum() == 15
    assert (view.moment(), chosen) == (-1, [])


def test_an_old_moment_stays_when_moments_come_and_others_are_thinned(view, slider, chosen):
    slider.setValue(4)
    view.setMoments(moments(range(0, 3000, 100)))
    assert view.moment() == 4
    view.setMoments(moments(range(0, 3000, 200)))  # step 400 is the second one now
    assert view.moment() == 2
    assert words(view) == "epoch 0.85 · batch 400"
    assert chosen == [4]


def test_the_nearest_moment_takes_the_place_of_one_that_is_gone(view, slider, chosen):
    slider.setValue(4)
    view.setMoments(moments([0, 350, 600, 900]))
    assert view.moment() == 1
    assert chosen == [4, 1]


def test_a_new_run_without_moments_is_live(view, slider, live, chosen):
    slider.setValue(4)
    view.setMoments([])
    assert chosen == [4, -1]
    assert not slider.isEnabled()
    assert not live.isEnabled()
    assert words(view) == "no moments kept yet"


def test_a_moment_set_from_outside_has_no_signal(view, slider, chosen):
    view.setMoment(3)
    assert (slider.value(), view.moment()) == (3, 3)
    view.setMoment(-1)
    assert view.moment() == -1
    assert chosen == []
