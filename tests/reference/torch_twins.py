"""Layers of ours that torch lacks, put together from what it has; and those that it has as parametrisations."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn import Module, Parameter
from torch.nn.functional import unfold


class Step(Module):
    """torch.heaviside, whose gradient torch does not give, because it is 0."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.heaviside(x.detach(), torch.zeros((), dtype=x.dtype)) + 0 * x


class LocallyConnected2d(Module):
    """Every patch, as torch's `unfold` cuts them out, times the kernels of its place."""

    def __init__(self, in_channels: int, out_channels: int, input_size: Any, **how: Any) -> None:
        super().__init__()
        self.how = how
        self.size = [
            (n + 2 * p - k) // s + 1
            for n, p, k, s in zip(input_size, how["padding"], how["kernel_size"], how["stride"], strict=True)
        ]
        self.weight = Parameter(torch.zeros(*self.size, out_channels, in_channels, *how["kernel_size"]))
        self.bias = Parameter(torch.zeros(*self.size, out_channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        patches = unfold(x, **self.how)  # (N, in·kh·kw, rows·columns)
        kernels = self.weight.flatten(0, 1).flatten(2)  # (rows·columns, out, in·kh·kw)
        y = torch.einsum("nkp,pok->nop", patches, kernels) + self.bias.flatten(0, 1).T
        return y.unflatten(2, self.size)


class _WeightNorm(Module):
    """Parameters under our names, and the weight that torch's own function makes of them, in a layer of torch."""

    def __init__(self, layer: Module) -> None:
        super().__init__()
        self.bias = Parameter(layer.bias.detach().clone())
        self.weight_g = Parameter(torch.norm_except_dim(layer.weight.detach(), 2, 0))
        self.weight_v = Parameter(layer.weight.detach().clone())
        self._layer = [layer]  # in a list: its own parameters are none of this module's

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        weight = torch._weight_norm(self.weight_v, self.weight_g, 0)
        return torch.func.functional_call(self._layer[0], {"weight": weight, "bias": self.bias}, (x,))


TWINS = {
    "Step": Step,
    "LocallyConnected2d": LocallyConnected2d,
    "WeightNormConv2d": lambda **how: _WeightNorm(torch.nn.Conv2d(**how)),
    "WeightNormLinear": lambda **how: _WeightNorm(torch.nn.Linear(**how)),
}
