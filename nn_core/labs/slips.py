"""Deliberate slips in a backward pass, for seeing how a gradient check finds them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nn_core.layers import Array, Layer, Scratch, Shape
from nn_core.network import Sequential

#: Spoils what a layer's backward pass answered: the gradient of the outputs, that of the input, and the parameters'.
_Spoil = Callable[[Array, Array, dict[str, Array]], None]


@dataclass(frozen=True, slots=True)
class Slip:
    """A mistake that people make: what it is, in which layers it can be made, and the making of it."""

    name: str
    about: str
    fits: Callable[[Layer], bool]
    spoil: _Spoil


def _sign(dy: Array, dx: Array, gradients: dict[str, Array]) -> None:
    gradients["weight"] *= -1


def _mix_up(dy: Array, dx: Array, gradients: dict[str, Array]) -> None:
    weight = gradients["weight"]
    turned = weight.swapaxes(-1, -2).reshape(weight.shape)  # swapaxes is a view: reshaping it makes a copy
    weight[...] = turned


def _one_image(dy: Array, dx: Array, gradients: dict[str, Array]) -> None:
    gradients["bias"] *= 0
    one = dy[..., :1]
    gradients["bias"] += one[:, 0] if one.ndim == 2 else one.sum(axis=(0, 2, 3))


def _no_slope(dy: Array, dx: Array, gradients: dict[str, Array]) -> None:
    dx[...] = dy


def _twice(dy: Array, dx: Array, gradients: dict[str, Array]) -> None:
    dx *= 2


def _has_weight(layer: Layer) -> bool:
    return "weight" in layer.parameter_names


def _is_affine(layer: Layer) -> bool:
    return type(layer).__name__ in ("Conv2d", "Linear")


def _is_matrix(layer: Layer) -> bool:
    return _is_affine(layer) and min(layer.parameters["weight"].shape[-2:]) > 1


def _is_activation(layer: Layer) -> bool:
    return type(layer).__name__ in ("ReLU", "LeakyReLU", "Sigmoid", "Tanh", "Softplus", "Step")


def _always(layer: Layer) -> bool:
    return True


SLIPS: tuple[Slip, ...] = (
    Slip("a missing minus", "the weights' gradient has the wrong sign", _has_weight, _sign),
    Slip("a missing transpose", "rows and columns of the weights' gradient are mixed", _is_matrix,
         _mix_up),
    Slip("a missing sum", "the biases' gradient knows only the first image of the batch", _is_affine,
         _one_image),
    Slip("a missing slope", "the activation's derivative is left out: what comes back goes through as it is",
         _is_activation, _no_slope),
    Slip("a wrong factor", "what goes back to the layer below is twice as large", _always, _twice),
)  # fmt: skip


def slips_for(layer: Layer) -> tuple[Slip, ...]:
    """The slips that can be made in this layer."""
    return tuple(slip for slip in SLIPS if slip.fits(layer))


def broken(network: Sequential, layer: int, slip: Slip) -> Sequential:
    """A copy of the network in float64 whose backward pass has this slip in one of its layers."""
    twin = network.clone(np.float64)
    layers = list(twin.layers)
    layers[layer] = _Slipped(layers[layer], slip)
    twin.layers = tuple(layers)
    return twin


class _Slipped(Layer):
    """A layer as it is forwards, with a slip backwards."""

    def __init__(self, layer: Layer, slip: Slip) -> None:
        super().__init__()
        self._layer, self._slip = layer, slip
        self.parameters = layer.parameters

    def forward(self, x: Array, scratch: Scratch, *, training: bool, rng: np.random.Generator | None) -> Array:
        return self._layer.forward(x, scratch, training=training, rng=rng)

    def backward(self, dy: Array, scratch: Scratch, gradients: dict[str, Array], *, need_dx: bool) -> Array | None:
        given = dy.copy()
        dx = self._layer.backward(dy, scratch, gradients, need_dx=True)
        assert dx is not None
        self._slip.spoil(given, dx, gradients)
        return dx

    def sides(self, scratch: Scratch) -> Array | None:
        return self._layer.sides(scratch)

    def output_shape(self, shape: Shape) -> Shape:
        return self._layer.output_shape(shape)

    def config(self) -> dict[str, Any]:
        return self._layer.config()

    def title(self) -> str:
        return f"{self._layer.title()} (broken)"
