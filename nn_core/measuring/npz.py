"""Arrays out of `.npz` files of strangers: what a file claims is checked before memory is taken for it."""

from __future__ import annotations

import math
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from nn_core.errors import DataError

MOST_BYTES = 1 << 28  # of one array, and of the file
_MOST_MEMBERS = 1000
_LONGEST_HEADER = 10_000
_MAGIC = b"\x93NUMPY"
_HEADER = re.compile(
    r"\{'descr': '(?P<dtype>[<>|][biufU]\d{1,4})', 'fortran_order': (?P<fortran>True|False),"
    r" 'shape': \((?P<shape>(\d{1,12},? ?){0,4})\), \}"
)
_LAST_CHARACTER = 0x10FFFF  # of Unicode
_ENCRYPTED = 1
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An array that a file must hold (or may, if it is `optional`): kinds of dtype as NumPy's letters, and axes."""

    name: str
    kinds: str
    axes: int
    optional: bool = False


def read_arrays(path: Path, wanted: list[Wanted]) -> dict[str, NDArray[Any]]:
    """Return the arrays of an `.npz` file by their names; what else is in the file is left alone.

    Raises:
        DataError: the file is missing, no `.npz`, damaged or too large, or an array is missing or of another kind.

    Source: NumPy's enhancement proposal 1, "A Simple File Format for NumPy Arrays".
    """
    try:
        if not path.is_file():  # opening a pipe would wait for somebody to write into it
            what = "is not a file" if path.exists() else "does not exist"
            raise DataError(f"{path} {what}: give an .npz file of pen strokes")
        if path.stat().st_size > MOST_BYTES:
            raise DataError(f"{path} has {path.stat().st_size:,} bytes; at most {MOST_BYTES:,} are read")
        with zipfile.ZipFile(path) as archive:
            if len(archive.infolist()) > _MOST_MEMBERS:
                raise DataError(f"{path} holds {len(archive.infolist()):,} arrays; at most {_MOST_MEMBERS} are read")
            found = {want.name: _array(archive, want, path) for want in wanted}
    except OSError as why:
        raise DataError(f"{path} cannot be read: {why.strerror or why}") from why
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, TypeError) as why:
        raise DataError(f"{path} is damaged, or is no .npz file") from why
    return {name: values for name, values in found.items() if values is not None}


def _array(archive: zipfile.ZipFile, want: Wanted, path: Path) -> NDArray[Any] | None:
    try:
        info = archive.getinfo(f"{want.name}.npy")
    except KeyError as why:
        if want.optional:
            return None
        raise DataError(f"{path} has no array named {want.name!r}") from why
    if info.flag_bits & _ENCRYPTED or info.compress_type not in _PACKED:
        raise DataError(f"{path}: the array {want.name!r} is encrypted or packed in a way that is not read here")
    with archive.open(info) as stream:
        try:
            shape, fortran, dtype, header = _header(stream)
        except ValueError as why:
            raise DataError(f"{path}: {want.name!r} cannot be read: {why}") from why
        if dtype.kind not in want.kinds or len(shape) != want.axes:
            raise DataError(f"{path}: {want.name!r} holds {dtype} of shape {shape}, which is not expected there")
        if dtype.itemsize == 0:
            raise DataError(f"{path}: {want.name!r} holds texts without characters, which is not expected there")
        size = math.prod(shape) * dtype.itemsize
        if size > MOST_BYTES:
            raise DataError(f"{path}: {want.name!r} claims {size:,} bytes; at most {MOST_BYTES:,} are read")
        if info.file_size != header + size:
            raise DataError(f"{path}: {want.name!r} claims {size:,} bytes and has {info.file_size - header:,}")
        data = stream.read(size + 1)  # one more than there may be, so that the checksum is compared
    if len(data) != size:
        raise DataError(f"{path}: {want.name!r} ends after {len(data):,} of {size:,} bytes")
    values = np.frombuffer(data, dtype) if size else np.zeros(math.prod(shape), dtype)
    if dtype.kind == "U" and size and values.astype(dtype.newbyteorder("=")).view(np.uint32).max() > _LAST_CHARACTER:
        raise DataError(f"{path}: {want.name!r} holds what are no characters")
    return values.reshape(shape, order="F" if fortran else "C")


def _header(stream: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any], int]:
    """Return shape, order, type and length of the header that a `.npy` begins with, in the one form NumPy writes.

    Raises:
        ValueError: it is none.
    """
    start = stream.read(len(_MAGIC) + 4)
    if start[: len(_MAGIC)] != _MAGIC or start[len(_MAGIC) : -2] not in (b"\1\0", b"\2\0"):
        raise ValueError("it begins in another way than in versions 1 and 2 of the .npy format")
    more = stream.read(2) if start[len(_MAGIC)] == 2 else b""
    length = int.from_bytes(start[-2:] + more, "little")
    text = stream.read(min(length, _LONGEST_HEADER)).decode("latin-1")
    found = _HEADER.fullmatch(text.rstrip())
    if found is None or len(text) < length:
        raise ValueError(f"the header {text[:80]!r} is none of numbers or text")
    shape = tuple(int(word) for word in found["shape"].split(",") if word.strip())
    return shape, found["fortran"] == "True", np.dtype(found["dtype"]), len(start) + len(more) + length
