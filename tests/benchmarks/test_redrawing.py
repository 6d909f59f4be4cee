"""Digits drawn again: the lines that were there, with another pen."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import hands
from benchmarks.redrawing import middle_lines, redrawn
from nn_core.data import Split, load_dataset
from nn_core.fitting import digit_images
from nn_core.pen import BLOCK, pen_digits
from nn_core.pieces import Pieces


def drawn(lines: list[list[tuple[float, float]]], pen: float = 3.0) -> np.ndarray:
    """One image (28, 28) of lines."""
    start = np.array([point for line in lines for point in line[:-1]], np.float32)
    end = np.array([point for line in lines for point in line[1:]], np.float32)
    pieces = Pieces(np.zeros(len(start), np.intp), start, end, np.ones(len(start), np.float32))
    return np.rint(digit_images(pieces, 1, pen)[0] * 255).astype(np.uint8)


def ring(radius: float, middle: tuple[float, float] = (14.0, 14.0)) -> list[tuple[float, float]]:
    angle = np.linspace(0, 2 * np.pi, 40)
    return [(middle[0] + radius * np.cos(a), middle[1] + radius * np.sin(a)) for a in angle]


@pytest.mark.parametrize("pen", [1.6, 2.4, 4.0])
def test_the_middle_of_a_line_is_found_whatever_its_pen(pen):
    image = drawn([[(5.0, 3.0), (5.0, 25.0)], [(5.0, 3.0), (20.0, 3.0)]], pen)
    lines = middle_lines(image[None])
    rows, columns = np.nonzero(image == image.max())
    upright = lines.only((np.abs(lines.end - lines.start)[:, 0] < 1e-3) & (lines.start[:, 1] > 12))
    assert len(upright.owner)
    assert np.ptp(upright.start[:, 0]) < 0.3
    assert abs(upright.start[:, 0].mean() - (columns[rows > 16].mean() + 0.5)) < 0.5
    assert (lines.end - lines.start).shape == (len(lines.owner), 2)


def test_a_ring_stays_closed():
    lines = middle_lines(drawn([ring(10.0)])[None])
    places, links = np.unique(np.concatenate([lines.start, lines.end]), axis=0, return_counts=True)
    assert len(places) > 100
    assert (links >= 2).all()  # no end anywhere
    assert np.hypot(*(places - places.mean(axis=0)).T) == pytest.approx(8.5, abs=0.4)  # 20 wide with its pen of 3


def test_what_is_redrawn_looks_like_what_was_there():
    split = pen_digits(200, rng=np.random.default_rng(0))
    (again,) = redrawn(split)
    assert len(again) > 150
    # Each is nearest to one of its own kind: correlated above all with an image of the same label.
    ours, theirs = (images.reshape(len(images), -1).astype(np.float64) for images in (again.images, split.images))
    ours, theirs = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (ours, theirs))
    assert (split.labels[(ours @ theirs.T).argmax(axis=1)] == again.labels).mean() > 0.95


def test_a_filled_loop_is_left_out_and_an_open_one_is_not():
    stem = [(18.0, 8.0), (18.0, 27.0)]
    open_nine, blob = drawn([ring(5.0), stem], 2.0), drawn([ring(3.0), stem], 8.0)
    (again,) = redrawn(Split(np.stack([blob, open_nine]), np.array([4, 9], np.uint8)))
    assert again.labels.tolist() == [9]


def test_blank_images_and_single_points():
    blank = np.zeros((3, 28, 28), np.uint8)
    assert list(redrawn(Split(blank, np.zeros(3, np.uint8)))) == []
    blank[1, 14, 14] = 255
    blank[2] = 255
    for found in redrawn(Split(blank, np.zeros(3, np.uint8))):
        assert len(found) <= 1  # a point is a dot; a sheet full of ink has no lines


def test_blocks_follow_each_other():
    split = pen_digits(BLOCK + 5, rng=np.random.default_rng(2))
    labels = np.concatenate([block.labels for block in redrawn(split)])
    assert 0.8 * BLOCK < len(labels) <= BLOCK + 5
    assert labels[-1] in split.labels[-5:]


def test_nine_of_ten_digits_of_mnist_have_lines(data_dir):
    train = load_dataset(data_dir, "mnist").train.first(1000)
    (again,) = redrawn(train)
    assert 0.9 < len(again) / 1000 < 0.98


def test_hands_are_judged_by_what_a_network_makes_of_them_that_knows_the_pen_alone(data_dir):
    found = hands.measure(data_dir, 600, 300, 1)
    assert found["as_they_are"]["n"] == 300
    assert 250 < found["redrawn"]["n"] < 300
    assert 0.1 < found["redrawn"]["accuracy"] < 1
    assert found["redrawn"]["wrong"] == round((1 - found["redrawn"]["accuracy"]) * found["redrawn"]["n"])
