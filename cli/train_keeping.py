"""Keeps the run of `train` in a file."""

from __future__ import annotations

import time
from pathlib import Path

from cli.output import say
from nn_core.checkpoint import CheckpointWriter
from nn_core.errors import ModelError
from nn_core.events import EpochDone, Event
from nn_core.trainer import Trainer


class Keeper:
    """Writes checkpoints when they are due, by the clock and by epochs; without a path it keeps nothing.

    That one cannot be written is said once and ends no run: it is tried again when the next is due.
    """

    def __init__(self, path: Path | None, seconds: float) -> None:
        self._writer = CheckpointWriter(path) if path else None
        self._seconds, self._written, self._said = seconds, time.monotonic(), False

    def note(self, event: Event, trainer: Trainer) -> None:
        """Begin to write a checkpoint, if one is due after this event."""
        if self._writer is None:
            return
        ended = isinstance(event, EpochDone) and event.epoch % trainer.settings.save_every == 0
        if not ended and time.monotonic() - self._written < self._seconds:
            return
        try:
            begun = self._writer.write(trainer)
        except ModelError as why:  # the one before could not be written
            self._say(why)
            begun = self._writer.write(trainer)
        if begun:
            self._written = time.monotonic()

    def rest(self) -> None:
        """Wait for what is being written."""
        if self._writer is not None:
            try:
                self._writer.finish()
            except ModelError as why:
                self._say(why)

    def last(self, trainer: Trainer) -> ModelError | None:
        """Write the run as it stands in the end; why that could not be done, if it could not."""
        if self._writer is not None:
            try:
                if not self._writer.write(trainer):
                    return ModelError(f"{self._writer.path} is not the end of the run: its last batch has spoilt it")
                self._writer.finish()
            except ModelError as why:
                return why
        return None

    def keep_interrupted(self, trainer: Trainer) -> None:
        """Write a run that is cut short as it stands, and say how it goes on."""
        if self._writer is None:
            return
        self.rest()
        why = self.last(trainer)
        where = f"batch {trainer.step:,} of {trainer.steps:,}"
        say(str(why) if why else f"the run stands at {where}; to go on: train --resume {self._writer.path}")

    def _say(self, why: ModelError) -> None:
        if not self._said:
            say(f"the run goes on, and its checkpoint is tried again: {why}")
        self._said = True
