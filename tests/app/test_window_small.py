"""The window as small as it can be: nothing in it is cut at the side."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QDockWidget, QScrollArea, QTabWidget

from tests.app.driver import SEVEN, Driver


@pytest.fixture
def small(window: Driver) -> Driver:
    window.window.resize(1, 1)
    window.qtbot.waitUntil(lambda: window.window.height() < 640)
    return window


def wide(area: QScrollArea) -> int:
    """How much of what is in it is cut."""
    inside, viewport = area.widget(), area.viewport()
    return max(inside.minimumSizeHint().width() - viewport.width(), area.horizontalScrollBar().maximum())


def docks(window: Driver) -> dict[str, QDockWidget]:
    return {dock.objectName(): dock for dock in window.window.findChildren(QDockWidget)}


def test_it_fits_half_of_a_wide_screen_and_a_low_one(small: Driver):
    assert small.window.width() <= 960
    assert small.window.height() <= 600


def test_all_tabs_at_the_side_and_what_is_in_them_can_be_seen(small: Driver):
    tabs = small.window.findChild(QTabWidget, "sideTabs")
    assert tabs.tabBar().sizeHint().width() <= tabs.width()
    small.draw(SEVEN)
    for place in range(tabs.count()):
        tabs.setCurrentIndex(place)
        small.qtbot.waitUntil(tabs.currentWidget().isVisible)
        assert wide(tabs.currentWidget()) <= 0


def test_all_steps_of_the_explanation_can_be_seen(small: Driver):
    small.draw(SEVEN)
    small.window.parts.drawing.whyAction.trigger()
    why = small.window.parts.why
    small.qtbot.waitUntil(why.isVisible)
    assert wide(why) <= 0


@pytest.mark.parametrize("key", ["worked_example", "losses", "convolution_by_hand"])
def test_no_page_of_the_labs_is_scrolled_sideways(small: Driver, key: str):
    small.window.parts.labs.open(key)
    small.window.menu["Labs"].trigger()
    pages = small.window.parts.labs.findChildren(QScrollArea)
    (area,) = [area for area in pages if area.isVisible()]
    small.qtbot.waitUntil(lambda: wide(area) <= 0)
    assert area.verticalScrollBar().maximum() > 0
    assert small.window.width() <= 960


def test_docks_have_their_share_again_when_the_window_has_its_size(window: Driver):
    before = {name: dock.size() for name, dock in docks(window).items()}
    size = window.window.size()
    window.window.resize(1, 1)
    window.qtbot.waitUntil(lambda: window.window.height() < 640)
    window.window.resize(size)
    window.qtbot.waitUntil(lambda: {name: dock.size() for name, dock in docks(window).items()} == before)
