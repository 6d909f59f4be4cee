"""Writing files so that a crash or a full disk leaves the old one or the new one, never half of one."""

from __future__ import annotations

import contextlib
import errno
import glob
import logging
import os
import secrets
import time
from pathlib import Path

from nn_core.errors import DataError, DigitscopeError

_log = logging.getLogger(__name__)
_ABANDONED = 3600.0  # seconds after which nobody is still writing a file
_SHOWN = 40  # characters of a name that its temporary file has, too: a name may be as long as the disk allows


def write_atomically(path: Path, data: bytes) -> None:
    """Put `data` at `path` as a whole: a temporary file beside it, flushed to the disk, then renamed over it.

    Raises:
        OSError: it could not be written; what was at `path` is still there.
    """
    path = _target(path)
    handle, name = _temporary(path)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileNotFoundError):  # a new file's are right already
            os.chmod(name, path.stat().st_mode & 0o777)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        raise
    _sync_folder(path.parent)


def save_bytes(path: Path, data: bytes, refused: type[DigitscopeError] = DataError) -> None:
    """`write_atomically`, with a sentence for the user where it fails.

    Raises:
        refused: it could not be written; what was at `path` is still there.
    """
    try:
        write_atomically(path, data)
    except OSError as why:
        raise refused(f"{path} could not be written: {why.strerror or why}. Choose another place.") from why


def check_writable(path: Path) -> None:
    """Find out whether `write_atomically` can write there, by a temporary file that is made and removed.

    Raises:
        OSError: it cannot.
    """
    handle, name = _temporary(_target(path))
    os.close(handle)
    os.unlink(name)


def sweep(path: Path) -> None:
    """Remove what processes that were killed have left of files that were to be at `path`."""
    pattern = f".{glob.escape(path.name[:_SHOWN])}.{'[0-9a-f]' * 16}.part"
    for left in path.parent.glob(pattern):
        with contextlib.suppress(OSError):  # another process has swept here, or may not be swept behind
            if time.time() - left.stat().st_mtime > _ABANDONED:
                left.unlink()


def _temporary(path: Path) -> tuple[int, str]:
    """A new file beside `path`, open, and its name. (That of `tempfile` would be its owner's alone, and to find out
    what a new file's permissions are the umask must be set, for all threads.)"""
    name = str(path.parent / f".{path.name[:_SHOWN]}.{secrets.token_hex(8)}.part")
    return os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666), name


def _target(path: Path) -> Path:
    """Where the file really is: a link keeps pointing at it. What is no file, a pipe or a device, is not replaced."""
    path = _resolved(path)
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if path.exists() and not path.is_file():
        raise FileExistsError(errno.EEXIST, "it is neither a file nor a link to one", str(path))
    return path


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except RuntimeError as why:  # Python 3.11 and 3.12 say so of a link that leads to itself
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path)) from why


def _sync_folder(folder: Path) -> None:
    """Make the renaming itself last; Windows has no such call and needs none.

    Some network disks refuse it, and so does a folder that may be written and not read. The file is whole and has its
    name already: to call it unwritten would be wrong, and only a crash of the machine at once brings the old one back.
    """
    if os.name != "posix":
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as why:
        _log.info("the folder %s could not be flushed to the disk: %s", folder, why)
