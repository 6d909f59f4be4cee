"""The teachers that settings name: networks of other recipes, trained when they are first wanted and kept."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from nn_core.checkpoint import CheckpointWriter, load_checkpoint
from nn_core.data.dataset import Dataset
from nn_core.distillation import Teacher
from nn_core.errors import ModelError, SettingsError, TrainingError
from nn_core.events import BatchDone, Event, Failed, Working
from nn_core.loading import load
from nn_core.model import Model
from nn_core.modelfile import load_model, save_model
from nn_core.recipes import find_recipe
from nn_core.run_state import RunState
from nn_core.settings import TrainSettings
from nn_core.start import start_model
from nn_core.trainer import Trainer

_KEPT_EVERY = 30.0  # seconds
_TOLD_EVERY = 10  # steps

_log = logging.getLogger(__name__)


def find_teachers(
    settings: TrainSettings, dataset: Dataset, folder: Path, kept_in: Path | None = None
) -> Generator[Working, None, list[Teacher]]:
    """The teachers of a run on `dataset`, each trained by its recipe unless it is kept already; yields how far it is.

    What the run holds out of training, its teachers do not see either. They are kept in `kept_in`, the user's cache
    folder if nothing is said; one whose training was cut short goes on from where it was.

    Raises:
        SettingsError: there is no such recipe, or it wants teachers of its own.
        DataError: a set that a teacher learns from is missing or damaged.
        ModelError: a teacher cannot be kept.
        TrainingError: a teacher's run has diverged.
    """
    found = []
    for name, seed in settings.taught_by():
        its = replace(find_recipe(name).settings, threads=settings.threads)
        if its.teachers:
            raise SettingsError(f"teachers (={settings.teachers!r}): {name} learns from teachers itself")
        its = its if seed is None else replace(its, seed=seed)
        lesson = dataset
        if its.dataset != dataset.name:
            held = dataset.held_out + (0 if dataset.validation is None else len(dataset.validation))
            lesson = yield from load(its.dataset, folder, held)
        course = _Course(name, its, replace(lesson, validation=None), kept_in or _cache())
        model = course.kept() or (yield from course.take())
        found.append(Teacher(model, frozenset(its.dataset.split("+"))))
    return found


def _cache() -> Path:
    import platformdirs  # where a teacher is wanted alone

    return Path(platformdirs.user_cache_dir("digitscope", appauthor=False)) / "teachers"


@dataclass(frozen=True, slots=True)
class _Course:
    """How one teacher comes to be."""

    name: str
    settings: TrainSettings
    dataset: Dataset
    folder: Path

    @property
    def path(self) -> Path:
        """Its file, whose name no other settings and no other images lead to."""
        what = json.dumps([self.settings.deciding(), self.dataset.train.mark()], sort_keys=True)
        return self.folder / f"{self.name}-{hashlib.sha256(what.encode()).hexdigest()[:16]}.safetensors"

    def kept(self) -> Model | None:
        """The teacher, if it is there."""
        return self._read(self.path) if self.path.exists() else None

    def take(self) -> Generator[Working, None, Model]:
        """Train the teacher, and keep it."""
        part = self.path.with_suffix(".part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as why:
            raise ModelError(f"the folder of teachers {self.folder} cannot be made: {why.strerror or why}") from why
        model, state = self._begun(part)
        trainer = Trainer(model, self.dataset, self.settings, resume=state)
        yield from self._train(trainer, CheckpointWriter(part))
        save_model(self.path, replace(model, card={**model.card, "settings": self.settings.deciding()}))
        part.unlink(missing_ok=True)
        return model

    def _begun(self, part: Path) -> tuple[Model, RunState | None]:
        """Where its training was cut short, or its beginning."""
        if part.exists():
            try:
                model, settings, state = load_checkpoint(part)
                if settings.deciding() == self.settings.deciding():
                    return model, state
            except ModelError as why:
                _log.warning("%s", why)
        return start_model(self.settings), None

    def _train(self, trainer: Trainer, writer: CheckpointWriter) -> Generator[Working, None, None]:
        what, kept_at = f"Training the teacher {self.name}", time.monotonic()
        try:
            with closing(cast("Generator[Event, None, None]", iter(trainer))) as events:
                for event in events:
                    if isinstance(event, Failed):
                        raise TrainingError(f"the teacher {self.name}: {event.message}")
                    if not isinstance(event, BatchDone):
                        continue
                    if time.monotonic() - kept_at >= _KEPT_EVERY and writer.write(trainer):
                        kept_at = time.monotonic()
                    if trainer.step % _TOLD_EVERY == 0:
                        yield Working(what, trainer.step, trainer.steps)
        finally:
            writer.finish()

    def _read(self, path: Path) -> Model | None:
        try:
            return load_model(path)
        except ModelError as why:  # it is trained again
            _log.warning("%s", why)
            return None
