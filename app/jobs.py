"""What the worker works on: training a network, and fetching MNIST."""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from app.curve_log import CurveLog
from app.mailbox import Held, Loaded, Message, Notice
from app.run_store import RunStore
from app.worker import Control
from nn_core.checkpoint import CheckpointWriter, is_sound, save_checkpoint
from nn_core.data.dataset import Dataset
from nn_core.errors import ModelError
from nn_core.events import BatchDone, EpochDone, Evaluated, Event, Failed, Validated, Working
from nn_core.loading import load
from nn_core.model import Model
from nn_core.run_state import RunState
from nn_core.settings import TrainSettings
from nn_core.teachers import find_teachers
from nn_core.trainer import Trainer

CHECKPOINT_SECONDS = 30.0
#: Copying the parameters for the window may take this many bytes a second, and happens at most so often.
_COPIED, _SNAPSHOTS = 60e6, 20.0


@dataclass(frozen=True, slots=True)
class Training:
    """The job of training `model`, which belongs to the worker from now on."""

    model: Model
    settings: TrainSettings
    folder: Path  # of the datasets
    store: RunStore
    dataset: Dataset | None = None  # if it is loaded already
    state: RunState | None = None  # to go on from
    curves: CurveLog = field(default_factory=CurveLog)  # up to there

    def __call__(self, control: Control) -> Generator[Message, None, None]:
        """Load, train (first the teachers that are missing), hold when asked to, and keep the run in the store.

        It is kept whenever it is time, and at the end.
        """
        dataset = self.dataset
        if dataset is None:
            dataset = yield from load(self.settings.dataset, self.folder, validation=self.settings.validation)
        seconds = max(1 / _SNAPSHOTS, self.model.network.vector.nbytes / _COPIED)
        trainer = Trainer(self.model, dataset, self.settings, resume=self.state, snapshot_seconds=seconds)
        if not trainer.over:
            trainer.learn_from((yield from find_teachers(self.settings, dataset, self.folder)))
        keeper = _Keeper(self.store, trainer, self.curves)
        yield Loaded(dataset, trainer.steps, trainer.step)
        with closing(cast("Generator[Event, None, None]", iter(trainer))) as events, closing(keeper):
            yield from _follow(trainer, events, keeper, control)


def _follow(
    trainer: Trainer, events: Iterator[Event], keeper: _Keeper, control: Control
) -> Generator[Message, None, None]:
    _take_wishes(trainer, control)
    for event in events:
        yield from keeper.note(event)  # before anybody hears of it, and may stop the job
        yield event
        if isinstance(event, BatchDone):
            control.step_taken()
        if isinstance(event, BatchDone | Working) and control.holding:
            yield from keeper.keep(patient=True)
            if not (yield from _hold(trainer, control)):
                return
        _take_wishes(trainer, control)


def _take_wishes(trainer: Trainer, control: Control) -> None:
    rate, frozen = control.new_learning_rate(), control.new_frozen()
    if frozen is not None:
        trainer.freeze(frozen)
    if rate is not None:  # in the settings too, so that a run that goes on later does so with this rate
        trainer.learning_rate, trainer.settings = rate, replace(trainer.settings, learning_rate=rate)


def _hold(trainer: Trainer, control: Control) -> Generator[Message, None, bool]:
    """Show where the run stands, and wait; False when it is to end."""
    yield trainer.snapshot()
    yield Held(trainer.step)
    return control.wait()


class _Keeper:
    """Keeps a run in its store: in the background while it goes on, and once more at its end."""

    def __init__(self, store: RunStore, trainer: Trainer, curves: CurveLog) -> None:
        self._store, self._trainer, self._curves = store, trainer, curves
        self._failed = False
        self._writer = CheckpointWriter(store.checkpoint)
        self._kept_at, self._kept_step = time.monotonic(), trainer.step
        self._told = False  # that it cannot be kept

    def note(self, event: Event) -> Generator[Message, None, None]:
        """Take an event in; when it is time, start to write."""
        if isinstance(event, BatchDone | Evaluated | Validated):
            self._curves.add(event)
        if isinstance(event, Failed):
            self._failed = True  # what was kept before it went wrong is worth more
            return
        ended = isinstance(event, EpochDone) and event.epoch % self._trainer.settings.save_every == 0
        if ended or time.monotonic() - self._kept_at >= CHECKPOINT_SECONDS:
            yield from self.keep()

    def keep(self, patient: bool = False) -> Generator[Message, None, None]:
        """Start to write the run as it is now; that it cannot be kept is told once.

        While the last one is still being written, a patient caller waits for it, and others come again later.
        """
        if self._trainer.step == self._kept_step:
            return
        self._kept_at = time.monotonic()
        try:
            if patient:
                self._writer.finish()
            if self._writer.write(self._trainer):
                self._kept_step = self._trainer.step
                self._store.save_curves(self._curves)
            else:
                self._kept_at = -math.inf  # with the next event
        except ModelError as why:
            if not self._told:
                self._told = True
                yield Notice(f"The run cannot be kept: {why}")

    def close(self) -> None:
        """Write the run as it stands at the end.

        Raises:
            ModelError: it could not be written.
        """
        trainer = self._trainer
        state = trainer.state()
        ends_well = not self._failed and state.step > 0 and is_sound(state, trainer.model)
        try:
            self._writer.finish()
        except ModelError:
            if not ends_well:
                raise
        if ends_well:  # then what could not be written before is written now
            self._store.save_curves(self._curves)
            save_checkpoint(self._store.checkpoint, state, trainer.model, trainer.settings)


@dataclass(frozen=True, slots=True)
class Fetching:
    """The job of fetching MNIST into a folder."""

    folder: Path

    def __call__(self, control: Control) -> Generator[Message, None, None]:
        """Fetch, telling how far it is; closing it leaves whole files and nothing else."""
        from nn_core.data import fetch  # the network's libraries are slow to import

        problem = ""
        with closing(fetch.fetch_mnist(self.folder, fetch.MIRRORS, fetch.MNIST_FILES)) as steps:
            for step in steps:
                if step.problem and step.problem != problem:
                    problem = step.problem
                    yield Notice(f"Trying another server: {problem}")
                yield Working("Downloading MNIST", step.done, step.total)
