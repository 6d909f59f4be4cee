"""The page of augmentation: sliders moved, presets pressed, and the variants that follow."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QSlider

from app.labs.augmentation import AugmentationPage
from app.labs.map_view import MapView
from app.theme import DARK
from nn_core.augment import Augmentation
from nn_core.pen import pen_digits
from tests.app.labs.using import using
from tests.nn_core.data.idx_files import MNIST_NAMES, write


@pytest.fixture
def user(qtbot, tiny):
    page = AugmentationPage()
    page.setDataFolder(tiny)
    with using(page, qtbot) as found:
        loaded = found.page.findChild(MapView, "augmentationOriginal").maps()
        qtbot.waitUntil(lambda: not np.array_equal(shown(found, "Original"), loaded))
        yield found


def shown(user, name):
    return user.find(MapView, f"augmentation{name}").maps()


def move(user, name, times):
    field = user.find(QSlider, f"augmentation{name}Slider")
    QTest.keyClick(field, Qt.Key.Key_Home)
    for _ in range(times):
        QTest.keyClick(field, Qt.Key.Key_Right)


def test_no_digits_are_drawn_on_the_thread_of_the_window(qtbot, tmp_path, monkeypatch):
    def drawn(*args, **kwargs):
        assert threading.current_thread() is not threading.main_thread()
        return pen_digits(*args, **kwargs)

    monkeypatch.setattr("app.labs.augmentation.pen_digits", drawn)
    for name in MNIST_NAMES:
        write(tmp_path / "mnist" / name, b"damaged")
    page = AugmentationPage()
    page.setDataFolder(tmp_path)
    with using(page, qtbot) as user:
        assert user.reads("augmentationWords") == "The digits are being loaded …"
        assert not shown(user, "Original").any()
        qtbot.waitUntil(lambda: shown(user, "Original").any())
        assert "what training does" in user.reads("augmentationWords")
        wanted = pen_digits(40, rng=np.random.default_rng(0)).images[0] / np.float32(255)
        assert np.array_equal(shown(user, "Original")[0], wanted)


def test_it_begins_as_training_does(user):
    image = shown(user, "Original")
    batch = np.repeat(image, 256, axis=0)
    wanted = Augmentation()(batch, rng=np.random.default_rng(0))
    assert np.array_equal(shown(user, "Variants")[0, :28, :28], wanted[0])
    assert np.array_equal(shown(user, "Variants")[0, 3 * 29 : 3 * 29 + 28, 5 * 29 : 5 * 29 + 28], wanted[23])
    assert np.allclose(shown(user, "Mean")[0], wanted.mean(axis=0))
    assert "what training does" in user.reads("augmentationWords")
    assert "images a second" in user.reads("augmentationSpeed")


def test_with_none_nothing_changes_and_a_slider_changes_one_thing(user):
    user.press("augmentationNoneButton")
    variants, image = shown(user, "Variants"), shown(user, "Original")[0]
    assert np.array_equal(variants[0, 29:57, 29:57], image)
    assert "Nothing is varied" in user.reads("augmentationWords")
    move(user, "noise", 12)
    assert user.reads("augmentationnoiseValue") == "0.12"
    assert user.reads("augmentationWords").endswith("noise=0.12")
    assert not np.array_equal(shown(user, "Variants"), variants)
    user.press("augmentationUsualButton")
    assert user.reads("augmentationnoiseValue") == "0.00"
    assert user.reads("augmentationrotationValue") == "15°"


def test_flips_carry_their_warning(user):
    warning = user.find(QLabel, "augmentationWarning")
    assert not warning.isVisible()
    move(user, "flip-horizontal", 50)
    assert warning.isVisible()
    assert "mirror image of a 2" in warning.text()
    assert user.reads("augmentationflip-horizontalValue") == "50 %"


def test_others_are_drawn_by_the_next_seed(user):
    before = shown(user, "Variants")
    user.press("augmentationAgainButton")
    assert not np.array_equal(shown(user, "Variants"), before)
    user.type("augmentationSeedSpin", "0")
    assert np.array_equal(shown(user, "Variants"), before)


def test_the_drawing_is_taken_and_else_a_digit_of_the_dataset(user):
    digit = shown(user, "Original")
    user.press("augmentationAnotherButton")
    assert not np.array_equal(shown(user, "Original"), digit)
    image = np.random.default_rng(0).random((28, 28)).astype(np.float32)
    user.page.setImage(image)
    assert np.array_equal(shown(user, "Original")[0], image)
    assert not user.find(QAbstractButton, "augmentationAnotherButton").isEnabled()
    user.page.setImage(None)
    assert shown(user, "Original").shape == digit.shape


def test_colours_are_jittered(user):
    before = [shown_colour(user, i) for i in range(6)]
    user.type("colorJitterSpin", "0")
    after = [shown_colour(user, i) for i in range(6)]
    assert all(np.array_equal(each, before[0]) for each in after)
    assert not np.array_equal(before[1], before[0])


def shown_colour(user, place):
    return user.find(MapView, f"colorJitter{place}").maps()


def test_it_is_narrow_enough_and_another_theme_repaints(user):
    user.page.resize(655, 1200)  # as far as a frame that becomes narrow can push it
    QApplication.processEvents()
    assert user.page.minimumSizeHint().width() <= 480
    before = user.page.grab().toImage()
    user.page.setTheme(DARK)
    assert user.page.grab().toImage() != before
