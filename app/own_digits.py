"""The user's own digits, as the window knows them: kept in a folder, changed with undo, read and written as files."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from app.background import Background, Steps
from nn_core.errors import DataError
from nn_core.own_digits import OwnDigit, load_own_digits, save_own_digits
from nn_core.own_store import OwnStore

#: What is to become of digits, by their keys: None is to be removed.
Change = Mapping[str, OwnDigit | None]

_SLICE = 0.008  # seconds that reading and writing take at once: the window has to answer in between
_STEPS = 100  # that can be undone
_TELL = 0.2  # seconds between two tellings while many digits are read


class OwnDigits(QObject):
    """Keeps, relabels, removes, imports and exports own digits.

    What is asked for counts at once, and one file is written before the call returns. Many are written in slices, while
    the event loop has nothing better to do; what is left when the window closes is written then.
    """

    changed = Signal(object)  # list[OwnDigit], by label and age
    undoChanged = Signal(str, str)  # what can be undone and done again, in words
    said = Signal(str)
    troubled = Signal(str)

    def __init__(self, store: OwnStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._digits: dict[str, OwnDigit] = {}
        self._writes: deque[tuple[str, OwnDigit | None]] = deque()
        self._reads: deque[str] = deque()
        self._damaged: list[str] = []  # sentences
        self._told = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)
        self._files, self._wanted = Background(self), deque[Steps]()
        self._files.said.connect(self._take)
        self._files.troubled.connect(self.troubled)
        self._files.ended.connect(self._next_file)
        self._steps = QUndoStack(self)
        self._steps.setUndoLimit(_STEPS)

    def digits(self) -> list[OwnDigit]:
        """All of them, by label and age."""
        return sorted(self._digits.values(), key=lambda digit: (digit.label, digit.made, digit.key))

    def find(self, key: str) -> OwnDigit | None:
        """The digit with this key, if it is kept."""
        return self._digits.get(key)

    # What the user asks for.

    def refresh(self) -> None:
        """Read what has come into the folder since the last time, from another window perhaps."""
        try:
            new, gone = self._store.look()
        except DataError as why:
            self.troubled.emit(str(why))
            return
        for key in gone:
            self._digits.pop(key, None)
        self._reads.extend(key for key in new if key not in self._reads)
        if gone:
            self.changed.emit(self.digits())
        if self._reads:
            self._timer.start(0)

    def keep(self, digit: OwnDigit) -> None:
        """Keep one more digit."""
        self._do(f"keep a {digit.label}", {digit.key: digit})

    def relabel(self, keys: Collection[str], label: int) -> None:
        """Say that some were meant to be another digit."""
        found = [self._digits[key] for key in keys if key in self._digits]
        change = {digit.key: digit.labelled(label) for digit in found if digit.label != label}
        self._do(f"relabel {_digits(len(change))}", change)

    def delete(self, keys: Collection[str]) -> None:
        """Remove some."""
        change = {key: None for key in keys if key in self._digits}
        self._do(f"delete {_digits(len(change))}", change)

    def undo(self) -> None:
        """Take the last change back."""
        self._steps.undo()
        self._tell_steps()

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self._steps.redo()
        self._tell_steps()

    def import_file(self, path: Path) -> None:
        """Add the digits of a file that are not here yet."""
        self._wait_for(partial(_reading, path))

    def export_file(self, path: Path) -> None:
        """Write all digits into one file."""
        self._wait_for(partial(_writing, path, self.digits()))

    def close(self) -> None:
        """Write what is still to be written, and do no more."""
        self._wanted.clear()
        self._files.stop()
        self._reads.clear()
        while self._writes:
            self._write()
        self._timer.stop()

    # How it is done.

    def _wait_for(self, file: Steps) -> None:
        """Read or write a file when those asked for before are done."""
        self._wanted.append(file)
        if not self._files.alive:
            self._next_file()

    def _next_file(self) -> None:
        if self._wanted:
            self._files.start(self._wanted.popleft())

    def _do(self, text: str, change: Change) -> None:
        if change:
            before = {key: self._digits.get(key) for key in change}
            self._steps.push(_Step(text, before, change, self._apply))
            self._tell_steps()

    def _tell_steps(self) -> None:
        self.undoChanged.emit(self._steps.undoText(), self._steps.redoText())

    def _apply(self, change: Change) -> None:
        for key, digit in change.items():
            if digit is None:
                self._digits.pop(key, None)
            else:
                self._digits[key] = digit
            self._writes.append((key, digit))
        self._go_on()
        self.changed.emit(self.digits())

    def _go_on(self) -> None:
        """Write and read for a moment; what is left comes when the event loop is idle."""
        until = time.perf_counter() + _SLICE
        while self._writes and time.perf_counter() < until:
            self._write()
        had_reads = bool(self._reads)
        while self._reads and time.perf_counter() < until:
            self._read(self._reads.popleft())
        if self._writes or self._reads:
            self._timer.start(0)
        if had_reads and (not self._reads or time.perf_counter() - self._told > _TELL):
            self._told = time.perf_counter()
            self.changed.emit(self.digits())
        if self._damaged and not self._reads:
            self._tell_damage()

    def _write(self) -> None:
        key, digit = self._writes.popleft()
        try:
            if digit is None:
                self._store.remove([key])
            else:
                self._store.keep([digit])
        except DataError as why:
            self._show_what_is_kept(key)
            self.troubled.emit(str(why))

    def _show_what_is_kept(self, key: str) -> None:
        """Of a digit that could not be changed."""
        try:
            self._digits[key] = self._store.load(key)
        except DataError:  # nothing is: it was to be a new one
            self._digits.pop(key, None)
        self.changed.emit(self.digits())

    def _read(self, key: str) -> None:
        try:
            self._digits[key] = self._store.load(key)
        except DataError as why:
            self._damaged.append(str(why))

    def _tell_damage(self) -> None:
        first, more = self._damaged[0].rstrip("."), len(self._damaged) - 1
        self._damaged.clear()
        beside = f", and neither can {more} more" if more else ""
        self.troubled.emit(f"{first}{beside}. Your other digits are unharmed.")

    def _take(self, found: object) -> None:
        """What has been read or written as a file."""
        if isinstance(found, Path):
            self.said.emit(f"Exported your digits to {found.name}.")
        elif isinstance(found, list):
            new = {digit.key: digit for digit in found if digit.key not in self._digits}
            known = len({digit.key for digit in found}) - len(new)
            self._do(f"import {_digits(len(new))}", new)
            beside = f", {known} were here already" if known else ""
            self.said.emit(f"Imported {_digits(len(new))}{beside}.")


class _Step(QUndoCommand):
    """One change of the collection, and what there was before."""

    def __init__(self, text: str, before: Change, after: Change, apply: Callable[[Change], None]) -> None:
        super().__init__(text)
        self._before, self._after, self._apply = before, after, apply

    def undo(self) -> None:
        """Bring back what was before."""
        self._apply(self._before)

    def redo(self) -> None:
        """Make the change."""
        self._apply(self._after)


def _digits(count: int) -> str:
    return "1 digit" if count == 1 else f"{count} digits"


def _reading(path: Path) -> Generator[object, None, None]:
    yield load_own_digits(path)


def _writing(path: Path, digits: Sequence[OwnDigit]) -> Generator[object, None, None]:
    save_own_digits(path, digits)
    yield path
