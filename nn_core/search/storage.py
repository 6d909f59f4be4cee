"""Where a study is kept: in memory, in a journal file, or in a database; nothing of it is unpickled."""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nn_core.errors import DataError, DigitscopeError, SettingsError

if TYPE_CHECKING:
    from optuna.storages import BaseStorage

INSTALL = "hyper-parameter search needs Optuna: python -m pip install optuna"
MOST_BYTES = 64 << 20
PATIENCE = 2.0  # seconds that a lock is waited for in silence
_SCHEMES = ("sqlite:", "postgresql", "mysql")

_log = logging.getLogger(__name__)


def library() -> Any:
    """Optuna, imported when it is first needed: it takes half a second, and need not be there.

    Raises:
        SettingsError: it is not installed.
    """
    try:
        import optuna
    except ImportError as why:
        raise SettingsError(INSTALL) from why
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna


def is_installed() -> bool:
    """Whether Optuna can be found, without importing it."""
    from importlib.util import find_spec

    return find_spec("optuna") is not None


def open_storage(address: str | Path | None) -> BaseStorage:
    """The storage at a file's path or a database's URL; None: in memory.

    A file is a journal of Optuna's: a line of JSON for each thing that happened, appended under a lock file, so that
    several processes share it safely; half a line, left by one that was killed, is cut off by the next one. Optuna
    unpickles snapshots of journals in Redis alone, which is why that is refused; its database tables hold numbers, text
    and JSON.

    Raises:
        DataError: the file is something else, damaged, too large or cannot be written, or no database answers.
        SettingsError: the address is of another kind, or Optuna is not installed.
    """
    optuna = library()
    text = str(address)
    found: BaseStorage
    if address is None:
        found = optuna.storages.InMemoryStorage()
        return found
    with storage_faults(text):
        if "://" in text:
            if not text.startswith(_SCHEMES):
                raise SettingsError(f"storage (={text!r}) must be a file, or the URL of a sqlite, postgresql or mysql")
            found = optuna.storages.RDBStorage(text)
            return found
        _check_journal(Path(text))
        found = optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend(text, _Lock(text)))
        return found


class _Lock:
    """Optuna's lock of a journal, which says when it takes long; who holds it finds nothing but whole lines."""

    def __init__(self, path: str) -> None:
        # The lock by a symbolic link, which is the default, needs an administrator on Windows.
        self._path, self._lock = path, library().storages.journal.JournalFileOpenLock(path)

    def acquire(self) -> bool:
        told = "waiting for the lock of %s; one that a dead process has left is broken after half a minute"
        timer = threading.Timer(PATIENCE, _log.warning, (told, self._path))
        timer.start()
        try:
            self._lock.acquire()
        finally:
            timer.cancel()
        try:
            _cut_off_half_a_line(self._path)
        except BaseException:
            self.release()
            raise
        return True

    def release(self) -> None:
        self._lock.release()


def _cut_off_half_a_line(path: str) -> None:
    """Shorten a journal to where its last whole line ends: what is appended to half a line is lost with it."""
    with open(path, "rb+") as file:
        if not file.seek(0, os.SEEK_END):
            return
        file.seek(-1, os.SEEK_END)
        if file.read() != b"\n":
            file.seek(0)
            file.truncate(file.read().rfind(b"\n") + 1)


@contextmanager
def storage_faults(address: str | Path | None) -> Iterator[None]:
    """Say in a sentence what goes wrong with a storage, whatever it is."""
    try:
        yield
    except DigitscopeError:
        raise
    except OSError as why:
        raise DataError(f"the study in {address} cannot be read or written: {why.strerror or why}") from why
    except ImportError as why:
        raise DataError(f"the database of {address} needs a driver that is not installed: {why}") from why
    except Exception as why:  # a storage is foreign data, and Optuna does not say what a damaged one raises
        raise DataError(
            f"the study in {address} cannot be used ({type(why).__name__}): it is damaged, or no storage of Optuna's"
        ) from why


def _check_journal(path: Path) -> None:
    """Make sure that the file is a journal, or not there yet."""
    if not path.resolve().parent.is_dir():
        raise DataError(f"the folder of {path} does not exist; make it first")
    if not path.exists():
        return
    if not path.is_file():
        raise DataError(f"{path} is no file; name another one for the storage")
    if path.stat().st_size > MOST_BYTES:
        raise DataError(f"{path} has {path.stat().st_size:,} bytes, and a study at most {MOST_BYTES:,}")
    with open(path, "rb") as file:
        for number, line in enumerate(file, 1):
            if line.endswith(b"\n") and not _is_entry(line):
                raise DataError(f"line {number} of {path} is no entry of Optuna's journal; name another file")
            if number == 1 and not line.endswith(b"\n"):
                raise DataError(f"{path} is no journal of Optuna's; name another file")


def _is_entry(line: bytes) -> bool:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(entry, dict) and type(entry.get("op_code")) is int
