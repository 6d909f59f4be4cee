"""The window without a mouse."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.app.driver import SEVEN, Driver


def test_tab_goes_round_the_window_and_stops_nowhere(window: Driver):
    window.window.activateWindow()
    window.draw(SEVEN)
    window.until(lambda: window.window.parts.drawing.whyAction.isEnabled())
    window.canvas.setFocus()
    seen, focused = [window.canvas], {}
    while len(seen) < 80:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        if QApplication.focusWidget() in seen:
            break
        seen.append(QApplication.focusWidget())
        if seen[-1].objectName() in ("startButton", "kernelView", "featureMapView"):
            focused[seen[-1]] = window.picture(seen[-1])
    assert QApplication.focusWidget() is window.canvas
    names = [widget.objectName() for widget in seen]
    tools = ["canvas", "penWidthSlider", "eraserButton", "undoButton", "clearButton", "whyButton"]
    assert names[: len(tools)] == tools
    rest = ["presetCombo", "startButton", "recipeCombo", "moreButton", "logLossCheck", "kernelView", "featureMapView"]
    assert [name for name in names if name in rest] == rest
    assert len(focused) == 3
    assert all(window.picture(widget) != picture for widget, picture in focused.items())  # the focus is seen


def test_back_from_the_labs_the_canvas_has_the_keyboard_again(window: Driver):
    window.window.activateWindow()
    window.draw(SEVEN)
    for number in (2, 1):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_0 + number, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is window.canvas
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Delete)
    assert window.canvas.marks() == ()


def test_full_screen_has_a_key(window: Driver):
    assert not window.window.menu["Full screen"].shortcut().isEmpty()
