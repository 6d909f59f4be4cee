"""Numbers drawn in the window: split into digits, read as a number, one digit selected."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QImage
from PySide6.QtWidgets import QApplication, QToolTip

from app.views.number_boxes import NumberBoxes
from nn_core.ink import Stroke, render
from tests.app import pointing
from tests.app.driver import Driver

Strokes = list[pointing.Places]


def moved(strokes: Strokes, right: float) -> Strokes:
    return [[(x + right, y) for x, y in stroke] for stroke in strokes]


ONE = [[(40.0, 90.0), (40.0, 130.0), (40.0, 190.0)]]
TWO = [[(72, 112), (84, 94), (104, 92), (114, 108), (104, 136), (84, 166), (70, 188), (92, 187), (120, 186)]]
FOUR = [[(34.0, 90.0), (26.0, 146.0), (74.0, 142.0)], [(62.0, 104.0), (58.0, 190.0)]]
ZERO = [[(132, 92), (114, 110), (108, 142), (116, 176), (134, 190), (154, 176), (160, 142), (152, 106), (130, 92)]]
SEVEN = [[(188.0, 94.0), (214.0, 93.0), (246.0, 94.0), (232.0, 126.0), (218.0, 160.0), (210.0, 190.0)]]
BAR = [[(205.0, 140.0), (245.0, 139.0)]]
SLASH = [[(166.0, 84.0), (134.0, 142.0), (100.0, 198.0)]]
FIVE = [
    [(100, 60), (96, 120), (130, 112), (164, 130), (172, 166), (158, 204), (126, 220), (92, 208)],
    [(98, 62), (130, 60), (170, 58)],
]


def draw(window: Driver, strokes: Strokes) -> None:
    for stroke in strokes:
        window.draw(stroke)


@pytest.mark.parametrize(
    "strokes, number",
    [
        (ONE + TWO, "12"),
        (FOUR + ZERO + SEVEN, "407"),
        (ONE + moved(ONE, 50), "11"),
        (FOUR + ZERO + SLASH + SEVEN + BAR, "407"),
        (moved(TWO, 90) + ONE, "12"),  # written from the right
        (FOUR + moved(ZERO, -33), "40"),  # the four's bar reaches into the zero
    ],
)
def test_a_number_is_read_as_a_whole(window: Driver, strokes: Strokes, number: str):
    draw(window, strokes)
    assert window.digit.text() == number


def test_a_picture_of_a_number_is_read_as_one_and_can_be_drawn_on(window: Driver, tmp_path: Path):
    marks = tuple(Stroke(np.array(places, np.float32), 14.0) for places in FOUR + moved(ZERO, 10))
    light = np.rint(255 - 255 * render(marks, 280, 0.0, 0.0, 1.0)).astype(np.uint8)
    photograph = tmp_path / "40.png"
    assert QImage(light.data, 280, 280, 280, QImage.Format.Format_Grayscale8).save(str(photograph))
    window.drop(photograph)
    window.until(lambda: window.digit.text() == "40")
    assert len(boxes(window).boxes()) == 2
    window.qtbot.keyClick(window.digit, Qt.Key.Key_Right)
    window.until(lambda: window.bars.probabilities().argmax() == 0)
    for stroke in SEVEN:
        window.draw(stroke)
    window.until(lambda: window.digit.text() == "407")
    window.press("undo")
    window.until(lambda: window.digit.text() == "40")


@pytest.mark.parametrize("strokes, digit", [(FIVE, "5"), (ZERO + SLASH, "0"), (FOUR, "4"), (SEVEN + BAR, "7")])
def test_the_strokes_of_one_digit_stay_together(window: Driver, strokes: Strokes, digit: str):
    draw(window, strokes)
    assert window.digit.text() == digit


def test_undo_takes_a_digit_away_and_the_number_follows(window: Driver):
    draw(window, FOUR + ZERO + SEVEN)
    texts = []
    for _ in range(3):
        with window.qtbot.waitSignal(window.window.predictionChanged) as told:
            window.press("undo")
        texts.append(window.digit.text())
    assert texts[0] == "40"
    assert len(texts[2]) == 1
    assert told.args[0] == int(window.bars.probabilities().argmax())


def test_the_digit_drawn_last_is_told(window: Driver):
    draw(window, FOUR + ZERO)
    with window.qtbot.waitSignal(window.window.predictionChanged) as told:
        pointing.drag(window.canvas, SEVEN[0])
    assert told.args[0] == 7
    assert told.args[1].shape == (10,)


def boxes(window: Driver) -> NumberBoxes:
    found = window.window.findChild(NumberBoxes, "numberBoxes")
    assert found is not None
    return found


def test_each_digit_of_a_number_is_boxed_and_a_single_one_is_not(window: Driver):
    draw(window, FIVE)
    assert not boxes(window).isVisible()
    window.press("clear")
    draw(window, FOUR + ZERO + SEVEN)
    assert boxes(window).isVisible()
    found, paper = boxes(window).boxes(), window.canvas.paperRect()
    assert len(found) == 3
    assert all(paper.contains(box) for box in found)
    assert all(one.right() < other.left() for one, other in zip(found[:-1], found[1:], strict=True))
    for box, strokes in zip(found, (FOUR, ZERO, SEVEN), strict=True):
        places = [pointing.place(window.canvas, x, y) for stroke in strokes for x, y in stroke]
        assert all(box.contains(QPointF(place)) for place in places)
    window.press("undo")
    window.until(lambda: len(boxes(window).boxes()) == 2)
    window.press("clear")
    window.until(lambda: not boxes(window).isVisible())


def test_a_click_in_a_box_selects_its_digit_and_leaves_no_dot(window: Driver):
    draw(window, FOUR + ZERO + SEVEN)
    seven = window.bars.probabilities()
    marks = window.canvas.marks()
    with window.qtbot.waitSignal(window.window.predictionChanged) as told:
        window.qtbot.mouseClick(
            window.canvas, Qt.MouseButton.LeftButton, pos=boxes(window).boxes()[0].center().toPoint()
        )
    window.until(lambda: int(window.bars.probabilities().argmax()) == 4)
    assert told.args[1] is not None
    assert window.canvas.marks() == marks
    assert window.digit.text() == "407"
    window.qtbot.keyClick(window.digit, Qt.Key.Key_Right)
    assert int(window.bars.probabilities().argmax()) == 0
    window.qtbot.keyClick(window.digit, Qt.Key.Key_End)
    np.testing.assert_array_equal(window.bars.probabilities(), seven)
    window.qtbot.keyClick(window.digit, Qt.Key.Key_Left)
    window.qtbot.keyClick(window.digit, Qt.Key.Key_Left)
    window.qtbot.keyClick(window.digit, Qt.Key.Key_Left)
    assert int(window.bars.probabilities().argmax()) == 4


def test_a_click_on_a_digit_of_the_number_selects_it_and_its_image_is_shown(window: Driver):
    draw(window, FOUR + ZERO + SEVEN)
    window.qtbot.mouseClick(
        window.digit, Qt.MouseButton.LeftButton, pos=window.digit.digitRects()[1].center().toPoint()
    )
    assert int(window.bars.probabilities().argmax()) == 0
    image = window.window.parts.drawing.inputPreview.image()
    assert image[:, 14].sum() < image[:, 9].sum() + image[:, 19].sum()
    assert "2 of 3" in window.digit.accessibleDescription()


def test_a_stroke_through_a_box_still_draws(window: Driver):
    draw(window, FOUR + ZERO + SEVEN)
    draw(window, SLASH)
    assert window.digit.text() == "407"
    assert int(window.bars.probabilities().argmax()) == 0


def test_the_mouse_over_a_box_is_told_the_probability(window: Driver):
    draw(window, FOUR + ZERO + SEVEN)
    spot = boxes(window).boxes()[1].center().toPoint()
    help_event = QHelpEvent(QHelpEvent.Type.ToolTip, spot, window.canvas.mapToGlobal(spot))
    QApplication.sendEvent(window.canvas, help_event)
    assert QToolTip.text().startswith("0: ")
    assert "%" in QToolTip.text()
    QToolTip.hideText()
    QApplication.sendEvent(window.canvas, QHelpEvent(QHelpEvent.Type.ToolTip, QPoint(8, 8), QPoint(8, 8)))


def test_the_digit_selected_is_the_one_that_is_kept_as_ones_own(window: Driver):
    draw(window, FOUR + ZERO + SEVEN)
    window.qtbot.keyClick(window.digit, Qt.Key.Key_Home)
    window.qtbot.keyClick(window.canvas, Qt.Key.Key_4)
    (own,) = window.window.teaching.own.digits()
    assert own.label == 4
    assert own.marks == window.canvas.marks()[:2]
