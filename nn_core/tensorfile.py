"""Files of tensors: safetensors whose metadata say what they are, with a checksum over all of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nn_core.errors import DigitscopeError
from nn_core.layers import Array

LARGEST_TEXT = 1 << 20
LARGEST_HEADER, MOST_TENSORS = 1 << 22, 10_000  # of one file, whose tensors take room before they hold a value


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of files of ours: what its metadata say, what it is called, where it comes from, and how it is refused."""

    format: str
    version: str
    noun: str  # "model file": "is damaged, or is no model file"
    origin: str  # "as … writes it"
    largest: int  # bytes
    error: type[DigitscopeError]


def tensor_bytes(kind: FileKind, named: Mapping[str, Array], metadata: Mapping[str, str]) -> bytes:
    """The bytes of a file of that kind; `metadata` come beside the kind and the checksum.

    Raises the kind's error when they are more than can be read again.
    """
    from safetensors.numpy import save  # here, to keep it out of the start

    tensors = {name: np.ascontiguousarray(values) for name, values in named.items()}
    said = {"format": kind.format, "format_version": kind.version, **metadata, "sha256": tensors_hash(tensors)}
    file = _in_order(save(tensors, said))
    if len(file) > kind.largest:
        raise kind.error(f"the file would have {len(file):,} bytes, and could not be read: at most {kind.largest:,}")
    return file


def _in_order(file: bytes) -> bytes:
    """The same file with its metadata sorted: the library writes them in another order every time.

    A file begins with the length of its header, eight bytes; the header is JSON, filled up with spaces to a multiple of
    eight bytes. Source: the description of the format, https://huggingface.co/docs/safetensors.
    """
    end = 8 + int.from_bytes(file[:8], "little")
    header = json.loads(file[8:end])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    told = json.dumps(header, separators=(",", ":")).encode()
    told += b" " * (-len(told) % 8)
    return len(told).to_bytes(8, "little") + told + file[end:]


def read_tensor_file(path: Path, kind: FileKind) -> tuple[dict[str, Array], dict[str, str]]:
    """The tensors and the metadata of a file, the checksum compared; raises the kind's error.

    It is missing, damaged, too large, or of another kind then.
    """
    from safetensors import SafetensorError, safe_open

    try:
        if not path.is_file():  # opening a pipe would wait for somebody to write into it
            what = "is not a file" if path.exists() else "does not exist"
            raise kind.error(f"{path} {what}: give a {kind.noun}, {kind.origin}")
        size = path.stat().st_size
        if size > kind.largest:
            raise kind.error(f"{path} has {size:,} bytes; a {kind.noun} has at most {kind.largest:,}")
        with open(path, "rb") as start:
            header = int.from_bytes(start.read(8), "little")
        if LARGEST_HEADER < header < size:
            raise kind.error(f"{path} has a header of {header:,} bytes; at most {LARGEST_HEADER:,} are read")
        with safe_open(path, framework="np") as file:
            metadata = file.metadata() or {}
            _check_kind(path, kind, metadata, len(file.keys()))
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (it is not a mapping)
    except OSError as why:
        raise kind.error(f"{path} cannot be read: {why.strerror or why}") from why
    except (SafetensorError, TypeError, ValueError, AttributeError) as why:  # AttributeError: NumPy has no such type
        raise kind.error(f"{path} is damaged, or is no {kind.noun}") from why
    if metadata.get("sha256") != tensors_hash(tensors):
        raise kind.error(f"{path} is damaged: its checksum does not match. Get a new copy of it.")
    return tensors, metadata


def _check_kind(path: Path, kind: FileKind, metadata: Mapping[str, str], tensors: int) -> None:
    """Refuse what is of another kind by what its header says, before its tensors are read."""
    for name, text in metadata.items():
        if len(text) > LARGEST_TEXT:  # JSON takes many times its length, once it is read
            raise kind.error(f"{path} has {len(text):,} characters under {name[:40]!r}; at most {LARGEST_TEXT:,} fit")
    if metadata.get("format") != kind.format:
        raise kind.error(f"{path} is not a Digitscope {kind.noun}: its metadata does not say format = {kind.format}")
    version = metadata.get("format_version")
    if version != kind.version:
        raise kind.error(f"{path} has the format version {version}; this program reads {kind.version}")
    if tensors > MOST_TENSORS:
        raise kind.error(f"{path} holds {tensors:,} tensors; at most {MOST_TENSORS:,} are read")


def tensors_hash(tensors: Mapping[str, Array]) -> str:
    """SHA-256 over name, type, shape and bytes of every tensor, in the order of their names."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        values = np.ascontiguousarray(tensors[name])
        digest.update(f"{name} {values.dtype.str} {values.shape}\n".encode())
        digest.update(values.data)
    return digest.hexdigest()
