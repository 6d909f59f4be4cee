"""The study that all processes of a search share: trials are taken up, reported on, and ended."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from nn_core.errors import DataError, SettingsError
from nn_core.search.description import Search
from nn_core.search.space import Axis, Value
from nn_core.search.storage import library, open_storage, storage_faults
from nn_core.search.trials import DIVERGED, DONE, PRUNED, RUNNING, Trial

if TYPE_CHECKING:
    from optuna.storages import BaseStorage
    from optuna.study import Study as OptunaStudy
    from optuna.trial import FrozenTrial

DEFAULT_NAME = "search"
#: Seconds between two signs of life of a trial, and without one, until another process takes its values up again.
BEAT, SILENCE = 5.0, 60.0
#: Seconds that who joins a study gives the process that is just making it.
_PATIENCE = 5.0
#: Trials that are never pruned, because too few went before them.
_UNPRUNED = 4
_LONGEST = 1e9  # seconds of a trial: thirty years
_SEARCH, _BEAT, _SECONDS, _DIVERGED = "digitscope", "beat", "seconds", "diverged"  # keys in the storage


def kept_search(address: str | Path, name: str = DEFAULT_NAME) -> Search | None:
    """What the study of that name searches; None where there is no such study.

    Raises:
        DataError: there is one, but it is damaged or not Digitscope's.
        SettingsError: Optuna is not installed.
    """
    if "://" not in str(address) and not os.path.exists(address):
        return None
    storage = open_storage(address)
    with storage_faults(address):
        if name not in {study.study_name for study in storage.get_all_studies()}:
            return None
        return _described(storage, name, address)


def study_names(address: str | Path) -> list[str]:
    """The studies in a storage, the oldest first.

    Raises:
        DataError: the storage is damaged or none.
        SettingsError: Optuna is not installed.
    """
    if "://" not in str(address) and not os.path.exists(address):
        return []
    storage = open_storage(address)
    with storage_faults(address):
        return [study.study_name for study in storage.get_all_studies()]


class Study:
    """A search under way, in a storage that several processes may share; each has its own `Study`.

    Two processes never take up one trial, because a storage gives every number once and every kept point once. A trial
    whose process stops or dies is tried again, with the same values. All that is random in a trial follows from the
    seed and its number.

    Raises:
        DataError: the storage is damaged, foreign, or cannot be written.
        SettingsError: the study searches something else, or Optuna is not installed.
    """

    def __init__(self, search: Search, address: str | Path | None = None, name: str = DEFAULT_NAME) -> None:
        search.check()
        self.search, self.name, self._address = search, name, address
        self._optuna = library()
        storage = open_storage(address)
        with storage_faults(address):
            self._study = self._make(storage) or self._join(storage)

    def _make(self, storage: BaseStorage) -> OptunaStudy | None:
        """A new study; None where there is one already. Of processes that try at once, one makes it."""
        try:
            study: OptunaStudy = self._optuna.create_study(
                storage=storage, study_name=self.name, direction="maximize", pruner=self._pruner()
            )
        except self._optuna.exceptions.DuplicatedStudyError:
            return None
        if self.search.sampler == "grid":
            for point in self.search.grid():
                study.enqueue_trial(point)
        study.set_user_attr(_SEARCH, self.search.plain())  # last: it says that the study is ready
        return study

    def _join(self, storage: BaseStorage) -> OptunaStudy:
        there = _described(storage, self.name, self._address)
        if there.plain() != self.search.plain():
            raise SettingsError(
                f"the study {self.name!r} in {self._address} searches with other settings:"
                " leave the options out to go on with it, or name another --study"
            )
        study: OptunaStudy = self._optuna.load_study(storage=storage, study_name=self.name, pruner=self._pruner())
        return study

    def _pruner(self) -> Any:
        return self._optuna.pruners.MedianPruner(n_startup_trials=_UNPRUNED)

    # Taking trials up, and ending them.

    def claim(self, trials: int) -> Claim | None:
        """The next trial of the study, which is to have `trials` of them in all; None when nothing is left to do."""
        with storage_faults(self._address):
            self._take_back_the_silent()
            while len(self._counted()) < trials:
                if self.search.sampler == "grid" and not self._waiting():
                    return None
                found = Claim(self, self._study.ask())
                if found.is_within(trials):
                    return found
                found.give_back()
            return None

    def _take_back_the_silent(self) -> None:
        """Put the values of trials whose process has died back among those that wait."""
        for trial in self._all(RUNNING):
            beat = trial.user_attrs.get(_BEAT)
            began = trial.datetime_start.timestamp() if trial.datetime_start else 0.0
            if time.time() - (beat if isinstance(beat, float) else began) > SILENCE:
                self._put_back(trial)

    def _put_back(self, trial: FrozenTrial) -> None:
        states = self._optuna.trial.TrialState
        with_all = set(trial.params) == {axis.name for axis in self.search.space}
        if self._study.tell(trial.number, state=states.FAIL, skip_if_finished=True).state == states.FAIL and with_all:
            self._study.enqueue_trial(trial.params)

    def _all(self, *states: str) -> list[FrozenTrial]:
        kinds = self._optuna.trial.TrialState
        wanted = {RUNNING: kinds.RUNNING, DONE: kinds.COMPLETE, PRUNED: kinds.PRUNED, "waiting": kinds.WAITING}
        found: list[FrozenTrial] = self._study.get_trials(deepcopy=False, states=[wanted[state] for state in states])
        return found

    def _counted(self) -> list[FrozenTrial]:
        return self._all(RUNNING, DONE, PRUNED)

    def _waiting(self) -> bool:
        return bool(self._all("waiting"))

    def trials(self) -> tuple[Trial, ...]:
        """All trials that have been taken up and not been given back, by their numbers."""
        with storage_faults(self._address):
            found = [self._trial(trial) for trial in self._counted()]
        return tuple(sorted((trial for trial in found if trial is not None), key=lambda trial: trial.number))

    def _trial(self, found: FrozenTrial) -> Trial | None:
        """A trial as we tell of it; None for one whose values are not of this search, or whose figures cannot be."""
        try:
            values = {axis.name: axis.rounded(found.params[axis.name]) for axis in self.search.space}
        except (KeyError, SettingsError):
            return None
        kinds = self._optuna.trial.TrialState
        state = {kinds.COMPLETE: DONE, kinds.PRUNED: PRUNED}.get(found.state, RUNNING)
        if found.user_attrs.get(_DIVERGED):
            state = DIVERGED
        epochs = found.intermediate_values
        seconds = found.user_attrs.get(_SECONDS, 0.0)
        last = epochs[max(epochs)] if epochs else None
        if not _lies_within(0.0 if last is None else last, 1.0) or not _lies_within(seconds, _LONGEST):
            return None
        return Trial(found.number, values, state, last, len(epochs), seconds)


class Claim:
    """One trial that this process has taken up."""

    def __init__(self, study: Study, trial: Any) -> None:
        self._owner, self._trial, self._beaten = study, trial, time.monotonic()
        self._optuna = study._optuna
        study._study.sampler = self._sampler()
        trial.set_user_attr(_BEAT, time.time())
        self.number: int = trial.number
        self.values = {axis.name: axis.rounded(self._suggested(axis)) for axis in study.search.space}

    def _sampler(self) -> Any:
        """A sampler for this trial alone, so that no two processes draw the same, and one alone repeats itself."""
        seed = int(np.random.SeedSequence([self._owner.search.base.seed, self._trial.number]).generate_state(1)[0])
        if self._owner.search.sampler == "tpe":
            return self._optuna.samplers.TPESampler(seed=seed, constant_liar=True)
        return self._optuna.samplers.RandomSampler(seed=seed)

    def _suggested(self, axis: Axis) -> Value:
        found: Value
        if axis.values:
            found = self._trial.suggest_categorical(axis.name, axis.values)
        elif axis.whole:
            found = self._trial.suggest_int(axis.name, int(axis.low), int(axis.high), log=axis.log)
        else:
            found = self._trial.suggest_float(axis.name, axis.low, axis.high, log=axis.log)
        return found

    def is_within(self, trials: int) -> bool:
        """Whether it is one of the first so many: processes that asked at once may have gone beyond the last."""
        before = [trial for trial in self._owner._counted() if trial.number < self.number]
        return len(before) < trials

    def beat(self) -> None:
        """Give a sign of life, now and then."""
        if time.monotonic() - self._beaten >= BEAT:
            self._beaten = time.monotonic()
            with self._told():
                self._trial.set_user_attr(_BEAT, time.time())

    def report(self, epoch: int, accuracy: float) -> bool:
        """Note the accuracy after an epoch, counted from 1; whether the trial is to end because it is worse than most.

        With `prune` that is: worse than the median of the other trials after as many epochs.
        """
        with self._told():
            self._trial.report(accuracy, epoch)
            return self._owner.search.prune and bool(self._trial.should_prune())

    def end(self, state: str, accuracy: float, seconds: float) -> None:
        """End it as done, pruned or diverged."""
        kinds = self._optuna.trial.TrialState
        with self._told():
            self._trial.set_user_attr(_SECONDS, seconds)
            if state == DIVERGED:
                self._trial.set_user_attr(_DIVERGED, True)
            if state == PRUNED:
                self._owner._study.tell(self._trial, state=kinds.PRUNED, skip_if_finished=True)
            else:
                value = 0.0 if state == DIVERGED else accuracy
                self._owner._study.tell(self._trial, value, skip_if_finished=True)

    def give_back(self) -> None:
        """Leave it to whoever claims a trial next."""
        with storage_faults(self._owner._address):
            numbered = [trial for trial in self._owner._all(RUNNING) if trial.number == self.number]
            for trial in numbered:
                self._owner._put_back(trial)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell a storage that fails from a trial that another process has taken over, this one being silent."""
        lost = False
        with storage_faults(self._owner._address):
            try:
                yield
            except self._optuna.exceptions.UpdateFinishedTrialError:
                lost = True
        if lost:
            raise LostClaim


def _lies_within(value: object, most: float) -> bool:
    """Whether it is a number from 0 to `most`; a journal may hold anything."""
    return type(value) in (int, float) and 0 <= cast(float, value) <= most


class LostClaim(Exception):
    """Another process has taken the trial over."""


def _described(storage: BaseStorage, name: str, address: object) -> Search:
    """What the study says of itself; while it is being made, it is waited for."""
    end = time.monotonic() + _PATIENCE
    while True:
        attributes = storage.get_study_user_attrs(storage.get_study_id_from_name(name))
        if _SEARCH in attributes:
            return Search.from_plain(attributes[_SEARCH])
        if time.monotonic() > end:
            raise DataError(f"the study {name!r} in {address} is not one of Digitscope's, or was never finished making")
        time.sleep(0.05)
