"""Why? in the window: the steps, the nearest digits and the maps, by mouse and keyboard, against the pure functions."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QTabWidget

from app import explaining
from app.views.why_panel import WhyPanel
from app.views.wording import thousands
from nn_core import replay
from nn_core.explaining.neighbours import library, nearest_features, nearest_pixels
from nn_core.explaining.steps import ALL, Step, answer_after, image_after
from nn_core.explaining.variations import MAPS, Drawing
from nn_core.ink import Picture
from nn_core.loading import draw_strokes
from tests.app.driver import SEVEN, Driver


def settle(window: Driver) -> WhyPanel:
    window.until(lambda: not window.window.explaining.working)
    return window.window.parts.why


def button(window: Driver, name: str) -> QAbstractButton:
    found = window.window.findChild(QAbstractButton, name)
    assert found is not None, name
    return found


def click(window: Driver, name: str) -> WhyPanel:
    assert button(window, name).isEnabled(), name
    QTest.mouseClick(button(window, name), Qt.MouseButton.LeftButton)
    return settle(window)


def opened(window: Driver) -> WhyPanel:
    window.draw(SEVEN)
    return click(window, "whyButton")


def finish(job):
    """What a generator returns."""
    while True:
        try:
            next(job)
        except StopIteration as end:
            return end.value


def cards(window: Driver, steps: frozenset[Step]) -> list[np.ndarray]:
    """The probabilities of the six cards, worked out here."""
    marks, model = window.canvas.marks(), window.window.reading.model
    found, done = [answer_after(model, image_after(marks, []))], set()
    for step in Step:
        done |= {step} & steps
        read = done if step is Step.NORMALISE else ALL
        found.append(answer_after(model, image_after(marks, done), read))
    return found


def shown(panel: WhyPanel) -> list[np.ndarray]:
    return [answer.probabilities() for answer in panel.steps.answers]


def test_the_steps_have_the_answers_of_the_pure_functions(window: Driver):
    assert not button(window, "whyButton").isEnabled()
    panel = opened(window)
    assert panel.isVisible()
    np.testing.assert_allclose(shown(panel), cards(window, ALL), atol=1e-6)
    np.testing.assert_allclose(shown(panel)[-1], window.bars.probabilities(), atol=1e-6)
    before = shown(panel)
    QTest.mouseClick(
        panel.steps.checks[Step.FIT], Qt.MouseButton.LeftButton, pos=panel.steps.checks[Step.FIT].rect().center()
    )
    panel.steps.checks[Step.NORMALISE].setFocus()
    QTest.keyClick(panel.steps.checks[Step.NORMALISE], Qt.Key.Key_Space)
    settle(window)
    np.testing.assert_allclose(shown(panel), cards(window, ALL - {Step.FIT, Step.NORMALISE}), atol=1e-6)
    assert not np.array_equal(shown(panel)[2], before[2])
    assert np.array_equal(shown(panel)[1], before[1])


def test_the_maps_are_those_of_the_changed_lines_and_a_click_shows_one(window: Driver):
    panel = opened(window)
    drawing, reader = Drawing(window.canvas.marks()), window.window.reading.model.reader()
    for name, changes in MAPS.items():
        direct = [reader.probabilities(drawing.changed(change)) for change in changes]
        np.testing.assert_allclose(panel.maps.maps[name].probabilities(), direct, atol=1e-5)
    turns = panel.maps.maps["turn"]
    place = turns.cellRect(12).center().toPoint()
    QTest.mouseMove(turns, place)
    QTest.mouseClick(turns, Qt.MouseButton.LeftButton, pos=place)
    np.testing.assert_array_equal(panel.maps.image.image(), drawing.changed(MAPS["turn"][12]))
    assert panel.maps.words.text() == turns.words(12)
    assert "turned 30° clockwise" in turns.words(12)
    QTest.keyClick(turns, Qt.Key.Key_Left)
    np.testing.assert_array_equal(panel.maps.image.image(), drawing.changed(MAPS["turn"][11]))


def test_a_picture_has_no_pen(window: Driver):
    opened(window)
    ink = np.zeros((40, 20), np.float32)
    ink[:, 8:12] = 1
    window.canvas.setPicture(Picture(ink, 100.0, 40.0, 100.0, 200.0))
    window.until(lambda: window.window.explaining.working)
    panel = settle(window)
    assert not panel.steps.checks[Step.PEN].isEnabled()
    assert not panel.maps.maps["pen"].isEnabled()
    assert panel.maps.maps["turn"].isEnabled()


def test_the_nearest_digits_are_found_and_the_way_can_be_changed(window: Driver, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(replay, "PEN_KNOWN", 1000)
    monkeypatch.setattr(replay, "PEN_HELD_OUT", 1000)
    panel = opened(window)
    tabs = window.window.findChild(QTabWidget, "whyTabs")
    QTest.mouseClick(tabs.tabBar(), Qt.MouseButton.LeftButton, pos=tabs.tabBar().tabRect(1).center())
    button(window, "findNearestButton").setFocus()
    QTest.keyClick(button(window, "findNearestButton"), Qt.Key.Key_Space)
    window.until(lambda: len(panel.nearest.labels()) == 8)
    settle(window)
    assert not button(window, "findNearestButton").isVisible()
    assert QApplication.focusWidget() is window.window.findChild(QComboBox, "nearestWay")
    known, model = finish(library(finish(draw_strokes(1000, 1000)).train)), window.window.reading.model

    def labels(search) -> list[int]:
        return [one.label for one in list(search)[-1]]

    image = image_after(window.canvas.marks())
    assert panel.nearest.labels() == labels(nearest_features(model, known, image, 8))
    way = window.window.findChild(QComboBox, "nearestWay")
    way.setFocus()
    QTest.keyClick(way, Qt.Key.Key_Down)
    settle(window)
    assert panel.nearest.labels() == labels(nearest_pixels(known.digits, image, 8))
    assert (
        panel.nearest.words.text() == f"Label and distance, among {thousands(1000)} pen strokes drawn by the program."
    )
    QTest.keyClick(way, Qt.Key.Key_Up)
    window.window.reading.show_parameters(model.network.vector * np.float32(0.5))
    window.draw([(60.0, 150.0), (200.0, 150.0)])
    settle(window)
    image = image_after(window.canvas.marks())
    assert panel.nearest.labels() == labels(nearest_features(window.window.reading.model, known, image, 8))


def test_a_search_for_another_drawing_or_behind_another_tab_is_given_up(
    window: Driver, monkeypatch: pytest.MonkeyPatch
):
    compared = []

    def endless(model, known, image, count):
        compared.append(image)
        while True:
            yield []

    monkeypatch.setattr(explaining, "nearest_features", endless)
    monkeypatch.setattr(replay, "PEN_KNOWN", 1000)
    monkeypatch.setattr(replay, "PEN_HELD_OUT", 1000)
    opened(window)
    window.window.findChild(QTabWidget, "whyTabs").setCurrentIndex(1)
    QTest.mouseClick(button(window, "findNearestButton"), Qt.MouseButton.LeftButton)
    window.until(lambda: len(compared) == 1)
    window.draw([(60.0, 150.0), (200.0, 150.0)])
    window.until(lambda: len(compared) > 1)
    assert np.array_equal(compared[-1], image_after(window.canvas.marks()))
    QTest.keyClick(window.canvas, Qt.Key.Key_W)
    settle(window)


def test_a_search_that_was_hidden_goes_on_and_can_be_stopped(window: Driver):
    panel = opened(window)
    window.window.findChild(QTabWidget, "whyTabs").setCurrentIndex(1)
    settle(window)
    QTest.mouseClick(button(window, "findNearestButton"), Qt.MouseButton.LeftButton)
    assert button(window, "findNearestButton").text() == "Stop"
    window.window.parts.below.setCurrentIndex(0)
    assert not panel.isVisible()
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_W)
    assert panel.isVisible()
    click(window, "findNearestButton")
    assert button(window, "findNearestButton").text() == "Find"
    assert panel.nearest.labels() == []


def test_a_hidden_strip_does_nothing_and_a_key_brings_it_back_up_to_date(window: Driver):
    panel = opened(window)
    before = shown(panel)
    QTest.keyClick(window.canvas, Qt.Key.Key_W)
    assert not panel.isVisible()
    window.draw([(60.0, 150.0), (200.0, 150.0)])
    assert not window.window.explaining.working
    assert np.array_equal(shown(panel), before)
    QTest.keyClick(window.canvas, Qt.Key.Key_W)
    settle(window)
    np.testing.assert_allclose(shown(panel), cards(window, ALL), atol=1e-6)
    click(window, "whyCloseButton")
    assert not panel.isVisible()
    window.canvas.clear()
    window.until(lambda: not button(window, "whyButton").isEnabled())


def test_an_empty_strip_says_what_to_do(window: Driver):
    panel = opened(window)
    words = [label for label in panel.findChildren(QLabel) if label.text().startswith(("What the", "Blue"))]
    assert len(words) == 2
    window.press("clear")
    settle(window)
    window.until(lambda: all(label.text().startswith("Draw a digit") for label in words))
    window.press("undo")
    settle(window)
    window.until(lambda: not any(label.text().startswith("Draw") for label in words))


def test_cards_of_the_drawing_before_turn_pale_until_there_are_new_ones(
    window: Driver, monkeypatch: pytest.MonkeyPatch
):
    panel, go_on = opened(window), threading.Event()
    parts = (panel.steps.images[0], panel.steps.answers[0], panel.maps.maps["shift"], panel.maps.answer)
    before = [window.picture(part) for part in parts]
    answer = explaining.answer_after
    monkeypatch.setattr(explaining, "answer_after", lambda *given: go_on.wait(30) and answer(*given))
    window.draw([(60.0, 150.0), (200.0, 150.0)])
    try:
        for part, picture in zip(parts, before, strict=True):
            window.until(lambda: window.picture(part) != picture)  # noqa: B023
        pale = [window.picture(part) for part in parts]
    finally:
        go_on.set()
    settle(window)
    np.testing.assert_allclose(shown(panel), cards(window, ALL), atol=1e-6)
    window.canvas.undo()
    window.until(lambda: [window.picture(part) for part in parts] == before)
    assert all(one != other for one, other in zip(before, pale, strict=True))


def test_where_it_is_narrow_the_steps_are_a_tab_and_nothing_scrolls_sideways(window: Driver):
    panel = opened(window)
    tabs = window.window.findChild(QTabWidget, "whyTabs")
    assert tabs.indexOf(panel.steps) < 0
    window.window.resize(1024, 640)
    window.until(lambda: tabs.indexOf(panel.steps) == 0)
    assert panel.steps.isVisible()
    assert panel.widget().width() <= panel.viewport().width()
    np.testing.assert_allclose(shown(panel), cards(window, ALL), atol=1e-6)
    tabs.setCurrentWidget(panel.maps)
    window.window.resize(1280, 800)
    window.until(lambda: tabs.indexOf(panel.steps) < 0)
    assert panel.steps.isVisible()
    assert panel.maps.isVisible()
