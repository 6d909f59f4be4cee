"""The IDX format, in which MNIST and its relatives come: a header of sizes, then bytes."""

from __future__ import annotations

import gzip
import io
import math
import stat
import struct
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nn_core.errors import DataError

Bytes = npt.NDArray[np.uint8]

MOST_BYTES = 1 << 30  # the largest set of digits there is, EMNIST by class, has 547 million
_MOST_DIMENSIONS = 4
_UNSIGNED_BYTE = 0x08  # the type code in the third byte of the magic number
_GZIP_MAGIC = b"\x1f\x8b"
_DEFLATE_RATIO = 1032  # deflate cannot pack tighter: 258 bytes from two bits
_SLICE = 1 << 18  # pieces that stay in the cache while they are unpacked: twice as fast as one read


def read_idx(path: Path) -> Bytes:
    """The array of bytes in an IDX file, plain or gzip by its content, read-only, in the shape of its header.

    The sizes in the header are checked before memory is taken for them.

    Raises:
        DataError: the file is missing or unreadable, not IDX, damaged, too short, too long, or claims too much.

    Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database", section "File formats".
    """
    try:
        with open(_regular(path), "rb") as file:
            packed = file.read(2) == _GZIP_MAGIC
            file.seek(0)
            if not packed:
                return _read(file, path, packed=False)
            with gzip.GzipFile(fileobj=file) as unpacked:
                return _read(unpacked, path, packed=True)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{path} is a damaged gzip file ({error}); get it again") from error
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror or error}); check the path and its rights") from error


def _regular(path: Path) -> Path:
    """The path itself, unless opening it would wait for ever (a pipe) or never end (a device)."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise DataError(f"{path} is not a file; name an IDX file such as t10k-labels-idx1-ubyte.gz")
    return path


def _read(stream: io.BufferedIOBase, path: Path, *, packed: bool) -> Bytes:
    shape = _shape(stream, path)
    claimed = math.prod(shape)
    _check_claim(claimed, shape, path, packed=packed)
    array = np.empty(claimed, np.uint8)
    filled = _fill(array, stream)
    if filled < claimed:
        raise DataError(f"{path} is cut short: {filled} of the {claimed} bytes that its header claims; get it again")
    if stream.read(1):
        raise DataError(f"{path} goes on after the {claimed} bytes that its header claims; get it again")
    array.flags.writeable = False
    return array.reshape(shape)


def _shape(stream: io.BufferedIOBase, path: Path) -> tuple[int, ...]:
    magic = stream.read(4)
    if len(magic) < 4:
        raise DataError(f"{path} is cut short: its header has {len(magic)} of 4 bytes; get it again")
    zeros, kind, dimensions = struct.unpack(">HBB", magic)
    if zeros or kind != _UNSIGNED_BYTE or not 1 <= dimensions <= _MOST_DIMENSIONS:
        raise DataError(
            f"{path} is not an IDX file of bytes: it starts with {magic.hex(' ')}, "
            "not 00 00 08 01 (labels) or 00 00 08 03 (images); get it again"
        )
    sizes = stream.read(4 * dimensions)
    if len(sizes) < 4 * dimensions:
        there, due = 4 + len(sizes), 4 + 4 * dimensions
        raise DataError(f"{path} is cut short: its header has {there} of {due} bytes; get it again")
    return struct.unpack(f">{dimensions}I", sizes)


def _check_claim(claimed: int, shape: tuple[int, ...], path: Path, *, packed: bool) -> None:
    """Refuses what the file cannot hold, or nobody wants in memory, by arithmetic alone."""
    told = f"{path} claims {' x '.join(map(str, shape))} = {claimed} bytes"
    if math.prod(size or 1 for size in shape) > MOST_BYTES:  # NumPy minds the other sizes beside a 0 too
        raise DataError(f"{told}, more than the {MOST_BYTES} allowed here; get it again or use a smaller set")
    on_disk = path.stat().st_size
    header = 4 + 4 * len(shape)
    if packed and claimed > on_disk * _DEFLATE_RATIO:
        raise DataError(f"{told}, more than its {on_disk} compressed bytes can hold; get it again")
    if not packed and header + claimed != on_disk:
        fault = "is cut short" if header + claimed > on_disk else "goes on too long"
        raise DataError(f"{told} after a header of {header} but {fault}, at {on_disk} bytes; get it again")


def _fill(array: Bytes, stream: io.BufferedIOBase) -> int:
    """Reads until the array is full or the stream at its end; how many bytes there were."""
    into = array.data
    at = 0
    while at < len(into):
        got = stream.readinto(into[at : at + _SLICE])
        if not got:
            break
        at += got
    return at
