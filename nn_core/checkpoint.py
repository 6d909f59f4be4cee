"""Checkpoints: a model file that also holds what an exact resume needs."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from nn_core.early_stopping import Best
from nn_core.errors import DigitscopeError, ModelError
from nn_core.files import sweep
from nn_core.layers import Array
from nn_core.model import Model
from nn_core.modelfile import check_sound, fault, model_of, read_tensors, save_model
from nn_core.run_state import EpochTotals, RunState
from nn_core.settings import TrainSettings
from nn_core.trainer import Trainer

_LARGEST = 1 << 53  # of counts: whole numbers as far as here are exact as float64, too
_MEMORY, _AVERAGE, _BEST = "optimizer.", "average", "best"


class CheckpointWriter:
    """Writes checkpoints of a run to one file from a thread of its own, one at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        sweep(path)
        self._thread: threading.Thread | None = None
        self._error: Exception | None = None

    def write(self, trainer: Trainer) -> bool:
        """Copy the run's state now and write it in the background.

        False when the last one is still being written, or when this one would be of no use: it is not sound.

        Raises:
            ModelError: an earlier one could not be written.
        """
        if self._thread is not None and self._thread.is_alive():
            return False
        self.finish()
        state, model, settings = trainer.state(), trainer.model, trainer.settings
        if not is_sound(state, model):
            return False
        self._thread = threading.Thread(target=self._save, args=(state, model, settings), name="checkpoint")
        self._thread.start()
        return True

    def finish(self) -> None:
        """Wait for what is being written.

        Raises:
            ModelError: it could not be written.
        """
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._error is not None:
            error, self._error = self._error, None
            raise error

    def _save(self, state: RunState, model: Model, settings: TrainSettings) -> None:
        try:
            save_checkpoint(self.path, state, model, settings)
        except Exception as why:
            self._error = why  # raised in the thread that asked, by `finish`


def is_sound(state: RunState, model: Model) -> bool:
    """Whether a run could go on from there: a batch may have spoilt its numbers, which only the next loss tells."""
    try:
        check_sound(model.network)
    except ModelError:
        return False
    return all(np.isfinite(values).all() for values in state.memory.values())


def save_checkpoint(path: Path, state: RunState, model: Model, settings: TrainSettings) -> None:
    """Write a checkpoint.

    Raises:
        ModelError: it could not be written; an older one is unharmed.
    """
    frozen = Model(model.network.over(state.vector), model.normalization, model.card)
    run = {
        "settings": asdict(settings), "step": state.step, "epoch": asdict(state.epoch), "frozen": state.frozen,
        "data": state.data, "held_out": state.held_out, "taught_by": state.taught_by,
    }  # fmt: skip
    extra = {_MEMORY + name: values for name, values in state.memory.items()}
    if state.average is not None:
        extra[_AVERAGE] = state.average
    if state.best is not None:
        run["best"] = {name: getattr(state.best, name) for name in ("accuracy", "epoch", "waited")}
        extra[_BEST] = state.best.vector
    save_model(path, frozen, extra, json.dumps(run))


def load_checkpoint(path: Path) -> tuple[Model, TrainSettings, RunState]:
    """Read a checkpoint.

    Raises:
        ModelError: it is missing or damaged, a model without a run, or none that reads digits.
    """
    tensors, metadata = read_tensors(path)
    model = model_of(path, tensors, metadata, digits=True)
    if "run" not in metadata:
        raise ModelError(f"{path} is a model, not a checkpoint: there is no run in it to go on with")
    try:
        run = json.loads(metadata["run"])
        epoch = _totals(run["epoch"])
        step = run["step"]
        if type(step) is not int or not 0 <= step < _LARGEST:
            raise ModelError(f"step (={_shown(step)}) must be a whole number below 2**53")
        frozen = tuple(run.get("frozen", ()))
        if not all(type(i) is int and i in model.network.learning for i in frozen):
            raise ModelError(f"frozen (={frozen}) must be numbers of layers that have something to learn")
        settings, average = TrainSettings.from_plain(run["settings"]), _average(model, tensors)
        memory, (data, held_out), taught_by = _memory(model, tensors), _data(run), _word(run, "taught_by")
        best = _best(run["best"], tensors[_BEST], model) if "best" in run else None
    except (DigitscopeError, ValueError, ArithmeticError, KeyError, TypeError, AttributeError, RecursionError) as why:
        raise ModelError(f"{path} cannot be resumed: {fault(why, 'what it says of its run makes no sense')}") from why
    vector = model.network.vector.copy()
    return model, settings, RunState(step, vector, memory, epoch, frozen, average, best, data, held_out, taught_by)


def _data(run: Mapping[str, Any]) -> tuple[str, int | None]:
    """What the run trains on, and how many images it holds out; earlier versions kept neither."""
    held_out = run.get("held_out")
    if held_out is not None and (type(held_out) is not int or not 0 <= held_out < _LARGEST):
        raise ModelError(f"held_out (={_shown(held_out)}) must be a whole number below 2**53")
    return _word(run, "data"), held_out


def _word(run: Mapping[str, Any], name: str) -> str:
    """A mark that earlier versions did not keep."""
    word = run.get(name, "")
    if type(word) is not str:
        raise ModelError(f"{name} (={_shown(word)}) must be a word")
    return word


def _memory(model: Model, tensors: Mapping[str, Array]) -> dict[str, Array]:
    """What the optimiser remembers, by its own names."""
    memory = {name.removeprefix(_MEMORY): values for name, values in tensors.items() if name.startswith(_MEMORY)}
    if any(values.shape != (model.network.layout.learnt,) for values in memory.values()):
        raise ModelError("the optimiser's memory is for another network")
    dtype = model.network.vector.dtype
    if any(values.dtype != dtype or not np.isfinite(values).all() for values in memory.values()):
        raise ModelError(f"the optimiser's memory is not made of finite {dtype} numbers")
    return memory


def _average(model: Model, tensors: Mapping[str, Array]) -> Array | None:
    """The moving average of the parameters, if the run has one."""
    average = tensors.get(_AVERAGE)
    if average is not None:
        _check_vector(average, model, "average of the parameters")
    return average


def _best(values: dict[str, Any], vector: Array, model: Model) -> Best:
    """The best of a run with patience, if it can be such."""
    _check_vector(vector, model, "best of the parameters")
    best = Best(**values, vector=vector)
    counted = (
        all(type(count) is int and 0 <= count < _LARGEST for count in (best.epoch, best.waited)) and best.epoch > 0
    )
    if not counted or type(best.accuracy) is not float or not 0 <= best.accuracy <= 1:
        raise ModelError(f"the best of the run (={_shown(values)}) cannot be")
    return best


def _check_vector(values: Array, model: Model, what: str) -> None:
    vector = model.network.vector
    if values.shape != vector.shape or values.dtype != vector.dtype:
        raise ModelError(f"the {what} is for another network")
    if not np.isfinite(values).all():
        raise ModelError(f"the {what} is not made of finite numbers")


def _totals(values: dict[str, Any]) -> EpochTotals:
    """The sums over an epoch's first batches, if they can be such."""
    totals = EpochTotals(**values)
    for name, value in asdict(totals).items():
        most = _LARGEST if type(value) is int else math.inf
        if type(value) not in (int, float) or not 0 <= value < most:
            raise ModelError(f"{name} (={_shown(value)}) of the epoch cannot be")
    if type(totals.images) is not int or (totals.images > 0) != (totals.seconds > 0):
        raise ModelError(f"images (={totals.images!r}) of the epoch cannot be, in {totals.seconds} seconds")
    return totals


def _shown(value: object) -> str:
    """A value for a message: some have a thousand digits."""
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
