"""Model files, good ones and ones that somebody has tampered with."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load, save

from nn_core.errors import ModelError
from nn_core.initializers import he_uniform
from nn_core.model import Model
from nn_core.modelfile import model_bytes
from nn_core.normalization import MNIST_NORMALIZATION
from nn_core.presets import network_of
from nn_core.tensorfile import tensors_hash

CHAIN = "conv 3×3×2 → batch-norm → relu → max-pool 4 → flatten → dropout 0.5 → linear 10"
Json = Any


def small_model(seed: int = 0) -> Model:
    network = network_of(CHAIN, init=he_uniform, rng=np.random.default_rng(seed), input_shape=(1, 14, 14))
    return Model(network, MNIST_NORMALIZATION, {"epochs": 3, "accuracy": 0.5})


def metadata_of(data: bytes) -> dict[str, str]:
    length = int.from_bytes(data[:8], "little")
    found: dict[str, str] = json.loads(data[8 : 8 + length])["__metadata__"]
    return found


def tampered(
    data: bytes,
    *,
    metadata: dict[str, str | None] | None = None,
    tensors: dict[str, np.ndarray | None] | None = None,
    architecture: Callable[[list[dict[str, Json]]], Json] | None = None,
) -> bytes:
    """The file with other metadata (None: without it), other tensors, or its architecture changed; the checksum fits.

    It is what somebody can make who means it, not what happens to a file by itself.
    """
    values: dict[str, np.ndarray | None] = {**load(data), **(tensors or {})}
    kept = {name: np.ascontiguousarray(array) for name, array in values.items() if array is not None}
    said: dict[str, str | None] = {**metadata_of(data), "sha256": tensors_hash(kept), **(metadata or {})}
    if architecture is not None:
        config = json.loads(metadata_of(data)["architecture"])
        said["architecture"] = json.dumps(architecture(config))
    return save(kept, {key: value for key, value in said.items() if value is not None})


def small_bytes() -> bytes:
    """The file of `small_model`, its header in order.

    (safetensors itself writes the metadata in another order every time.)
    """
    data = model_bytes(small_model())
    length = int.from_bytes(data[:8], "little")
    header = json.dumps(json.loads(data[8 : 8 + length]), sort_keys=True).encode()
    header += b" " * (-len(header) % 8)
    return len(header).to_bytes(8, "little") + header + data[8 + length :]


@contextmanager
def refused(
    path: Path, told: str = "", megabytes: float = 16, seconds: float = 5
) -> Iterator[pytest.ExceptionInfo[ModelError]]:
    """What runs inside must raise a ModelError about `path`, soon, without taking memory for what the file claims."""
    tracemalloc.start()
    started = time.process_time()  # the machine may be busy with something else
    try:
        with pytest.raises(ModelError, match=told or None) as raised:
            yield raised
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)
    assert peak < megabytes * 1e6
    assert time.process_time() - started < seconds
