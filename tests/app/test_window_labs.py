"""The Labs in the window: they have the room while they are in front, and cost nothing while they are not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QLabel, QTabWidget

from app.views.curves import CurvesView
from tests.app.driver import SEVEN, Driver
from tests.app.labs.made_up import RememberingPage, counting

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("drawingDock", "sideDock", "historyDock")


def docks(window: Driver) -> list[QDockWidget]:
    return [window.window.findChild(QDockWidget, name) for name in NAMES]


def there(window: Driver) -> list[bool]:
    return [not dock.isHidden() for dock in docks(window)]


def places(window: Driver) -> list[tuple[int, ...]]:
    return [dock.geometry().getRect() for dock in docks(window)]


def centre(window: Driver) -> QTabWidget:
    return window.window.findChild(QTabWidget, "centreTabs")


def test_the_labs_have_the_room_and_give_it_back(window: Driver, qtbot):
    window.window.resizeDocks(docks(window)[1:2], [330], Qt.Orientation.Horizontal)
    qtbot.waitUntil(lambda: docks(window)[1].width() == 330)
    before = places(window)
    qtbot.keyClick(window.window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert there(window) == [True, False, False]
    assert centre(window).currentIndex() == 1
    qtbot.keyClick(window.window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert there(window) == [True, True, True]
    qtbot.waitUntil(lambda: places(window) == before)


def test_nobody_is_asked_for_a_digit_key_where_it_may_mean_something_else(window: Driver):
    window.draw(SEVEN)
    hint, why = window.window.findChild(QLabel, "meantHint"), window.window.parts.drawing.whyButton
    place = why.geometry()
    assert hint.isVisible()
    window.window.menu["Labs"].trigger()
    assert not hint.isVisible()
    assert why.geometry() == place
    window.window.menu["Network"].trigger()
    assert hint.isVisible()


def test_a_dock_that_was_hidden_before_stays_hidden(window: Driver):
    window.window.parts.dock_actions()[1].trigger()
    window.window.menu["Labs"].trigger()
    window.window.menu["Network"].trigger()
    assert there(window) == [True, False, True]


def test_resetting_the_layout_leaves_the_labs_their_room(window: Driver):
    window.window.parts.dock_actions()[1].trigger()
    window.window.menu["Labs"].trigger()
    window.window.menu["Reset layout"].trigger()
    assert there(window) == [True, False, False]
    window.window.menu["Network"].trigger()
    assert there(window) == [True, True, True]


def test_the_labs_come_back_and_the_docks_after_them(open_window, qtbot):
    first = open_window()
    first.window.resizeDocks(docks(first)[2:], [250], Qt.Orientation.Vertical)
    qtbot.waitUntil(lambda: docks(first)[2].height() == 250)
    before = places(first)
    first.window.menu["Labs"].trigger()
    first.window.parts.labs.open("perceptron")
    first.window.close()

    second = open_window()
    assert second.window.findChild(QLabel, "labTitle").text() == "Perceptron"
    assert there(second) == [True, False, False]
    second.window.close()

    third = open_window()
    third.window.menu["Network"].trigger()
    assert there(third) == [True, True, True]
    qtbot.waitUntil(lambda: places(third) == before)


def test_the_page_sees_the_drawing(window: Driver, monkeypatch):
    seen = []
    monkeypatch.setattr("app.labs.page.LabPage.setImage", lambda page, image: seen.append(image))
    window.window.menu["Labs"].trigger()
    window.window.parts.labs.open("perceptron")
    assert seen == [None]
    window.draw(SEVEN)
    assert seen[-1].shape == (28, 28)


def test_what_is_hidden_is_spared_and_shown_anew(window: Driver, monkeypatch):
    kernels, maps, curves = [], [], []
    window.window.reading.kernelsChanged.connect(kernels.append)
    window.window.reading.mapsChanged.connect(maps.append)
    monkeypatch.setattr(CurvesView, "setCurves", lambda view, given: curves.append(given))
    window.window.menu["Labs"].trigger()
    window.choose(epochs=2)
    window.press("start")
    window.run_until(6)
    window.draw(SEVEN)
    window.until(lambda: window.window.session.state.name == "FINISHED")
    assert (kernels, maps, curves) == ([], [], [])
    window.window.menu["Network"].trigger()
    window.until(lambda: bool(maps))
    assert len(kernels) == 1
    assert maps[-1] is not None
    assert len(curves[-1].train_loss) == window.window.session.step_number


@pytest.mark.parametrize("in_front", [True, False])
def test_the_window_closes_while_a_page_works(window: Driver, in_front: bool, monkeypatch):
    monkeypatch.setattr("app.labs.contents.Entry.make", lambda entry: RememberingPage())
    window.window.menu["Labs"].trigger()
    window.window.parts.labs.open("perceptron")
    page = window.window.findChild(RememberingPage)
    page.job.start(counting)
    window.until(lambda: len(page.counted) > 5)
    if not in_front:
        window.window.menu["Network"].trigger()
    assert window.window.close()
    assert not page.job.alive


def test_no_page_is_imported_before_it_is_opened(tmp_path: Path):
    code = (
        "import sys\n"
        "from PySide6.QtCore import QSettings\n"
        "from app.application import make_application\n"
        "from app.labs.contents import ENTRIES\n"
        "from app.window import MainWindow\n"
        "app = make_application()\n"
        f"window = MainWindow(None, QSettings({str(tmp_path / 'a.ini')!r}, QSettings.Format.IniFormat))\n"
        "window.show(); window.close()\n"
        "found = [entry.key for entry in ENTRIES if f'app.labs.{entry.key}' in sys.modules]\n"
        "print(found, [name for name in sys.modules if name.startswith('nn_core.labs')])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "[] []\n", done.stdout + done.stderr
