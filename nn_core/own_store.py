"""The folder that own digits are kept in: a small file for each, so that damage to one harms no other."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from nn_core.errors import DataError
from nn_core.own_digits import OWN_ENDING, OwnDigit, load_own_digits, save_own_digits

_NAME = re.compile(rf"([0-9a-f]{{16}}){re.escape(OWN_ENDING)}")


class OwnStore:
    """Own digits by their keys, in files of a folder that need not exist yet.

    Every file is written as a whole or not at all, and holds one digit: several windows may write here at once.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen: dict[str, tuple[int, int]] = {}  # when each file was written, in nanoseconds, and its size

    def look(self) -> tuple[list[str], list[str]]:
        """The keys of the files that are new or have changed since the last look, and of those that have gone.

        Raises:
            DataError: the folder is there and cannot be listed.
        """
        found: dict[str, tuple[int, int]] = {}
        try:
            for path in sorted(self.folder.iterdir()) if self.folder.is_dir() else ():
                name = _NAME.fullmatch(path.name)
                if name and path.exists():  # another window may have removed it by now
                    found[name[1]] = _stamp(path)
        except OSError as why:
            raise DataError(f"your own digits in {self.folder} cannot be listed: {why.strerror or why}.") from why
        new = [key for key, stamp in found.items() if self._seen.get(key) != stamp]
        gone = [key for key in self._seen if key not in found]
        self._seen = found
        return new, gone

    def load(self, key: str) -> OwnDigit:
        """One digit.

        Raises:
            DataError: its file is missing or damaged.
        """
        path = self._path(key)
        found = load_own_digits(path)
        if [digit.key for digit in found] != [key]:
            raise DataError(f"{path} cannot be used as own digits: it holds another drawing than its name says")
        return found[0]

    def keep(self, digits: Collection[OwnDigit]) -> None:
        """Write digits, in place of those with the same keys.

        Raises:
            DataError: one could not be written; those before it are kept.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as why:
            raise DataError(f"{self.folder} could not be made: {why.strerror or why}.") from why
        for digit in digits:
            save_own_digits(self._path(digit.key), [digit])
            self._seen[digit.key] = _stamp(self._path(digit.key))  # what was written here is no news

    def remove(self, keys: Collection[str]) -> None:
        """Remove digits; that one has gone already is all right.

        Raises:
            DataError: one could not be removed; those before it are.
        """
        for key in keys:
            try:
                self._path(key).unlink(missing_ok=True)
            except OSError as why:
                raise DataError(f"{self._path(key)} could not be removed: {why.strerror or why}.") from why
            self._seen.pop(key, None)

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}{OWN_ENDING}"


def _stamp(path: Path) -> tuple[int, int]:
    """When a file was written and its size; what has gone meanwhile has none."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return 0, 0
    return stat.st_mtime_ns, stat.st_size
