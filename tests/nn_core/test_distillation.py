"""Distillation: its loss and gradient, who is asked about which image, and the same bits whatever happens around it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nn_core.data import Dataset
from nn_core.distillation import (
    TEMPERATURE,
    WEIGHT,
    Distillation,
    SharedTeacher,
    Teacher,
    lessons_of,
)
from nn_core.errors import SettingsError, TrainingError
from nn_core.losses import CrossEntropyLoss, softmax
from nn_core.model import Model
from nn_core.normalization import MNIST_NORMALIZATION, Normalization
from nn_core.presets import make_network
from nn_core.shared import SharedArray
from nn_core.trainer import Trainer
from tests.nn_core.runs import SETTINGS, data, essence, model
from tests.reference.values import classes, spread

CHAIN = "conv 5x5x3 stride 3 -> batch-norm -> tanh -> flatten -> linear 10"


def network(seed, dtype=np.float64):
    found = make_network(CHAIN, rng=np.random.default_rng(seed)).clone(dtype)
    found.vector[...] *= 2  # surer answers
    return found


def shared(*networks):
    return [SharedTeacher(one.config(), SharedArray.of(one.vector)) for one in networks]


def batch(count, seed=1):
    pixels = np.random.default_rng(seed).random((count, 1, 28, 28))
    return pixels, 3 * spread((count, 10), seed + 1).astype(np.float64), classes(count, 10, seed + 2)


def written_out(outputs, labels, answers, count):
    """The loss of images that all have the same teachers, whose mean answers these are."""
    hard, _ = CrossEntropyLoss()(outputs, labels, count)
    p = softmax(outputs / TEMPERATURE)
    return (1 - WEIGHT) * hard + WEIGHT * TEMPERATURE**2 * (answers * np.log(answers / p)).sum() / count


def test_an_image_without_teachers_costs_what_its_label_says():
    pixels, outputs, labels = batch(7)
    found = Distillation(CrossEntropyLoss(0.1), shared(network(3)))(pixels, outputs, labels, np.zeros(7, np.uint8), 9)
    wanted = CrossEntropyLoss(0.1)(outputs, labels, 9)
    assert found[0] == wanted[0]
    assert np.array_equal(found[1], wanted[1])


@pytest.mark.parametrize("count", [1, 16, 21])
def test_the_teachers_mean_answer_is_learnt_beside_the_label(count):
    pixels, outputs, labels = batch(count)
    one, two = network(3), network(4)
    answers = (softmax(one(pixels) / TEMPERATURE) + softmax(two(pixels) / TEMPERATURE)) / 2
    loss, gradient = Distillation(CrossEntropyLoss(), shared(one, two))(
        pixels, outputs, labels, np.full(count, 3, np.uint8), count
    )
    assert loss == pytest.approx(written_out(outputs, labels, answers, count), rel=1e-10)
    assert gradient.sum(axis=1) == pytest.approx(np.zeros(count), abs=1e-12)


def test_each_image_is_judged_by_its_own_teachers():
    pixels, outputs, labels = batch(6)
    one, two = network(3), network(4)
    asked = np.array([1, 2, 0, 3, 2, 1], np.uint8)
    together = Distillation(CrossEntropyLoss(), shared(one, two))(pixels, outputs, labels, asked, 6)
    loss, gradient = 0.0, np.zeros_like(outputs)
    for i, mask in enumerate(asked):
        networks = [each for k, each in enumerate((one, two)) if mask >> k & 1]
        here = slice(i, i + 1)
        alone = Distillation(CrossEntropyLoss(), shared(*networks))(
            pixels[here], outputs[here], labels[here], np.array([2 ** len(networks) - 1], np.uint8), 6
        )
        loss += alone[0]
        gradient[here] = alone[1]
    assert together[0] == pytest.approx(loss, rel=1e-10)
    np.testing.assert_allclose(together[1], gradient, rtol=1e-9, atol=1e-14)


def test_the_gradient_is_that_of_the_loss():
    pixels, outputs, labels = batch(5)
    distillation = Distillation(CrossEntropyLoss(0.1), shared(network(3), network(4)))
    asked = np.array([3, 0, 1, 2, 3], np.uint8)
    _, gradient = distillation(pixels, outputs, labels, asked, 5)
    step, numeric = 1e-6, np.zeros_like(outputs)
    for place in np.ndindex(*outputs.shape):
        for sign in (1, -1):
            moved = outputs.copy()
            moved[place] += sign * step
            numeric[place] += sign * distillation(pixels, moved, labels, asked, 5)[0] / (2 * step)
    np.testing.assert_allclose(gradient, numeric, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_answers_as_sure_as_can_be_give_finite_numbers(dtype):
    teacher = network(3, dtype)
    teacher.vector[...] *= 500
    pixels, outputs, labels = batch(4)
    loss, gradient = Distillation(CrossEntropyLoss(), shared(teacher))(
        pixels.astype(dtype), (1e4 * outputs).astype(dtype), labels, np.ones(4, np.uint8), 4
    )
    assert np.isfinite(loss)
    assert np.isfinite(gradient).all()
    assert gradient.dtype == dtype


@pytest.mark.peers
def test_it_is_torchs_cross_entropy_and_divergence():
    torch = pytest.importorskip("torch")
    pixels, outputs, labels = batch(8)
    one, two = network(3), network(4)
    found = Distillation(CrossEntropyLoss(), shared(one, two))(pixels, outputs, labels, np.full(8, 3, np.uint8), 8)
    logits = torch.tensor(outputs, requires_grad=True)
    answers = sum(torch.softmax(torch.tensor(each(pixels)) / TEMPERATURE, dim=1) for each in (one, two)) / 2
    divergence = torch.nn.KLDivLoss(reduction="batchmean")
    hard = torch.nn.CrossEntropyLoss()(logits, torch.tensor(labels.astype(np.int64)))
    soft = divergence(torch.log_softmax(logits / TEMPERATURE, dim=1), answers)
    wanted = (1 - WEIGHT) * hard + WEIGHT * TEMPERATURE**2 * soft
    wanted.backward()
    assert found[0] == pytest.approx(wanted.item(), rel=1e-10)
    np.testing.assert_allclose(found[1], logits.grad.numpy(), rtol=1e-8, atol=1e-12)


# Whole runs.


def mixed_data():
    """31 images of two sets."""
    return replace(data(31), name="a+b", origins=(("a", 20), ("b", 11)))


def teachers():
    return [Teacher(model(8), frozenset({"a"})), Teacher(model(9), frozenset({"a", "b"}))]


TAUGHT = replace(SETTINGS, teachers="first+second")


def trained(dataset, settings, its_teachers, resume=None):
    subject = model()
    trainer = Trainer(subject, dataset, settings, resume=resume)
    trainer.learn_from(its_teachers)
    return subject.network.vector, [essence(event) for event in trainer]


def test_about_an_image_those_are_asked_who_know_its_dataset():
    def asked(its_teachers, dataset, images):
        return lessons_of(its_teachers, dataset, images, MNIST_NORMALIZATION).asked.tolist()

    assert asked(teachers(), mixed_data(), 31) == [3] * 20 + [2] * 11
    assert asked(teachers(), mixed_data(), 22) == [3] * 20 + [2] * 2
    assert asked(teachers(), data(5), 5) == [0] * 5  # a set that none of them has seen
    assert asked([Teacher(model(), frozenset({"noise"}))], data(5), 5) == [1] * 5


def test_teachers_change_what_is_learnt_and_threads_and_a_resumption_do_not():
    dataset = mixed_data()
    vector, events = trained(dataset, TAUGHT, teachers())
    assert not np.array_equal(vector, trained(dataset, SETTINGS, [])[0])
    assert not np.array_equal(vector, trained(replace(dataset, origins=(("a", 31),)), TAUGHT, teachers())[0])
    again = trained(dataset, replace(TAUGHT, threads=2), teachers())
    assert np.array_equal(again[0], vector)
    assert again[1] == events

    begun = Trainer(model(), dataset, TAUGHT)
    begun.learn_from(teachers())
    for _, _ in zip(range(3), begun, strict=False):
        pass
    assert np.array_equal(trained(dataset, TAUGHT, teachers(), resume=begun.state())[0], vector)
    with pytest.raises(TrainingError, match="begun with other teachers"):
        trained(dataset, TAUGHT, teachers()[::-1], resume=begun.state())


def test_the_teachers_stay_as_they_are():
    its = teachers()
    before = [one.model.network.vector.copy() for one in its]
    trained(mixed_data(), TAUGHT, its)
    assert all(np.array_equal(one.model.network.vector, was) for one, was in zip(its, before, strict=True))


def test_what_cannot_teach_is_refused():
    dataset: Dataset = data(9)
    other = Model(model().network, Normalization())
    with pytest.raises(SettingsError, match="normalised as the network that it teaches"):
        Trainer(model(), dataset, TAUGHT).learn_from([Teacher(other, frozenset({"noise"}))] * 2)
    with pytest.raises(SettingsError, match="not with mse"):
        Trainer(model(), dataset, replace(TAUGHT, loss="mse")).learn_from(teachers())
    unsure = Model(make_network("flatten -> linear 10 -> sigmoid", rng=np.random.default_rng(0)), MNIST_NORMALIZATION)
    with pytest.raises(SettingsError, match="ends with sigmoid cannot teach"):
        lessons_of([Teacher(unsure, frozenset())], dataset, 9, MNIST_NORMALIZATION)
    with pytest.raises(SettingsError, match="'first\\+second'.* 0 are given"):
        next(iter(Trainer(model(), dataset, TAUGHT)))
    with pytest.raises(SettingsError, match="'first\\+second'.* 1 are given"):
        Trainer(model(), dataset, TAUGHT).learn_from(teachers()[:1])
