"""Layers that change the shape alone."""

from __future__ import annotations

import math

import numpy as np

from nn_core.layers.base import Array, Layer, Scratch, Shape


class Flatten(Layer):
    """Each image `(C, H, W)` as one vector of C·H·W features, in torch's order."""

    def forward(self, x: Array, scratch: Scratch, *, training: bool, rng: np.random.Generator | None) -> Array:
        scratch.keep("x", x)
        if x.ndim == 2:
            return x
        channels_first = x.transpose(1, 0, 2, 3)
        if channels_first.flags.c_contiguous:  # one channel: nothing to reorder
            return channels_first.reshape(-1, x.shape[3])
        ordered = scratch.array("y", channels_first.shape, x.dtype)
        np.copyto(ordered, channels_first)
        return ordered.reshape(-1, x.shape[3])

    def backward(self, dy: Array, scratch: Scratch, gradients: dict[str, Array], *, need_dx: bool) -> Array | None:
        x = scratch.kept("x")
        if x.ndim == 2 or not need_dx:
            return dy
        height, channels, width, images = x.shape
        dx = scratch.handed(x.shape, x.dtype)
        np.copyto(dx, dy.reshape(channels, height, width, images).transpose(1, 0, 2, 3))
        return dx

    def output_shape(self, shape: Shape) -> Shape:
        return (math.prod(shape),)

    def title(self) -> str:
        return "flatten"
