"""Messages at the top of the window: seen, chosen from, put away."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.views.message_bar import MessageArea


def area(qtbot: QtBot) -> MessageArea:
    area = MessageArea()
    qtbot.addWidget(area)
    area.show()
    return area


def test_a_message_is_put_away(qtbot: QtBot):
    messages = area(qtbot)
    bar = messages.say("The disk is full.")
    assert bar.isVisible()
    assert bar.accessibleName() == "The disk is full."
    qtbot.mouseClick(bar.closeButton, Qt.MouseButton.LeftButton)
    assert messages.messages() == []


def test_a_choice_is_made_once_and_the_message_goes(qtbot: QtBot):
    messages, chosen = area(qtbot), []
    bar = messages.say("Go on?", bad=False, choices=[("Go on", lambda: chosen.append(1)), ("Discard", chosen.clear)])
    (button,) = [each for each in bar.findChildren(QAbstractButton) if each.text() == "Go on"]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert chosen == [1]
    assert messages.messages() == []


def test_the_same_message_stands_there_once_and_few_at_all(qtbot: QtBot):
    messages = area(qtbot)
    for text in ("a", "b", "a", "c", "d"):
        messages.say(text)
    assert [bar.text() for bar in messages.messages()] == ["a", "c", "d"]


def test_what_is_offered_outlasts_what_went_wrong(qtbot: QtBot):
    messages = area(qtbot)
    messages.say("Go on?", bad=False, choices=[("Go on", lambda: None)])
    for text in ("a", "b", "c"):
        messages.say(text)
    assert [bar.text() for bar in messages.messages()] == ["Go on?", "b", "c"]


def test_the_name_of_a_strangers_file_is_text(qtbot: QtBot):
    messages = area(qtbot)
    bar = messages.say("<b>x</b><img src='http://nowhere'>.png is no picture")
    assert bar.label.textFormat() == Qt.TextFormat.PlainText
