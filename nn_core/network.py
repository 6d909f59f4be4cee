"""A network: a sequence of layers over one vector of parameters."""

from __future__ import annotations

import inspect
import math
from collections.abc import Collection, Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from nn_core.description import LayerInfo
from nn_core.errors import ModelError, SettingsError
from nn_core.layers import LAYERS, Array, Layer, MaxPool2d, ReLU, Scratch, Shape
from nn_core.layers.base import MOST_ANSWERS, Spare
from nn_core.parameters import ParameterLayout

#: An architecture as a model file keeps it: the class of each layer and the arguments that make it.
Config = list[dict[str, Any]]


class Pass:
    """The memory of one run through a network, forwards and backwards: whoever runs it owns one and uses it again.

    `gradient` is a vector in the order of the network's, its own or one that is given; `gradients[i]` are its views for
    layer i. A pass that runs `after` another one is over uses the same arrays, which are in the cache by then.
    """

    def __init__(self, network: Sequential, gradient: Array | None = None, after: Pass | None = None) -> None:
        self.spare: Spare = after.spare if after else Spare()
        self.scratch: list[Scratch] = (
            [scratch.again() for scratch in after.scratch]
            if after
            else [Scratch(self.spare, takes_over=own) for own in network.owned_inputs()]
        )
        self.gradient = np.zeros(network.layout.learnt, network.vector.dtype) if gradient is None else gradient
        self.gradients = network.layout.views(self.gradient)
        self.input: Scratch = after.input if after else Scratch()


class Sequential:
    """Layers one after the other, as `torch.nn.Sequential`, with torch's keys: `0.weight`, `3.bias`.

    All parameters live in `vector`, of which the layers hold views: first those that are learnt, then the running
    averages. An optimiser works on one array, and a copy of the whole network is a copy of one array.

    Raises:
        SettingsError: the layers do not fit each other or `input_shape`.
    """

    def __init__(self, *layers: Layer, input_shape: Shape = (1, 28, 28)) -> None:
        self.layers, self.input_shape = layers, tuple(input_shape)
        self.shapes = _shapes(layers, self.input_shape)
        self.layout = ParameterLayout.of(layers)
        self.vector = self.layout.gather(layers)
        self.bind(self.vector)
        #: The layers that have parameters to learn.
        self.learning = tuple(i for i, layer in enumerate(layers) if layer.parameter_names)
        self.draws = any(layer.draws for layer in layers)
        #: The numbers of the layers as they run: see `_order`.
        self.order = _order(layers)

    def bind(self, vector: Array) -> None:
        """Let the layers read `vector` from now on, without copying it.

        Raises:
            ModelError: it has another number of values.
        """
        if vector.shape != (self.layout.size,):
            raise ModelError(f"this network has {self.layout.size} values, not {vector.shape}")
        self.vector = vector
        for layer, views in zip(self.layers, self.layout.views(vector), strict=True):
            layer.parameters = views

    def clone(self, dtype: type[np.floating[Any]] | None = None) -> Sequential:
        """The same network over a copy of the parameters, in float64 if asked."""
        return self.over(self.vector.astype(dtype or self.vector.dtype))

    def over(self, vector: Array) -> Sequential:
        """The same network reading another vector, which is not copied."""
        twin = Sequential.from_config(self.config(), self.input_shape)
        twin.bind(vector)
        return twin

    def __call__(self, x: Array) -> Array:
        """The outputs for images `(N, C, H, W)` or vectors `(N, features)`, in prediction mode, in a new pass."""
        return self.forward(x, Pass(self)).copy()

    def forward(
        self,
        x: Array,
        memory: Pass,
        *,
        training: bool = False,
        rng: np.random.Generator | None = None,
        frozen: Collection[int] = (),
    ) -> Array:
        """The outputs `(N, features)` or `(N, C, H, W)`, a view into `memory`; `training` prepares for `backward`.

        Layers whose numbers are in `frozen` do as they do while predicting: batch normalisation uses its averages.
        """
        value = self._images_last(x, memory)
        for i in self.order:
            value = self.layers[i].forward(value, memory.scratch[i], training=training and i not in frozen, rng=rng)
        return _images_first(value)

    def activations(self, x: Array, memory: Pass) -> list[Array]:
        """What each layer answers, copied, with shapes as `forward`'s."""
        value, found = self._images_last(x, memory), []
        for layer, scratch in zip(self.layers, memory.scratch, strict=True):
            value = layer.forward(value, scratch, training=False, rng=None)
            found.append(np.array(_images_first(value), order="C"))
        return found

    def backward(self, dy: Array, memory: Pass, *, need_dx: bool = False, frozen: Collection[int] = ()) -> Array | None:
        """Fill `memory.gradient` from the gradient of the outputs; that of the input too, when it is asked for.

        It goes no further down than someone needs it: the gradients of frozen layers may be left as they were.
        """
        value: Array | None = dy.T if dy.ndim == 2 else np.ascontiguousarray(dy.transpose(2, 1, 3, 0))
        lowest = next((i for i in self.learning if i not in frozen), len(self.layers))
        stop, memory.spare.turns = (0 if need_dx else lowest), 0
        for i in reversed(self.order[stop:]):
            if value is None:
                break
            value = self.layers[i].backward(
                value, memory.scratch[i], memory.gradients[i], need_dx=need_dx or i > lowest
            )
        return _images_first(value) if need_dx and value is not None else None

    def settle(self, memory: Pass, *, frozen: Collection[int] = ()) -> None:
        """Let every layer that is not `frozen` take over what the training pass in `memory` measured."""
        for i, (layer, scratch) in enumerate(zip(self.layers, memory.scratch, strict=True)):
            if i not in frozen:
                layer.settle(scratch)

    def state_dict(self) -> dict[str, Array]:
        """Every parameter and running average under torch's key: views into `vector`, which training writes."""
        return self.layout.named(self.vector)

    def load_state_dict(self, state: Mapping[str, Array]) -> None:
        """Take over values for every key.

        Raises:
            ModelError: keys are missing or unknown, or a shape differs; nothing has been changed then.
        """
        self.vector[...] = self.layout.vector_of(state, self.vector.dtype)

    def describe(self) -> list[LayerInfo]:
        """A row a layer for the layer table."""
        return [
            LayerInfo(
                index=i,
                name=str(i),
                kind=type(layer).__name__,
                title=layer.title(),
                output_shape=shape,
                parameters=sum(layer.parameters[name].size for name in layer.parameter_names),
                arithmetic=layer.arithmetic(),
            )
            for i, (layer, shape) in enumerate(zip(self.layers, self.shapes, strict=True))
        ]

    def config(self) -> Config:
        """The architecture as plain data."""
        return [{"type": type(layer).__name__, **layer.config()} for layer in self.layers]

    @classmethod
    def from_config(
        cls, config: Config, input_shape: Shape, *, rng: np.random.Generator | None = None, **start: Any
    ) -> Sequential:
        """The network that `config` describes; `start` may be the `init` and the `bias_init` of its layers.

        Raises:
            ModelError: it names a layer or an argument that does not exist.
            SettingsError: an argument is out of its range, or the layers do not fit.
        """
        drawn = {"rng": rng or np.random.default_rng(0), **start}
        return cls(*(_layer(entry, drawn) for entry in config), input_shape=input_shape)

    def owned_inputs(self) -> list[bool]:
        """Whether each layer may write over its input when it runs in `forward`'s order."""
        owned = [False] * len(self.layers)
        for above, i in pairwise(self.order):
            owned[i] = self.layers[above].gives_away
        return owned

    def _images_last(self, x: Array, memory: Pass) -> Array:
        expected = self.input_shape
        if x.shape[1:] != expected:
            raise SettingsError(f"this network takes images (N, {', '.join(map(str, expected))}), not {x.shape}")
        order = (2, 1, 3, 0) if x.ndim == 4 else (1, 0)
        ordered = x.transpose(order)
        if ordered.flags.c_contiguous and ordered.dtype == self.vector.dtype:
            return ordered
        last = memory.input.array("x", ordered.shape, self.vector.dtype)
        np.copyto(last, ordered)
        return last


def _order(layers: tuple[Layer, ...]) -> list[int]:
    """The order in which the layers run: as they stand, but for a ReLU before a max-pooling, which comes after it.

    max(relu(a), relu(b)) is relu(max(a, b)), its gradient too, bit for bit, and the ReLU has a quarter of the work.
    """
    order = list(range(len(layers)))
    for i, (layer, below) in enumerate(pairwise(layers)):
        if isinstance(layer, ReLU) and isinstance(below, MaxPool2d):
            order[i : i + 2] = i + 1, i
    return order


def _images_first(value: Array) -> Array:
    return value.transpose(3, 1, 0, 2) if value.ndim == 4 else value.T


def _shapes(layers: tuple[Layer, ...], shape: Shape) -> list[Shape]:
    shapes: list[Shape] = []
    values = 0
    for i, layer in enumerate(layers):
        before = shape
        try:
            shape = layer.output_shape(before)
        except SettingsError as why:
            raise SettingsError(f"layer {i}: {why}") from why
        shapes.append(shape)
        values += math.prod(shape) + layer.working(before)
        if values > MOST_ANSWERS:
            raise SettingsError(f"layer {i}: up to here one image takes {values:,} values, too many")
    return shapes


def _layer(entry: dict[str, Any], drawn: dict[str, Any]) -> Layer:
    arguments = {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items() if k != "type"}
    kind = LAYERS.get(str(entry.get("type")))
    if kind is None:
        raise ModelError(f"there is no layer type {entry.get('type')!r}")
    if kind.needs_rng:
        arguments |= drawn
    try:
        return kind(**arguments)
    except TypeError as why:
        raise ModelError(f"{kind.__name__} does not take {entry}{_misfit(kind, arguments)}") from why


def _misfit(kind: type[Layer], arguments: Mapping[str, Any]) -> str:
    """Which argument is missing or unknown, if one is."""
    try:
        inspect.signature(kind).bind(**arguments)
    except TypeError as why:
        return f": {why}"
    return ""
