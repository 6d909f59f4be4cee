"""The teachers that settings name: networks of other recipes, trained when they are first wanted and kept."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np
from threadpoolctl import threadpool_info

import nn_core
from nn_core.checkpoint import CheckpointWriter, load_checkpoint
from nn_core.data.dataset import Dataset
from nn_core.distillation import Teacher
from nn_core.errors import ModelError, SettingsError, TrainingError
from nn_core.events import BatchDone, Event, Failed, Working
from nn_core.layers import Sigmoid, Softmax
from nn_core.loading import PEN_STROKES, load
from nn_core.model import Model
from nn_core.modelfile import load_model, save_model
from nn_core.recipes import find_recipe
from nn_core.settings import TrainSettings
from nn_core.start import start_model
from nn_core.trainer import Trainer

_KEPT_EVERY, _TOLD_EVERY = 30.0, 0.1  # seconds

_log = logging.getLogger(__name__)


def teachers_of(settings: TrainSettings) -> list[tuple[str, TrainSettings]]:
    """The name and the settings of each teacher that these settings want.

    Raises:
        SettingsError: as `TrainSettings.taught_by`; or there is no such recipe, or it cannot teach who learns by these
            settings.
    """
    found = []
    for name, seed in settings.taught_by():
        its = find_recipe(name).settings
        if its.teachers or its.validation:
            raise SettingsError(f"teachers: {name} cannot be one, for it has teachers or held-out images itself")
        if (its.loss, its.normalization) != (settings.loss, settings.normalization):
            raise SettingsError(f"teachers: {name} has another loss or another normalisation than the run")
        found.append((name, replace(its, threads=settings.threads, seed=its.seed if seed is None else seed)))
    if found and isinstance(last := start_model(settings).network.layers[-1], Sigmoid | Softmax):
        raise SettingsError(f"teachers: a network that ends with {last.title()} has no logits to be compared")
    return found


def find_teachers(
    settings: TrainSettings, dataset: Dataset, folder: Path, kept_in: Path | None = None
) -> Generator[Working, None, list[Teacher]]:
    """The teachers of a run on `dataset`, each trained by its recipe unless it is kept already; yields how far it is.

    What the run holds out of training, its teachers do not see either. They are kept in `kept_in`, the user's cache
    folder if nothing is said; one whose training was cut short goes on from where it was.

    Raises:
        SettingsError: as `teachers_of`; or a teacher would see images that the run holds out.
        DataError: a set that a teacher learns from is missing or damaged.
        ModelError: there is no folder to keep a teacher in.
        TrainingError: a teacher's run has diverged.
    """
    wanted = teachers_of(settings)
    lessons = {dataset.name: dataset}
    for _, its in wanted:
        _check_held_out(its, dataset)
    found = []
    for number, (name, its) in enumerate(wanted):
        if its.dataset not in lessons:
            lessons[its.dataset] = yield from load(its.dataset, folder, _held_out(its, dataset))
        what = f"Training teacher {number + 1} of {len(wanted)}, {name} with seed {its.seed}"
        lesson = replace(lessons[its.dataset], validation=None)
        course = _Course(what, name, its, lesson, (kept_in or _cache()) / _file_name(name, its, lesson))
        model = course.kept() or (yield from course.take())
        found.append(Teacher(model, frozenset(its.dataset.split("+"))))
    return found


def _held_out(its: TrainSettings, dataset: Dataset) -> int:
    """How many images of its first set a teacher must not see."""
    held = dataset.held_out + (0 if dataset.validation is None else len(dataset.validation))
    return held if dataset.name.split("+")[0] in its.dataset.split("+") else 0


def _check_held_out(its: TrainSettings, dataset: Dataset) -> None:
    """Refuse a teacher that would see what the run holds out: `load` takes that from the first set alone."""
    theirs, ours = its.dataset.split("+"), dataset.name.split("+")
    same = theirs[0] == ours[0] and (ours[0] != PEN_STROKES or theirs.count(ours[0]) == ours.count(ours[0]))
    if _held_out(its, dataset) and not same:
        raise SettingsError(f"a teacher trained on {its.dataset} has seen the images of {ours[0]} that are held out")


def _cache() -> Path:
    import platformdirs  # where a teacher is wanted alone

    return Path(platformdirs.user_cache_dir("digitscope", appauthor=False)) / "teachers"


def _file_name(name: str, settings: TrainSettings, dataset: Dataset) -> str:
    """The name of a teacher's file, to which no other settings, images, arithmetic or version of the program lead."""
    split, start = dataset.train, start_model(settings).network.config()
    what = json.dumps([nn_core.__version__, settings.deciding(), start, split.mark(), _arithmetic()], sort_keys=True)
    digest = hashlib.sha256(what.encode())
    digest.update(np.ascontiguousarray(split.images).data)
    return f"{name}-{digest.hexdigest()[:16]}.safetensors"


def _arithmetic() -> list[object]:
    """The instructions that NumPy and its BLAS take here: wider ones add up in another order, to other bits."""
    cores = sorted(str(library.get("architecture")) for library in threadpool_info() if library["user_api"] == "blas")
    extensions = np.show_config(mode="dicts")["SIMD Extensions"]
    return [extensions.get("found", []), cores]  # where there are none beyond the baseline, NumPy says nothing of it


@dataclass(frozen=True, slots=True)
class _Course:
    """How one teacher comes to be."""

    what: str
    name: str
    settings: TrainSettings
    dataset: Dataset
    path: Path  # of the file that it is kept in

    def kept(self) -> Model | None:
        """The teacher, if it is there."""
        if not self.path.exists():
            return None
        try:
            model = load_model(self.path)
            if model.network.config() != start_model(self.settings).network.config():
                raise ModelError(f"{self.path} is another network than the teacher {self.name}")
        except ModelError as why:  # it is trained again
            _log.warning("%s", why)
            return None
        _remove(self.path.with_suffix(".part"))
        return model

    def take(self) -> Generator[Working, None, Model]:
        """Train the teacher, and keep it."""
        part, folder = self.path.with_suffix(".part"), self.path.parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as why:
            raise ModelError(f"the folder of teachers {folder} cannot be made: {why.strerror or why}") from why
        trainer = self._begun(part)
        yield from self._train(trainer, _Keeper(part, trainer))
        model = trainer.model
        try:
            save_model(self.path, replace(model, card={**model.card, "settings": self.settings.deciding()}))
        except ModelError as why:  # it can teach all the same
            _log.warning("%s", why)
        _remove(part)
        return model

    def _begun(self, part: Path) -> Trainer:
        """Where its training was cut short, or its beginning."""
        if part.exists():
            try:
                model, settings, state = load_checkpoint(part)
                if settings.deciding() == self.settings.deciding():
                    return Trainer(model, self.dataset, self.settings, resume=state)
            except (ModelError, TrainingError) as why:
                _log.warning("%s", why)
        return Trainer(start_model(self.settings), self.dataset, self.settings)

    def _train(self, trainer: Trainer, keeper: _Keeper) -> Generator[Working, None, None]:
        told_at = 0.0
        with closing(keeper), closing(cast("Generator[Event, None, None]", iter(trainer))) as events:
            for event in events:
                if isinstance(event, Failed):
                    keeper.forget()
                    raise TrainingError(f"the teacher {self.name}: {event.message}")
                keeper.note()
                if isinstance(event, BatchDone | Working) and time.monotonic() - told_at >= _TOLD_EVERY:
                    told_at = time.monotonic()
                    yield Working(self.what, trainer.step, trainer.steps)


class _Keeper:
    """Keeps a teacher's run, in the background while it goes on, and where it is cut short; that it fails is logged."""

    def __init__(self, part: Path, trainer: Trainer) -> None:
        self._writer, self._trainer = CheckpointWriter(part), trainer
        self._kept_at, self._kept_step = time.monotonic(), trainer.step

    def note(self) -> None:
        """Write if it is time."""
        if time.monotonic() - self._kept_at >= _KEPT_EVERY:
            self._kept_at = time.monotonic()
            self._keep()

    def forget(self) -> None:
        """Write no more: what was kept before it went wrong is worth more."""
        self._kept_step = self._trainer.step

    def close(self) -> None:
        """Write where the run stands, if it is not at its end."""
        self._finish()  # what is still being written is older
        if not self._trainer.over:
            self._keep()
            self._finish()

    def _finish(self) -> None:
        with self._logged():
            self._writer.finish()

    def _keep(self) -> None:
        if self._trainer.step == self._kept_step:
            return
        with self._logged():
            if self._writer.write(self._trainer):
                self._kept_step = self._trainer.step

    @contextlib.contextmanager
    def _logged(self) -> Generator[None]:
        try:
            yield
        except ModelError as why:
            _log.warning("%s", why)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):  # another program reads it: the next call removes it
        path.unlink()
