"""The page of classic kernels, with real clicks, keys, files and drops."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLabel, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from app.labs.cell_grid import CellGrid
from app.labs.classic_kernels import ClassicKernelsPage
from app.labs.map_view import Look, MapView
from nn_core.labs.classic_kernels import KERNELS_BY_NAME
from nn_core.labs.picture_filtering import Filtering, filter_picture
from nn_core.labs.sample_pictures import sample_picture, to_gray


class Driver:
    """Works the page as its user does."""

    def __init__(self, page: ClassicKernelsPage, qtbot: QtBot) -> None:
        self.page, self.qtbot = page, qtbot

    def maps(self, name: str) -> np.ndarray:
        maps = self.page.findChild(MapView, f"filter{name}").maps()
        return np.zeros((0, 0, 0)) if maps is None else maps

    def look(self) -> Look:
        return self.page.findChild(MapView, "filterAnswer").look()

    def choose(self, name: str, words: str) -> None:
        combo = self.page.findChild(QComboBox, f"filter{name}")
        combo.setFocus()
        QTest.keyClick(combo, Qt.Key.Key_Home)
        while combo.currentText() != words:
            before = combo.currentIndex()
            QTest.keyClick(combo, Qt.Key.Key_Down)
            assert combo.currentIndex() > before, words

    def spin(self, name: str, value: int) -> None:
        field = self.page.findChild(QSpinBox, f"filter{name}")
        field.selectAll()
        QTest.keyClicks(field, str(value))
        QTest.keyClick(field, Qt.Key.Key_Return)

    def answers(self, expected: np.ndarray) -> None:
        """Wait until the answer is this one."""
        shape = expected.shape
        self.qtbot.waitUntil(lambda: self.maps("Answer").shape == shape and np.allclose(self.maps("Answer"), expected))

    def trouble(self) -> str:
        label = self.page.findChild(QLabel, "filterTrouble")
        return label.text() if label.isVisible() else ""


@pytest.fixture
def driver(qtbot: QtBot) -> Driver:
    page = ClassicKernelsPage()
    qtbot.addWidget(page, before_close_func=lambda page: page.shutDown())
    page.resize(900, 700)
    page.enter()
    page.show()
    return Driver(page, qtbot)


def expected(picture, name, **options):
    return filter_picture(picture, Filtering(KERNELS_BY_NAME[name].values, **options)).maps


def picture_file(folder, color="#3060c0"):
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    for x in range(20, 40):
        for y in range(30):
            image.setPixelColor(x, y, QColor(color))
    path = folder / "own.png"
    assert image.save(str(path))
    return path


def test_it_opens_with_an_edge_on_the_test_picture(driver):
    driver.answers(expected(to_gray(sample_picture()), "Sobel x"))
    assert driver.look() is Look.SIGNED
    assert driver.maps("Picture").shape == (1, 160, 160)
    assert driver.maps("MaxPool").shape == driver.maps("AvgPool").shape == (1, 79, 79)
    assert driver.page.findChild(QLabel, "filterAnswerFacts").text().startswith("158 × 158 · min −3")


def test_kernels_channels_and_padding_are_chosen_by_keys(driver):
    driver.choose("KernelCombo", "Gaussian 3×3")
    driver.answers(expected(to_gray(sample_picture()), "Gaussian 3×3"))
    assert driver.look() is Look.GRAY
    driver.choose("Channels", "RGB, one by one")
    driver.answers(expected(sample_picture(), "Gaussian 3×3", summed=False))
    assert driver.look() is Look.COLOR
    driver.choose("Padding", "edge copies")
    padded = {"padding": 1, "padding_mode": "replicate"}
    driver.answers(expected(sample_picture(), "Gaussian 3×3", summed=False, **padded))
    driver.choose("Channels", "RGB, added up")
    driver.answers(expected(sample_picture(), "Gaussian 3×3", **padded))
    driver.choose("Look", "signed")
    driver.qtbot.waitUntil(lambda: driver.look() is Look.SIGNED)


def test_pooling_has_a_size_and_a_stride(driver):
    driver.spin("PoolSize", 3)
    driver.spin("PoolStride", 1)
    driver.qtbot.waitUntil(lambda: driver.maps("MaxPool").shape == (1, 156, 156))
    maps = driver.maps("Answer")
    assert driver.maps("MaxPool")[0, 20, 30] == maps[0, 20:23, 30:33].max()
    assert driver.maps("AvgPool")[0, 20, 30] == pytest.approx(maps[0, 20:23, 30:33].mean())


def test_a_kernel_of_ones_own(driver):
    driver.choose("KernelCombo", "Identity")
    driver.spin("SizeSpin", 1)
    grid = driver.page.findChild(CellGrid, "filterKernelGrid")
    assert grid.values().tolist() == [[1]]
    assert driver.page.findChild(QComboBox, "filterKernelCombo").currentText() == "your own"
    grid.setFocus()
    QTest.keyClick(grid, Qt.Key.Key_Minus)
    editor = QApplication.focusWidget()
    QTest.keyClicks(editor, "1/2")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    driver.answers(-0.5 * to_gray(sample_picture()))
    assert driver.page.findChild(QLabel, "filterKernelSum").text() == "Σ = −0.5"
    driver.spin("SizeSpin", 5)
    assert grid.values()[2, 2] == -0.5
    assert np.abs(grid.values()).sum() == 0.5


def test_the_drawing_on_the_canvas(driver):
    driver.choose("Source", "your drawing")
    assert driver.trouble().startswith("Draw something")
    image = np.zeros((28, 28), np.float32)
    image[10:18, 10:18] = 1
    driver.page.setImage(image)
    driver.answers(expected(image[None].astype(float), "Sobel x"))
    assert driver.trouble() == ""
    driver.page.setImage(None)
    assert driver.trouble().startswith("Draw something")


def test_a_file_is_opened_by_the_dialog(driver, tmp_path, qtbot):
    QTest.mouseClick(driver.page.findChild(QPushButton, "filterOpenButton"), Qt.MouseButton.LeftButton)
    dialog = driver.page.findChild(QFileDialog, "filterFileDialog")
    dialog.fileSelected.emit(str(picture_file(tmp_path)))
    dialog.accept()
    qtbot.waitUntil(lambda: driver.maps("Picture").shape == (1, 30, 40))
    assert driver.page.findChild(QComboBox, "filterSource").currentText() == "your picture"
    assert driver.maps("Answer")[0, 10, 18] < -1  # darker to the right


def test_a_picture_is_dropped_and_what_is_none_is_told(driver, tmp_path, qtbot):
    path = picture_file(tmp_path)
    drop(driver.page, path)
    qtbot.waitUntil(lambda: driver.maps("Picture").shape == (1, 30, 40))
    path.write_bytes(b"nothing")
    drop(driver.page, path)
    qtbot.waitUntil(lambda: driver.trouble().startswith("own.png is not a picture"))
    assert driver.maps("Picture").shape == (1, 30, 40)  # what was there is still there


def drop(page, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(50, 50), copy, data, left, none)
    QApplication.sendEvent(page, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(page, QDropEvent(QPointF(50, 50), copy, data, left, none))


def test_a_picture_is_pasted_by_key_and_by_button(driver, qtbot):
    QGuiApplication.clipboard().clear()
    QTest.keyClick(driver.page.findChild(QComboBox, "filterSource"), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert driver.trouble().startswith("There is no picture in the clipboard")
    image = QImage(12, 9, QImage.Format.Format_RGB32)
    image.fill(QColor("#808080"))
    QGuiApplication.clipboard().setImage(image)
    QTest.mouseClick(driver.page.findChild(QPushButton, "filterPasteButton"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: driver.maps("Picture").shape == (1, 9, 12))
    assert driver.trouble() == ""
    QGuiApplication.clipboard().clear()


def test_a_pooling_window_that_does_not_fit_is_told(driver, qtbot):
    image = QImage(12, 9, QImage.Format.Format_RGB32)
    image.fill(QColor("#808080"))
    QGuiApplication.clipboard().setImage(image)
    QTest.mouseClick(driver.page.findChild(QPushButton, "filterPasteButton"), Qt.MouseButton.LeftButton)
    driver.spin("PoolSize", 8)
    qtbot.waitUntil(lambda: "pooling window of 8×8 is larger than the 10×7 answer" in driver.trouble())
    driver.spin("PoolSize", 2)
    qtbot.waitUntil(lambda: driver.maps("MaxPool").shape == (1, 3, 5))
    assert driver.trouble() == ""
    QGuiApplication.clipboard().clear()
