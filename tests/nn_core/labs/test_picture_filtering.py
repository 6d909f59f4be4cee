"""Classic kernels on a picture."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.errors import SettingsError
from nn_core.labs.classic_kernels import CLASSIC_KERNELS, KERNELS_BY_NAME, sums_to_zero
from nn_core.labs.picture_filtering import LONGEST_SIDE, Filtering, filter_picture
from nn_core.labs.sample_pictures import sample_picture, to_gray


def kernel(name):
    return KERNELS_BY_NAME[name].values


def slope():
    """A grey picture that gets brighter by 0.01 a column and 0.02 a row."""
    y, x = np.mgrid[0:12, 0:16]
    return (0.01 * x + 0.02 * y)[None]


@pytest.mark.parametrize(
    "name, expected",
    [("Sobel x", 0.08), ("Sobel y", 0.16), ("Prewitt x", 0.06), ("Prewitt y", 0.12), ("Laplacian", 0.0)],
)
def test_an_edge_kernel_measures_a_slope(name, expected):
    np.testing.assert_allclose(filter_picture(slope(), Filtering(kernel(name))).maps, expected, atol=1e-12)


@pytest.mark.parametrize("entry", CLASSIC_KERNELS, ids=lambda entry: entry.name)
def test_every_kernel_keeps_the_brightness_or_removes_it(entry):
    flat = np.full((1, 9, 9), 0.3)
    expected = 0.0 if sums_to_zero(entry.values) else 0.3
    np.testing.assert_allclose(filter_picture(flat, Filtering(entry.values)).maps, expected, atol=1e-12)
    assert not entry.values.flags.writeable


def test_blurs_and_sharpening_do_what_they_are_called():
    rng = np.random.default_rng(0)
    picture = rng.random((1, 20, 20))
    spread = {
        name: filter_picture(picture, Filtering(kernel(name))).maps[:, 2:-2, 2:-2].std()
        for name in ("Identity", "Gaussian 3×3", "Box blur 5×5", "Motion blur", "Sharpen")
    }
    assert spread["Box blur 5×5"] < spread["Gaussian 3×3"] < spread["Identity"] < spread["Sharpen"]
    assert spread["Motion blur"] < spread["Identity"]
    assert (kernel("Gaussian 5×5")[2] * 256).tolist() == [6, 24, 36, 24, 6]


def test_padding_keeps_the_size_and_the_mode_decides_about_the_rim():
    flat = np.ones((1, 8, 10))
    blur = kernel("Box blur 3×3")
    zeros = filter_picture(flat, Filtering(blur, padding=1)).maps
    same = filter_picture(flat, Filtering(blur, padding=1, padding_mode="replicate")).maps
    assert zeros.shape == same.shape == (1, 8, 10)
    assert zeros[0, 0, 0] == pytest.approx(4 / 9)
    np.testing.assert_allclose(same, 1, atol=1e-12)


def test_channels_are_summed_or_kept_apart():
    rng = np.random.default_rng(1)
    picture = rng.random((3, 9, 7))
    apart = filter_picture(picture, Filtering(kernel("Sobel y"), summed=False)).maps
    summed = filter_picture(picture, Filtering(kernel("Sobel y"))).maps
    assert apart.shape == (3, 7, 5)
    np.testing.assert_allclose(summed[0], apart.sum(axis=0), atol=1e-12)
    for channel in range(3):
        alone = filter_picture(picture[channel : channel + 1], Filtering(kernel("Sobel y"))).maps
        np.testing.assert_allclose(apart[channel], alone[0], atol=1e-12)


def test_pooling_takes_the_largest_and_the_mean():
    rng = np.random.default_rng(2)
    picture = rng.random((1, 8, 8))
    got = filter_picture(picture, Filtering(np.ones((1, 1)), pool_size=2, pool_stride=2))
    tiles = picture[0].reshape(4, 2, 4, 2)
    np.testing.assert_allclose(got.largest[0], tiles.max(axis=(1, 3)), atol=1e-12)
    np.testing.assert_allclose(got.means[0], tiles.mean(axis=(1, 3)), atol=1e-12)
    wide = filter_picture(picture, Filtering(np.ones((1, 1)), pool_size=3, pool_stride=1))
    assert wide.largest.shape == (1, 6, 6)
    assert wide.largest[0, 2, 3] == picture[0, 2:5, 3:6].max()


def test_what_does_not_fit_is_refused():
    with pytest.raises(SettingsError, match="more than 320 along a side"):
        filter_picture(np.zeros((1, 4, LONGEST_SIDE + 1)), Filtering(np.ones((1, 1))))
    with pytest.raises(SettingsError, match="kernel of 5×5 is larger than the picture of 4×6"):
        filter_picture(np.zeros((1, 6, 4)), Filtering(np.ones((5, 5))))
    with pytest.raises(SettingsError, match="window of 4×4 is larger than the 3×3 answer"):
        filter_picture(np.zeros((1, 5, 5)), Filtering(np.ones((3, 3)), pool_size=4))


def test_the_sample_picture_gives_every_kernel_something_to_find():
    picture = sample_picture()
    gray = to_gray(picture)
    assert picture.shape == (3, 160, 160)
    assert gray.shape == (1, 160, 160)
    assert picture.min() >= 0
    assert picture.max() <= 1
    assert np.abs(picture[0] - picture[2]).max() > 0.5  # it has colours
    for entry in CLASSIC_KERNELS:
        if sums_to_zero(entry.values):
            assert np.abs(filter_picture(gray, Filtering(entry.values)).maps).max() > 0.2, entry.name
