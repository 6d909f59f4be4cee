"""The trainer: a generator of events; it prints nothing, and whoever iterates it decides when to stop."""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Iterator, Sequence

from nn_core.augment_text import parse_augmentation
from nn_core.averaged import AveragedModel
from nn_core.batches import Batches
from nn_core.data.dataset import Dataset
from nn_core.distillation import Teacher, lessons_of
from nn_core.early_stopping import Best, better_of, has_waited
from nn_core.errors import SettingsError, TrainingError
from nn_core.evaluation import Evaluator
from nn_core.events import (
    BatchDone,
    EpochDone,
    Event,
    Failed,
    Finished,
    Restored,
    Snapshot,
)
from nn_core.examiner import Examiner
from nn_core.losses import make_loss
from nn_core.model import Model
from nn_core.optimizers import make_optimizer
from nn_core.run_state import EpochTotals, RunState
from nn_core.schedules import find_schedule
from nn_core.settings import TrainSettings
from nn_core.training_step import TrainingStep, check_batches
from nn_core.workers import Workers

#: Quick evaluations that an epoch of a run which is watched has.
SAMPLES_AN_EPOCH = 5


class Trainer:
    """Trains `model` in place on `dataset`; iterate it for its events.

    The same model, data and settings give the same bits, with any number of threads, however often it is paused, and
    when a new trainer goes on from a `RunState`. The parameters are written only while it is iterated. Layers that are
    `frozen` stay as they are, bit for bit; a run that goes on does so with those of its state. If the settings name
    teachers, `learn_from` must have been given them before it is iterated (see `nn_core.teachers`).

    With `settings.average` it is the moving average of the parameters that is evaluated, published, and left in
    `model` when the run has reached its end. With `patience` in the settings that end comes when the run no longer gets
    better on the images held out, and its parameters are then the best that it had.

    Raises:
        SettingsError: the settings name something that does not exist, want images held out of a dataset that holds
            none out, or batches too small for the network, or a layer cannot be frozen.
    """

    def __init__(
        self,
        model: Model,
        dataset: Dataset,
        settings: TrainSettings,
        *,
        resume: RunState | None = None,
        snapshot_seconds: float | None = None,
        frozen: Collection[int] = (),
    ) -> None:
        if bool(settings.validation) != (dataset.validation is not None):
            there = "none" if dataset.validation is None else len(dataset.validation)
            raise SettingsError(f"validation (={settings.validation}) images are wanted, the dataset holds out {there}")
        self.model, self.dataset, self.settings = model, dataset, settings
        self.learning_rate = settings.learning_rate  # may be changed while the run goes on
        self.step = 0
        self.seconds = 0.0  # spent in training steps
        self._snapshot_seconds, self._last_snapshot = snapshot_seconds, -math.inf
        self._epoch = EpochTotals()
        self._best: Best | None = None
        self._taught_by = ""  # the mark of its teachers
        self._workers = Workers(settings.threads)
        augmentation = parse_augmentation(settings.augmentation) if settings.augment else None
        train = dataset.train.first(settings.train_images)
        self._batches = Batches(
            train, settings.batch_size, settings.seed, augmentation, balanced=settings.balanced
        )  # fmt: skip
        self._schedule = find_schedule(settings.schedule)
        loss = make_loss(settings.loss, settings.label_smoothing)
        self._optimizer = make_optimizer(settings.optimizer, settings.learning_rate, settings.weight_decay, settings.l1)
        self._training = TrainingStep(
            model.network, self._batches, loss, self._optimizer, model.normalization, self._workers,
            max_norm=settings.max_norm,
        )  # fmt: skip
        self.freeze(frozen)
        self._average = AveragedModel(model.network, settings.average) if settings.average else None
        self._shown = self._average.network if self._average else model.network
        evaluator = Evaluator(self._shown, model.normalization, self._workers, make_loss(settings.loss))
        self._examiner = Examiner(evaluator, dataset)
        if resume is not None:
            self._take_over(resume)
        check_batches(model.network, min(settings.batch_size, self.images), self.frozen)

    @property
    def frozen(self) -> frozenset[int]:
        """The layers that stay as they are."""
        return self._training.frozen

    def freeze(self, layers: Collection[int]) -> None:
        """Freeze these layers from the next step on and let all others learn; to be called between two events.

        Raises:
            SettingsError: one of them does not exist or has nothing to learn.
        """
        self._training.freeze(layers)

    @property
    def over(self) -> bool:
        """Whether no step is left to take: all are done, or the run got no better for as long as its patience lasts."""
        return self.step >= self.steps or has_waited(self._best, self.settings.patience)

    def learn_from(self, teachers: Sequence[Teacher]) -> None:
        """Learn from these teachers, too; to be called before the first event, with those that the settings name.

        Raises:
            SettingsError: they are others in number, or cannot teach this network.
            TrainingError: the run that is gone on with had others.
        """
        if len(teachers) != len(self.settings.taught_by()):
            raise SettingsError(f"teachers (={self.settings.teachers!r}) are wanted, {len(teachers)} are given")
        if not teachers:
            return
        lessons = lessons_of(teachers, self.dataset, self.images, self.model.normalization)
        if self._taught_by not in ("", lessons.mark):
            raise TrainingError("this run was begun with other teachers than these: begin it again")
        self._taught_by = lessons.mark
        self._training.take_lessons(lessons)

    @property
    def images(self) -> int:
        """Images that it trains on."""
        return len(self._batches.split)

    @property
    def steps(self) -> int:
        """Steps of the whole run."""
        return self.settings.epochs * self._batches.per_epoch

    @property
    def epochs_done(self) -> float:
        """Epochs of data seen so far."""
        return self.step / self._batches.per_epoch

    def state(self) -> RunState:
        """A copy of the run's state, to be asked for between two events."""
        memory = {name: values.copy() for name, values in self._training.memory.items()}
        epoch = EpochTotals(self._epoch.images, self._epoch.loss, self._epoch.correct, self._epoch.seconds)
        average = self._average.vector.copy() if self._average else None
        vector = self.model.network.vector.copy()
        return RunState(
            self.step, vector, memory, epoch, tuple(sorted(self.frozen)), average, self._best,
            self._batches.split.mark(), self.dataset.held_out, self._taught_by,
        )  # fmt: skip

    def snapshot(self) -> Snapshot:
        """The parameters of this moment."""
        vector = self._shown.vector.copy()
        vector.flags.writeable = False
        return Snapshot(self.step, self.epochs_done, vector)

    def __iter__(self) -> Iterator[Event]:
        if self.settings.teachers and not (self._training.is_taught or self.over):
            raise SettingsError(f"teachers (={self.settings.teachers!r}) are wanted, 0 are given")
        with self._workers:
            yield from self._snapshot_if_due()
            while True:
                if self._epoch.images and self.step % self._batches.per_epoch == 0:
                    yield from self._end_epoch()
                if self.over:
                    break
                done = self._batch()
                yield done
                if isinstance(done, Failed):
                    return
                yield from self._snapshot_if_due()
                if self._sample_is_due():
                    yield from self._examiner.sample(self.step, self.epochs_done)
            yield from self._restore_best()
            if not self._examiner.has_tested:  # it had come to its end before it was taken over
                yield from self._examiner.test(self.step, self.epochs_done)
            if self._average:
                self.model.network.vector[...] = self._average.vector
            yield self.snapshot()
            yield Finished(self.step)

    def _batch(self) -> BatchDone | Failed:
        started = time.perf_counter()
        self._optimizer.lr = self.learning_rate * self._schedule(self.step, self.steps)
        loss, accuracy, images = self._training.run(self.step)
        seconds = time.perf_counter() - started
        self.step += 1
        if self._average:
            self._average.update(self.model.network.vector, self.step)
        self.seconds += seconds
        self._epoch.images += images
        self._epoch.loss += loss * images
        self._epoch.correct += accuracy * images
        self._epoch.seconds += seconds
        if not math.isfinite(loss):
            return Failed(
                f"The loss became {loss} in batch {self.step}: the run has diverged. Start again with a smaller"
                f" learning rate than {self.learning_rate:g}."
            )
        return BatchDone(self.step, self.epochs_done, loss, accuracy, images, self.seconds)

    def _snapshot_if_due(self) -> Iterator[Event]:
        if self._snapshot_seconds is not None:
            now = time.perf_counter()
            if now - self._last_snapshot >= self._snapshot_seconds:
                self._last_snapshot = now
                yield self.snapshot()

    def _sample_is_due(self) -> bool:
        """Whether to look at some test images: for those who watch (with snapshots), a few times an epoch."""
        every = max(1, self._batches.per_epoch // SAMPLES_AN_EPOCH)
        inside = self.step % self._batches.per_epoch
        return self._snapshot_seconds is not None and inside != 0 and inside % every == 0

    def _end_epoch(self) -> Iterator[Event]:
        started, epoch, number = time.perf_counter(), self._epoch, self.step // self._batches.per_epoch
        test = validation = None
        if number % self.settings.evaluate_every == 0 or self.step >= self.steps:
            validation = yield from self._examiner.validate(self.step, self.epochs_done)
            test = yield from self._examiner.test(self.step, self.epochs_done)
        if validation is not None and self.settings.patience:
            self._best = better_of(self._best, validation.accuracy, number, self._shown.vector)
        self._epoch = EpochTotals()  # with the line before, lest a run that is resumed between them counts twice
        yield EpochDone(
            epoch=number,
            step=self.step,
            train_loss=epoch.loss / epoch.images,
            train_accuracy=epoch.correct / epoch.images,
            test_loss=None if test is None else test.loss,
            test_accuracy=None if test is None else test.accuracy,
            seconds=epoch.seconds + time.perf_counter() - started,
            images_per_s=epoch.images / epoch.seconds,
            validation_loss=None if validation is None else validation.loss,
            validation_accuracy=None if validation is None else validation.accuracy,
        )

    def _restore_best(self) -> Iterator[Event]:
        """Go back to the best parameters, if there are better ones than those of the end."""
        best = self._best
        if best is None or not best.waited:
            return
        self._shown.vector[...] = best.vector
        test = yield from self._examiner.test(self.step, self.epochs_done)
        yield Restored(self.step, best.epoch, best.accuracy, test.loss, test.accuracy)

    def _take_over(self, state: RunState) -> None:
        if state.data not in ("", self._batches.split.mark()):
            raise TrainingError(f"this run's state belongs to other training images than these {self.images:,}")
        if set(state.memory) != set(self._training.memory):
            raise TrainingError(f"this run's state belongs to another optimiser than {self.settings.optimizer}")
        if (state.average is None) != (self._average is None):
            raise TrainingError(f"this run's state belongs to another average than {self.settings.average:g}")
        self.freeze(state.frozen)
        self.step, self._best, self._taught_by = state.step, state.best, state.taught_by
        self.model.network.vector[...] = state.vector
        for name, values in state.memory.items():
            self._training.memory[name][...] = values
        if self._average and state.average is not None:
            self._average.vector[...] = state.average
        e = state.epoch
        self._epoch = EpochTotals(e.images, e.loss, e.correct, e.seconds)
