"""Where a window keeps its run, so that the next one can go on with it."""

from __future__ import annotations

import logging
import os
import re
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from PySide6.QtCore import QLockFile

from app.curve_log import CurveLog
from nn_core.checkpoint import load_checkpoint
from nn_core.errors import DigitscopeError, ModelError
from nn_core.files import write_atomically
from nn_core.model import Model
from nn_core.run_state import RunState
from nn_core.settings import TrainSettings

_RUN = re.compile(r"run-([1-9][0-9]{0,5})\.safetensors")
_LARGEST_LOG = 64 * 1024 * 1024

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A run as it stood when it was kept."""

    model: Model
    settings: TrainSettings
    state: RunState
    curves: CurveLog


class RunStore:
    """One place for a run in a folder: a checkpoint, and the curves beside it.

    A window holds its place by a lock for as long as it is open, so that two windows do not write to one file. A place
    that holds a run, left by a window that has gone, is taken first.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock: QLockFile | None = None
        self._take_place()

    def _take_place(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as why:
            _log.warning("runs cannot be kept in %s: %s", self.folder, why)  # told again when one is to be written
        held = (int(found[1]) for path in self.folder.glob("run-*") if (found := _RUN.fullmatch(path.name)))
        for number in chain(sorted(held), count(1)):  # as many places as there are windows, and one more
            name = f"run-{number}"
            self.checkpoint, self.curves = self._files(name)
            lock = QLockFile(str(self.folder / f"{name}.lock"))
            lock.setStaleLockTime(0)  # however old: a lock counts for as long as its process lives
            if lock.tryLock(0):
                self._lock = lock
                self._end_exchange()
                return
            if lock.error() != QLockFile.LockError.LockFailedError:
                return  # nothing can be written there; saving the run will say so

    def _files(self, name: str) -> tuple[Path, Path]:
        return self.folder / f"{name}.safetensors", self.folder / f"{name}.curves"

    def holds_run(self) -> bool:
        """Whether a run is kept here."""
        return self.checkpoint.exists()

    def holds_run_before(self) -> bool:
        """Whether there is a run before the one that is kept here."""
        return self._before()[0].exists()

    def load(self) -> KeptRun:
        """The run that is kept here; when its curves are missing or damaged, they begin anew.

        Raises:
            ModelError: it is missing or damaged.
        """
        model, settings, state = load_checkpoint(self.checkpoint)
        return KeptRun(model, settings, state, self._load_curves(state.step))

    def _load_curves(self, until: int) -> CurveLog:
        try:
            if not self.curves.is_file():  # a pipe would wait for somebody to write
                raise ModelError(f"{self.curves} is not a file")
            if self.curves.stat().st_size > _LARGEST_LOG:
                raise ModelError("the curves of the run are damaged: the file is too long")
            return CurveLog.from_bytes(self.curves.read_bytes(), until)
        except (OSError, DigitscopeError) as why:
            _log.warning("the curves of the run that is kept begin anew: %s", why)
            return CurveLog()

    def save_curves(self, curves: CurveLog) -> None:
        """Keep the curves.

        Raises:
            ModelError: they could not be written.
        """
        try:
            write_atomically(self.curves, curves.to_bytes())
        except OSError as why:
            raise ModelError(f"{self.curves} could not be written: {why.strerror or why}.") from why

    def discard(self) -> None:
        """Keep the run no longer.

        Raises:
            ModelError: it could not be removed.
        """
        try:
            for path in (self.checkpoint, self.curves):
                path.unlink(missing_ok=True)
        except OSError as why:
            raise ModelError(f"{self.checkpoint} could not be removed: {why.strerror or why}.") from why

    def put_aside(self) -> None:
        """Make room for another run: the one that is kept here becomes the one before.

        Raises:
            ModelError: it could not be moved.
        """
        self._move(self._here(), self._before())

    def bring_back(self) -> KeptRun:
        """Let the run that is kept here and the one before change places: the one that is kept here now.

        Raises:
            ModelError: there is none before, it cannot be read, or they could not be moved.
        """
        if not self.holds_run_before():
            raise ModelError("There is no run before this one.")
        self._change_places()
        try:
            return self.load()
        except ModelError:
            self._change_places()
            raise

    def _change_places(self) -> None:
        try:
            self._move(self._before(), self._between())
            self._move(self._here(), self._before())
            self._move(self._between(), self._here())
        except ModelError:
            self._end_exchange()
            raise

    def _end_exchange(self) -> None:
        """Put what an interrupted exchange of places has left between them where there is none."""
        if self._between()[0].exists():
            try:
                self._move(self._between(), self._before() if self.holds_run() else self._here())
            except ModelError as why:
                _log.warning("a run is left between two places: %s", why)  # for the next time

    def _here(self) -> tuple[Path, Path]:
        return self.checkpoint, self.curves

    def _before(self) -> tuple[Path, Path]:
        return self._files(f"{self.checkpoint.stem}-before")

    def _between(self) -> tuple[Path, Path]:
        return self._files(f"{self.checkpoint.stem}-between")

    def _move(self, sources: tuple[Path, Path], targets: tuple[Path, Path]) -> None:
        try:
            for source, target in zip(sources, targets, strict=True):
                if source.exists():
                    os.replace(source, target)
                else:
                    target.unlink(missing_ok=True)
        except OSError as why:
            raise ModelError(f"{sources[0]} could not be moved: {why.strerror or why}.") from why

    def close(self) -> None:
        """Give the place up."""
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None
