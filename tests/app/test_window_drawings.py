"""Drawings and pictures that come and go as files; one history of all that lies on the canvas."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from nn_core.drawing_file import load_drawing
from nn_core.ink import Picture, Stroke
from tests.app import pointing
from tests.app.driver import ONE, SEVEN, Driver, a_full_disk
from tests.app.test_window_files import choose_file


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    y, x = np.mgrid[0:150, 0:200]
    light = (200 - 0.5 * x - 80 * ((np.abs(x - 90) < 6) & (np.abs(y - 75) < 50))).astype(np.uint8)
    assert QImage(light.data, 200, 150, 200, QImage.Format.Format_Grayscale8).save(str(tmp_path / "photo.png"))
    return tmp_path / "photo.png"


def test_a_drawing_is_saved_and_opened_again(window: Driver, tmp_path: Path) -> None:
    window.draw(SEVEN)
    pointing.drag(window.canvas, ONE, button=Qt.MouseButton.RightButton)
    marks, path = window.canvas.marks(), tmp_path / "mine.drawing"
    choose_file(window, "Save drawing…", path)
    window.until(lambda: "Saved mine.drawing" in window.window.statusBar().currentMessage())
    probabilities, digit = window.bars.probabilities(), window.digit.text()
    assert [mark.erase for mark in load_drawing(path).marks] == [False, True]
    np.testing.assert_array_equal(load_drawing(path).probabilities, probabilities)
    window.press("clear")
    with window.qtbot.waitSignal(window.window.predictionChanged):
        choose_file(window, "Open drawing…", path)
        window.until(lambda: len(window.canvas.marks()) == 2)
    for mark, before in zip(window.canvas.marks(), marks, strict=True):
        np.testing.assert_array_equal(mark.points, before.points)
        assert (mark.width, mark.erase) == (before.width, before.erase)
    window.until(lambda: np.array_equal(window.bars.probabilities(), probabilities))
    assert window.digit.text() == digit
    assert "when it was saved" in window.window.statusBar().currentMessage()
    window.press("undo")
    assert window.canvas.marks() == ()


def test_one_history_of_strokes_pictures_and_drawings(window: Driver, photograph: Path, tmp_path: Path) -> None:
    window.draw(SEVEN)
    window.drop(photograph)
    window.until(lambda: isinstance(window.canvas.marks()[0], Picture))
    window.draw(ONE)
    choose_file(window, "Save drawing…", tmp_path / "both.drawing")
    window.press("clear")
    window.drop(tmp_path / "both.drawing")
    window.until(lambda: len(window.canvas.marks()) == 2)
    kept = window.canvas.marks()
    kinds = []
    for _ in range(5):
        window.press("undo")
        kinds.append([type(mark) for mark in window.canvas.marks()])
    assert kinds == [[], [Picture, Stroke], [Picture], [Stroke], []]
    for _ in range(5):
        window.press("redo")
    assert window.canvas.marks() == kept
    np.testing.assert_array_equal(kept[0].ink, load_drawing(tmp_path / "both.drawing").marks[0].ink)


def test_a_picture_is_drawn_on_and_erased(window: Driver, photograph: Path) -> None:
    window.drop(photograph)
    window.until(lambda: bool(window.canvas.marks()))
    before = window.picture(window.canvas)
    pointing.drag(window.canvas, [(20.0, 140.0), (260.0, 140.0)], button=Qt.MouseButton.RightButton)
    assert window.picture(window.canvas) != before
    window.press("undo")
    assert window.picture(window.canvas) == before


def test_an_empty_sheet_is_not_saved(window: Driver) -> None:
    window.window.menu["Save drawing…"].trigger()
    assert "no drawing to save" in window.messages()[0]


def test_a_damaged_drawing_changes_nothing(window: Driver, tmp_path: Path) -> None:
    window.draw(SEVEN)
    marks, path = window.canvas.marks(), tmp_path / "mine.drawing"
    with a_full_disk():
        choose_file(window, "Save drawing…", path)
    assert "mine.drawing" in window.messages()[0]
    assert not path.exists()
    path.write_bytes(b"no drawing")
    window.drop(path)
    window.until(lambda: any("mine.drawing is damaged" in message for message in window.messages()))
    assert len(window.messages()) == 1  # of the last one that was tried
    assert window.canvas.marks() == marks
    window.window.words.tell("the weather is bad")
    choose_file(window, "Save drawing…", path)
    assert len(load_drawing(path).marks) == len(marks)
    assert window.messages() == ["the weather is bad"]  # for what went wrong before has gone well now


def test_of_two_pictures_the_last_one_counts(window: Driver, photograph: Path, tmp_path: Path) -> None:
    window.draw(ONE)
    choose_file(window, "Save drawing…", tmp_path / "one.drawing")
    window.press("clear")
    window.drop(photograph)
    window.drop(tmp_path / "one.drawing")
    window.until(lambda: bool(window.canvas.marks()))
    assert isinstance(window.canvas.marks()[0], Stroke)
    window.press("undo")
    assert window.canvas.marks() == ()
