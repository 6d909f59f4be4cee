"""The nearest known digits, against a plain search."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import pytest

from nn_core.data import Split
from nn_core.explaining import neighbours
from nn_core.explaining.neighbours import Library, Neighbour, library, nearest_features, nearest_pixels
from nn_core.model import Model
from nn_core.pen import pen_digits
from nn_core.presets import make_model

KNOWN = pen_digits(600, rng=np.random.default_rng(4))


def looked_at(known: Split = KNOWN) -> Library:
    job = library(known)
    while True:
        try:
            next(job)
        except StopIteration as end:
            return end.value


def last(found: Generator[list[Neighbour]]) -> list[Neighbour]:
    return list(found)[-1]


def model(preset: str = "blog-cnn") -> Model:
    return make_model(preset, 0)


def image(place: int) -> np.ndarray:
    return KNOWN.images[place].astype(np.float32) / 255


def features(net: Model) -> np.ndarray:
    reader, layer = net.reader(), max(net.network.learning) - 1
    return np.stack([reader.activations(image(place))[layer].ravel() for place in range(600)])


def test_a_known_digit_is_its_own_neighbour_and_the_others_come_by_distance() -> None:
    net = model()
    seen = features(net)
    distances = np.linalg.norm(seen - seen[17], axis=1)
    order = np.argsort(distances, kind="stable")[:8]
    near = last(nearest_features(net, looked_at(), image(17), 8))
    assert [each.label for each in near] == KNOWN.labels[order].tolist()
    assert np.array_equal(near[0].image, KNOWN.images[17])
    np.testing.assert_allclose([each.distance for each in near], distances[order], atol=1e-3)


def test_of_many_digits_those_are_compared_that_look_alike_from_afar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "SHORTLIST", 50)
    net, small = model(), KNOWN.images.reshape(600, 14, 2, 14, 2).mean(axis=(2, 4)) / 255
    asked = np.argsort(((small - small[17]) ** 2).sum(axis=(1, 2)), kind="stable")[:50]
    assert looked_at().alike(image(17), 50).tolist() == asked.tolist()
    distances = np.linalg.norm(features(net)[asked] - features(net)[17], axis=1)
    near = last(nearest_features(net, looked_at(), image(17), 8))
    np.testing.assert_allclose([each.distance for each in near], np.sort(distances)[:8], atol=1e-3)


def test_what_is_nearest_so_far_is_told_on_the_way() -> None:
    for search in (nearest_features(model(), looked_at(), image(3), 4), nearest_pixels(KNOWN, image(3), 4)):
        found = [[each.distance for each in near] for near in search]
        assert len(found[0]) == 4
        assert all((np.array(later) <= earlier).all() for earlier, later in zip(found[:-1], found[1:], strict=True))
    assert len(list(nearest_features(model(), looked_at(), image(3), 4))) == 6


def test_a_network_without_a_hidden_layer_compares_its_input() -> None:
    near = last(nearest_features(model("flatten → linear 10"), looked_at(), image(5), 3))
    assert [each.label for each in near] == [each.label for each in last(nearest_pixels(KNOWN, image(5), 3))]


def test_pixels_are_compared_as_they_are_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "_BLOCK", 100)
    found = list(nearest_pixels(KNOWN, image(9), 5))
    squares = ((KNOWN.images / 255.0 - image(9)) ** 2).sum(axis=(1, 2))
    order = np.argsort(squares, kind="stable")[:5]
    assert len(found) == 6
    assert [each.label for each in found[-1]] == KNOWN.labels[order].tolist()
    np.testing.assert_allclose([each.distance for each in found[-1]], np.sqrt(squares[order]), atol=1e-5)


def test_parameters_that_overflowed_still_give_neighbours_and_a_few_digits_give_a_few() -> None:
    net = model()
    net.network.vector[:] = np.nan
    few = Split(KNOWN.images[:3], KNOWN.labels[:3])
    assert len(last(nearest_features(net, looked_at(few), image(0), 8))) == 3
