"""Pre-training layer by layer, without labels: a stack of denoising autoencoders (Vincent et al. 2008)."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np

from nn_core.autoencoder import DenoisingAutoencoder, damage
from nn_core.batches import as_pixels
from nn_core.errors import SettingsError
from nn_core.events import Working
from nn_core.layers import (
    Array,
    Dropout,
    Flatten,
    Identity,
    Layer,
    LeakyReLU,
    Linear,
    ReLU,
    Sigmoid,
    Softplus,
    Tanh,
)
from nn_core.model import Model
from nn_core.optimizers import make_optimizer
from nn_core.randomness import Purpose, generator

_ACTIVATIONS = (Identity, LeakyReLU, ReLU, Sigmoid, Softplus, Tanh)
_TOLD = 10  # batches between two words about how far it is


@dataclass(frozen=True, slots=True)
class Pretraining:
    """How the layers are pre-trained: each for `epochs`, from inputs of which the share `corruption` is set to 0.

    Raises:
        SettingsError: a value is out of its range.
    """

    epochs: int = 5
    corruption: float = 0.25
    tied: bool = True  # the decoder's matrix is that of the layer, transposed
    batch_size: int = 64
    learning_rate: float = 1e-3  # of Adam
    seed: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.epochs <= 1000:
            raise SettingsError(f"epochs of pre-training (={self.epochs}) must lie between 1 and 1000")
        if not 0 <= self.corruption <= 0.95:
            raise SettingsError(f"corruption (={self.corruption}) must lie between 0 and 0.95")
        if not 1 <= self.batch_size <= 60_000:
            raise SettingsError(f"batch size of pre-training (={self.batch_size}) must lie between 1 and 60000")
        if not 0 < self.learning_rate <= 10:
            raise SettingsError(f"learning rate of pre-training (={self.learning_rate}) must lie in (0, 10]")


@dataclass(frozen=True, slots=True, eq=False)
class Pretrained:
    """One epoch of one layer is done; `stack` are the autoencoders so far, the last of which is this layer's."""

    layer: int
    epoch: int
    loss: float  # mean over the epoch, a value
    stack: tuple[DenoisingAutoencoder, ...]


def pretraining_of(text: str, seed: int) -> Pretraining:
    """What `5` or `5:0.3` says: epochs a layer, and the share of the inputs that is set to 0.

    Raises:
        SettingsError: it is something else, or out of its range.
    """
    epochs, _, corruption = text.partition(":")
    try:
        count, share = int(epochs), float(corruption or 0.25)
    except ValueError as why:
        raise SettingsError(f"--pretrain (={text!r}) must be epochs, or epochs:corruption as in 5:0.3") from why
    return Pretraining(count, share, seed=seed)


def pretrain(model: Model, images: Array, plan: Pretraining) -> Generator[Working | Pretrained]:
    """Pre-train all linear layers of `model` but the last, in place, from images uint8 `(N, 28, 28)` alone.

    Each learns to restore what the layers below it, which are done, make of an image. The same model, images and plan
    give the same bits.

    Raises:
        SettingsError: the network is no stack of linear layers with one to pre-train.
    """
    stages = stages_of(model.network.layers)
    stack: list[DenoisingAutoencoder] = []
    for i, activations in stages:
        linear = model.network.layers[i]
        assert isinstance(linear, Linear)
        bounded = _is_bounded(model, stages[: len(stack)])
        rng = generator(plan.seed, Purpose.PRETRAIN, i)
        stack.append(DenoisingAutoencoder(linear, activations, bounded=bounded, tied=plan.tied, rng=rng))
        yield from _learn(model, images, plan, i, stack)
        linear.parameters["weight"][...] = stack[-1].weight
        linear.parameters["bias"][...] = stack[-1].bias


def stages_of(layers: Sequence[Layer]) -> list[tuple[int, list[Layer]]]:
    """The linear layers to pre-train: number and the activations that follow, without the last layer's.

    Raises:
        SettingsError: there is none, or a layer is of another kind.
    """
    stages: list[tuple[int, list[Layer]]] = []
    for i, layer in enumerate(layers):
        if type(layer) is Linear:
            stages.append((i, []))
        elif isinstance(layer, _ACTIVATIONS) and stages:
            stages[-1][1].append(layer)
        elif not isinstance(layer, Dropout) and not (isinstance(layer, Flatten) and not stages):
            raise SettingsError(f"layer {i} ({layer.title()}): only networks of linear layers can be pre-trained")
    if len(stages) < 2:
        raise SettingsError("there is no hidden linear layer to pre-train")
    return stages[:-1]


def inputs_of(model: Model, images: Array) -> Array:
    """Images uint8 `(N, 28, 28)` as the first linear layer receives them, `(784, N)`."""
    return np.ascontiguousarray(model.normalization(as_pixels(images)).reshape(len(images), -1).T)


def _is_bounded(model: Model, below: list[tuple[int, list[Layer]]]) -> bool:
    """Whether what comes next receives nothing outside [0, 1]: pixels as they are, or the answers of sigmoids."""
    if below:
        activations = below[-1][1]
        return bool(activations) and isinstance(activations[-1], Sigmoid)
    ends = model.normalization(np.array([0, 1], np.float32))
    return bool(ends.min() >= 0 and ends.max() <= 1)


def _learn(
    model: Model, images: Array, plan: Pretraining, layer: int, stack: list[DenoisingAutoencoder]
) -> Generator[Working | Pretrained]:
    coder, optimizer = stack[-1], make_optimizer("adam", plan.learning_rate)
    memory = tuple(optimizer.memory_for(coder.vector).values())
    spare, steps = np.empty_like(coder.vector), -(-len(images) // plan.batch_size)
    for epoch in range(plan.epochs):
        # From 1: a place that ends with 0 is the one without it, from which the layer's decoder was drawn.
        rng = generator(plan.seed, Purpose.PRETRAIN, layer, epoch + 1)
        order, total = rng.permutation(len(images)), 0.0
        for step in range(steps):
            some = order[step * plan.batch_size : (step + 1) * plan.batch_size]
            clean = inputs_of(model, images[some])
            for below in stack[:-1]:
                clean = below.encode(clean)
            loss, gradient = coder.gradient(clean, damage(clean, plan.corruption, rng=rng))
            optimizer.begin(epoch * steps + step + 1)
            optimizer.update(coder.vector, gradient, memory, spare)
            total += loss * len(some)
            if step % _TOLD == 0:
                yield Working(f"Pre-training layer {layer}", epoch * steps + step, plan.epochs * steps)
        yield Pretrained(layer, epoch + 1, total / len(images), tuple(stack))
