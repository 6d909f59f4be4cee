"""A model reads single images, with the parameters that it is shown."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from nn_core.initializers import he_uniform
from nn_core.layers import Flatten, Linear, Softmax
from nn_core.losses import softmax
from nn_core.model import Model, probabilities_of
from nn_core.network import Sequential
from nn_core.normalization import Normalization
from nn_core.presets import make_model
from tests.reference.values import spread

IMAGE = abs(spread((28, 28), 1))


@pytest.mark.parametrize("name", ["blog-cnn", "digitscope"])
def test_probabilities_are_the_softmax_of_the_outputs_for_normalised_pixels(name):
    model = make_model(name, 0)
    found = model.reader().probabilities(IMAGE)
    assert found.shape == (10,)
    assert found.sum() == pytest.approx(1, abs=1e-6)
    assert np.allclose(found, softmax(model.network(((IMAGE - 0.1307) / 0.3081)[None, None]))[0], atol=1e-6)


def test_many_images_are_read_as_each_of_them_alone_and_their_number_costs_no_memory():
    model = make_model("digitscope", 0)
    images, reader = abs(spread((40, 28, 28), 2)), model.reader()
    wanted = [model.reader().probabilities(image) for image in images]
    tracemalloc.start()
    for count in range(41):
        assert np.allclose(reader.all_probabilities(images[:count]), wanted[:count] or np.empty((0, 10)), atol=1e-6)
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert kept < 40e6


def test_a_network_that_ends_in_softmax_has_them_already():
    linear = Linear(784, 10, rng=np.random.default_rng(0), init=he_uniform)
    network = Sequential(Flatten(), linear, Softmax())
    found = Model(network, Normalization()).reader().probabilities(IMAGE)
    assert np.allclose(found, network(IMAGE[None, None])[0], atol=1e-6)


def test_a_network_that_ends_in_sigmoids_has_the_softmax_of_what_goes_into_them():
    network = make_model("fc-sigmoid", 0).network
    reader = Model(network, Normalization()).reader()
    found, (*_, inside, outputs) = reader.probabilities(IMAGE), reader.activations(IMAGE)
    assert found == pytest.approx(softmax(inside[None])[0], abs=1e-6)
    assert found.argmax() == outputs.argmax()


def test_sure_sigmoids_give_probabilities_that_say_so():
    """0.9 for one digit and 0.1 for nine: odds of 9 beside nine times 1/9."""
    network = make_model("fc-sigmoid", 0).network
    outputs = np.full((1, 10), 0.1, np.float32)
    outputs[0, 7] = 0.9
    assert probabilities_of(outputs, network)[0, 7] == pytest.approx(0.9, abs=1e-6)
    assert np.isfinite(probabilities_of(np.array([[0, 1]], np.float32), network)).all()


def test_an_answer_stays_as_it_was_when_the_reader_reads_on():
    reader = make_model("blog-cnn", 0).reader()
    first, maps = reader.probabilities(IMAGE), reader.activations(IMAGE)
    copies = [first.copy(), *(values.copy() for values in maps)]
    reader.probabilities(1 - IMAGE)
    reader.activations(1 - IMAGE)
    assert all(np.array_equal(a, b) for a, b in zip([first, *maps], copies, strict=True))


def test_training_does_not_reach_a_reader_until_it_is_shown_the_parameters():
    model = make_model("blog-cnn", 0)
    reader = model.reader()
    before = reader.probabilities(IMAGE)
    model.network.vector[...] = make_model("blog-cnn", 1).network.vector
    assert np.array_equal(reader.probabilities(IMAGE), before)
    reader.show(model.network.vector)
    assert not np.allclose(reader.probabilities(IMAGE), before)
    frozen = model.network.vector.copy()
    frozen.flags.writeable = False
    reader.show(frozen)  # reading needs no right to write
    assert np.array_equal(reader.probabilities(IMAGE), model.reader().probabilities(IMAGE))


def test_activations_have_the_shapes_of_the_layer_table():
    model = make_model("lenet5", 0)
    found = model.reader().activations(IMAGE)
    assert [values.shape for values in found] == [info.output_shape for info in model.network.describe()]
    assert np.allclose(softmax(found[-1][None])[0], model.reader().probabilities(IMAGE), atol=1e-6)


def test_no_image_no_softmax_trouble_whatever_the_type():
    found = make_model("blog-cnn", 0).reader().probabilities(np.zeros((28, 28), np.float64))
    assert np.isfinite(found).all()
