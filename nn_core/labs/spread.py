"""What an initialiser does to a deep stack: the spread of activations and gradients, layer by layer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np

from nn_core.batches import as_pixels
from nn_core.chain import network_of
from nn_core.data.dataset import Split
from nn_core.errors import SettingsError
from nn_core.initializers import find_initializer
from nn_core.layers import Array
from nn_core.losses import CrossEntropyLoss
from nn_core.network import Pass, Sequential
from nn_core.normalization import MNIST_NORMALIZATION
from nn_core.workers import one_blas_thread

DEEPEST, WIDEST, CLASSES = 60, 1000, 10
#: Bins of a histogram, from −`REACH` to `REACH`.
BINS, REACH = 41, 2.0
#: Below this slope an activation counts as flat.
FLAT = 0.01
#: Units are alike when no answer differs by more than this share of the largest one: beyond what rounding does.
_ALIKE = 1e-4


class Fate(Enum):
    """What happens to a spread on its way through the layers."""

    STEADY = "steady"
    VANISHES = "vanishes"
    EXPLODES = "explodes"
    GONE = "is gone"


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack of hidden layers, all alike, and the batch that goes through it.

    Raises:
        SettingsError: a number is out of its range, or there is no such initialiser.
    """

    depth: int = 20
    width: int = 100
    activation: str = "relu"  # as a chain names it
    seed: int = 0

    def __post_init__(self) -> None:
        for name, value, most in (("depth", self.depth, DEEPEST), ("width", self.width, WIDEST)):
            if not 1 <= value <= most:
                raise SettingsError(f"{name} (={value}) must lie between 1 and {most}")

    def network(self, init: str, inputs: int) -> Sequential:
        """The network with weights drawn by an initialiser and biases of 0; ten outputs after the hidden layers."""
        chain = " → ".join([*[f"linear {self.width} → {self.activation}"] * self.depth, f"linear {CLASSES}"])
        rng = np.random.default_rng(self.seed)
        return network_of(chain, init=find_initializer(init), rng=rng, input_shape=(inputs,))


@dataclass(frozen=True, slots=True, eq=False)
class LayerSpread:
    """One hidden layer: of the numbers `(width, batch)` behind its activation, and of the loss's gradient there."""

    forward: float  # standard deviation of the activations
    backward: float  # root mean square of the gradients with regard to the sums before the activation
    weights: float  # root mean square of the gradients of the weights
    distinct: int  # units that answer differently from all others
    flat: float  # share of the values at which the activation's slope is below `FLAT`
    counts: Array  # (BINS,) how often activations are near each place


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """A stack with one initialiser: from the input's side to the output's."""

    init: str
    width: int
    layers: tuple[LayerSpread, ...]

    @property
    def forward(self) -> Array:
        """The activations' standard deviation by layer."""
        return np.array([layer.forward for layer in self.layers])

    @property
    def backward(self) -> Array:
        """The gradients' size by layer."""
        return np.array([layer.backward for layer in self.layers])

    @property
    def symmetric(self) -> bool:
        """Whether the units are all alike from the first layer on, and so would stay alike for ever."""
        return self.width > 1 and self.layers[0].distinct == 1


def noise(count: int, *, rng: np.random.Generator) -> tuple[Array, Array]:
    """A batch of standard normal numbers `(count, 784)` in place of images, and random classes `(count,)`."""
    return rng.standard_normal((count, 784), dtype=np.float32), rng.integers(0, CLASSES, count)


def digits(split: Split, count: int) -> tuple[Array, Array]:
    """The first images of a split as normalised vectors `(count, 784)`, and their classes."""
    pixels = MNIST_NORMALIZATION(as_pixels(split.images[:count]))
    return pixels.reshape(len(pixels), -1), split.labels[:count]


def measure(stack: Stack, init: str, batch: tuple[Array, Array]) -> Spread:
    """Send a batch `(n, inputs)` with its classes forwards, and the gradient of its mean cross-entropy backwards."""
    x, labels = batch
    one_blas_thread()
    network = stack.network(init, x.shape[1])
    memory = Pass(network)
    with np.errstate(all="ignore"):  # what explodes may overflow; that is what is to be seen
        answers = _forwards(network, memory, x.T)
        _, gradient = CrossEntropyLoss()(answers[-1].T.astype(np.float64), labels)
        layers = _backwards(network, memory, answers, gradient.T.astype(np.float32))
    return Spread(init, stack.width, tuple(layers))


def _forwards(network: Sequential, memory: Pass, value: Array) -> list[Array]:
    """What every layer answers, `(units, n)`."""
    answers = []
    for layer, scratch in zip(network.layers, memory.scratch, strict=True):
        value = layer.forward(value, scratch, training=True, rng=None)
        answers.append(value)
    return answers


def _backwards(network: Sequential, memory: Pass, answers: list[Array], dy: Array) -> list[LayerSpread]:
    """Every hidden layer, walking back as `Sequential.backward` does, with a look at what passes by."""
    found: list[LayerSpread] = []

    def back(i: int, value: Array) -> Array:
        through = network.layers[i].backward(value, memory.scratch[i], memory.gradients[i], need_dx=True)
        assert through is not None
        return through

    value = back(len(answers) - 1, dy)
    for i in range(len(answers) - 2, 0, -2):
        flat = float((np.abs(back(i, np.ones_like(value))) < FLAT).mean())
        value = back(i, value)
        backward = _size(value)
        value = back(i - 1, value)
        weights = _size(memory.gradients[i - 1]["weight"])
        forward, units, counts = _deviation(answers[i]), distinct_units(answers[i]), _counts(answers[i])
        found.append(LayerSpread(forward, backward, weights, units, flat, counts))
    return found[::-1]


def distinct_units(answers: Array) -> int:
    """How many units of `(units, n)` answer differently from all others, as far as rounding lets one tell.

    Units that are alike have neighbouring sums with random signs, so only neighbours are compared value by value.
    """
    largest = float(np.abs(answers).max())
    if not math.isfinite(largest):
        return len(answers)
    mixed = answers @ np.random.default_rng(0).standard_normal(answers.shape[1])
    ordered = answers[np.argsort(mixed)]
    return 1 + int((np.abs(np.diff(ordered, axis=0)).max(axis=1) > _ALIKE * largest).sum())


def _deviation(values: Array) -> float:
    return float(values.std(dtype=np.float64))


def _size(values: Array) -> float:
    return float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))


def _counts(values: Array) -> Array:
    edges = np.linspace(-REACH, REACH, BINS + 1)
    return np.histogram(values[np.isfinite(values)], edges)[0]


def fate(values: Array) -> tuple[Fate, float]:
    """What happens along `values`, in the order in which they come about, and the factor from one to the next.

    The factor is the geometric mean. Less than a hundredth left at the end is vanishing, more than a hundredfold is
    exploding; a spread that is 0, or too small for float32, is gone.
    """
    first, last = float(values[0]), float(values[-1])
    if not (math.isfinite(first) and math.isfinite(last)):
        return Fate.EXPLODES, math.inf
    if first == 0 or last == 0:
        return Fate.GONE, 0.0
    ratio = last / first
    factor = ratio ** (1 / max(1, len(values) - 1))
    if ratio < 0.01:
        return Fate.VANISHES, factor
    return (Fate.EXPLODES if ratio > 100 else Fate.STEADY), factor
