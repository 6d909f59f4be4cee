"""Small datasets for tests, written as IDX files."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np

MNIST_NAMES = (
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)
TRAIN, TEST = 6, 3  # images in the two splits of `write_set`


def header(*shape: int, kind: int = 8) -> bytes:
    return struct.pack(f">HBB{len(shape)}I", 0, kind, len(shape), *shape)


def idx_bytes(array: np.ndarray) -> bytes:
    return header(*array.shape) + array.tobytes()


def write(path: Path, content: bytes, *, packed: bool | None = None) -> Path:
    """Writes IDX content, compressed if asked or if the name ends so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content) if packed or (packed is None and path.suffix == ".gz") else content)
    return path


def digits(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Images of noise, uint8 (count, 28, 28), and labels, uint8 (count,)."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (count, 28, 28), np.uint8), rng.integers(0, 10, count, np.uint8)


def write_set(folder: Path, names: tuple[str, str, str, str] = MNIST_NAMES, seed: int = 0) -> list[np.ndarray]:
    """Writes four files: images and labels for training, images and labels to test; what is in them."""
    arrays = [*digits(TRAIN, seed), *digits(TEST, seed + 1)]
    for name, array in zip(names, arrays, strict=True):
        write(folder / name, idx_bytes(array))
    return arrays
