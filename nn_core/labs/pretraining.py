"""What pre-training brings: layers learnt without labels, then the same network with and without, on few labels."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from nn_core.autoencoder import DenoisingAutoencoder, damage
from nn_core.data import Dataset, Split
from nn_core.errors import SettingsError
from nn_core.events import EpochDone, Failed, Working
from nn_core.layers import Array
from nn_core.model import Model
from nn_core.presets import make_model
from nn_core.pretraining import Pretrained, Pretraining, inputs_of, pretrain, stages_of
from nn_core.settings import TrainSettings
from nn_core.trainer import Trainer

#: Digits whose restoration is shown, filters that are shown, and test images that each look takes.
SHOWN, FILTERS, EXAMINED = 10, 40, 2000
#: How the two networks are trained.
BATCH, RATE = 32, 1e-3
_SIDE = 28


@dataclass(frozen=True, slots=True)
class Experiment:
    """A network, how it is pre-trained, and the labels that it has afterwards.

    Raises:
        SettingsError: a number is out of its range.
    """

    preset: str = "flatten -> linear 200 -> sigmoid -> linear 200 -> sigmoid -> linear 10"
    plan: Pretraining = Pretraining(3)
    labelled: int = 500
    epochs: int = 20

    def __post_init__(self) -> None:
        if not 10 <= self.labelled <= 60_000:
            raise SettingsError(f"labelled (={self.labelled}) must lie between 10 and 60000")
        if not 1 <= self.epochs <= 1000:
            raise SettingsError(f"epochs (={self.epochs}) must lie between 1 and 1000")


@dataclass(frozen=True, slots=True, eq=False)
class Restoration:
    """Digits `(N, 28, 28)` as they came, damaged, and restored from what the layer makes of them; values in [0, 1].

    `filters` are weights of the first layer, `(M, 28, 28)`.
    """

    layer: int
    epoch: int
    loss: float
    clean: Array
    damaged: Array
    restored: Array
    filters: Array


@dataclass(frozen=True, slots=True)
class Compared:
    """An epoch of both networks: shares of right answers on test images."""

    epoch: int
    plain: float
    pretrained: float


def experiment(chosen: Experiment, dataset: Dataset) -> Generator[Working | Restoration | Compared]:
    """Pre-train on all images of the training split, then train with and without on the first `labelled` of them.

    Both start from the same weights but for what was pre-trained, and see the same batches. The same experiment and
    data give the same numbers.

    Raises:
        SettingsError: the network is no stack of linear layers with one to pre-train.
    """
    plain, model = (make_model(chosen.preset, chosen.plan.seed, normalization="min-max") for _ in range(2))
    stages_of(model.network.layers)
    images = dataset.test.images[:SHOWN]
    for event in pretrain(model, dataset.train.images, chosen.plan):
        yield event if isinstance(event, Working) else _restoration(event, model, images, chosen.plan)
    yield from _compare(chosen, dataset, plain, model)


def _restoration(event: Pretrained, model: Model, images: Array, plan: Pretraining) -> Restoration:
    clean = inputs_of(model, images)
    damaged = damage(clean, plan.corruption, rng=np.random.default_rng(plan.seed))
    return Restoration(
        event.layer,
        event.epoch,
        event.loss,
        _pictures(clean),
        _pictures(damaged),
        _pictures(restored(event.stack, damaged)),
        event.stack[0].weight[:FILTERS].reshape(-1, _SIDE, _SIDE).copy(),
    )


def restored(stack: tuple[DenoisingAutoencoder, ...], inputs: Array) -> Array:
    """Inputs `(784, N)` sent up through all autoencoders of a stack, and down again through their decoders."""
    value = inputs
    for coder in stack:
        value = coder.encode(value)
    for coder in reversed(stack):
        value = coder.decode(value)
    return value


def _pictures(values: Array) -> Array:
    return values.T.reshape(-1, _SIDE, _SIDE).clip(0, 1)


def _compare(chosen: Experiment, dataset: Dataset, plain: Model, model: Model) -> Generator[Working | Compared]:
    some = Dataset(
        dataset.name,
        dataset.train.first(chosen.labelled),
        Split(dataset.test.images[:EXAMINED], dataset.test.labels[:EXAMINED]),
    )
    settings = TrainSettings(
        preset=chosen.preset, dataset=dataset.name, normalization="min-max", learning_rate=RATE, schedule="constant",
        batch_size=BATCH, epochs=chosen.epochs, seed=chosen.plan.seed, threads=1,
    )  # fmt: skip
    runs = [_accuracies(Trainer(each, some, settings)) for each in (plain, model)]
    try:
        for epoch in range(1, chosen.epochs + 1):
            found: list[float] = []
            for run in runs:
                found.append((yield from _next(run, epoch, chosen.epochs)))
            yield Compared(epoch, *found)
    finally:
        for run in runs:
            run.close()


def _accuracies(trainer: Trainer) -> Generator[float | None]:
    """The test accuracy after every epoch; None in between."""
    for event in trainer:
        if isinstance(event, Failed):
            raise SettingsError(event.message)
        yield event.test_accuracy if isinstance(event, EpochDone) else None


def _next(run: Generator[float | None], epoch: int, epochs: int) -> Generator[Working, None, float]:
    """Go on to the next epoch's end."""
    for number, accuracy in enumerate(run):
        if accuracy is not None:
            return accuracy
        if number % 10 == 0:
            yield Working("Training with labels", epoch - 1, epochs)
    raise AssertionError("a run has fewer epochs than it was told")
