"""Augmentation: every time a training image is shown, it is shown a little differently."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn_core.layers import Array


@dataclass(frozen=True, slots=True)
class Augmentation:
    """Random shift, scale, rotation, shear, elastic bending and more, drawn anew for every image, by its own strength.

    An output pixel at q (from the middle) reads the image at A·q + t + d(q): A turns, scales and shears, t shifts, and
    d is a smooth random field on a coarse grid (the elastic distortions of Simard et al. 2003, drawn coarse instead of
    blurred). All of an image's amounts are scaled by one number, uniform in [0, 1]: if every image were changed much,
    none would be seen as they come, and no straight 1. Values between pixels are interpolated linearly; outside is
    paper.

    A crop takes a smaller square at a random place and stretches it to the whole: A·(f·q + o) + t + d(q), with
    f = 1 − cut / S. A flip happens or does not, whatever the strength. Then come the values v of the pixels, from paper
    at 0 to ink at 1: contrast about the image's mean m, brightness, and noise n of its own for every pixel,
    v ← (1 + c)·(v − m) + m + b + n, clipped to [0, 1].
    """

    shift: float = 2.0  # pixels, at most, each way
    scale: float = 0.14  # factor 1 ± scale, each axis on its own
    rotation: float = 15.0  # degrees, at most, each way
    shear: float = 0.2  # at most, each way
    elastic: float = 1.2  # pixels, the largest standard deviation at the points of the grid
    grid: int = 5  # points along a side of the elastic field
    crop: float = 0.0  # pixels, at most, that are cut off along each axis
    flip_horizontal: float = 0.0  # share of the images
    flip_vertical: float = 0.0  # share of the images
    noise: float = 0.0  # standard deviation, at most; ink is 1
    brightness: float = 0.0  # added, at most, each way; ink is 1
    contrast: float = 0.0  # factor 1 ± contrast

    @property
    def flips(self) -> bool:
        """Whether it turns some images into their mirror images, which for most digits are none."""
        return self.flip_horizontal > 0 or self.flip_vertical > 0

    def __call__(self, images: Array, *, rng: np.random.Generator) -> Array:
        """Images uint8 from 0 to 255 or float from 0 to 1, `(N, S, S)`, as float32 in the range they had."""
        count, side, _ = images.shape
        strength = rng.uniform(0, 1, (count,)).astype(np.float32)
        y, x = self._positions(strength, side, rng)
        varied = self._flipped(_sample(images, y, x), rng)
        return self._toned(varied, 255 if images.dtype == np.uint8 else 1, strength, rng)

    def _positions(self, strength: Array, side: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """Where each output pixel reads: rows and columns, float32 `(N, S, S)`."""
        drawn = rng.uniform(-1, 1, (6, len(strength))).astype(np.float32) * strength
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

        left, top, share = self._cut(strength, side, rng)
        to_y = scale_y * cos, scale_x * (shear * cos - sin)
        to_x = scale_y * sin, scale_x * (shear * sin + cos)
        y = line(to_y[0] * share, to_y[1] * share, shift_y + to_y[0] * top + to_y[1] * left)
        x = line(to_x[0] * share, to_x[1] * share, shift_x + to_x[0] * top + to_x[1] * left)
        return y + bend[0], x + bend[1]

    def _cut(self, strength: Array, side: int, rng: np.random.Generator) -> tuple[Array, Array, Array]:
        """Of each image's crop: how far right and down of the middle it lies, in pixels, and its share of a side."""
        if not self.crop:
            return np.zeros_like(strength), np.zeros_like(strength), np.ones_like(strength)
        cut = np.float32(self.crop) * strength * rng.uniform(0, 1, len(strength)).astype(np.float32)
        room = cut * np.float32((side - 1) / side)  # the corners of the whole are pixels' middles
        left, top = rng.uniform(-0.5, 0.5, (2, len(strength))).astype(np.float32) * room
        return left, top, 1 - cut / side

    def _bend(self, strength: Array, side: int, rng: np.random.Generator) -> Array:
        """The elastic field `(2, N, S, S)` in pixels: random at the points of a grid, linear between them."""
        coarse = rng.standard_normal((2, len(strength), self.grid, self.grid), dtype=np.float32)
        coarse *= np.float32(self.elastic) * strength[:, None, None]
        at = np.linspace(0, self.grid - 1, side, dtype=np.float32)
        hats = np.maximum(0, 1 - np.abs(at[:, None] - np.arange(self.grid, dtype=np.float32)))
        field: Array = hats @ coarse @ hats.T
        return field

    def _flipped(self, images: Array, rng: np.random.Generator) -> Array:
        """Some of the images `(N, S, S)` as in a mirror, in place."""
        for share, axis in ((self.flip_horizontal, 2), (self.flip_vertical, 1)):
            if share:
                chosen = rng.uniform(0, 1, len(images)) < share
                images[chosen] = np.flip(images[chosen], axis)
        return images

    def _toned(self, images: Array, top: int, strength: Array, rng: np.random.Generator) -> Array:
        """The images `(N, S, S)`, from 0 to `top`, with other contrast and brightness and with noise, in place."""
        if not (self.contrast or self.brightness or self.noise):
            return images
        drawn = (rng.uniform(-1, 1, (2, len(images))).astype(np.float32) * strength)[:, :, None, None]
        mean = images.mean(axis=(1, 2), keepdims=True)
        images += np.float32(self.contrast) * drawn[0] * (images - mean) + np.float32(top * self.brightness) * drawn[1]
        if self.noise:
            spread = np.float32(top * self.noise) * strength[:, None, None]
            images += spread * rng.standard_normal(images.shape, dtype=np.float32)
        return np.clip(images, 0, top, out=images)


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
