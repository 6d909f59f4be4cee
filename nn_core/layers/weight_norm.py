"""Weight normalisation: the length and the direction of each unit's weights are learnt apart."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from nn_core.layers.base import Array, Scratch
from nn_core.layers.conv import Conv2d
from nn_core.layers.linear import Linear

_NAMES = ("bias", "weight_g", "weight_v")
_SHORTEST = 1e-12  # a direction of no length at all gives weights of 0, not of NaN


class WeightNormLinear(Linear):
    """`Linear` with weight = g · v / ‖v‖ for each unit (Salimans and Kingma 2016, eq. 2 and 3).

    Learnt are `weight_g` (out, 1), `weight_v` (out, in) and `bias`: names that torch's `weight_norm(Linear(…))` reads.
    """

    parameter_names: ClassVar[tuple[str, ...]] = _NAMES

    def __init__(self, in_features: int, out_features: int, **how: Any) -> None:
        super().__init__(in_features, out_features, **how)
        self.parameters = _apart(self.parameters)

    def backward(self, dy: Array, scratch: Scratch, gradients: dict[str, Array], *, need_dx: bool) -> Array | None:
        dx = super().backward(dy, scratch, _joined(gradients, scratch), need_dx=need_dx)
        _hand_on(self.parameters, gradients, scratch)
        return dx

    def limit_norms(self, largest: float) -> None:
        _limit(self.parameters, largest)

    def effective_weight(self, scratch: Scratch) -> Array:
        return _together(self.parameters, scratch)

    def title(self) -> str:
        return f"weight-norm {super().title()}"

    def arithmetic(self) -> str:
        in_, out = self.in_features, self.out_features
        return f"({in_}+2)·{out} = {(in_ + 2) * out}"


class WeightNormConv2d(Conv2d):
    """`Conv2d` with weight = g · v / ‖v‖ for each output channel (Salimans and Kingma 2016, eq. 2 and 3).

    Learnt are `weight_g` (out, 1, 1, 1), `weight_v` (out, in, kh, kw) and `bias`: the names that torch's
    `weight_norm(Conv2d(…))` reads.
    """

    parameter_names: ClassVar[tuple[str, ...]] = _NAMES

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, int],
        stride: int | tuple[int, int] = 1,
        padding: int | tuple[int, int] = 0,
        padding_mode: str = "zeros",
        **how: Any,
    ) -> None:
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, padding_mode, **how)
        self.parameters = _apart(self.parameters)

    def backward(self, dy: Array, scratch: Scratch, gradients: dict[str, Array], *, need_dx: bool) -> Array | None:
        dx = super().backward(dy, scratch, _joined(gradients, scratch), need_dx=need_dx)
        _hand_on(self.parameters, gradients, scratch)
        return dx

    def kernels(self) -> Array:
        return _together(self.parameters, Scratch())

    def limit_norms(self, largest: float) -> None:
        _limit(self.parameters, largest)

    def effective_weight(self, scratch: Scratch) -> Array:
        return _together(self.parameters, scratch)

    def title(self) -> str:
        return f"weight-norm {super().title()}"

    def arithmetic(self) -> str:
        (kh, kw), in_, out = self.kernel_size, self.in_channels, self.out_channels
        return f"({kh}·{kw}·{in_}+2)·{out} = {(kh * kw * in_ + 2) * out}"


def _apart(parameters: dict[str, Array]) -> dict[str, Array]:
    """v = weight and g = ‖weight‖, so that the layer starts with the weights that were drawn."""
    weight = parameters["weight"]
    return {"bias": parameters["bias"], "weight_g": _norms(weight), "weight_v": weight}


def _together(parameters: dict[str, Array], scratch: Scratch) -> Array:
    """weight = g · v / ‖v‖, with v / ‖v‖ kept for the way back."""
    g, v = parameters["weight_g"], parameters["weight_v"]
    lengths = np.maximum(_norms(v), v.dtype.type(_SHORTEST))
    scratch.keep("lengths", lengths)
    direction, weight = scratch.array("direction", v.shape, v.dtype), scratch.array("weight", v.shape, v.dtype)
    np.divide(v, lengths, out=direction)
    np.multiply(direction, g, out=weight)
    return weight


def _joined(gradients: dict[str, Array], scratch: Scratch) -> dict[str, Array]:
    """Where the layer underneath puts its gradients: that of the bias to its place, that of the weight aside."""
    v = gradients["weight_v"]
    return {"bias": gradients["bias"], "weight": scratch.array("d_weight", v.shape, v.dtype)}


def _hand_on(parameters: dict[str, Array], gradients: dict[str, Array], scratch: Scratch) -> None:
    """dg = dw · v/‖v‖ for each unit, dv = g/‖v‖ · (dw − dg · v/‖v‖)."""
    g, v = parameters["weight_g"], parameters["weight_v"]
    direction, d_weight = scratch.array("direction", v.shape, v.dtype), scratch.array("d_weight", v.shape, v.dtype)
    rows = np.einsum("ok,ok->o", d_weight.reshape(len(v), -1), direction.reshape(len(v), -1))
    gradients["weight_g"][...] = rows.reshape(g.shape)
    d_weight -= np.multiply(direction, gradients["weight_g"], out=gradients["weight_v"])
    np.multiply(d_weight, g / scratch.kept("lengths"), out=gradients["weight_v"])


def _limit(parameters: dict[str, Array], largest: float) -> None:
    """The length of each unit's weights is |g|, whatever v is."""
    g = parameters["weight_g"]
    np.clip(g, -largest, largest, out=g)


def _norms(weight: Array) -> Array:
    """‖weight[o]‖, shaped (out, 1, …) as torch has it."""
    rows = weight.reshape(len(weight), -1)
    norms: Array = np.sqrt(np.einsum("ok,ok->o", rows, rows))
    return norms.reshape(-1, *[1] * (weight.ndim - 1))
