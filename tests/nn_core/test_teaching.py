"""Teaching: own digits are learnt in a short run, what was known stays known, and the first network is untouched."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import pytest

from nn_core.data import Dataset, Split
from nn_core.errors import DataError, ModelError, SettingsError, TrainingError
from nn_core.events import Working
from nn_core.initializers import he_uniform
from nn_core.ink import Stroke
from nn_core.model import Model
from nn_core.normalization import MNIST_NORMALIZATION
from nn_core.own_digits import OwnDigit
from nn_core.pen import pen_digits
from nn_core.presets import network_of
from nn_core.replay import hold_back
from nn_core.settings import TrainSettings
from nn_core.teaching import LAYERS, Taught, lesson_settings, taught_keys, teach
from nn_core.trainer import Trainer
from tests.nn_core.own_drawings import mirrored_sevens, upright

CHAIN = "conv 5×5×6 stride 2 → relu → flatten → linear 24 → relu → linear 10"


@pytest.fixture(scope="module")
def known() -> Dataset:
    digits = pen_digits(1500, rng=np.random.default_rng(1))
    train, test = slice(0, 1200), slice(1200, 1500)
    return Dataset(
        "pen", Split(digits.images[train], digits.labels[train]), Split(digits.images[test], digits.labels[test])
    )


@pytest.fixture(scope="module")
def model(known: Dataset) -> Model:
    """A network that knows the pen's digits."""
    network = network_of(CHAIN, init=he_uniform, rng=np.random.default_rng(0), input_shape=(1, 28, 28))
    found = Model(network, MNIST_NORMALIZATION, {"preset": "own", "accuracy": 0.1})
    for _ in Trainer(found, known, TrainSettings(epochs=6, learning_rate=4e-3, threads=1)):
        pass
    return found


def finished(steps: Generator[Working, None, Taught]) -> Taught:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def misread(model: Model, digits: list[OwnDigit]) -> list[OwnDigit]:
    reader = model.reader()
    return [digit for digit in digits if reader.probabilities(digit.image / 255).argmax() != digit.label]


@pytest.mark.parametrize("layers", sorted(LAYERS))
def test_an_odd_digit_is_learnt_and_the_others_stay_known(model, known, layers):
    vector, card = model.network.vector.copy(), dict(model.card)
    taught = finished(teach(model, misread(model, mirrored_sevens(20))[:8], known, layers=layers, threads=1))
    assert taught.before.learnt.right == 0
    assert taught.after.learnt.right > 3
    assert taught.after.learnt.count == 8
    assert taught.before.held.count == taught.after.held.count == 0
    assert taught.before.known.count == 300
    assert taught.after.known.share > taught.before.known.share - 0.1
    assert taught.model.card["accuracy"] == pytest.approx(taught.after.known.share)
    # What it learnt holds for others of the kind.
    others = mirrored_sevens(20, seed=9)
    assert len(misread(taught.model, others)) < min(10, len(misread(model, others)))
    np.testing.assert_array_equal(model.network.vector, vector)
    assert dict(model.card) == card


def test_the_last_layer_alone_moves_when_that_is_asked_for(model, known):
    before = model.network.state_dict()
    after = finished(teach(model, mirrored_sevens(3), known, layers="last", threads=1)).model.network.state_dict()
    moved = {name for name in before if not np.array_equal(before[name], after[name])}
    assert moved == {"5.weight", "5.bias"}


def test_the_same_lesson_gives_the_same_bits_with_any_number_of_threads(model, known):
    digits = upright(12)
    one, two = (finished(teach(model, digits, known, threads=threads)) for threads in (1, 2))
    np.testing.assert_array_equal(one.model.network.vector, two.model.network.vector)
    assert (one.before, one.after) == (two.before, two.after)
    other = finished(teach(model, digits, known, seed=1, threads=1))
    assert not np.array_equal(one.model.network.vector, other.model.network.vector)


def test_held_back_digits_are_judged_and_not_learnt(model, known):
    digits = upright(30)
    taught = finished(teach(model, digits, known, threads=1))
    assert taught.before.held.count >= 1
    assert taught.before.learnt.count + taught.before.held.count == 30
    keys = taught_keys(taught.model.card)
    assert len(keys) == taught.before.learnt.count
    again = finished(teach(taught.model, digits, known, threads=1))
    assert again.before.held.count == taught.before.held.count
    assert taught_keys(again.model.card) == keys


def test_a_digit_without_ink_is_neither_learnt_nor_held_back(model, known):
    def rubbed(at: int) -> OwnDigit:
        line = np.array([[50.0, 50], [100 + at, 200]])
        return OwnDigit((Stroke(line, 20.0), Stroke(line, 60.0, erase=True)), 3)

    learnt = hold_back(upright(30))[0][:9]
    empty = next(digit for digit in map(rubbed, range(200)) if hold_back([*learnt, digit])[1] == [digit])
    taught = finished(teach(model, [*learnt, empty], known, threads=1))
    assert (taught.before.learnt.count, taught.before.held.count) == (9, 0)
    assert empty.key not in taught_keys(taught.model.card)


@pytest.mark.parametrize("said", [{"taught": 3}, {"taught": {"keys": 3}}, {"taught": {"keys": [1, None]}}, {}])
def test_what_a_strange_file_says_of_lessons_is_passed_over(said):
    assert taught_keys(said) == frozenset()


@pytest.mark.parametrize("loss, wanted", [("mse", "mse"), ("none such", "cross-entropy"), (3, "cross-entropy")])
def test_a_lesson_goes_on_with_the_loss_that_was_learnt_by(loss, wanted):
    assert lesson_settings({"settings": {"loss": loss}}, "all", 0, 1).loss == wanted
    assert lesson_settings({"settings": None}, "all", 0, 1).loss == "cross-entropy"


def test_what_cannot_be_taught_is_refused(model, known):
    with pytest.raises(SettingsError, match="layers"):
        finished(teach(model, upright(2), known, layers="first"))
    with pytest.raises(DataError, match="no ink"):
        finished(teach(model, [], known))
    small = Model(network_of("linear 10", init=he_uniform, rng=np.random.default_rng(0), input_shape=(4,)))
    with pytest.raises(ModelError, match="reads no digits"):
        finished(teach(small, upright(2), known))


def test_a_lesson_that_diverges_says_so(model, known):
    wild = Model(model.network.clone(), model.normalization, model.card)
    wild.network.vector *= np.float32(1e30)
    with pytest.raises(TrainingError, match="diverged"):
        finished(teach(wild, upright(2), known, threads=1))


def test_it_can_be_stopped_anywhere(model, known):
    vector = model.network.vector.copy()
    steps = teach(model, upright(2), known, threads=2)
    for working in steps:
        if working.what == "Teaching":
            break
    steps.close()
    np.testing.assert_array_equal(model.network.vector, vector)
