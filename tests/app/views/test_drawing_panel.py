"""The canvas with its tools and what is read."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.answer import NOTHING, UNSURE, Answer
from app.theme import DARK
from app.views.drawing_panel import DrawingPanel
from tests.app.pointing import drag, press, release

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot: QtBot) -> DrawingPanel:
    view = DrawingPanel()
    qtbot.addWidget(view)
    view.resize(340, 680)
    view.show()
    view.activateWindow()
    view.canvas.setFocus()
    return view


def _button(panel: DrawingPanel, name: str) -> QAbstractButton:
    button = panel.findChild(QAbstractButton, name)
    assert button is not None
    return button


@pytest.mark.parametrize("name", ["canvas", "probabilityBars", "inputPreview", "predictedDigit", "penWidthSlider"])
def test_everything_is_found_by_its_name(panel: DrawingPanel, name: str) -> None:
    found = panel.findChild(QWidget, name)
    assert found is not None
    assert found.isVisible()
    assert found.accessibleName()
    assert isinstance(panel.findChild(QLabel, "predictedDigit"), QLabel)


@pytest.mark.parametrize("name", ["undoButton", "redoButton", "clearButton", "eraserButton"])
def test_buttons_can_be_seen_and_say_what_they_do(panel: DrawingPanel, name: str) -> None:
    button = _button(panel, name)
    assert not button.icon().isNull()
    assert button.accessibleName()
    assert "(" in button.toolTip()  # the key


def test_the_buttons_follow_the_history(panel: DrawingPanel) -> None:
    def enabled() -> list[bool]:
        return [_button(panel, f"{name}Button").isEnabled() for name in ("undo", "redo", "clear")]

    assert enabled() == [False, False, False]
    drag(panel.canvas, [(80, 80), (180, 180)])
    assert enabled() == [True, False, True]
    QTest.mouseClick(_button(panel, "undoButton"), LEFT)
    assert enabled() == [False, True, False]
    QTest.mouseClick(_button(panel, "redoButton"), LEFT)
    assert enabled() == [True, False, True]
    QTest.mouseClick(_button(panel, "clearButton"), LEFT)
    assert panel.canvas.marks() == ()
    assert enabled() == [True, False, False]
    QTest.mouseClick(_button(panel, "undoButton"), LEFT)
    assert len(panel.canvas.marks()) == 1


def test_slider_and_keys_change_the_pen(panel: DrawingPanel) -> None:
    slider = panel.penWidthSlider
    assert (slider.minimum(), slider.value(), slider.maximum()) == (8, 20, 40)
    slider.setValue(30)
    assert panel.canvas.penWidth() == 30
    QTest.keyClick(panel.canvas, Qt.Key.Key_BracketRight)
    assert panel.canvas.penWidth() == slider.value() == 32
    QTest.keyClick(panel.canvas, Qt.Key.Key_BracketLeft)
    assert panel.canvas.penWidth() == slider.value() == 30
    panel.canvas.setPenWidth(12.5)
    assert panel.canvas.penWidth() == 12.5
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_End)
    assert panel.canvas.penWidth() == 40


def test_the_eraser_is_a_toggle_with_a_key(panel: DrawingPanel) -> None:
    button = _button(panel, "eraserButton")
    QTest.mouseClick(button, LEFT)
    assert panel.canvas.isEraser()
    QTest.keyClick(panel.canvas, Qt.Key.Key_E)
    assert not panel.canvas.isEraser()
    assert not button.isChecked()
    panel.canvas.setEraser(True)
    assert button.isChecked()


def test_delete_clears_wherever_in_the_panel_the_focus_is(panel: DrawingPanel) -> None:
    drag(panel.canvas, [(80, 80)])
    panel.penWidthSlider.setFocus()
    QTest.keyClick(panel.penWidthSlider, Qt.Key.Key_Delete)
    assert panel.canvas.marks() == ()


def test_a_tool_button_ends_the_stroke_of_a_finger(panel: DrawingPanel) -> None:
    press(panel.canvas, 50, 50)
    _button(panel, "undoButton").click()
    assert panel.canvas.marks() == ()
    assert not panel.canvas.isDrawing()
    release(panel.canvas, 50, 50)


def test_an_answer_is_shown_everywhere(panel: DrawingPanel) -> None:
    image = np.eye(28, dtype=np.float32)
    probabilities = np.full(10, 0.01)
    probabilities[3] = 0.91
    panel.showAnswer(Answer(image, probabilities, 3, "3"))
    assert panel.predictedDigit.text() == "3"
    assert panel.predictedDigit.isEnabled()
    assert panel.inputPreview.image() == pytest.approx(image)
    assert panel.probabilityBars.probabilities() == pytest.approx(probabilities)


def test_before_the_first_stroke_and_when_unsure(panel: DrawingPanel) -> None:
    assert panel.predictedDigit.text() == NOTHING == "–"
    assert panel.predictedDigit.accessibleDescription() == "Nothing is drawn."
    panel.showAnswer(Answer(np.zeros((28, 28), np.float32), np.full(10, 0.1), 0, UNSURE))
    assert panel.predictedDigit.text() == "?"
    assert panel.predictedDigit.accessibleDescription() == "Unsure."
    panel.showAnswer(Answer())
    assert panel.predictedDigit.text() == "–"
    assert panel.probabilityBars.probabilities() is None


@pytest.mark.parametrize(("width", "height"), [(300, 560), (340, 680), (600, 1000), (600, 560)])
def test_nothing_overlaps_and_the_canvas_gets_the_most(panel: DrawingPanel, width: int, height: int) -> None:
    panel.resize(width, height)
    parts = [panel.canvas, panel.undoButton, panel.predictedDigit, panel.inputPreview, panel.probabilityBars]
    for i, one in enumerate(parts):
        assert panel.rect().contains(one.geometry())
        assert not any(one.geometry().intersects(other.geometry()) for other in parts[i + 1 :])
    assert panel.canvas.height() <= panel.canvas.width()
    assert panel.canvas.paperRect().width() >= min(width - 24, height / 2 - 40)


def test_icons_follow_the_theme(panel: DrawingPanel) -> None:
    drag(panel.canvas, [(80, 80)])
    palette = QPalette(panel.palette())
    palette.setColor(QPalette.ColorRole.ButtonText, QColor(DARK.text))
    panel.setPalette(palette)
    image = panel.undoButton.icon().pixmap(48, 48).toImage()
    colors = {
        image.pixelColor(x, y).name() for x in range(48) for y in range(48) if image.pixelColor(x, y).alpha() == 255
    }
    assert colors == {DARK.text}


def test_a_number_moves_nothing_beside_it(panel: DrawingPanel) -> None:
    places = []
    for text in ("3", "173", "20945"):
        panel.predictedDigit.showDigits(text, 0)
        panel.layout().activate()
        places.append((panel.probabilityBars.geometry(), panel.inputPreview.geometry()))
        assert panel.predictedDigit.digitRects()[0].left() >= 0
    assert places[0] == places[1] == places[2]


def test_the_hint_is_whole_or_not_there(panel: DrawingPanel) -> None:
    hint = panel.findChild(QLabel, "meantHint")
    panel.showAnswer(Answer(np.zeros((28, 28), np.float32), np.full(10, 0.1), 3, "3"))
    seen = set()
    for width in (520, 340, 300, 240, 200):
        panel.resize(width, 680)
        QApplication.processEvents()
        assert hint.fontMetrics().horizontalAdvance(hint.text()) <= hint.width()
        seen.add(hint.text())
    assert {"Wrong? Press the right digit.", "Wrong?"} <= seen
    panel.showAnswer(Answer())
    assert hint.text() == ""
