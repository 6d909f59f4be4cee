"""The session: the state of the run, between the worker and whoever shows it."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.curve_log import CurveLog, WholeTest
from app.dataset_cache import DatasetCache
from app.jobs import Fetching, Training
from app.mailbox import Ended, Held, Loaded, Mailbox, Message, Notice, raise_crash
from app.pace import Pace
from app.phase import Phase
from app.progress import Progress, Speed
from app.reading import BUSY_MAPS_MS, MAPS_MS, Reading
from app.run_store import KeptRun, RunStore
from app.timeline_log import LIVE, TimelineLog
from app.worker import Control, Job, Worker
from nn_core.events import BatchDone, Evaluated, Failed, Finished, Restored, Snapshot, Validated, Working
from nn_core.model import Model
from nn_core.settings import TrainSettings

_CURVES_MS, _CURVES_TICKS = 120, 2  # curves grow slowly: they are drawn less often, between two ticks


class Session(QObject):
    """Starts the worker, takes out of the mailbox what it says, and tells it in signals, at most 30 times a second.

    What is asked of it while it makes no sense (to pause what does not run) does nothing.
    """

    stateChanged = Signal(object)  # Phase
    progressChanged = Signal(object)  # Progress
    curvesChanged = Signal(object)  # CurveLog
    frozenChanged = Signal(object)  # frozenset[int]: the layers that training leaves as they are
    troubled = Signal(str)  # a sentence for the user
    finished = Signal(object)  # WholeTest: the run has reached its end
    stopped = Signal()  # the run ended before that, and is kept in the store
    replaced = Signal()  # another model is shown in place of a run, which is kept in the store
    fetched = Signal()  # MNIST is there

    def __init__(self, reading: Reading, store: RunStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.reading, self.store = reading, store
        self.state = Phase.IDLE
        self.settings: TrainSettings | None = None  # of the run that is shown
        self.frozen: frozenset[int] = frozenset()
        self.run_frozen: frozenset[int] = frozenset()  # of the run that is shown, when it took its last step
        self.curves = CurveLog()
        self.timeline = TimelineLog(reading, self)
        self.restored: Restored | None = None  # what the run went back to when it stopped early
        self._datasets = DatasetCache()
        self._worker: Worker | None = None
        self._mailbox = Mailbox()
        self._fetching = False  # the worker fetches and trains not
        self._resting = Phase.IDLE  # the state after the worker's end
        self._steps: int | None = None  # of the run, as soon as its data is there
        self._step, self._epoch, self._images = 0, 0.0, 0  # images since the last look into the mailbox
        self._speed = Speed()
        self._next: Model | None = None  # to be shown when the worker has ended
        self._timer, self._curves_soon = QTimer(self), QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._drain)
        self._curves_soon.timeout.connect(self._show_curves)
        self._pace = Pace(self._timer)

    @property
    def step_number(self) -> int:
        """The step that the run has reached."""
        return self._step

    @property
    def tested(self) -> WholeTest | None:
        """The newest evaluation over the whole test split, of a run that was kept too."""
        return self.curves.tested()

    @property
    def _learner(self) -> Worker | None:
        """The worker of a run that takes further steps, or will as soon as its data is there."""
        return None if self._fetching or self.state is Phase.STOPPING else self._worker

    # What the user asks for.

    def start(self, model: Model, settings: TrainSettings, folder: Path, *, one_step: bool = False) -> None:
        """Begin a run with the parameters that `model` has; with `one_step` hold after its first batch."""
        if self._worker is None:
            training = Training(model, settings, folder, self.store, self._datasets.get(settings))
            control = Control(paused=one_step, steps=int(one_step))
            self._begin(training, control)

    def go_on(self, run: KeptRun, folder: Path) -> None:
        """Go on with a run where it stood."""
        if self._worker is None:
            dataset = self._datasets.get(run.settings)
            training = Training(run.model, run.settings, folder, self.store, dataset, run.state, run.curves)
            self._begin(training, Control())
            self.freeze(run.state.frozen)

    def fetch(self, folder: Path) -> None:
        """Fetch MNIST into a folder."""
        if self._worker is None:
            self._datasets.clear()
            self._fetching = True
            self._work(Fetching(folder), Control())

    def pause(self) -> None:
        """Hold after the batch that is under way."""
        if self._worker is not None and self.state is Phase.RUNNING:
            self._worker.control.pause()

    def resume(self) -> None:
        """Go on after a pause."""
        if self._worker is not None and self.state is Phase.PAUSED:
            self.timeline.choose(LIVE)  # what goes on is not the moment that was looked at
            self._speed.restart()
            self._worker.control.resume()
            self._enter(Phase.RUNNING)

    def step(self) -> None:
        """Take one step and hold again."""
        if self._worker is not None and self.state is Phase.PAUSED:
            self.timeline.choose(LIVE)
            self._worker.control.step()

    def stop(self) -> None:
        """End what is under way; what a run has learnt is kept."""
        if self._worker is not None:
            self._worker.stop()
            self._enter(Phase.STOPPING)

    def set_learning_rate(self, rate: float) -> None:
        """Let the run go on with another learning rate."""
        learner = self._learner
        if learner is not None and self.settings is not None:
            learner.control.set_learning_rate(rate)
            self.settings = replace(self.settings, learning_rate=rate)

    def freeze(self, layers: Collection[int]) -> None:
        """Let training leave these layers as they are: a run that goes on from its next batch on, and the next one."""
        self.frozen = frozenset(layers)
        learner = self._learner
        if learner is not None:
            self.run_frozen = self.frozen
            learner.control.freeze(self.frozen)
        self.frozenChanged.emit(self.frozen)

    def show(self, model: Model) -> None:
        """Show another model, and no run: one that goes on ends first, beside the window, and is kept in the store.

        What is being fetched is fetched on.
        """
        if self._worker is None or self._fetching:
            self._replace(model)
        else:
            self._next = model
            self.stop()
            self._pace.begin()

    def _replace(self, model: Model) -> None:
        had_run = self.settings is not None
        self._forget(model)
        if self._worker is None:
            self._enter(Phase.IDLE)
        if had_run:
            self.replaced.emit()

    def close(self) -> str:
        """End the worker, wait for it, and keep the run; what went wrong with that, as a sentence, or nothing."""
        self._timer.stop()
        self._curves_soon.stop()
        fetching = self._fetching
        said = self._drop_worker()
        self._enter(self._resting)
        self.reading.stop()
        raise_crash(said)
        if fetching:  # nothing of a run is lost, and nobody waits for the dataset any more
            return ""
        return next((message.message for message in reversed(said) if isinstance(message, Failed)), "")

    # The run.

    def _begin(self, training: Training, control: Control) -> None:
        self._forget(training.model)
        self.settings = training.settings
        # The worker adds to its own log what it keeps; this one is for the views.
        self.curves = training.curves.copy()
        self.curvesChanged.emit(self.curves)
        self.run_frozen = self.frozen if training.state is None else frozenset(training.state.frozen)
        control.freeze(self.run_frozen)
        self._work(training, control)

    def _forget(self, model: Model) -> None:
        """Show a model with an empty past."""
        self.settings, self.restored, self.curves = None, None, CurveLog()
        self._steps, self._step, self._epoch, self._speed = None, 0, 0.0, Speed()
        self._next, self._resting, self.run_frozen = None, Phase.IDLE, frozenset()
        self.timeline.clear()
        self.reading.show_model(model)
        self.timeline.live = self.reading.model.network.vector
        self._show_curves()
        self.progressChanged.emit(Progress())

    def _work(self, job: Job, control: Control) -> None:
        self._mailbox = Mailbox()
        self._worker = Worker(job, control, self._mailbox)
        self._enter(Phase.LOADING)
        self._worker.start(Worker.Priority.LowPriority)
        self.progressChanged.emit(Progress(text="Starting …"))
        self._pace.begin()

    def _drop_worker(self) -> list[Message]:
        """End the worker, if there is one; returns what it still had to say."""
        worker, self._worker = self._worker, None
        if worker is None:
            return []
        self._timer.stop()
        self._fetching = False
        worker.stop()
        worker.wait()  # after which the thread object may go
        return self._mailbox.drain()

    def _enter(self, state: Phase) -> None:
        if state is not self.state:
            self.state = state
            self.reading.maps_ms = BUSY_MAPS_MS if state is Phase.RUNNING else MAPS_MS
            self.stateChanged.emit(state)

    # What the worker says.

    def _drain(self) -> None:
        messages = self._mailbox.drain()
        self._images = 0
        for message in messages:
            self._take(message)
        if self._images:
            self._speed.add(time.monotonic(), self._step, self._images)
        self._tell_progress(messages)
        if messages and isinstance(messages[-1], Ended):
            self._end(messages)
            return
        grown = any(isinstance(message, BatchDone | Evaluated | Validated) for message in messages)
        if grown and not self._curves_soon.isActive():
            self._curves_soon.start(max(_CURVES_MS, _CURVES_TICKS * self._timer.interval()))
        self._pace.follow()

    def _show_curves(self) -> None:
        self._curves_soon.stop()
        self.curvesChanged.emit(self.curves)

    def _take(self, message: Message) -> None:
        match message:
            case BatchDone():
                self.curves.add(message)
                self._step, self._epoch = message.step, message.epoch
                self._images += message.images
            case Evaluated() | Validated():
                self.curves.add(message)
            case Restored():
                self.restored = message
            case Snapshot():
                self.timeline.add(message)
            case Loaded():
                self._loaded(message)
            case Held() if self._worker is not None and self._worker.control.holding:  # and has not been told to go on
                self._enter(Phase.PAUSED)
            case Notice() | Failed():
                self.troubled.emit(message.message)
            case Finished():
                self._resting = Phase.FINISHED
            case _:
                pass  # `Working` is for the progress, `Ended` for the end

    def _loaded(self, message: Loaded) -> None:
        self._datasets.put(message.dataset)
        self._steps, self._step = message.steps, message.step
        if self.settings is not None:
            self._epoch = self.settings.epochs * message.step / message.steps
        if self.state is Phase.LOADING:
            self._enter(Phase.RUNNING)

    def _tell_progress(self, messages: list[Message]) -> None:
        told = [message for message in messages if not isinstance(message, Snapshot | Notice)]
        working = told[-1] if told and isinstance(told[-1], Working) else None
        text = None if working is None else _working_words(working)
        if working is not None and (self._fetching or self._steps is None):
            self.progressChanged.emit(Progress(fraction=working.done / max(1, working.total), text=text))
        elif told and self._steps is not None:
            self.progressChanged.emit(self._progress(text))

    def _progress(self, text: str | None = None) -> Progress:
        if self._steps is None or self.settings is None:
            return Progress()
        steps, epochs = self._steps, self.settings.epochs
        runs = self.state is Phase.RUNNING
        pace = self._speed.steps_per_s() if runs else None
        left = None if pace is None else (steps - self._step) / pace
        speed = self._speed.images_per_s() if runs else None
        return Progress(self._epoch, epochs, self._step / steps, speed, left, text)

    def _end(self, messages: list[Message]) -> None:
        """The worker is done: back to rest."""
        fetching, self._fetching = self._fetching, False
        stopped = self.state is Phase.STOPPING
        failed = any(isinstance(message, Failed) for message in messages)
        self._drop_worker()
        if self._next is not None:
            self._replace(self._next)
            return raise_crash(messages)
        self.timeline.tell()
        self._show_curves()
        self._enter(self._resting)
        self.progressChanged.emit(self._progress())
        raise_crash(messages)
        if fetching and not stopped and not failed:
            self.fetched.emit()
        elif not fetching and self._resting is Phase.FINISHED:
            self.finished.emit(self.tested)
        elif not fetching and stopped and self._step:
            self.stopped.emit()


def _working_words(working: Working) -> str:
    """What is done, and how much of it, where it is told in parts."""
    return f"{working.what} · {100 * working.done // working.total} %" if working.total > 1 else f"{working.what} …"
