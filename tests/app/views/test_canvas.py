"""The canvas, driven as people drive it."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QMouseEvent, QPalette, QTouchEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.colors import INK, INK_DARK
from app.theme import DARK, LIGHT
from app.views.canvas import DEFAULT_PEN_WIDTH, PEN_WIDTHS, CanvasView
from nn_core.ink import Marks, Picture, Stroke, digit_image
from tests.app.pointing import drag, move, pen, place, press, release

LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton
SEVEN = [(70.0, 60.0), (140.0, 62.0), (210.0, 60.0), (180.0, 130.0), (140.0, 220.0)]


@pytest.fixture
def canvas(qtbot: QtBot) -> CanvasView:
    view = CanvasView()
    qtbot.addWidget(view)
    view.resize(286, 286)
    view.show()
    view.activateWindow()
    view.setFocus()
    return view


@pytest.fixture
def heard(canvas: CanvasView) -> list[Marks]:
    """Every drawing that the canvas told about."""
    told: list[Marks] = []
    canvas.marksChanged.connect(told.append)
    return told


def _color(canvas: CanvasView, x: float, y: float) -> QColor:
    return canvas.grab().toImage().pixelColor(place(canvas, x, y))


def _strokes(canvas: CanvasView) -> list[Stroke]:
    assert all(isinstance(mark, Stroke) for mark in canvas.marks())
    return [mark for mark in canvas.marks() if isinstance(mark, Stroke)]


class TestDrawing:
    def test_what_is_drawn_while_nothing_is_painted_is_seen_afterwards(self, canvas: CanvasView) -> None:
        canvas.setUpdatesEnabled(False)
        drag(canvas, SEVEN)
        press(canvas, 100, 200)
        canvas.setUpdatesEnabled(True)
        move(canvas, 60, 200)
        assert _color(canvas, 140, 62) == _color(canvas, 80, 200) == QColor(*INK[255].tolist())
        release(canvas, 60, 200)
        canvas.setUpdatesEnabled(False)
        canvas.clear()
        canvas.setUpdatesEnabled(True)
        assert _color(canvas, 140, 62) == QColor(*INK[0].tolist())

    def test_a_press_is_a_dot_at_once(self, canvas: CanvasView, heard: list[Marks]) -> None:
        press(canvas, 100, 120)
        assert [len(marks) for marks in heard] == [1]
        assert _strokes(canvas)[0].points.round().tolist() == [[100, 120]]
        assert _color(canvas, 100, 120) == QColor(*INK[255].tolist())

    def test_every_move_is_kept_and_told(self, canvas: CanvasView, heard: list[Marks]) -> None:
        drag(canvas, SEVEN)
        counts = [len(marks[0].points) for marks in heard if isinstance(marks[0], Stroke)]
        assert counts[:5] == [1, 2, 3, 4, 5]
        assert _strokes(canvas)[0].points == pytest.approx(np.array(SEVEN), abs=0.6)
        assert heard[-1] == canvas.marks()
        assert not canvas.isDrawing()

    def test_what_was_told_does_not_change_later(self, canvas: CanvasView, heard: list[Marks]) -> None:
        press(canvas, 50, 50)
        first = heard[0][0]
        assert isinstance(first, Stroke)
        move(canvas, 200, 200)
        assert first.points.round().tolist() == [[50, 50]]

    @pytest.mark.parametrize(("width", "height"), [(286, 286), (400, 600), (700, 300), (130, 130)])
    def test_units_are_the_same_at_any_size(self, canvas: CanvasView, width: int, height: int) -> None:
        canvas.resize(width, height)
        paper = canvas.paperRect()
        assert paper.width() == paper.height() <= min(width, height)
        assert paper.center().toTuple() == pytest.approx((width / 2, height / 2), abs=1)
        drag(canvas, SEVEN)
        assert _strokes(canvas)[0].points == pytest.approx(np.array(SEVEN), abs=280 / paper.width())

    def test_places_between_pixels_are_kept(self, canvas: CanvasView) -> None:
        spot = canvas.paperRect().topLeft() + QPointF(100.25, 50.75)
        there = canvas.mapToGlobal(spot)
        QApplication.sendEvent(
            canvas, QMouseEvent(QEvent.Type.MouseButtonPress, spot, there, LEFT, LEFT, Qt.KeyboardModifier.NoModifier)
        )
        assert _strokes(canvas)[0].points.tolist() == [[100.25, 50.75]]

    def test_a_stroke_may_leave_the_sheet_and_come_back(self, canvas: CanvasView) -> None:
        drag(canvas, [(200, 100), (400, 100), (99999, 120), (200, 140)])
        points = _strokes(canvas)[0].points
        assert len(points) == 4
        assert points[1, 0] == pytest.approx(400, abs=1)
        assert np.abs(points).max() <= 560

    def test_beside_the_sheet_nothing_begins(self, canvas: CanvasView, heard: list[Marks]) -> None:
        canvas.resize(600, 300)
        press(canvas, -20, 100)
        move(canvas, 100, 100)
        release(canvas, 100, 100)
        assert canvas.marks() == ()
        assert heard == []

    def test_a_second_press_in_quick_succession_is_a_stroke_too(self, canvas: CanvasView) -> None:
        drag(canvas, [(100, 100)])
        QTest.mouseDClick(canvas, LEFT, pos=place(canvas, 120, 100))
        assert len(canvas.marks()) >= 2

    def test_long_strokes_lose_nothing(self, canvas: CanvasView) -> None:
        places = [(40 + 200 * (i % 2), 10 + 260 * i / 700) for i in range(700)]
        drag(canvas, places)
        assert len(_strokes(canvas)[0].points) == 700

    def test_the_pen_width_is_that_of_the_next_stroke(self, canvas: CanvasView, qtbot: QtBot) -> None:
        press(canvas, 100, 100)
        with qtbot.waitSignal(canvas.penWidthChanged) as signal:
            canvas.setPenWidth(33)
        release(canvas, 110, 100)
        drag(canvas, [(50, 50)])
        assert signal.args == [33.0]
        assert [stroke.width for stroke in _strokes(canvas)] == [DEFAULT_PEN_WIDTH, 33]

    @pytest.mark.parametrize(("asked", "got"), [(1, PEN_WIDTHS[0]), (1000, PEN_WIDTHS[1]), (12.5, 12.5)])
    def test_the_pen_width_has_limits(self, canvas: CanvasView, asked: float, got: float) -> None:
        canvas.setPenWidth(asked)
        assert canvas.penWidth() == got

    def test_the_cursor_is_as_wide_as_the_pen(self, canvas: CanvasView) -> None:
        canvas.setPenWidth(8)
        small = canvas.cursor().pixmap().deviceIndependentSize().width()
        canvas.setPenWidth(40)
        large = canvas.cursor().pixmap().deviceIndependentSize().width()
        assert large - small == pytest.approx(32, abs=1.5)

    def test_a_move_is_cheap(self, canvas: CanvasView) -> None:
        places = [(140 + 100 * np.cos(t), 140 + 100 * np.sin(t)) for t in np.linspace(0, 6, 200)]
        press(canvas, *places[0])
        seconds = []
        for x, y in places[1:]:
            before = time.perf_counter()
            move(canvas, x, y)
            seconds.append(time.perf_counter() - before)
        assert np.median(seconds) < 0.004  # four times what it may cost here, for machines that are busy


class TestErasing:
    def test_the_right_button_erases(self, canvas: CanvasView) -> None:
        drag(canvas, [(40, 140), (240, 140)])
        drag(canvas, [(140, 100), (140, 180)], RIGHT)
        assert [stroke.erase for stroke in _strokes(canvas)] == [False, True]
        assert _color(canvas, 140, 140) == QColor(*INK[0].tolist())
        assert _color(canvas, 60, 140) == QColor(*INK[255].tolist())

    def test_the_eraser_erases_with_the_left_button(self, canvas: CanvasView, qtbot: QtBot) -> None:
        with qtbot.waitSignal(canvas.eraserChanged):
            canvas.setEraser(True)
        drag(canvas, [(140, 100), (140, 180)])
        canvas.setEraser(False)
        drag(canvas, [(40, 100), (40, 180)])
        assert [stroke.erase for stroke in _strokes(canvas)] == [True, False]

    def test_other_buttons_do_nothing(self, canvas: CanvasView) -> None:
        drag(canvas, SEVEN, MIDDLE)
        assert canvas.marks() == ()

    def test_nothing_is_left_to_read_when_all_is_erased(self, canvas: CanvasView) -> None:
        drag(canvas, [(100, 140), (180, 140)])
        canvas.setPenWidth(40)
        drag(canvas, [(90, 140), (190, 140)], RIGHT)
        assert digit_image(canvas.marks()) is None


class TestOnePointer:
    def test_a_second_button_does_not_interfere(self, canvas: CanvasView) -> None:
        press(canvas, 50, 50)
        press(canvas, 200, 200, RIGHT)
        release(canvas, 200, 200, RIGHT)
        assert canvas.isDrawing()
        move(canvas, 100, 50)
        release(canvas, 100, 50)
        assert len(canvas.marks()) == 1
        assert not _strokes(canvas)[0].erase

    def test_a_finger_draws_and_a_second_one_does_not(self, canvas: CanvasView) -> None:
        screen = QTest.createTouchDevice()
        QTest.touchEvent(canvas, screen).press(4, place(canvas, 50, 50), canvas).commit()
        QTest.touchEvent(canvas, screen).move(4, place(canvas, 60, 60), canvas).press(
            5, place(canvas, 200, 200), canvas
        ).commit()
        QTest.touchEvent(canvas, screen).move(4, place(canvas, 70, 70), canvas).move(
            5, place(canvas, 210, 210), canvas
        ).commit()
        QTest.touchEvent(canvas, screen).release(4, place(canvas, 70, 70), canvas).stationary(5).commit()
        QTest.touchEvent(canvas, screen).release(5, place(canvas, 210, 210), canvas).commit()
        (stroke,) = _strokes(canvas)
        assert stroke.points.round().tolist() == [[50, 50], [60, 60], [70, 70]]
        assert not canvas.isDrawing()

    def test_a_pen_draws_with_its_tip_and_erases_with_its_end(self, canvas: CanvasView) -> None:
        for eraser in (False, True):
            assert pen(canvas, QEvent.Type.TabletPress, 50, 50, eraser)
            assert pen(canvas, QEvent.Type.TabletMove, 90, 90, eraser)
            assert pen(canvas, QEvent.Type.TabletRelease, 90, 90, eraser)
        assert [stroke.erase for stroke in _strokes(canvas)] == [False, True]
        assert [len(stroke.points) for stroke in _strokes(canvas)] == [2, 2]

    def test_a_hovering_pen_leaves_no_ink(self, canvas: CanvasView, heard: list[Marks]) -> None:
        assert pen(canvas, QEvent.Type.TabletMove, 90, 90)
        assert heard == []

    def test_a_resting_hand_gives_way_to_the_pen(self, canvas: CanvasView) -> None:
        screen = QTest.createTouchDevice()
        QTest.touchEvent(canvas, screen).press(0, place(canvas, 200, 250), canvas).commit()
        pen(canvas, QEvent.Type.TabletPress, 50, 50)
        QTest.touchEvent(canvas, screen).release(0, place(canvas, 200, 250), canvas).commit()
        pen(canvas, QEvent.Type.TabletRelease, 60, 60)
        (stroke,) = _strokes(canvas)
        assert stroke.points.round().tolist() == [[50, 50], [60, 60]]

    def test_the_mouse_waits_for_the_pen(self, canvas: CanvasView) -> None:
        pen(canvas, QEvent.Type.TabletPress, 50, 50)
        drag(canvas, SEVEN)
        pen(canvas, QEvent.Type.TabletRelease, 60, 60)
        assert len(canvas.marks()) == 1

    def test_a_cancelled_touch_leaves_nothing(self, canvas: CanvasView, heard: list[Marks]) -> None:
        screen = QTest.createTouchDevice()
        QTest.touchEvent(canvas, screen).press(0, place(canvas, 200, 250), canvas).commit()
        QApplication.sendEvent(canvas, QTouchEvent(QEvent.Type.TouchCancel, screen))
        assert canvas.marks() == heard[-1] == ()
        assert not canvas.undoStack.canUndo()


class TestKeyboard:
    def test_arrows_and_space_draw(self, canvas: CanvasView) -> None:
        QTest.keyClick(canvas, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
        QTest.keyClick(canvas, Qt.Key.Key_Space)
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Home):
            QTest.keyClick(canvas, key)
        assert canvas.isDrawing()
        QTest.keyClick(canvas, Qt.Key.Key_Space)
        QTest.keyClick(canvas, Qt.Key.Key_Left)
        (stroke,) = _strokes(canvas)
        assert stroke.points == pytest.approx(np.array([[140, 120], [144, 120], [144, 124], [140, 120]]), abs=0.01)

    def test_the_spot_is_shown_and_stays_on_the_sheet(self, canvas: CanvasView) -> None:
        assert canvas.keyboardSpot() is None
        for _ in range(9):
            QTest.keyClick(canvas, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ShiftModifier)
        assert canvas.keyboardSpot() == canvas.paperRect().topRight()
        QTest.keyClick(canvas, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
        spot = canvas.keyboardSpot()
        assert spot is not None
        rim = (spot - QPointF(canvas.penWidth() / 2 * canvas.paperRect().width() / 280, 0)).toPoint()
        assert canvas.grab().toImage().pixelColor(rim) != QColor(*INK[0].tolist())

    def test_the_mouse_takes_over(self, canvas: CanvasView) -> None:
        QTest.keyClick(canvas, Qt.Key.Key_Left)
        drag(canvas, SEVEN)
        assert canvas.keyboardSpot() is None
        press(canvas, 50, 50)
        QTest.keyClick(canvas, Qt.Key.Key_Space)
        QTest.keyClick(canvas, Qt.Key.Key_Left)
        release(canvas, 50, 50)
        assert [len(stroke.points) for stroke in _strokes(canvas)] == [5, 1]

    def test_a_key_held_down_is_one_press(self, canvas: CanvasView) -> None:
        none, space = Qt.KeyboardModifier.NoModifier, Qt.Key.Key_Space
        for repeat in (False, True, True):
            QApplication.sendEvent(canvas, QKeyEvent(QEvent.Type.KeyPress, space, none, " ", repeat))
        assert canvas.isDrawing()

    def test_other_keys_are_left_to_others(self, canvas: CanvasView) -> None:
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Q, Qt.KeyboardModifier.NoModifier, "q")
        QApplication.sendEvent(canvas, event)
        assert not event.isAccepted()
        assert canvas.marks() == ()


class TestNeverHalfOpen:
    @pytest.mark.parametrize(
        "take_away",
        [
            lambda canvas: canvas.clearFocus(),
            lambda canvas: canvas.hide(),
            lambda canvas: canvas.setEnabled(False),
            lambda canvas: QApplication.sendEvent(canvas, QEvent(QEvent.Type.WindowDeactivate)),
        ],
        ids=["the focus goes", "hidden", "disabled", "another window"],
    )
    def test_what_takes_the_pointer_away_ends_the_stroke(
        self, canvas: CanvasView, take_away: Callable[[CanvasView], object]
    ) -> None:
        press(canvas, 50, 50)
        move(canvas, 90, 90)
        take_away(canvas)
        assert not canvas.isDrawing()
        assert len(_strokes(canvas)[0].points) == 2
        assert canvas.undoStack.count() == 1

    def test_a_release_that_went_elsewhere_ends_the_stroke(self, canvas: CanvasView) -> None:
        press(canvas, 50, 50)
        spot = QPointF(90, 90)
        none = Qt.MouseButton.NoButton
        event = QMouseEvent(
            QEvent.Type.MouseMove, spot, canvas.mapToGlobal(spot), none, none, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(canvas, event)
        assert not canvas.isDrawing()
        assert len(_strokes(canvas)[0].points) == 1
        release(canvas, 90, 90)

    def test_escape_takes_the_stroke_back(self, canvas: CanvasView, heard: list[Marks]) -> None:
        press(canvas, 50, 50)
        move(canvas, 90, 90)
        QTest.keyClick(canvas, Qt.Key.Key_Escape)
        assert canvas.marks() == heard[-1] == ()
        release(canvas, 90, 90)
        assert canvas.undoStack.count() == 0
        assert _color(canvas, 50, 50) == QColor(*INK[0].tolist())

    def test_undo_while_drawing_undoes_what_is_being_drawn(self, canvas: CanvasView) -> None:
        drag(canvas, SEVEN)
        press(canvas, 50, 50)
        canvas.undo()
        assert len(canvas.marks()) == 1
        move(canvas, 90, 90)
        release(canvas, 90, 90)
        assert len(canvas.marks()) == 1
        canvas.redo()
        assert len(canvas.marks()) == 2

    def test_clear_while_drawing_keeps_the_stroke_in_the_history(self, canvas: CanvasView) -> None:
        press(canvas, 50, 50)
        canvas.clear()
        assert canvas.marks() == ()
        assert not canvas.isDrawing()
        canvas.undo()
        assert len(canvas.marks()) == 1

    def test_the_history_may_move_under_a_stroke(self, canvas: CanvasView) -> None:
        drag(canvas, SEVEN)
        press(canvas, 50, 50)
        canvas.undoStack.undo()
        move(canvas, 90, 90)
        release(canvas, 90, 90)
        assert [len(stroke.points) for stroke in _strokes(canvas)] == [2]
        assert _color(canvas, 140, 62) == QColor(*INK[0].tolist())
        assert _color(canvas, 70, 70) == QColor(*INK[255].tolist())

    def test_resizing_while_drawing_keeps_the_stroke(self, canvas: CanvasView) -> None:
        press(canvas, 50, 50)
        move(canvas, 200, 50)
        canvas.resize(500, 500)
        assert _color(canvas, 120, 50) == QColor(*INK[255].tolist())
        move(canvas, 200, 200)
        release(canvas, 200, 200)
        assert _strokes(canvas)[0].points == pytest.approx(np.array([[50, 50], [200, 50], [200, 200]]), abs=0.6)
        assert _color(canvas, 200, 150) == QColor(*INK[255].tolist())


class TestUndo:
    def test_strokes_go_and_come_one_by_one(self, canvas: CanvasView, heard: list[Marks]) -> None:
        drag(canvas, SEVEN)
        drag(canvas, [(100, 130), (170, 130)])
        both = canvas.marks()
        canvas.undo()
        assert heard[-1] == canvas.marks() == both[:1]
        assert _color(canvas, 100, 130) == QColor(*INK[0].tolist())
        canvas.undo()
        assert canvas.marks() == ()
        canvas.redo()
        canvas.redo()
        assert all(a is b for a, b in zip(canvas.marks(), both, strict=True))
        assert _color(canvas, 100, 130) == QColor(*INK[255].tolist())

    def test_the_keys_are_those_of_the_platform(self, canvas: CanvasView) -> None:
        drag(canvas, SEVEN)
        QTest.keySequence(canvas, QKeySequence(QKeySequence.StandardKey.Undo))
        assert canvas.marks() == ()
        QTest.keySequence(canvas, QKeySequence(QKeySequence.StandardKey.Redo))
        assert len(canvas.marks()) == 1
        QTest.keySequence(canvas, QKeySequence(QKeySequence.StandardKey.Delete))
        assert canvas.marks() == ()
        assert canvas.undoStack.count() == 2

    def test_delete_is_left_to_those_who_have_the_focus(self, qtbot: QtBot) -> None:
        window = QWidget()
        qtbot.addWidget(window)
        canvas, line = CanvasView(), QLineEdit("7")
        layout = QVBoxLayout(window)
        layout.addWidget(canvas)
        layout.addWidget(line)
        window.show()
        window.activateWindow()
        canvas.setMarks((Stroke(np.array([[9, 9]], np.float32), 9),))
        line.setFocus()
        line.setCursorPosition(0)
        QTest.keySequence(line, QKeySequence(QKeySequence.StandardKey.Delete))
        assert line.text() == ""
        assert len(canvas.marks()) == 1

    def test_the_actions_say_what_can_be_done(self, canvas: CanvasView) -> None:
        def states() -> tuple[bool, bool, bool]:
            return canvas.undoAction.isEnabled(), canvas.redoAction.isEnabled(), canvas.clearAction.isEnabled()

        assert states() == (False, False, False)
        press(canvas, 50, 50)
        assert states() == (True, False, True)
        release(canvas, 60, 60)
        assert states() == (True, False, True)
        canvas.undo()
        assert states() == (False, True, False)

    def test_clearing_an_empty_sheet_is_no_step(self, canvas: CanvasView, heard: list[Marks]) -> None:
        canvas.clear()
        assert canvas.undoStack.count() == 0
        assert heard == []

    def test_a_picture_replaces_the_drawing_and_can_be_undone(self, canvas: CanvasView) -> None:
        drag(canvas, SEVEN)
        before = canvas.marks()
        picture = Picture(np.ones((4, 4), np.float32), 100, 100, 80, 80)
        canvas.setPicture(picture)
        assert canvas.marks() == (picture,)
        assert canvas.undoStack.undoText() == "place a picture"
        assert _color(canvas, 140, 140) == QColor(*INK[255].tolist())
        canvas.undo()
        assert canvas.marks() == before

    def test_strokes_on_a_picture_are_marks_after_it(self, canvas: CanvasView) -> None:
        canvas.setPicture(Picture(np.ones((4, 4), np.float32), 100, 100, 80, 80))
        drag(canvas, [(140, 140)], RIGHT)
        assert len(canvas.marks()) == 2
        assert _color(canvas, 140, 140) == QColor(*INK[0].tolist())


class TestLook:
    def test_an_empty_sheet_says_what_it_is_for(self, canvas: CanvasView) -> None:
        paper = canvas.paperRect().toAlignedRect().adjusted(10, 10, -10, -10)
        empty = canvas.grab(paper).toImage()
        press(canvas, 20, 20)
        canvas.undo()
        again = canvas.grab(paper).toImage()
        press(canvas, 20, 20)
        drawing = canvas.grab(paper).toImage()
        middle = QPoint(paper.width() // 2, paper.height() // 2)
        words = middle.x() - 60, middle.y() - 10, 120, 20
        assert empty == again
        blank = drawing.copy(*words)
        assert all(blank.pixelColor(x, y) == QColor(*INK[0].tolist()) for x in range(120) for y in range(20))
        assert empty.copy(*words) != blank

    def test_marks_are_the_same_in_the_dark_and_look_otherwise(self, canvas: CanvasView) -> None:
        drag(canvas, [(140, 140)])
        before = canvas.marks()
        for theme, table in ((DARK, INK_DARK), (LIGHT, INK)):
            palette = QPalette(canvas.palette())
            palette.setColor(QPalette.ColorRole.Window, QColor(theme.window))
            canvas.setPalette(palette)
            assert _color(canvas, 140, 140) == QColor(*table[255].tolist())
            assert _color(canvas, 60, 60) == QColor(*table[0].tolist())
        assert canvas.marks() is before

    def test_the_focus_ring_is_for_the_keyboard(self, canvas: CanvasView) -> None:
        rim = QPoint(int(canvas.paperRect().center().x()), 1)
        canvas.clearFocus()
        without = canvas.grab().toImage().pixelColor(rim)
        canvas.setFocus(Qt.FocusReason.MouseFocusReason)
        assert canvas.grab().toImage().pixelColor(rim) == without
        canvas.clearFocus()
        canvas.setFocus(Qt.FocusReason.TabFocusReason)
        assert canvas.grab().toImage().pixelColor(rim) == QColor(LIGHT.accent)

    def test_it_has_a_name_and_a_size(self, canvas: CanvasView) -> None:
        assert canvas.objectName() == "canvas"
        assert canvas.accessibleName()
        assert "Ctrl+Z" in canvas.undoAction.toolTip() or "⌘" in canvas.undoAction.toolTip()
        assert canvas.sizeHint() == QSize(286, 286)
