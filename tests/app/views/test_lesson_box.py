"""The lesson's box: what it offers, how far it is, and what it says a lesson has changed."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QProgressBar, QWidget
from pytestqt.qtbot import QtBot

from app.views.lesson_box import LessonBox
from nn_core.presets import make_model
from nn_core.teaching import Score, Scores, Taught


@pytest.fixture
def box(qtbot: QtBot) -> LessonBox:
    found = LessonBox()
    qtbot.addWidget(found)
    found.resize(280, 200)
    with qtbot.waitExposed(found):
        found.show()
    return found


def lesson(held: tuple[int, int] = (1, 2), learnt: int = 10, known: tuple[int, int] = (9942, 9930)) -> Taught:
    count = 3 if any(held) else 0
    before = Scores(Score(3, learnt), Score(held[0], count), Score(known[0], 10_000))
    after = Scores(Score(learnt, learnt), Score(held[1], count), Score(known[1], 10_000))
    return Taught(make_model("mlp-300", 0), before, after, "mnist", "all")


def words(box: LessonBox) -> list[str]:
    table = box.findChild(QWidget, "teachTable")
    return [label.text() for label in table.findChildren(QLabel)] if table.isVisible() else []


def about(box: LessonBox) -> str:
    return box.findChild(QLabel, "teachWords").text()


def test_there_must_be_digits_and_nothing_in_the_way(box: LessonBox):
    assert not box.teachButton.isEnabled()
    assert "draw it" in box.teachButton.toolTip()
    box.setCount(1)
    assert box.teachButton.isEnabled()
    assert box.teachButton.text() == "Teach 1 digit"
    box.setHindrance("Stop the run first.")
    assert not box.teachButton.isEnabled()
    assert box.teachButton.toolTip() == "Stop the run first."


def test_the_button_teaches_and_then_stops(box: LessonBox, qtbot: QtBot):
    box.setCount(12)
    with qtbot.waitSignal(box.teachRequested) as asked:
        box.teachButton.click()
    assert asked.args == ["all"]
    bar = box.findChild(QProgressBar, "teachProgress")
    assert not bar.isVisible()
    box.showProgress(0.5, "Teaching · 50 %")
    assert bar.isVisible()
    assert bar.value() == 500
    assert about(box) == "Teaching · 50 %"
    with qtbot.waitSignal(box.stopRequested):
        box.teachButton.click()


def test_a_lesson_is_told_in_a_table(box: LessonBox):
    box.showLesson(lesson())
    assert words(box) == [
        "before", "after",
        "Digits taught", "3 of 10", "10 of 10 ↑",
        "Digits held back", "1 of 3", "2 of 3 ↑",
        "MNIST's test", "99.42 %", "99.30 % ↓",
    ]  # fmt: skip
    assert about(box) == "3 of 13 digits were held back to judge by."
    roles = [label.property("role") for label in box.findChild(QWidget, "teachTable").findChildren(QLabel)]
    assert (roles[4], roles[10]) == ("good", "error")


def test_few_digits_have_no_row_for_those_held_back(box: LessonBox):
    box.showLesson(lesson(held=(0, 0), learnt=4, known=(9942, 9942)))
    assert "Digits held back" not in words(box)
    assert words(box)[-1] == "99.42 % ="
    assert "from 10 on" in about(box)
    box.showLesson(lesson(held=(0, 0), learnt=14))
    assert "have been taught" in about(box)


def test_the_way_back_stands_without_a_table_too(box: LessonBox, qtbot: QtBot):
    assert not box.backButton.isVisible()
    box.setWayBack(True)
    assert box.backButton.isVisible()
    with qtbot.waitSignal(box.backRequested):
        box.backButton.click()
    box.showLesson(lesson())
    box.showLesson(None)
    assert words(box) == []
    assert box.backButton.isVisible()


def test_doubted_labels_are_told_before_a_lesson_and_not_after_it(box: LessonBox):
    doubts = box.findChild(QLabel, "doubtWords")
    box.setCount(3)
    assert not doubts.isVisible()
    box.setCount(3, doubted=2)
    assert doubts.isVisible()
    assert doubts.text().startswith("2 of them were read as another digit")
    box.showLesson(lesson())
    assert not doubts.isVisible()
