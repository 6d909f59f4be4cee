"""Model files: safetensors, with the architecture and the history of the model in the metadata."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from nn_core.errors import DigitscopeError, ModelError
from nn_core.files import save_bytes
from nn_core.layers import Array
from nn_core.layers.local import local_shape
from nn_core.model import Model, check_reads_digits
from nn_core.network import Config, Sequential
from nn_core.normalization import Normalization
from nn_core.tensorfile import FileKind, read_tensor_file, tensor_bytes

FORMAT, FORMAT_VERSION = "digitscope-model", "1"
LARGEST_FILE = 1 << 30
LARGEST_INPUT = 1 << 20
MOST_LAYERS = 1000
_LONGEST = 300  # characters of an error that tells what a file holds
_KIND = FileKind(
    FORMAT, FORMAT_VERSION, "model file", "as `digitscope train --out` writes it", LARGEST_FILE, ModelError
)


def save_model(path: Path, model: Model, extra: Mapping[str, Array] | None = None, run: str | None = None) -> None:
    """Write a model; `extra` tensors and the `run` are what makes it a checkpoint.

    Raises:
        ModelError: it has diverged, or could not be written (the disk is full, the folder is missing …); an older file
            is unharmed.
    """
    try:
        check_sound(model.network)
    except ModelError as why:
        raise ModelError(f"{path} is not written: {why}, so nothing could read it") from why
    save_bytes(path, model_bytes(model, extra, run), ModelError)


def model_bytes(model: Model, extra: Mapping[str, Array] | None = None, run: str | None = None) -> bytes:
    """The bytes of a model file."""
    metadata = {
        "architecture": json.dumps(model.network.config()),
        "input_shape": json.dumps(model.network.input_shape),
        "normalization": json.dumps(model.normalization.plain()),
        "training": json.dumps(dict(model.card)),
    }
    if run is not None:
        metadata["run"] = run
    return tensor_bytes(_KIND, {**model.network.state_dict(), **(extra or {})}, metadata)


def load_model(path: Path) -> Model:
    """Read a model file, or the model in a checkpoint.

    Raises:
        ModelError: it is missing, damaged, not a model of ours, or larger than any of ours can be.
    """
    tensors, metadata = read_tensors(path)
    return model_of(path, tensors, metadata)


def load_reading_model(path: Path) -> Model:
    """Read a model file whose network reads digits.

    Raises:
        ModelError: it reads something else, or the file is none that `load_model` takes.
    """
    tensors, metadata = read_tensors(path)
    return model_of(path, tensors, metadata, digits=True)


def model_of(path: Path, tensors: Mapping[str, Array], metadata: Mapping[str, str], *, digits: bool = False) -> Model:
    """The model in what `read_tensors` found; with `digits` one that reads something else is refused unrun."""
    own = {name: values for name, values in tensors.items() if name[:1].isdigit()}
    try:
        config, shape = json.loads(metadata["architecture"]), tuple(json.loads(metadata["input_shape"]))
        check_architecture(config, shape, own)
        network = Sequential.from_config(config, shape)
        if digits:
            check_reads_digits(network)
        with np.errstate(over="ignore"):  # what is too large becomes infinite, and is refused as such
            network.load_state_dict(own)
        check_sound(network)
        normalization = Normalization(**json.loads(metadata["normalization"]))
        card = json.loads(metadata.get("training", "{}"))
        if not isinstance(card, dict):
            raise ModelError("what it says of its training is not a table")
    except (DigitscopeError, ValueError, ArithmeticError, KeyError, TypeError, AttributeError, RecursionError) as why:
        raise ModelError(f"{path} cannot be used as a model: {fault(why, 'its description makes no sense')}") from why
    return Model(network, normalization, card)


def fault(why: Exception, otherwise: str) -> str:
    """What is wrong with a stranger's data, shortened: our own sentence, or `otherwise` for what Python says of it."""
    match why:
        case DigitscopeError():
            text = str(why)
            return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
        case KeyError():
            return f"{why} is missing"
        case _:
            return otherwise


def read_tensors(path: Path) -> tuple[dict[str, Array], dict[str, str]]:
    """The tensors and the metadata of a file of ours, the checksum compared.

    Raises:
        ModelError: it is missing, damaged, too large, or no file of ours.
    """
    return read_tensor_file(path, _KIND)


def check_sound(network: Sequential) -> None:
    """Refuse numbers that are not finite, or are so one by one and not in what they answer: a variance below 0, say.

    Raises:
        ModelError: the network's are such.
    """
    if not np.isfinite(network.vector).all():
        raise ModelError("it holds values that are not finite numbers")
    blank_and_full = np.zeros((2, *network.input_shape), np.float32)
    blank_and_full[1] = 1
    with np.errstate(all="ignore"):
        answer = network(blank_and_full)
    if not np.isfinite(answer).all():
        raise ModelError("it answers with values that are not finite numbers")


def check_architecture(config: Config, shape: tuple[int, ...], tensors: Mapping[str, Array]) -> None:
    """Refuse an architecture before memory is taken for it: every large layer must have its tensor in the file.

    Raises:
        ModelError: it asks for more than the file holds.
    """
    listed = isinstance(config, list) and all(isinstance(entry, dict) for entry in config)
    if not listed or not 0 < len(config) <= MOST_LAYERS:
        raise ModelError(f"its architecture is not a list of 1 to {MOST_LAYERS} layers")
    counted = len(shape) in (1, 3) and all(type(n) is int and n > 0 for n in shape)
    if not counted or math.prod(shape) > LARGEST_INPUT:
        raise ModelError(f"its input shape is {shape}")
    for i, entry in enumerate(config):
        name, sizes = _largest_tensor(entry)
        found = tensors.get(f"{i}.{name}")
        there = None if found is None else found.shape
        if sizes is not None and there != sizes:
            raise ModelError(f"layer {i} ({entry.get('type')}) wants a {name} of {sizes}, the file has {there}")


def _largest_tensor(entry: Mapping[str, Any]) -> tuple[str, tuple[int, ...] | None]:
    """Name and shape of a layer's largest tensor; no shape for a layer without tensors."""
    kind = entry.get("type")
    name = "weight_v" if kind in ("WeightNormConv2d", "WeightNormLinear") else "weight"
    match kind:
        case "Conv2d" | "WeightNormConv2d":
            size = entry["kernel_size"]
            kernel = (size, size) if isinstance(size, int) else tuple(size)
            return name, (entry["out_channels"], entry["in_channels"], *kernel)
        case "Linear" | "WeightNormLinear":
            return name, (entry["out_features"], entry["in_features"])
        case "LocallyConnected2d":
            return name, local_shape(**{key: value for key, value in entry.items() if key != "type"})
        case "BatchNorm1d" | "BatchNorm2d":
            return name, (entry["num_features"],)
        case "GroupNorm":
            return name, (entry["num_channels"],)
    return name, None
