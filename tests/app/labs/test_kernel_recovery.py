"""The page on which an unknown kernel is found, by mouse and keys."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from app.labs import descent
from app.labs.cell_grid import CellGrid
from app.labs.kernel_recovery import KernelRecoveryPage
from app.labs.map_view import MapView
from app.labs.plot import LabPlot
from app.labs.recovery_figure import RecoveryFigure
from app.theme import DARK, LIGHT
from app.views.rate_spin import RateSpin
from nn_core.labs.classic_kernels import KERNELS_BY_NAME
from nn_core.pen import pen_digits
from tests.app.labs.using import meanwhile
from tests.nn_core.data.idx_files import MNIST_NAMES, idx_bytes, write


class Driver:
    """Works the page as its user does."""

    def __init__(self, page: KernelRecoveryPage, qtbot: QtBot) -> None:
        self.page, self.qtbot = page, qtbot

    def click(self, name: str) -> None:
        QTest.mouseClick(self.page.findChild(QPushButton, f"recovery{name}Button"), Qt.MouseButton.LeftButton)

    def choose(self, name: str, words: str) -> None:
        combo = self.page.findChild(QComboBox, f"recovery{name}")
        QTest.keyClick(combo, Qt.Key.Key_Home)
        while combo.currentText() != words:
            before = combo.currentIndex()
            QTest.keyClick(combo, Qt.Key.Key_Down)
            assert combo.currentIndex() > before, words

    def type(self, name: str, text: str) -> None:
        field = self.page.findChild(QSpinBox, f"recovery{name}") or self.page.findChild(RateSpin, f"recovery{name}")
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)

    def rate(self) -> float:
        return self.page.findChild(RateSpin, "recoveryRateSpin").value()

    def grid(self, name: str) -> np.ndarray:
        return self.page.findChild(CellGrid, f"recovery{name}Grid").values()

    def words(self, name: str) -> str:
        label = self.page.findChild(QLabel, f"recovery{name}")
        return label.text() if label.isVisible() else ""

    def steps(self) -> int:
        found = re.match(r"Step (\d+)", self.words("State"))
        assert found is not None
        return int(found[1])

    def running(self) -> bool:
        return self.page.findChild(QPushButton, "recoveryRunButton").text() == "Stop"

    def find(self) -> None:
        """Run at full speed until it ends by itself."""
        self.choose("Speed", "25 steps")
        self.click("Run")
        self.qtbot.waitUntil(lambda: not self.running())


@pytest.fixture
def driver(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Driver:
    monkeypatch.setattr(descent, "TICK_MS", 1)
    page = KernelRecoveryPage()
    qtbot.addWidget(page, before_close_func=lambda page: (page.leave(), page.shutDown()))
    page.resize(900, 800)
    page.enter()
    page.show()
    found = Driver(page, qtbot)
    qtbot.waitUntil(lambda: bool(found.words("State")))
    return found


def test_it_begins_at_zero_and_steps(driver):
    assert driver.steps() == 0
    assert not driver.grid("Learned").any()
    np.testing.assert_allclose(driver.grid("Difference"), -driver.grid("Kernel"))
    driver.click("Step")
    driver.click("Step")
    assert driver.steps() == 2
    assert driver.grid("Learned").any()


def test_the_digits_are_drawn_beside_the_window(qtbot, monkeypatch):
    threads, go = [], threading.Event()

    def drawn(*args, **kwargs):
        threads.append(threading.get_ident())
        assert go.wait(20)
        return pen_digits(*args, **kwargs)

    monkeypatch.setattr("app.labs.recovery_images.pen_digits", drawn)
    page = KernelRecoveryPage()
    qtbot.addWidget(page, before_close_func=KernelRecoveryPage.shutDown)
    page.show()
    driver = Driver(page, qtbot)
    assert driver.words("Waiting") == "The digits are being drawn …"
    assert not page.findChild(QPushButton, "recoveryRunButton").isEnabled()
    assert driver.words("State") == ""
    go.set()
    qtbot.waitUntil(lambda: bool(driver.words("State")))
    assert driver.words("Waiting") == ""
    assert len(threads) == 1
    assert threads[0] != threading.get_ident()
    rng = np.random.default_rng(1)
    digits, _noise = pen_digits(24, rng=rng).images / 255, rng.random((24, 28, 28))
    np.testing.assert_array_equal(page.findChild(MapView, "recoveryImage").maps()[0], digits[0])
    np.testing.assert_array_equal(driver.grid("Kernel"), rng.normal(size=(3, 3)))


def test_it_finds_the_random_kernel_and_stops(driver):
    driver.find()
    np.testing.assert_allclose(driver.grid("Learned"), driver.grid("Kernel"), atol=1e-3)
    assert "below 0.001 since step " in driver.words("State")
    answer, target = (driver.page.findChild(MapView, f"recovery{name}").maps() for name in ("Answer", "Target"))
    np.testing.assert_allclose(answer, target, atol=1e-3)
    driver.click("Reset")
    assert driver.steps() == 0


@pytest.mark.parametrize("name", ["Sobel x", "Laplacian"])
def test_it_finds_a_classic_kernel_from_noise_with_another_optimiser(driver, name):
    driver.choose("KernelCombo", name)
    driver.choose("Source", "noise")
    driver.choose("Optimizer", "adam")
    assert driver.rate() == 0.1
    driver.find()
    np.testing.assert_allclose(driver.grid("Learned"), KERNELS_BY_NAME[name].values, atol=1e-3)


def test_it_can_be_stopped_and_goes_on(driver, qtbot):
    driver.click("Run")
    qtbot.waitUntil(lambda: driver.steps() > 5)
    driver.click("Run")
    steps = driver.steps()
    meanwhile(qtbot)
    assert driver.steps() == steps
    driver.click("Run")
    qtbot.waitUntil(lambda: driver.steps() > steps)
    driver.page.leave()
    assert not driver.running()


def test_the_rate_follows_the_optimiser_until_it_is_chosen(driver):
    suggested = driver.rate()
    driver.choose("Optimizer", "sgd")
    assert driver.rate() == pytest.approx(1.8 * suggested, rel=0.05)
    driver.type("RateSpin", "0.01")
    driver.type("SizeSpin", "2")
    assert driver.rate() == 0.01
    driver.click("Suggest")
    assert driver.rate() != 0.01


def test_too_high_a_rate_is_told(driver):
    driver.choose("Optimizer", "sgd")
    driver.type("RateSpin", "50")
    driver.click("Run")
    driver.qtbot.waitUntil(lambda: "take a lower learning rate" in driver.words("Trouble"))
    assert not driver.running()
    driver.click("Suggest")
    assert driver.words("Trouble") == ""
    assert driver.steps() == 0


def test_a_kernel_typed_is_looked_for(driver):
    driver.type("SizeSpin", "2")
    grid = driver.page.findChild(CellGrid, "recoveryKernelGrid")
    grid.setFocus()
    QTest.keyClick(grid, Qt.Key.Key_3)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert driver.grid("Kernel")[0, 0] == 3
    assert driver.grid("Difference")[0, 0] == -3
    driver.find()
    np.testing.assert_allclose(driver.grid("Learned"), driver.grid("Kernel"), atol=1e-3)


def test_the_names_of_the_curves_can_be_read_in_every_theme(driver):
    legend = driver.page.findChild(LabPlot, "recoveryPlot").getPlotItem().legend
    driver.click("Step")
    for theme in (DARK, LIGHT):
        driver.page.setTheme(theme)
        assert [theme.text[1:] in label.item.toHtml() for _, label in legend.items] == [True, True]


def test_noise_is_explained(driver):
    assert driver.words("NoiseWords") == ""
    driver.type("NoiseSpin", "25")
    assert "σ² = " in driver.words("NoiseWords")


def test_the_drawing_is_asked_for_and_taken(driver):
    driver.choose("Source", "your drawing")
    assert driver.words("Trouble").startswith("Draw something on the canvas")
    figure = driver.page.findChild(RecoveryFigure)
    assert not figure.isVisible()
    image = np.random.default_rng(3).random((28, 28)).astype(np.float32)
    driver.page.setImage(image)
    assert figure.isVisible()
    np.testing.assert_allclose(driver.page.findChild(MapView, "recoveryImage").maps()[0], image)
    driver.page.setImage(np.full((28, 28), 0.5, np.float32))
    assert driver.words("Slope").startswith("This image leaves some directions of the kernel open")
    driver.page.setImage(None)
    assert driver.words("Trouble") != ""


def test_digits_come_from_the_data_folder(driver, tmp_path, qtbot):
    images = np.random.default_rng(4).integers(0, 256, (3, 28, 28)).astype(np.uint8)
    labels = np.arange(3, dtype=np.uint8)
    for name, values in zip(MNIST_NAMES, (images, labels, images, labels), strict=True):
        write(tmp_path / "mnist" / name, idx_bytes(values))
    driver.page.setDataFolder(tmp_path)
    driver.choose("Source", "a digit of MNIST")
    shown = driver.page.findChild(MapView, "recoveryImage")
    qtbot.waitUntil(lambda: shown.maps() is not None and np.allclose(shown.maps()[0], images[0] / 255))
    driver.click("Another")
    np.testing.assert_allclose(shown.maps()[0], images[1] / 255)


def test_a_missing_dataset_is_told(driver, tmp_path, qtbot):
    driver.page.setDataFolder(Path(tmp_path))
    driver.choose("Source", "a digit of MNIST")
    qtbot.waitUntil(lambda: str(tmp_path) in driver.words("Trouble"))
