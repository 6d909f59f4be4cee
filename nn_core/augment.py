"""Augmentation: every time a training image is shown, it is shown a little differently."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn_core.layers import Array


@dataclass(frozen=True, slots=True)
class Augmentation:
    """Random shift, scale, rotation, shear and elastic bending, drawn anew for every image, by a strength of its own.

    An output pixel at q (from the middle) reads the image at A·q + t + d(q): A turns, scales and shears, t shifts, and
    d is a smooth random field on a coarse grid (the elastic distortions of Simard et al. 2003, drawn coarse instead of
    blurred). All of an image's amounts are scaled by one number, uniform in [0, 1]: if every image were changed much,
    none would be seen as they come, and no straight 1. Values between pixels are interpolated linearly; outside is
    paper.
    """

    shift: float = 2.0  # pixels, at most, each way
    scale: float = 0.14  # factor 1 ± scale, each axis on its own
    rotation: float = 15.0  # degrees, at most, each way
    shear: float = 0.2  # at most, each way
    elastic: float = 1.2  # pixels, the largest standard deviation at the points of the grid
    grid: int = 5  # points along a side of the elastic field

    def __call__(self, images: Array, *, rng: np.random.Generator) -> Array:
        """Images uint8 or float `(N, S, S)` as float32 `(N, S, S)`, in the range they had."""
        count, side, _ = images.shape
        y, x = self._positions(count, side, rng)
        return _sample(images, y, x)

    def _positions(self, count: int, side: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """Where each output pixel reads: rows and columns, float32 `(N, S, S)`."""
        strength = rng.uniform(0, 1, count).astype(np.float32)
        drawn = rng.uniform(-1, 1, (6, count)).astype(np.float32) * strength
        angle = drawn[0] * np.float32(np.deg2rad(self.rotation))
        scale_y, scale_x = 1 + self.scale * drawn[1], 1 + self.scale * drawn[2]
        shear, shift_y, shift_x = self.shear * drawn[3], self.shift * drawn[4], self.shift * drawn[5]
        cos, sin = np.cos(angle), np.sin(angle)
        middle = np.float32((side - 1) / 2)
        q = np.arange(side, dtype=np.float32) - middle
        bend = self._bend(strength, side, rng)

        def line(along_y: Array, along_x: Array, offset: Array) -> Array:
            rows = along_y[:, None] * q + (offset + middle)[:, None]
            positions: Array = rows[:, :, None] + (along_x[:, None] * q)[:, None, :]
            return positions

        y = line(scale_y * cos, scale_x * (shear * cos - sin), shift_y)
        x = line(scale_y * sin, scale_x * (shear * sin + cos), shift_x)
        return y + bend[0], x + bend[1]

    def _bend(self, strength: Array, side: int, rng: np.random.Generator) -> Array:
        """The elastic field `(2, N, S, S)` in pixels: random at the points of a grid, linear between them."""
        coarse = rng.standard_normal((2, len(strength), self.grid, self.grid), dtype=np.float32)
        coarse *= np.float32(self.elastic) * strength[:, None, None]
        at = np.linspace(0, self.grid - 1, side, dtype=np.float32)
        hats = np.maximum(0, 1 - np.abs(at[:, None] - np.arange(self.grid, dtype=np.float32)))
        field: Array = hats @ coarse @ hats.T
        return field


def _sample(images: Array, y: Array, x: Array) -> Array:
    """Each image `(N, S, S)` read at rows `y` and columns `x`, linearly between pixels, 0 outside."""
    count, side, _ = images.shape
    wide = side + 2  # a frame of paper, so that positions outside need no test
    framed = np.zeros((count, wide, wide), np.float32)
    framed[:, 1:-1, 1:-1] = images
    y = np.clip(y + 1, 0, np.float32(side + 0.999))
    x = np.clip(x + 1, 0, np.float32(side + 0.999))
    row, column = y.astype(np.int32), x.astype(np.int32)
    y -= row
    x -= column
    corner = row * wide + column + (np.arange(count, dtype=np.int32) * (wide * wide))[:, None, None]
    flat = framed.ravel()
    top = flat[corner] * (1 - x) + flat[corner + 1] * x
    bottom = flat[corner + wide] * (1 - x) + flat[corner + wide + 1] * x
    sampled: Array = top + (bottom - top) * y
    return sampled
