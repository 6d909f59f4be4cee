"""The menus: no key twice, and what they open does not block."""

from __future__ import annotations

from collections import Counter

from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QLabel, QMenu, QPushButton, QWidget

from app.phase import Phase
from tests.app.driver import Driver


def test_no_two_actions_have_the_same_key(window: Driver):
    keys = Counter()
    for action in window.window.findChildren(QAction):
        keys.update(each.toString() for each in action.shortcuts())
    keys.update(each.key().toString() for each in window.window.findChildren(QShortcut))
    assert [key for key, count in keys.items() if count > 1 and key] == []
    assert keys[QKeySequence(QKeySequence.StandardKey.Open).toString()] == 1


def test_help_stands_beside_the_window(window: Driver):
    for name, words in (("Keyboard shortcuts", "Ctrl+Shift+R"), ("About Digitscope", "Digitscope 0.")):
        window.window.menu[name].trigger()
        (dialog,) = [each for each in window.window.findChildren(QDialog) if each.isVisible()]
        assert any(words in label.text() for label in dialog.findChildren(QLabel))
        assert dialog.height() <= 640  # of the smallest screen
        dialog.reject()


def test_the_view_menu_puts_the_curves_into_one_plot(window: Driver):
    (menu,) = [each for each in window.window.findChildren(QMenu) if each.title() == "&View"]
    (action,) = [each for each in menu.actions() if each.text() == "Loss and accuracy in one plot"]
    accuracy = window.window.findChild(QWidget, "accuracyPlot")
    assert accuracy.isVisible()
    action.trigger()
    assert not accuracy.isVisible()
    action.trigger()
    assert accuracy.isVisible()


def test_the_run_menu_offers_what_the_buttons_do(window: Driver):
    menu = window.window.menu

    def offered() -> set[str]:
        names = (*of_buttons, "Start or pause", "Bring back the run before", "Start from the weights shown")
        return {name for name in names if menu[name].isEnabled()}

    def is_as_the_buttons() -> bool:
        return all(menu[words].isEnabled() is button.isEnabled() for words, button in of_buttons.items())

    names = {"One step": "step", "Stop": "stop", "Reset": "reset"}
    of_buttons = {words: window.window.findChild(QPushButton, f"{name}Button") for words, name in names.items()}
    choices = {"Start or pause", "Start from the weights shown"}
    assert offered() == choices | {"One step", "Reset"}
    window.choose()
    window.train(2)
    assert offered() == {"Start or pause", "Stop"}
    assert is_as_the_buttons()
    window.pause()
    assert offered() == {"Start or pause", "One step", "Stop", "Reset"}
    assert is_as_the_buttons()
    window.press("stop")
    window.until_state(Phase.IDLE)
    assert offered() == choices | {"One step", "Reset"}
    window.train(2)  # now there is a run before
    window.press("stop")
    window.until_state(Phase.IDLE)
    assert offered() == choices | {"One step", "Reset", "Bring back the run before"}
    assert is_as_the_buttons()


def test_the_run_menu_does_what_the_buttons_do(window: Driver):
    window.choose()
    window.window.menu["Start or pause"].trigger()
    window.run_until(2)
    window.window.menu["Start or pause"].trigger()
    window.until(lambda: window.window.session.state.name == "PAUSED")
    step = window.window.session.step_number
    window.window.menu["One step"].trigger()
    window.run_until(step + 1)
    window.window.menu["Reset"].trigger()
    window.until(lambda: window.window.session.step_number == 0)
