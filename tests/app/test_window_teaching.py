"""Own digits in the window: said what they were meant to be, looked through, changed, exchanged, taught, and back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QFileDialog, QLabel, QMenu, QSpinBox, QWidget
from safetensors.numpy import load, save

from app import teaching
from app.phase import Phase
from app.views.digit_grid import DigitGrid
from nn_core import replay
from nn_core.events import Working
from nn_core.initializers import he_uniform
from nn_core.ink import Picture, Stroke
from nn_core.model import Model
from nn_core.modelfile import load_model, save_model
from nn_core.normalization import MNIST_NORMALIZATION
from nn_core.own_digits import OwnDigit, load_own_digits, save_own_digits
from nn_core.own_store import OwnStore
from nn_core.presets import network_of
from nn_core.teaching import Score, Scores, Taught
from nn_core.tensorfile import tensors_hash
from tests.app.driver import ONE, SEVEN, Driver, a_full_disk
from tests.nn_core.own_drawings import mirrored_sevens, upright

CHAIN = "conv 5×5×4 stride 2 → relu → flatten → linear 10"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the windows of this test keep own digits."""
    return tmp_path / "digitscope-digits"


def kept(folder: Path) -> list[OwnDigit]:
    return [digit for path in sorted(folder.glob("*.digits")) for digit in load_own_digits(path)]


def press(window: Driver, digit: int) -> None:
    QTest.keyClick(window.canvas, Qt.Key(Qt.Key.Key_0 + digit))


def said(window: Driver) -> str:
    return window.window.statusBar().currentMessage()


def grid(window: Driver) -> DigitGrid:
    """The thumbnails, brought to the front."""
    window.window.parts.show_teach()
    found = window.window.findChild(DigitGrid, "ownDigits")
    assert found is not None
    return found


def choose(window: Driver, *rows: int) -> DigitGrid:
    found = grid(window)
    found.setFocus()
    found.selectionModel().clearSelection()
    for row in rows:
        place = found.visualRect(found.model().index(row, 0)).center()
        QTest.mouseClick(found.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, place)
    return found


def button(window: Driver, name: str) -> QAbstractButton:
    found = window.window.findChild(QAbstractButton, name)
    assert found is not None, name
    return found


def click(window: Driver, name: str) -> None:
    assert button(window, name).isEnabled(), name
    window.qtbot.mouseClick(button(window, name), Qt.MouseButton.LeftButton)


def choose_file(window: Driver, path: Path) -> None:
    (dialog,) = [each for each in window.window.findChildren(QFileDialog, "fileDialog") if each.isVisible()]
    dialog.selectFile(str(path))
    dialog.fileSelected.emit(str(path))
    dialog.reject()


def fill(window: Driver, folder: Path, digits: list[OwnDigit]) -> None:
    """Put digits into the folder, as another window would, and let this one see them."""
    OwnStore(folder).keep(digits)
    window.window.parts.tabs.setCurrentIndex(0)
    grid(window)
    window.until(lambda: len(grid(window).digits()) == len(digits))


# Saying what it was meant to be.


def test_a_digit_key_keeps_the_drawing(window: Driver, folder: Path):
    window.draw(SEVEN)
    press(window, 7)
    (digit,) = kept(folder)
    assert digit.label == 7
    np.testing.assert_array_equal(digit.marks[0].points, window.canvas.marks()[0].points)
    np.testing.assert_array_equal(digit.probabilities, window.bars.probabilities().astype(np.float32))
    assert said(window) == "Kept as a 7: 1 own digit."
    click(window, "teachLink")
    assert window.window.parts.tabs.currentWidget() is window.window.parts.teach
    assert [each.key for each in grid(window).digits()] == [digit.key]
    assert said(window) == "Kept as a 7: 1 own digit."
    click(window, "ownUndoButton")
    assert said(window) == ""


def test_a_key_is_answered_by_the_newest_ink(window: Driver, folder: Path):
    """Even when it is pressed before the event loop had time to read the drawing."""
    window.canvas.setMarks(upright(3)[2].marks)
    press(window, 2)
    (digit,) = kept(folder)
    np.testing.assert_array_equal(digit.probabilities, window.bars.probabilities().astype(np.float32))


def test_nothing_drawn_and_other_keys_keep_nothing(window: Driver, folder: Path):
    assert window.window.findChild(QLabel, "meantHint").text() == ""
    press(window, 3)
    assert "Draw a digit first" in said(window)
    assert not button(window, "teachLink").isVisible()
    window.draw(ONE)
    assert "Wrong? Press" in window.window.findChild(QLabel, "meantHint").text()
    QTest.keyClick(window.canvas, Qt.Key.Key_7, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(window.canvas, Qt.Key.Key_A)
    assert kept(folder) == []


def test_a_click_on_a_bar_keeps_the_drawing_and_the_same_is_kept_once(window: Driver, folder: Path):
    window.draw(SEVEN)
    row = window.bars.height() / 10
    QTest.mouseClick(window.bars, Qt.MouseButton.LeftButton, pos=QPoint(40, round(4.5 * row)))
    assert [digit.label for digit in kept(folder)] == [4]
    press(window, 1)
    assert [digit.label for digit in kept(folder)] == [1]
    assert said(window).startswith("This drawing is kept as a 1, though it reads 7 with")


def test_the_keys_count_wherever_the_focus_is_but_where_digits_are_typed(window: Driver, folder: Path):
    window.draw(SEVEN)
    window.until(lambda: window.window.parts.drawing.whyAction.isEnabled())
    start, seed = window._child(QAbstractButton, "startButton"), window._child(QSpinBox, "epochsSpin")
    seed.setFocus()
    QTest.keyClick(seed, Qt.Key.Key_7)
    assert kept(folder) == []
    start.setFocus()
    QTest.keyClick(start, Qt.Key.Key_7)
    assert [digit.label for digit in kept(folder)] == [7]
    QTest.keyClick(start, Qt.Key.Key_W)
    window.until(lambda: window.window.explaining is not None)


def test_a_picture_is_kept_as_well(window: Driver, folder: Path):
    ink = np.zeros((40, 20), np.float32)
    ink[:, 8:12] = 1
    window.canvas.setPicture(Picture(ink, 100.0, 40.0, 100.0, 200.0))
    press(window, 1)  # before the event loop had time to read the drawing
    (digit,) = kept(folder)
    np.testing.assert_array_equal(digit.probabilities, window.bars.probabilities().astype(np.float32))
    np.testing.assert_array_equal(digit.marks[0].ink, ink)
    QTest.keyClick(window.canvas, Qt.Key.Key_Delete)
    QTest.keyClick(choose(window, 0), Qt.Key.Key_Return)
    assert window.canvas.marks()[0].height == 200.0


def test_a_full_disk_is_told_and_counts_nothing(window: Driver, folder: Path):
    window.draw(SEVEN)
    with a_full_disk():
        press(window, 7)
    assert any("could not be written" in message for message in window.messages())
    assert grid(window).digits() == []
    press(window, 7)
    assert len(kept(folder)) == 1


# Looking them through.


def test_a_label_that_cannot_be_written_stays_what_it_was(window: Driver, folder: Path):
    fill(window, folder, upright(4))
    found = choose(window, 0, 2)
    with a_full_disk():
        QTest.keyClick(found, Qt.Key.Key_9)
        window.until(lambda: any("could not be written" in message for message in window.messages()))
        window.until(lambda: [digit.label for digit in found.digits()] == [0, 1, 2, 3])
    assert sorted(digit.label for digit in kept(folder)) == [0, 1, 2, 3]


def test_digits_are_relabelled_by_keys(window: Driver, folder: Path):
    fill(window, folder, upright(4))
    found = choose(window, 0, 2)
    QTest.keyClick(found, Qt.Key.Key_9)
    assert [digit.label for digit in found.digits()] == [1, 3, 9, 9]
    window.until(lambda: sorted(digit.label for digit in kept(folder)) == [1, 3, 9, 9])
    assert [digit.label for digit in found.chosen()] == [9, 9]
    QTest.keyClick(found, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    window.until(lambda: sorted(digit.label for digit in kept(folder)) == [0, 1, 2, 3])


def test_digits_are_deleted_and_brought_back(window: Driver, folder: Path):
    window.draw(SEVEN)
    fill(window, folder, upright(3))
    before = {digit.key: digit.label for digit in kept(folder)}
    found = choose(window, 1)
    QTest.keyClick(found, Qt.Key.Key_Delete)
    assert [digit.label for digit in kept(folder)].count(1) == 0
    assert len(kept(folder)) == 2
    QTest.keyClick(found, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert {digit.key: digit.label for digit in kept(folder)} == before
    assert len(window.canvas.marks()) == 1  # the drawing has an undo of its own
    click(window, "ownRedoButton")
    assert len(kept(folder)) == 2
    click(window, "ownUndoButton")
    assert len(kept(folder)) == 3


def test_all_digits_deleted_come_back_by_the_keys_of_the_shelf(window: Driver, folder: Path):
    undo, redo = (QKeySequence(keys) for keys in (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo))
    window.draw(SEVEN)
    fill(window, folder, upright(3))
    for by_button in (False, True):
        found = grid(window)
        found.setFocus()
        found.selectAll()
        if by_button:
            button(window, "ownDeleteButton").setFocus()
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space if by_button else Qt.Key.Key_Delete)
        assert found.digits() == []
        assert QApplication.focusWidget() is found
        QTest.keySequence(QApplication.focusWidget(), undo)
        assert len(found.digits()) == 3
    for name in ("ownImportButton", "ownFilter", "ownRedoButton"):
        window.window.findChild(QWidget, name).setFocus()
        QTest.keySequence(QApplication.focusWidget(), redo)
        assert found.digits() == []
        QTest.keySequence(QApplication.focusWidget(), undo)
        assert len(found.digits()) == 3
    assert len(window.canvas.marks()) == 1  # the drawing has an undo of its own


def test_keys_reach_a_digit_that_nobody_has_clicked(window: Driver, folder: Path):
    fill(window, folder, upright(3))
    found = grid(window)
    found.setFocus(Qt.FocusReason.TabFocusReason)
    assert found.chosen() == []
    QTest.keyClick(found, Qt.Key.Key_8)
    assert [digit.label for digit in found.digits()] == [1, 2, 8]
    assert [digit.label for digit in found.chosen()] == [8]
    found.clearSelection()
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Left):
        QTest.keyClick(found, key)
        assert [digit.label for digit in found.chosen()] == [1]


def test_before_a_lesson_labels_that_the_network_contradicts_can_be_looked_at(window: Driver, folder: Path):
    certain, torn = np.zeros((2, 10), np.float32)
    certain[3], torn[3], torn[5] = 1, 0.6, 0.4
    digits = upright(6)
    digits[4] = OwnDigit(digits[4].marks, 4, 4, certain)
    digits[5] = OwnDigit(digits[5].marks, 5, 5, torn)
    fill(window, folder, digits)
    warning = window.window.findChild(QLabel, "doubtWords")
    assert warning.isVisible()
    assert warning.text().startswith("1 of them was read as another digit")
    click(window, "teachDoubtsButton")
    found = grid(window)
    assert [digit.label for digit in found.digits()] == [4, 5]
    assert [digit.label for digit in found.chosen()] == [4]
    QTest.keyClick(found, Qt.Key.Key_3)
    assert not warning.isVisible()


def test_the_filter_shows_some(window: Driver, folder: Path):
    wrong = np.array([0, 0, 0, 1, 0, 0, 0, 0, 0, 0], np.float32)
    digits = upright(5)
    digits[4] = OwnDigit(digits[4].marks, 4, 4, wrong)
    fill(window, folder, digits)
    combo = window.window.findChild(QComboBox, "ownFilter")
    for words, labels in (("Read wrong when drawn (1)", [4]), ("2 (1)", [2]), ("All (5)", [0, 1, 2, 3, 4])):
        combo.setCurrentIndex(combo.findText(words))
        combo.activated.emit(combo.currentIndex())
        assert [digit.label for digit in grid(window).digits()] == labels
    choose(window, 4)
    assert "4, read as 3 (100 %)" in window.window.findChild(QLabel, "ownWords").text()


def test_a_digit_is_drawn_again(window: Driver, folder: Path):
    digits = upright(2)
    fill(window, folder, digits)
    QTest.keyClick(choose(window, 1), Qt.Key.Key_Return)
    assert [mark.points.tolist() for mark in window.canvas.marks()] == [
        mark.points.tolist() for mark in digits[1].marks
    ]
    window.until(lambda: window.bars.probabilities() is not None)


def test_another_window_s_digits_appear(window: Driver, open_window, folder: Path):
    other = open_window()
    fill(window, folder, upright(2))
    window.draw(SEVEN)
    press(window, 7)
    found = grid(other)
    other.until(lambda: len(found.digits()) == 3)
    QTest.keyClick(choose(window, 0), Qt.Key.Key_Delete)
    other.window.parts.tabs.setCurrentIndex(0)
    grid(other)
    other.until(lambda: len(found.digits()) == 2)


# Files.


def test_digits_are_exported_and_imported(window: Driver, folder: Path, tmp_path: Path):
    fill(window, folder, upright(3))
    click(window, "ownExportButton")
    choose_file(window, tmp_path / "mine.digits")
    window.until(lambda: "Exported" in said(window))
    assert len(load_own_digits(tmp_path / "mine.digits")) == 3
    QTest.keyClick(choose(window, 0, 1), Qt.Key.Key_Delete)
    click(window, "ownImportButton")
    choose_file(window, tmp_path / "mine.digits")
    window.until(lambda: len(grid(window).digits()) == 3)
    assert said(window) == "Imported 2 digits, 1 were here already."
    window.until(lambda: len(kept(folder)) == 3)
    click(window, "ownUndoButton")
    window.until(lambda: len(kept(folder)) == 1)


def test_files_of_digits_are_imported_one_after_the_other(window: Driver, folder: Path, tmp_path: Path):
    one, other = upright(40), mirrored_sevens(30)
    save_own_digits(tmp_path / "one.digits", one)
    save_own_digits(tmp_path / "other.digits", other)
    window.drop(tmp_path / "one.digits", tmp_path / "other.digits")
    window.window.teaching.own.export_file(tmp_path / "before.digits")  # what there was when it was asked for
    everything = len({digit.key for digit in one + other})
    window.until(lambda: len(kept(folder)) == everything)
    window.until(lambda: (tmp_path / "before.digits").exists())
    assert window.messages() == []


def test_a_file_is_dropped(window: Driver, folder: Path, tmp_path: Path):
    save_own_digits(tmp_path / "friend.digits", upright(30))
    window.drop(tmp_path / "friend.digits")
    window.until(lambda: len(kept(folder)) == 30)
    (tmp_path / "bad.digits").write_bytes(b"not a file of ours")
    window.drop(tmp_path / "bad.digits")
    window.until(lambda: any("bad.digits" in message for message in window.messages()))
    assert len(kept(folder)) == 30


def test_what_is_still_to_be_written_is_written_when_the_window_closes(window: Driver, folder: Path, tmp_path: Path):
    window.window.teaching.own._take(upright(60))
    window.window.close()
    assert len(kept(folder)) == 60


def with_a_raster_beyond_all_numbers(data: bytes) -> bytes:
    tensors = load(data)
    tensors["rasters"][0] = 1 << 62, 0
    said = {"format": "digitscope-own-digits", "format_version": "1", "sha256": tensors_hash(tensors)}
    return save(tensors, said)


@pytest.mark.parametrize("spoil", [lambda data: data[:100], with_a_raster_beyond_all_numbers], ids=["cut", "raster"])
def test_a_damaged_digit_is_told_and_harms_no_other(open_window, folder: Path, spoil: Callable[[bytes], bytes]):
    OwnStore(folder).keep([OwnDigit((Stroke([(60, 60 + i), (150, 220)], 20.0),), 1, i) for i in range(4)])
    spoilt = sorted(folder.glob("*.digits"))[0]
    spoilt.write_bytes(spoil(spoilt.read_bytes()))
    window = open_window()
    window.until(lambda: len(grid(window).digits()) == 3)
    (message,) = window.messages()
    assert spoilt.name in message
    assert message.endswith("Your other digits are unharmed.")
    assert spoilt.exists()


# Lessons.


@pytest.fixture
def school(open_window, tiny: Path, tmp_path: Path, folder: Path, monkeypatch) -> Driver:
    """A window with a small network and odd sevens, and a data folder whose set is called mnist."""
    monkeypatch.setattr(replay, "LEAST_SHOWN", 240)
    data = tmp_path / "data"
    shutil.copytree(tiny / "tiny", data / "mnist")
    network = network_of(CHAIN, init=he_uniform, rng=np.random.default_rng(0), input_shape=(1, 28, 28))
    save_model(tmp_path / "small.safetensors", Model(network, MNIST_NORMALIZATION, {"accuracy": 0.1}))
    window = open_window(data)
    window.drop(tmp_path / "small.safetensors")
    fill(window, folder, mirrored_sevens(6))
    return window


def lesson_over(window: Driver) -> bool:
    return button(window, "teachButton").text() != "Stop"


def learn(window: Driver) -> None:
    click(window, "teachButton")
    assert not lesson_over(window)
    window.until(lambda: lesson_over(window))


def table(window: Driver) -> list[str]:
    found = window.window.findChild(QWidget, "teachTable")
    return [label.text() for label in found.findChildren(QLabel)] if found.isVisible() else []


def test_a_lesson_and_the_way_back(school: Driver, tmp_path: Path):
    before = school.weights()
    school.draw(ONE)
    learn(school)
    words = table(school)
    assert words[:3] == ["before", "after", "Digits taught"]
    assert words[4].endswith(" of 6 ↑")
    assert words[5] == "MNIST's test"
    assert words[6].endswith(" %")
    assert "from 10 on" in school.window.findChild(QLabel, "teachWords").text()
    taught = school.weights()
    assert not np.array_equal(taught, before)
    school.window.menu["Save model…"].trigger()
    choose_file(school, tmp_path / "taught.safetensors")
    saved = load_model(tmp_path / "taught.safetensors")
    np.testing.assert_array_equal(saved.network.vector, taught)
    assert saved.card["taught"]["digits"] == 6
    assert f"{100 * saved.card['accuracy']:.2f} %" in words[7]
    click(school, "teachBackButton")
    np.testing.assert_array_equal(school.weights(), before)
    assert table(school) == []
    assert school.window.runs.origin == tmp_path / "small.safetensors"


def test_two_lessons_are_undone_one_after_the_other(school: Driver, folder: Path):
    weights = [school.weights()]
    for _ in range(2):
        learn(school)
        weights.append(school.weights())
    click(school, "teachBackButton")
    np.testing.assert_array_equal(school.weights(), weights[1])
    np.testing.assert_array_equal(load_model(school.window.runs.origin).network.vector, weights[1])
    assert table(school)  # of the lesson that this network came from
    click(school, "teachBackButton")
    np.testing.assert_array_equal(school.weights(), weights[0])
    assert not button(school, "teachBackButton").isVisible()


def test_the_taught_network_is_there_the_next_time(school: Driver, open_window):
    learn(school)
    taught = school.weights()
    school.window.close()
    again = open_window()
    np.testing.assert_array_equal(again.weights(), taught)
    assert "taught your own digits" in said(again)


def test_a_taught_network_that_a_run_took_the_place_of_is_opened_again(school: Driver):
    learn(school)
    taught = school.weights()
    assert school.window.windowTitle() == "taught network – Digitscope"
    school.press("step")
    school.until_state(Phase.PAUSED)
    school.press("stop")
    school.until_state(Phase.IDLE)
    assert school.window.windowTitle() == "Digitscope"
    recent = school.window.findChild(QMenu, "recentMenu")
    recent.aboutToShow.emit()
    recent.actions()[0].trigger()
    school.until(lambda: np.array_equal(school.weights(), taught))
    assert school.window.windowTitle() == "taught network – Digitscope"


def test_a_lesson_is_stopped(school: Driver):
    before = school.weights()
    click(school, "teachButton")
    click(school, "teachButton")
    assert lesson_over(school)
    np.testing.assert_array_equal(school.weights(), before)
    assert not button(school, "teachBackButton").isVisible()


def test_a_lesson_that_made_the_network_forget_says_so(school: Driver, monkeypatch):
    def forgetful(model, digits, known, **settings):
        yield Working("Teaching", 0, 1)
        before, after = (Scores(Score(0, 6), Score(0, 0), Score(right, 1000)) for right in (995, right_then))
        return Taught(model, before, after, "mnist", "all")

    monkeypatch.setattr(teaching, "teach", forgetful)
    right_then = 956
    learn(school)
    assert "forgotten" in said(school)
    assert "(MNIST's test: 99.5 % before, 95.6 % now). Go back" in said(school)
    right_then = 991
    learn(school)
    assert said(school) == "This is the taught network. Save it under a name of its own, or go back."


def test_a_lesson_goes_on_with_the_loss_of_the_run_in_the_window(school: Driver):
    school.choose("blog-fc", "mnist", epochs=1, loss="mse")
    school.press("start")
    school.until_state(Phase.FINISHED)
    learn(school)
    card = school.window.reading.model.card
    assert card["settings"]["loss"] == "mse"
    assert card["taught"]


def test_another_network_ends_the_lesson_too(school: Driver):
    click(school, "teachButton")
    school.choose(dataset="mnist")
    assert lesson_over(school)
    assert said(school) == "The lesson was ended, because another network is shown."


def test_a_run_ends_the_lesson_and_holds_up_the_next(school: Driver):
    learn(school)
    school.choose(dataset="mnist")
    click(school, "teachButton")
    school.train(2)
    assert said(school) == "The lesson was ended, because a run began."
    assert lesson_over(school)
    assert not button(school, "teachButton").isEnabled()
    assert "Stop the run first" in button(school, "teachButton").toolTip()
    assert not button(school, "teachBackButton").isVisible()
    school.press("stop")
    school.until_state(Phase.IDLE)
    assert button(school, "teachButton").isEnabled()


def test_the_last_layer_alone(school: Driver):
    before = school.window.reading.model.network.state_dict()
    combo = school.window.findChild(QComboBox, "teachLayers")
    combo.setCurrentIndex(combo.findText("Last layer"))
    learn(school)
    after = school.window.reading.model.network.state_dict()
    assert [name for name in before if not np.array_equal(before[name], after[name])] == ["3.weight", "3.bias"]
