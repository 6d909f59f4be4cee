"""Fetching MNIST: the four original files from public mirrors, each checked byte for byte before it gets its name."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Generator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from nn_core.data.download import MirrorFault, stream
from nn_core.data.idx import read_idx
from nn_core.errors import DataError


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file as every mirror must give it."""

    name: str
    size: int  # bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class FetchProgress:
    """How far a fetch has come, over all its files."""

    file: str
    mirror: str  # "" for a file that was right already
    done: int  # bytes
    total: int  # bytes
    problem: str = ""  # why the mirrors before this one failed


MIRRORS: tuple[str, str] = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
MNIST_FILES = (
    RemoteFile(
        "train-images-idx3-ubyte.gz", 9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"
    ),
    RemoteFile(
        "train-labels-idx1-ubyte.gz", 28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"
    ),
    RemoteFile(
        "t10k-images-idx3-ubyte.gz", 1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"
    ),
    RemoteFile("t10k-labels-idx1-ubyte.gz", 4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
)
TIMEOUT = 10.0  # seconds without a word after which a mirror counts as down


def fetch_mnist(
    folder: Path,
    mirrors: Sequence[str] = MIRRORS,
    files: Sequence[RemoteFile] = MNIST_FILES,
    *,
    timeout: float = TIMEOUT,
) -> Generator[FetchProgress, None, None]:
    """Brings the files that are missing or damaged into a folder, made if need be, and tells of each step.

    A step comes at least ten times a second, on a dead line too; whoever iterates stops by closing the generator, which
    leaves whole files and nothing else. A mirror that fails is tried last from then on.

    Raises:
        DataError: every mirror failed, the folder cannot be written, or a file there is part of another dataset.
    """
    order = list(mirrors)
    total = sum(file.size for file in files)
    done = 0
    for file in files:
        if _is_there(folder / file.name, file):
            yield FetchProgress(file.name, "", done + file.size, total)
        else:
            yield from _fetch_file(folder, file, order, timeout, FetchProgress(file.name, "", done, total))
        done += file.size


def _is_there(path: Path, file: RemoteFile) -> bool:
    """Whether the file is there and right; a damaged one counts as missing, a sound one of another set is sacred."""
    try:
        with open(path, "rb") as present:
            same_size = os.fstat(present.fileno()).st_size == file.size
            if same_size and hashlib.file_digest(present, "sha256").hexdigest() == file.sha256:
                return True
    except FileNotFoundError:
        return False
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror or error}); check the path and its rights") from error
    try:
        read_idx(path)
    except DataError:
        return False
    raise DataError(
        f"{path} is a sound file but not MNIST's own; move it, or fetch into another folder with --data-dir"
    )


def _fetch_file(
    folder: Path, file: RemoteFile, order: list[str], timeout: float, start: FetchProgress
) -> Generator[FetchProgress, None, None]:
    """One file from the first mirror that gives it; those that fail move to the end of `order`."""
    problems: list[str] = []
    for mirror in tuple(order):
        url = f"{mirror.rstrip('/')}/{file.name}"
        try:
            with closing(_download(folder / file.name, url, file, timeout)) as progress:
                for received in progress:
                    yield FetchProgress(file.name, mirror, start.done + received, start.total, "; ".join(problems))
            return
        except MirrorFault as fault:
            problems.append(f"{mirror} {fault}")
            order.remove(mirror)
            order.append(mirror)
    raise DataError(
        f"{file.name} cannot be fetched ({'; '.join(problems)}); check the connection and try again, "
        f"or put MNIST's four files into {folder} by hand"
    )


def _download(path: Path, url: str, file: RemoteFile, timeout: float) -> Generator[int, None, None]:
    """Fetches one URL beside its target and renames it when it is whole and right; yields the bytes received."""
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")  # two fetches at once do not share one
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path)
        try:
            with open(part, "xb") as sink:
                yield from _receive(sink, url, file, timeout)
                sink.flush()
                os.fsync(sink.fileno())
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise DataError(
            f"{path} cannot be written ({error.strerror or error}); make room or name another folder with --data-dir"
        ) from error


def _receive(sink: BinaryIO, url: str, file: RemoteFile, timeout: float) -> Generator[int, None, None]:
    received = 0
    digest = hashlib.sha256()
    with closing(stream(url, file.size, timeout)) as pieces:
        for piece in pieces:
            sink.write(piece)
            digest.update(piece)
            received += len(piece)
            yield received
    if received < file.size:
        raise MirrorFault(f"ends after {received} of {file.size} bytes")
    if digest.hexdigest() != file.sha256:
        raise MirrorFault(f"gives other bytes (SHA-256 {digest.hexdigest()[:12]}… instead of {file.sha256[:12]}…)")


def _sweep(path: Path) -> None:
    """Removes what fetches of this file left that were killed; one that is alive has written within the hour."""
    for part in path.parent.glob(f"{path.name}.*.part"):
        with suppress(FileNotFoundError):  # it is another's, who may have ended just now
            if time.time() - part.stat().st_mtime > 3600:
                part.unlink()
