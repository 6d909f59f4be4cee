"""The nearest known digits, against a plain search."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest

from nn_core.data import Split
from nn_core.explaining import neighbours
from nn_core.explaining.neighbours import index, nearest_pixels
from nn_core.model import Model
from nn_core.pen import pen_digits
from nn_core.presets import make_model

KNOWN = pen_digits(600, rng=np.random.default_rng(4))


def finished(job):
    """What a generator returns, and how often it has yielded."""
    for times in count():
        try:
            next(job)
        except StopIteration as end:
            return end.value, times
    raise AssertionError


def model(preset: str = "blog-cnn") -> Model:
    return make_model(preset, 0)


def image(place: int) -> np.ndarray:
    return KNOWN.images[place].astype(np.float32) / 255


def test_a_known_digit_is_its_own_neighbour_and_the_others_come_by_distance() -> None:
    net = model()
    found, yielded = finished(index(net, KNOWN))
    assert yielded == 3
    assert len(found) == 600
    reader, layer = net.reader(), max(net.network.learning) - 1
    seen = np.stack([reader.activations(image(place))[layer].ravel() for place in range(600)])
    distances = np.linalg.norm(seen - seen[17], axis=1)
    order = np.argsort(distances, kind="stable")[:8]
    near = found.nearest(image(17), 8)
    assert [each.label for each in near] == KNOWN.labels[order].tolist()
    assert np.array_equal(near[0].image, KNOWN.images[17])
    np.testing.assert_allclose([each.distance for each in near], distances[order], atol=1e-2)


def test_an_index_keeps_the_parameters_that_it_was_made_with() -> None:
    net = model()
    found, _ = finished(index(net, KNOWN))
    before = [each.distance for each in found.nearest(image(3), 4)]
    net.network.vector[:] = 0
    assert [each.distance for each in found.nearest(image(3), 4)] == before


def test_a_network_without_a_hidden_layer_compares_its_input() -> None:
    found, _ = finished(index(model("flatten → linear 10"), KNOWN))
    near = found.nearest(image(5), 3)
    pixels, _ = finished(nearest_pixels(KNOWN, image(5), 3))
    assert [each.label for each in near] == [each.label for each in pixels]


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    width = len(model().reader().activations(image(0))[max(model().network.learning) - 1].ravel())
    monkeypatch.setattr(neighbours, "MOST_BYTES", 4 * width * 100)
    found, _ = finished(index(model(), KNOWN))
    assert len(found) == 100


def test_pixels_are_compared_as_they_are() -> None:
    near, _ = finished(nearest_pixels(KNOWN, image(9), 5))
    squares = ((KNOWN.images / 255.0 - image(9)) ** 2).sum(axis=(1, 2))
    order = np.argsort(squares, kind="stable")[:5]
    assert [each.label for each in near] == KNOWN.labels[order].tolist()
    np.testing.assert_allclose([each.distance for each in near], np.sqrt(squares[order]), atol=1e-4)


def test_parameters_that_overflowed_still_give_neighbours_and_a_few_digits_give_a_few() -> None:
    net = model()
    net.network.vector[:] = np.nan
    few = Split(KNOWN.images[:3], KNOWN.labels[:3])
    found, _ = finished(index(net, few))
    assert len(found.nearest(image(0), 8)) == 3
