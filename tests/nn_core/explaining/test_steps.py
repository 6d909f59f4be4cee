"""The steps from hand to network: all together give what is read, and each alone can be told from the picture."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.explaining.steps import ALL, Step, answer_after, image_after, possible
from nn_core.fitting import INK
from nn_core.ink import Marks, Picture, Stroke, digit_image
from nn_core.model import Model
from nn_core.normalization import MNIST_NORMALIZATION, Normalization
from nn_core.pen import pen_drawing
from nn_core.presets import make_model

SMALL = (Stroke(np.array([[40.0, 30], [80, 30], [60, 110]]), 18.0),)  # a seven in the upper left corner
PICTURE = (Picture(np.ones((10, 4), np.float32), 20.0, 150.0, 40.0, 100.0),)


def box(image: np.ndarray) -> tuple[float, float, float, float]:
    """Left, top, width and height of the ink in pixels."""
    columns, rows = np.flatnonzero(image.any(axis=0)), np.flatnonzero(image.any(axis=1))
    return columns[0], rows[0], np.ptp(columns) + 1, np.ptp(rows) + 1


def after(marks: Marks, *steps: Step) -> np.ndarray:
    image = image_after(marks, steps)
    assert image is not None
    return image


@pytest.mark.parametrize("digit", range(10))
def test_all_steps_give_what_is_read(digit: int) -> None:
    marks = pen_drawing(digit, rng=np.random.default_rng(digit))
    assert np.array_equal(after(marks, *ALL), digit_image(marks))


def test_all_steps_of_a_picture_give_what_is_read() -> None:
    assert np.array_equal(after(PICTURE, *ALL), digit_image(PICTURE))
    assert possible(PICTURE, MNIST_NORMALIZATION) == ALL - {Step.PEN}
    assert possible(SMALL, Normalization()) == ALL - {Step.NORMALISE}


def test_the_ink_lies_where_it_was_drawn_until_it_is_cut_out() -> None:
    left, top, width, height = box(after(SMALL))
    assert (left, top, width, height) == (3, 2, 6, 10)  # 31 to 89 and 21 to 119 canvas units, a tenth of them
    left, top, *size = box(after(SMALL, Step.CUT))
    assert 2 * left + size[0] == pytest.approx(28, abs=1)
    assert 2 * top + size[1] == pytest.approx(28, abs=1)


@pytest.mark.parametrize("marks", [SMALL, PICTURE])
def test_fitted_ink_is_twenty_pixels_long_and_keeps_its_aspect(marks: Marks) -> None:
    left, top, width, height = box(after(marks, Step.CUT, Step.FIT))
    assert (top, height) == (4, 20)
    before = (58, 98) if marks is SMALL else (40, 100)
    assert width == pytest.approx(20 * before[0] / before[1], abs=1.5)


def test_the_pen_alone_makes_lines_as_wide_as_mnist_has_them_in_their_place() -> None:
    image = after(SMALL, Step.PEN)
    assert image[:5, 5].sum() == pytest.approx(2.4 * INK, abs=0.1)  # across the bar of the seven
    assert after(SMALL)[:5, 5].sum() == pytest.approx(1.8 * INK, abs=0.1)
    assert box(image)[:2] == (2, 1)  # a wider pen reaches farther


def test_centring_alone_brings_the_centre_of_mass_to_the_middle() -> None:
    image, place = after(SMALL, Step.CENTRE), np.arange(28)
    assert image.sum() == pytest.approx(after(SMALL).sum(), rel=1e-5)
    for axis in (0, 1):
        assert image.sum(axis=axis) @ place / image.sum() == pytest.approx(14, abs=0.51)


def test_nothing_drawn_gives_no_image() -> None:
    assert image_after((), ALL) is None
    gone = (*SMALL, Stroke(np.array([[20.0, 70], [100, 70]]), 200.0, erase=True))
    assert image_after(gone, ALL) is None


def test_the_answer_is_that_of_the_model_and_without_normalisation_that_of_bare_pixels() -> None:
    model = make_model("blog-cnn", 0)
    image = after(SMALL, *ALL)
    assert np.array_equal(answer_after(model, image), model.reader().probabilities(image))
    bare = Model(model.network, Normalization()).reader().probabilities(image)
    assert np.array_equal(answer_after(model, image, ALL - {Step.NORMALISE}), bare)
    assert not np.allclose(bare, answer_after(model, image))
