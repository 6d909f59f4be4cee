"""A convolution by hand: worked numbers, and every one of them as `Conv2d` has it."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.errors import SettingsError
from nn_core.labs.hand_convolution import HandConvolution, resized
from nn_core.labs.hand_examples import EXAMPLES, deep, edges, turning, worked

SLANTED = [[4, 3, 4], [2, 4, 3], [2, 3, 4]]


def random_case(rng: np.random.Generator, **options: object) -> HandConvolution:
    channels, side, kernel = rng.integers(1, 4), int(rng.integers(4, 10)), int(rng.integers(1, 5))
    filters = rng.integers(1, 4)
    image, kernels = rng.normal(size=(channels, side, side)), rng.normal(size=(filters, channels, kernel, kernel))
    return HandConvolution(image, kernels, rng.normal(size=filters), **options)  # type: ignore[arg-type]


def test_the_worked_example():
    assert worked().answer().tolist() == [SLANTED]
    assert worked(stride=2).answer().tolist() == [[[4, 4], [2, 4]]]
    first = worked().window(0, 0, 0)
    assert first.products.ravel().tolist() == [1, 0, 1, 0, 1, 0, 0, 0, 1]
    assert first.value == 4


@pytest.mark.parametrize("mode", ["zeros", "replicate"])
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("stride, padding", [(1, 0), (2, 1), (3, 2)])
def test_every_window_is_what_the_layer_computes(stride, padding, mode, turned):
    rng = np.random.default_rng(4)
    for relu in (False, True):
        case = random_case(rng, stride=stride, padding=padding, padding_mode=mode, relu=relu, turned=turned)
        answer = case.answer()
        assert answer.shape == (len(case.kernels), case.side, case.side)
        for place in np.ndindex(answer.shape):
            window = case.window(*place)
            assert window.value == pytest.approx(answer[place], abs=1e-12)
            assert window.total == pytest.approx(window.products.sum() + window.bias)


def test_sizes_and_parameters_with_their_numbers():
    assert worked(stride=2).size_arithmetic() == "⌊(5 + 2·0 − 3) / 2⌋ + 1 = 2"
    assert deep().size_arithmetic() == "⌊(5 + 2·1 − 3) / 2⌋ + 1 = 3"
    assert deep().parameter_arithmetic() == "(3·3·3 + 1)·2 = 56"
    assert deep().answer().shape == (2, 3, 3)


def test_what_no_window_reaches():
    assert worked().unread == worked(stride=2).unread == 0
    image, kernel = np.zeros((1, 6, 6)), np.zeros((1, 1, 3, 3))
    assert HandConvolution(image, kernel, np.zeros(1), stride=2).unread == 1


def test_padding_decides_about_the_rim():
    zeros = edges()
    replicate = HandConvolution(zeros.image, zeros.kernels, zeros.bias, padding=1, padding_mode="replicate")
    assert zeros.padded()[0, 3, -1] == 0
    assert replicate.padded()[0, 3, -1] == 1
    assert zeros.answer()[0, 3, -1] == -4  # the square seems to end where the image does
    assert replicate.answer()[0, 3, -1] == 0


def test_a_point_shows_the_kernel_itself_only_when_it_is_turned():
    turned = turning()
    assert turned.answer()[0].tolist() == turned.kernels[0, 0].tolist()
    plain = HandConvolution(turned.image, turned.kernels, turned.bias)
    assert plain.answer()[0].tolist() == turned.kernels[0, 0, ::-1, ::-1].tolist()


def test_turning_is_what_mathematics_calls_convolution():
    rng = np.random.default_rng(5)
    a, b = rng.normal(size=6), rng.normal(size=3)
    image, kernel = np.outer(a, a), np.outer(b, b)
    case = HandConvolution(image[None], kernel[None, None], np.zeros(1), turned=True)
    expected = np.outer(np.convolve(a, b, "valid"), np.convolve(a, b, "valid"))
    np.testing.assert_allclose(case.answer()[0], expected, atol=1e-12)


def test_a_kernel_that_does_not_fit_is_refused():
    with pytest.raises(SettingsError, match=r"^The kernel of 5×5 is larger than the image of 3×3: take"):
        HandConvolution(np.zeros((1, 3, 3)), np.zeros((1, 1, 5, 5)), np.zeros(1)).answer()
    with pytest.raises(SettingsError, match="3×3 with a padding of 1"):
        HandConvolution(np.zeros((1, 3, 3)), np.zeros((1, 1, 7, 7)), np.zeros(1), padding=1).answer()


def test_other_sizes_keep_the_numbers_that_are_there():
    rng = np.random.default_rng(6)
    larger = resized(worked(), side=7, kernel=4, channels=2, filters=3, rng=rng)
    assert larger.image.shape == (2, 7, 7)
    assert larger.kernels.shape == (3, 2, 4, 4)
    assert larger.bias.shape == (3,)
    assert larger.relu
    np.testing.assert_array_equal(larger.image[:1, :5, :5], worked().image)
    np.testing.assert_array_equal(larger.kernels[:1, :1, :3, :3], worked().kernels)
    assert set(np.unique(larger.image)) <= {0, 1, 2}
    back = resized(larger, side=5, kernel=3, channels=1, filters=1, rng=rng)
    np.testing.assert_array_equal(back.answer(), worked().answer())


def test_all_examples_have_an_answer():
    for make in EXAMPLES.values():
        assert np.abs(make().answer()).max() > 0
