"""Gradient check: what the layers' backward passes say beside central differences, value by value, in float64."""

from __future__ import annotations

import math
from collections.abc import Collection, Generator, Iterator
from dataclasses import dataclass, field

import numpy as np

from nn_core.differences import slope_steps
from nn_core.errors import SettingsError
from nn_core.layers import Array, Scratch, Shape
from nn_core.losses import Loss
from nn_core.network import Sequential

#: Below this relative error a gradient counts as right.
TOLERANCE = 1e-6
#: Images in the batch that is checked: more than one, so that sums over the batch are checked too.
IMAGES = 2
INPUT = "input"


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a parameter, or of what comes into a layer, and the loss's derivative by it, found in two ways.

    `error` is |analytic − numeric| / max(|analytic|, |numeric|) (Stanford's CS231n, "Gradient checks"), where the
    divisor is at least as large as it takes for rounding in the difference not to look like an error of `TOLERANCE`.
    `numeric` and `error` are NaN where a kink (of a ReLU, of a maximum) lies nearer than the smallest step.
    """

    layer: int
    name: str  # "weight", "bias" …; `INPUT` for what comes in
    index: tuple[int, ...]  # in torch's order
    analytic: float
    numeric: float
    error: float
    step: float

    @property
    def at_kink(self) -> bool:
        return math.isnan(self.numeric)

    @property
    def key(self) -> str:
        """As torch names it, `3.weight[2, 0]`."""
        return f"{self.layer}.{self.name}[{', '.join(map(str, self.index))}]"


@dataclass(slots=True)
class Findings:
    """What a check has found so far."""

    entries: list[Entry] = field(default_factory=list)

    @property
    def judged(self) -> list[Entry]:
        """The entries that could be compared."""
        return [entry for entry in self.entries if not entry.at_kink]

    @property
    def kinks(self) -> int:
        """How many lie at a kink and could not be compared."""
        return len(self.entries) - len(self.judged)

    @property
    def error(self) -> float:
        """The largest relative error."""
        return max((entry.error for entry in self.judged), default=0.0)

    @property
    def passed(self) -> bool:
        """Whether something was compared, and all of it agrees."""
        return bool(self.judged) and self.error < TOLERANCE

    def worst(self, count: int) -> list[Entry]:
        """The entries with the largest errors, the worst first."""
        return sorted(self.judged, key=lambda entry: -entry.error)[:count]


class GradientCheck:
    """Checks a `network` in float64 on one batch: images `(N, C, H, W)` or vectors, and their `targets`.

    The loss is a function of each value alone while all others stay. Moving one value of layer i leaves everything
    below it as it was, so only the layers from i on are run again. Dropout drops the same values every time; batch
    normalisation uses the batch's mean and variance, as in training. The network's parameters are moved and put back.

    Kinks: ReLUs, steps and maxima have no derivative where they change sides. A step that makes any of them change
    sides measures something else than the gradient, so a smaller one is tried; an entry that has none is set aside.

    Raises:
        SettingsError: the network is not in float64, or its outputs are not vectors.
    """

    def __init__(self, network: Sequential, x: Array, targets: Array, loss: Loss, *, seed: int = 0) -> None:
        if network.vector.dtype != np.float64:
            raise SettingsError(f"a gradient check needs a network in float64, not {network.vector.dtype}")
        if len(network.shapes[-1]) != 1:
            raise SettingsError(f"the network answers {network.shapes[-1]}, not a vector: end it with 'flatten'")
        self.network, self._targets, self._loss, self._seed = network, targets, loss, seed
        self._scratch = [Scratch() for _ in network.layers]
        inside = x.astype(np.float64).transpose((2, 1, 3, 0) if x.ndim == 4 else (1, 0))
        self.loss = math.nan
        self._inputs: list[Array] = []
        self._gradients: list[dict[str, Array]] = []
        self._analyse(np.ascontiguousarray(inside))
        self._sides = [layer.sides(s) for layer, s in zip(network.layers, self._scratch, strict=True)]

    def _analyse(self, value: Array) -> None:
        """One pass forwards and backwards, which keeps what comes into every layer and the gradient of all."""
        network = self.network
        for i in range(len(network.layers)):
            self._inputs.append(value.copy())
            value = self._through(i, value)
        self.loss, gradient = self._loss(value.T.copy(), self._targets)
        views = network.layout.views(np.zeros(network.layout.learnt))
        below: Array = gradient.T.copy()
        for i in reversed(range(len(network.layers))):
            found = network.layers[i].backward(below, self._scratch[i], views[i], need_dx=True)
            assert found is not None
            below = found.copy()
            self._gradients.insert(0, {**views[i], INPUT: found.copy()})  # a layer may write over what it is given

    def _through(self, i: int, value: Array) -> Array:
        rng = np.random.default_rng([self._seed, i])
        return self.network.layers[i].forward(value, self._scratch[i], training=True, rng=rng)

    def shape(self, layer: int, name: str) -> Shape:
        """The shape of a parameter, or of `INPUT`, in torch's order."""
        return _outside(self._gradients[layer][name].shape) if name == INPUT else self._gradients[layer][name].shape

    def plan(
        self, layers: Collection[int] | None = None, *, most: int, rng: np.random.Generator
    ) -> list[tuple[int, str, int]]:
        """Layer, name and flat place of what is to be checked: at most `most` of each array, drawn without repeats.

        Raises:
            SettingsError: there is no such layer, or `most` is smaller than 1.
        """
        if most < 1:
            raise SettingsError(f"entries (={most}) must be at least 1")
        for i in layers or ():
            if not 0 <= i < len(self._gradients):
                raise SettingsError(f"layer (={i}) must be one of 0 to {len(self._gradients) - 1}")
        chosen = range(len(self._gradients)) if layers is None else sorted(layers)
        return [
            (i, name, int(place))
            for i in chosen
            for name, values in self._gradients[i].items()
            for place in sorted(rng.choice(values.size, min(most, values.size), replace=False, shuffle=False))
        ]

    def entries(self, plan: list[tuple[int, str, int]]) -> Iterator[Entry]:
        """Check one after the other."""
        return (entry for entry in self.steps(plan) if entry is not None)

    def steps(self, plan: list[tuple[int, str, int]]) -> Iterator[Entry | None]:
        """Check one after the other, with None between whiles: one entry of a large network takes long."""
        for each in plan:
            yield (yield from self._entry(*each))

    def _entry(self, layer: int, name: str, place: int) -> Generator[None, None, Entry]:
        gradient = self._gradients[layer][name]
        values = self._inputs[layer] if name == INPUT else self.network.layers[layer].parameters[name]
        index = tuple(map(int, np.unravel_index(place, gradient.shape)))
        analytic, here = float(gradient[index]), float(values[index])

        def moved(t: float) -> float | None:
            values[index] = here + t
            try:
                return self._loss_from(layer)
            finally:
                values[index] = here

        found = yield from slope_steps(moved)
        torchs = _outside(index) if name == INPUT else index
        if found is None:
            return Entry(layer, name, torchs, analytic, math.nan, math.nan, math.nan)
        size = max(abs(analytic), abs(found.value), found.rounding / TOLERANCE)
        error = abs(analytic - found.value) / size
        return Entry(layer, name, torchs, analytic, found.value, error, found.step)

    def _loss_from(self, layer: int) -> float | None:
        """The loss with what comes into `layer` and its parameters as they are now; None beyond a kink."""
        value = self._inputs[layer]
        for i in range(layer, len(self._inputs)):
            value = self._through(i, value)
            before, now = self._sides[i], self.network.layers[i].sides(self._scratch[i])
            if before is not None and now is not None and not np.array_equal(before, now):
                return None
        return self._loss(value.T.copy(), self._targets)[0]


def random_batch(network: Sequential, rng: np.random.Generator) -> tuple[Array, Array]:
    """`IMAGES` images of noise N(0, 1), float64, and class numbers for them."""
    images = rng.standard_normal((IMAGES, *network.input_shape))
    return images, rng.integers(0, network.shapes[-1][0], IMAGES)


def _outside(inside: tuple[int, ...]) -> tuple[int, ...]:
    """A shape or an index with the images last, in torch's order."""
    if len(inside) == 2:
        return inside[1], inside[0]
    height, channels, width, images = inside
    return images, channels, height, width
