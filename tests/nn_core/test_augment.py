"""Augmentation: nothing when there is nothing to do, drawn from its generator, and within the range it was given."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.augment import Augmentation
from nn_core.pen import pen_digits

STILL = Augmentation(shift=0, scale=0, rotation=0, shear=0, elastic=0)


@pytest.fixture(scope="module")
def digits():
    return pen_digits(40, rng=np.random.default_rng(0)).images


def only(**amount):
    return Augmentation(**{"shift": 0, "scale": 0, "rotation": 0, "shear": 0, "elastic": 0, **amount})


def augmented(augmentation, images, seed=0):
    return augmentation(images, rng=np.random.default_rng(seed))


def spot(y, x, count=200):
    """Images with one blurred spot at a place."""
    rows = np.arange(28, dtype=np.float32)
    one = 255 * np.exp(-((rows[:, None] - y) ** 2 + (rows - x) ** 2) / 8)
    return np.broadcast_to(one, (count, 28, 28)).astype(np.uint8)


def centres(images):
    """Rows and columns of the centres of mass, from the middle of the image."""
    mass = images.sum(axis=(1, 2))
    offsets = np.arange(28) - 13.5
    return (images.sum(axis=2) @ offsets) / mass, (images.sum(axis=1) @ offsets) / mass


def test_with_all_amounts_0_images_stay_as_they_are(digits):
    found = augmented(STILL, digits)
    assert found.dtype == np.float32
    assert np.array_equal(found, digits)
    assert np.array_equal(augmented(STILL, digits / np.float32(255)), digits / np.float32(255))


def test_the_generator_decides(digits):
    assert np.array_equal(augmented(Augmentation(), digits, 1), augmented(Augmentation(), digits, 1))
    assert not np.array_equal(augmented(Augmentation(), digits, 1), augmented(Augmentation(), digits, 2))


def test_images_stay_in_their_range_and_the_originals_as_they_were(digits):
    before = digits.copy()
    found = augmented(Augmentation(shift=9, scale=0.9, rotation=180, shear=1, elastic=6), digits)
    assert np.array_equal(digits, before)
    assert np.isfinite(found).all()
    assert found.min() >= -1e-3
    assert found.max() <= 255.001


def test_every_image_is_changed_in_its_own_way():
    found = augmented(Augmentation(), spot(10, 16))
    assert len({image.tobytes() for image in found}) == 200


def test_ink_stays_roughly_what_it_was(digits):
    before, after = digits.sum(axis=(1, 2)), augmented(Augmentation(), digits).sum(axis=(1, 2))
    assert 0.9 < (after / before).mean() < 1.1


def test_a_shift_reaches_its_amount_and_no_further():
    rows, columns = centres(augmented(only(shift=3), spot(13.5, 13.5)))
    for moved in (rows, columns):
        assert 2.7 < abs(moved).max() < 3.05
        assert abs(moved.mean()) < 0.4
    assert abs(np.corrcoef(rows, columns)[0, 1]) < 0.2


def test_a_rotation_turns_about_the_middle_by_its_amount_and_no_further():
    rows, columns = centres(augmented(only(rotation=20), spot(13.5, 21.5)))
    angles = np.rad2deg(np.arctan2(rows, columns))
    assert np.hypot(rows, columns) == pytest.approx(np.full(200, 8), abs=0.1)
    assert 18 < abs(angles).max() < 20.5
    assert abs(angles.mean()) < 2.5


def test_a_scale_moves_away_from_the_middle_and_back_each_axis_on_its_own():
    rows, columns = centres(augmented(only(scale=0.2), spot(9.5, 19.5, 2000)))
    for moved, start in ((rows, -4), (columns, 6)):
        factors = moved / start
        assert 1 / 1.21 < factors.min() < 0.86
        assert 1.2 < factors.max() < 1 / 0.79
    assert abs(np.corrcoef(rows, columns)[0, 1]) < 0.2


def test_a_shear_moves_along_one_axis_by_the_other():
    kept, moved = sorted(centres(augmented(only(shear=0.3), spot(21.5, 21.5, 2000))), key=np.ptp)
    assert kept == pytest.approx(np.full(2000, 8), abs=0.2)
    assert 2.2 < abs(moved - 8).max() < 2.45
    assert abs((moved - 8).mean()) < 0.4


def test_bending_moves_a_place_by_about_its_amount():
    rows, columns = centres(augmented(only(elastic=2), spot(13.5, 13.5)))
    for moved in (rows, columns):
        assert 0.25 < moved.std() < 2.2
        assert abs(moved.mean()) < 0.3


def test_what_leaves_the_paper_is_gone_and_what_comes_in_is_paper():
    found = augmented(only(shift=200), np.full((50, 28, 28), 255, np.uint8))
    assert (found[abs(found).sum(axis=(1, 2)) == 0]).shape[0] > 20


def test_a_crop_enlarges_and_stays_within_what_was_there():
    rows, columns = centres(augmented(only(crop=8), spot(13.5, 13.5, 2000)))
    for moved in (rows, columns):
        assert 2.5 < abs(moved).max() <= 4 / (1 - 8 / 28) + 0.1
        assert abs(moved.mean()) < 0.2
    full = augmented(only(crop=14), np.full((50, 28, 28), 255, np.uint8))
    assert full.min() == pytest.approx(255, abs=0.01)  # nothing from outside of the paper


@pytest.mark.parametrize("name, axis", [("flip_horizontal", 2), ("flip_vertical", 1)])
def test_a_flip_mirrors_its_share_of_the_images(digits, name, axis):
    assert np.array_equal(augmented(only(**{name: 1}), digits), np.flip(digits, axis))
    images = np.concatenate([digits] * 10)
    found = augmented(only(**{name: 0.3}), images)
    flipped = (found == np.flip(images, axis)).all(axis=(1, 2))
    assert (flipped | (found == images).all(axis=(1, 2))).all()
    assert 0.22 < flipped.mean() < 0.38
    assert Augmentation(**{name: 0.1}).flips
    assert not Augmentation().flips


def test_noise_has_its_spread_and_each_image_a_strength_of_its_own():
    grey = np.full((400, 28, 28), 0.5, np.float32)
    spreads = augmented(only(noise=0.1), grey).std(axis=(1, 2))
    assert 0.095 < spreads.max() < 0.105
    assert spreads.mean() == pytest.approx(0.05, abs=0.005)
    assert augmented(only(noise=0.1), np.full((400, 28, 28), 128, np.uint8)).std(axis=(1, 2)).max() > 24


def test_brightness_adds_and_contrast_multiplies_about_the_mean():
    half = np.full((400, 28, 28), 0.4, np.float32)
    half[:, :14] = 0.6
    lighter = augmented(only(brightness=0.2), half) - half
    assert lighter.std(axis=(1, 2)) == pytest.approx(np.zeros(400), abs=1e-6)
    assert 0.15 < abs(lighter[:, 0, 0]).max() <= 0.2
    found = augmented(only(contrast=0.5), half)
    assert found.mean(axis=(1, 2)) == pytest.approx(np.full(400, 0.5), abs=1e-5)
    factors = (found[:, 0, 0] - 0.5) / 0.1
    assert 0.5 <= factors.min() < 0.62
    assert 1.38 < factors.max() <= 1.5


def test_values_stay_in_their_range_with_everything_at_once(digits):
    all_of_it = Augmentation(crop=9, flip_horizontal=0.5, flip_vertical=0.5, noise=1, brightness=1, contrast=1)
    for images, top in ((digits, 255), (digits / np.float32(255), 1)):
        found = augmented(all_of_it, images)
        assert found.dtype == np.float32
        assert (found.min(), found.max()) == (0, top)
