"""Drawing in the window: the network answers while the pen moves."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from tests.app import pointing
from tests.app.driver import ONE, SEVEN, Driver


def test_an_empty_canvas_predicts_nothing(window: Driver):
    assert window.digit.text() == "–"
    assert window.bars.probabilities() is None


def test_a_drawing_is_answered_while_it_is_drawn(window: Driver):
    answers = []
    window.window.predictionChanged.connect(lambda digit, probabilities: answers.append((digit, probabilities)))
    pointing.press(window.canvas, *SEVEN[0])
    for place in SEVEN[1:]:
        before = len(answers)
        pointing.move(window.canvas, *place)
        window.until(lambda before=before: len(answers) > before)
    digit, probabilities = answers[-1]
    assert probabilities.shape == (10,)
    assert probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert digit == int(probabilities.argmax())
    np.testing.assert_allclose(window.bars.probabilities(), probabilities, rtol=1e-6)
    assert window.digit.text() == (str(digit) if probabilities.max() >= 0.5 else "?")
    pointing.release(window.canvas, *SEVEN[-1])


def test_many_moves_at_once_are_answered_once(window: Driver):
    answers = []
    window.window.predictionChanged.connect(lambda *_: answers.append(1))
    for number in range(200):
        window.canvas.marksChanged.emit(window.canvas.marks())
        assert number < 200
    window.until(lambda: bool(answers))
    assert len(answers) == 1


LETTER_A = [[(90.0, 230.0), (140.0, 50.0)], [(140.0, 50.0), (195.0, 230.0)], [(105.0, 160.0), (180.0, 158.0)]]
STAR = [[(140.0, 40.0), (205.0, 240.0), (40.0, 115.0), (240.0, 110.0), (75.0, 240.0), (140.0, 40.0)]]
DOT = [[(70.0, 70.0), (73.0, 72.0)]]


@pytest.mark.parametrize("strokes", [LETTER_A, STAR, DOT])
def test_what_is_no_digit_is_unsure(window: Driver, strokes: list[pointing.Places]):
    for stroke in strokes:
        window.draw(stroke)
    assert window.digit.text() == "?"
    assert window.bars.probabilities().sum() == pytest.approx(1, abs=1e-5)
    with window.qtbot.waitSignal(window.window.predictionChanged):
        window.press("clear")
    window.draw(ONE)
    assert window.digit.text() == "1"


def test_undo_redo_and_clear_change_the_answer(window: Driver):
    window.draw(SEVEN)
    first = window.bars.probabilities()
    window.draw(ONE)
    assert not np.array_equal(window.bars.probabilities(), first)
    with window.qtbot.waitSignal(window.window.predictionChanged):
        window.press("undo")
    np.testing.assert_array_equal(window.bars.probabilities(), first)
    with window.qtbot.waitSignal(window.window.predictionChanged) as told:
        window.press("clear")
    assert told.args == [-1, None]
    assert window.digit.text() == "–"
    with window.qtbot.waitSignal(window.window.predictionChanged):
        window.press("undo")
    np.testing.assert_array_equal(window.bars.probabilities(), first)


def test_feature_maps_show_the_drawing(window: Driver):
    maps = window.window.findChild(QWidget, "featureMapView")
    empty = window.picture(maps)
    with window.qtbot.waitSignal(window.window.reading.mapsChanged):
        window.draw(SEVEN)
    drawn = window.picture(maps)
    assert drawn != empty
    with window.qtbot.waitSignal(window.window.reading.mapsChanged) as told:
        window.press("clear")
    assert told.args == [None]
    assert window.picture(maps) == empty


def test_a_picture_is_dropped_and_pasted(window: Driver, tmp_path):
    image = QImage(200, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setPen(QPen(QColor("black"), 14))
    painter.drawLine(100, 30, 95, 170)
    painter.end()
    image.save(str(tmp_path / "one.png"))
    with window.qtbot.waitSignal(window.window.predictionChanged):
        window.drop(tmp_path / "one.png")
    dropped = window.bars.probabilities()
    with window.qtbot.waitSignal(window.window.predictionChanged):
        window.press("undo")
    QGuiApplication.clipboard().setImage(image)
    with window.qtbot.waitSignal(window.window.predictionChanged):
        window.qtbot.keyClick(window.window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    np.testing.assert_allclose(window.bars.probabilities(), dropped, atol=1e-6)


def test_what_is_no_picture_is_refused_in_a_sentence(window: Driver, tmp_path):
    (tmp_path / "one.png").write_bytes(b"not a picture")
    window.drop(tmp_path / "one.png")
    window.until(lambda: bool(window.messages()))
    assert "one.png" in window.messages()[0]
    QGuiApplication.clipboard().clear()
    window.qtbot.keyClick(window.window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    (message,) = window.messages()  # of the last one that was tried
    assert "clipboard" in message
    window.press("messageClose")
    assert window.messages() == []


def test_a_selected_unit_is_shown_enlarged_and_follows_the_drawing(window: Driver):
    place = window.kernel_view.unitRect(0, 1).center()
    window.qtbot.mouseClick(window.kernel_view, Qt.MouseButton.LeftButton, pos=place)
    inspector = window.window.parts.inspector
    assert inspector.isVisible()
    with window.qtbot.waitSignal(window.window.reading.mapsChanged):
        window.draw(SEVEN)
    shown = window.picture(inspector)
    with window.qtbot.waitSignal(window.window.reading.mapsChanged):
        window.draw(ONE)
    assert window.picture(inspector) != shown


def test_five_thousand_signals_do_no_harm(window: Driver):
    window.draw(SEVEN)
    heard = []
    window.window.predictionChanged.connect(lambda digit, _: heard.append(digit))
    probabilities = window.bars.probabilities()
    for number in range(5000):
        window.window.predictionChanged.emit(number % 10, probabilities)
        window.canvas.marksChanged.emit(window.canvas.marks())
    assert len(heard) == 5000
    with window.qtbot.waitSignal(window.window.predictionChanged):
        window.press("undo")
