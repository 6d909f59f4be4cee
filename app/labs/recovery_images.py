"""The images that a kernel is recovered from: digits, noise, or what is on the canvas."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import numpy as np

from nn_core.data import load_dataset
from nn_core.pen import pen_digits

_SIDE = 28
_COUNT = 24  # digits to choose from


class RecoveryImages:
    """Images `(28, 28)` in 0..1 by their source, a number of each, one of which is the present one."""

    def __init__(self) -> None:
        self._kept: dict[str, np.ndarray] = {}
        self._place = 0

    def put(self, source: str, images: np.ndarray) -> None:
        """Keep images `(N, 28, 28)` of a source."""
        self._kept[source] = images

    def drop(self, source: str) -> None:
        """Have none of a source any more."""
        self._kept.pop(source, None)

    def next(self) -> None:
        """Make another image the present one."""
        self._place += 1

    def present(self, source: str) -> np.ndarray | None:
        """The present image of a source, None where there is none."""
        images = self._kept.get(source)
        return None if images is None else images[self._place % len(images)]


def noise_images(rng: np.random.Generator) -> np.ndarray:
    """Noise `(N, 28, 28)` in 0..1."""
    return rng.random((_COUNT, _SIDE, _SIDE))


def drawn_digits(seed: int) -> Generator[object, None, None]:
    """A job: yield pen digits `(N, 28, 28)` in 0..1."""
    yield pen_digits(_COUNT, rng=np.random.default_rng(seed)).images / 255


def mnist_digits(folder: Path) -> Generator[object, None, None]:
    """A job: read MNIST, yield the first of its training digits `(N, 28, 28)` in 0..1."""
    yield load_dataset(folder, "mnist").train.images[:_COUNT] / 255
