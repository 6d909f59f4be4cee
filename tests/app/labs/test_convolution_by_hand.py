"""The page of convolution by hand, by mouse and keys."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from app.labs import walk
from app.labs.cell_grid import CellGrid
from app.labs.convolution_by_hand import ConvolutionByHandPage
from nn_core.labs.convolving import convolve
from tests.app.labs.using import meanwhile, rests


@pytest.fixture
def page(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> ConvolutionByHandPage:
    monkeypatch.setattr(walk, "STEP_MS", 5)
    page = ConvolutionByHandPage()
    qtbot.addWidget(page, before_close_func=lambda page: page.leave())
    page.resize(800, 700)
    page.enter()
    page.show()
    return page


def grid(page, name) -> CellGrid:
    found = page.findChild(CellGrid, f"hand{name}")
    assert found is not None, name
    return found


def words(page, name) -> str:
    return page.findChild(QLabel, f"hand{name}").text()


def settle():
    """Let layouts come to rest: a mouse hits what is there then."""
    for _ in range(3):
        QApplication.processEvents()


def spin(page, name, value):
    field = page.findChild(QSpinBox, f"hand{name}")
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, str(value))
    QTest.keyClick(field, Qt.Key.Key_Return)
    settle()


def choose(page, name, row):
    combo = page.findChild(QComboBox, f"hand{name}")
    QTest.keyClick(combo, Qt.Key.Key_Home)
    for _ in range(row):
        QTest.keyClick(combo, Qt.Key.Key_Down)
    settle()


def click(page, name):
    QTest.mouseClick(page.findChild(QPushButton, f"hand{name}Button"), Qt.MouseButton.LeftButton)


def cell(shown: CellGrid, row: int, column: int) -> QPoint:
    return shown.cellRect(row, column).center().toPoint()


def leave(shown: CellGrid):
    QApplication.sendEvent(shown, QEvent(QEvent.Type.Leave))


def at(page):
    """Where the frame in the answer is: row and column."""
    frame = grid(page, "AnswerGrid0")._window
    return frame.top(), frame.left()


def test_it_opens_with_the_worked_example(page):
    assert grid(page, "AnswerGrid0").values().tolist() == [[4, 3, 4], [2, 4, 3], [2, 3, 4]]
    assert words(page, "SumWords").startswith("1·1 + 1·0 + 1·1 + 0·0 + 1·1 + 1·0 + 0·1 + 0·0 + 1·1 = 4")
    assert "⌊(5 + 2·0 − 3) / 1⌋ + 1 = 3" in words(page, "SizeWords")
    assert "(3·3·1 + 1)·1 = 10" in words(page, "ParameterWords")
    assert "(5·5·1 + 1)·9 = 234" in words(page, "ParameterWords")


def test_a_step_goes_to_the_next_sum(page):
    click(page, "Step")
    assert at(page) == (0, 1)
    assert grid(page, "ProductGrid0").values().ravel().tolist() == [1, 0, 0, 0, 1, 0, 0, 0, 1]
    assert words(page, "Sum0") == "Σ = 3"
    for _ in range(8):
        click(page, "Step")
    assert at(page) == (0, 0)


def test_the_sum_is_stepped_through_product_by_product(page):
    click(page, "Term")
    assert words(page, "SumWords").startswith("<b>1·1</b> = 1<br>value (0, 0): <b>1</b> so far, 8 to come")
    assert [grid(page, name).spot() for name in ("ImageGrid0", "KernelGrid0", "ProductGrid0")] == [(0, 0)] * 3
    for _ in range(4):
        click(page, "Term")
    assert words(page, "SumWords").startswith("1·1 + 1·0 + 1·1 + 0·0 + <b>1·1</b> = 3<br>")
    assert words(page, "Sum0") == "Σ = 3 so far"
    assert grid(page, "ImageGrid0").spot() == (1, 1)
    for _ in range(4):
        click(page, "Term")
    assert "<b>4</b> so far, the bias to come" in words(page, "SumWords")
    click(page, "Term")
    assert words(page, "SumWords").endswith("4 + 0 <i>(bias)</i> = <b>4</b>")
    assert words(page, "Sum0") == "Σ = 4"
    assert grid(page, "ImageGrid0").spot() is None
    click(page, "Term")
    assert at(page) == (0, 1)
    assert grid(page, "ImageGrid0").spot() == (0, 1)
    click(page, "Step")
    assert grid(page, "ImageGrid0").spot() is None
    assert at(page) == (0, 2)


def test_with_channels_the_sum_goes_through_one_after_the_other(page):
    choose(page, "Example", 2)
    for _ in range(11):
        click(page, "Term")
    lines = words(page, "SumWords").split("<br>")
    assert lines[0].startswith("channel 1: ")
    assert "<b>" not in lines[0]
    assert lines[1].count("·") == 2
    assert "<b>" in lines[1]
    assert lines[2] == "channel 3: –"
    assert [grid(page, f"ProductGrid{channel}").spot() for channel in range(3)] == [None, (0, 1), None]
    values = [grid(page, f"ProductGrid{channel}").values().ravel() for channel in range(2)]
    assert f"<b>{values[0].sum() + values[1][:2].sum():g}</b> so far, 16 to come" in lines[3].replace("−", "-")
    spin(page, "Side", 3)
    spin(page, "Kernel", 5)
    spin(page, "Padding", 0)
    assert not page.findChild(QPushButton, "handTermButton").isEnabled()
    assert grid(page, "ImageGrid1").spot() is None


def test_it_walks_by_itself_and_waits_under_the_mouse(page, qtbot):
    click(page, "Run")
    qtbot.waitUntil(lambda: at(page) == (1, 1))
    answer = grid(page, "AnswerGrid0")
    QTest.mouseMove(answer, cell(answer, 2, 2))
    assert at(page) == (2, 2)
    meanwhile(qtbot)
    assert at(page) == (2, 2)
    leave(answer)
    qtbot.waitUntil(lambda: at(page) != (2, 2))
    click(page, "Run")  # it is the stop button now
    place = at(page)
    assert rests(page)
    assert at(page) == place


def test_a_hidden_page_walks_no_further(page):
    click(page, "Run")
    page.leave()
    assert page.findChild(QPushButton, "handRunButton").text() == "Run"


def test_the_window_follows_the_mouse_over_the_image(page):
    image = grid(page, "ImageGrid0")
    QTest.mouseMove(image, cell(image, 2, 3))
    assert at(page) == (1, 2)
    QTest.mouseMove(image, cell(image, 4, 0))
    assert at(page) == (2, 0)


def test_cells_of_image_kernel_and_bias_are_edited(page):
    image = grid(page, "ImageGrid0")
    QTest.mouseClick(image, Qt.MouseButton.LeftButton, pos=cell(image, 0, 0))
    leave(image)
    QTest.keyClicks(image, " ")
    assert grid(page, "AnswerGrid0").values()[0, 0] == 3
    kernel = grid(page, "KernelGrid0")
    QTest.mouseClick(kernel, Qt.MouseButton.LeftButton, pos=cell(kernel, 2, 2))
    QTest.keyClick(kernel, Qt.Key.Key_Minus)
    editor = QApplication.focusWidget()
    QTest.keyClicks(editor, "3")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert grid(page, "AnswerGrid0").values()[0, 0] == 0  # 1 + 1 − 3 = −1, and ReLU
    assert "0·1 + 0·0 + 1·(−3) = −1" in words(page, "SumWords")
    assert "−1, and ReLU makes it <b>0</b>" in words(page, "SumWords")
    bias = grid(page, "BiasGrid")
    QTest.keyClick(bias, Qt.Key.Key_2)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert grid(page, "AnswerGrid0").values()[0, 0] == 1
    assert page.findChild(QComboBox, "handExample").currentText() == "your own numbers"
    click(page, "Reset")
    assert grid(page, "AnswerGrid0").values()[0, 0] == 4


def test_stride_and_padding_change_the_answer_and_its_size(page):
    spin(page, "Stride", 2)
    assert grid(page, "AnswerGrid0").values().tolist() == [[4, 4], [2, 4]]
    assert not page.findChild(QLabel, "handUnread").isVisible()
    spin(page, "Side", 6)
    assert words(page, "Unread").startswith("The last row and column are never under the window: 6 + 2·0 − 3")
    spin(page, "Padding", 1)
    assert grid(page, "AnswerGrid0").values().shape == (3, 3)
    assert grid(page, "ImageGrid0").values().shape == (8, 8)
    assert page.findChild(QComboBox, "handMode").isEnabled()
    before = grid(page, "ImageGrid0").values()[0].sum()
    choose(page, "Mode", 1)
    assert before == 0 < grid(page, "ImageGrid0").values()[0].sum()


def test_a_kernel_that_does_not_fit_is_told_in_a_sentence(page):
    spin(page, "Side", 3)
    spin(page, "Kernel", 5)
    assert page.findChild(QLabel, "handError").isVisible()
    assert words(page, "Error").startswith("The kernel of 5×5 is larger than the image of 3×3: take")
    assert not grid(page, "AnswerGrid0").isVisible()
    spin(page, "Padding", 1)
    assert not page.findChild(QLabel, "handError").isVisible()
    assert grid(page, "AnswerGrid0").values().shape == (1, 1)


def test_depth_and_filters(page):
    choose(page, "Example", 2)
    assert "(3·3·3 + 1)·2 = 56" in words(page, "ParameterWords")
    images = np.stack([grid(page, f"ImageGrid{channel}").values() for channel in range(3)])
    second = grid(page, "AnswerGrid1")
    QTest.mouseMove(second, cell(second, 1, 2))
    kernels = np.stack([grid(page, f"KernelGrid{channel}").values() for channel in range(3)])
    bias = grid(page, "BiasGrid").values().item()
    expected = convolve(images[None], kernels[None], stride=2)[0, 0] + bias
    np.testing.assert_allclose(second.values(), expected, atol=1e-12)
    assert words(page, "SumWords").count("channel ") == 3
    spin(page, "Filters", 1)
    assert page.findChild(CellGrid, "handAnswerGrid1") is None or not second.isVisible()


def test_turning_the_kernel(page):
    choose(page, "Example", 4)
    assert grid(page, "AnswerGrid0").values().ravel().tolist() == list(range(1, 10))
    assert grid(page, "TurnedGrid0").isVisible()
    turned = page.findChild(QCheckBox, "handTurned")
    QTest.keyClick(turned, Qt.Key.Key_Space)
    assert grid(page, "AnswerGrid0").values().ravel().tolist() == list(range(9, 0, -1))
    assert not grid(page, "TurnedGrid0").isVisible()


def test_random_numbers_can_be_taken_back_by_reset(page):
    before = grid(page, "ImageGrid0").values().copy()
    QTest.mouseClick(page.findChild(QPushButton, "handRandom"), Qt.MouseButton.LeftButton)
    assert (grid(page, "ImageGrid0").values() != before).any()
    click(page, "Reset")
    assert (grid(page, "ImageGrid0").values() == before).all()
