"""The search itself: trial after trial is trained, and compared on images held out of the training split."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from nn_core.data import Dataset
from nn_core.events import BatchDone, EpochDone, Failed, Working
from nn_core.loading import load
from nn_core.search.description import Search
from nn_core.search.study import Claim, LostClaim, Study
from nn_core.search.trials import (
    DIVERGED,
    DONE,
    PRUNED,
    RUNNING,
    SearchEvent,
    Standing,
    Trial,
    TrialBegun,
    TrialEnded,
    TrialEpoch,
)
from nn_core.start import start_model
from nn_core.trainer import Trainer


def search_data(search: Search, folder: Path) -> Generator[Working, None, Dataset]:
    """The dataset, with images held out of the training split where its test split was: that one is never looked at.

    Raises:
        DataError: a set is missing or damaged.
        SettingsError: holding so many images out leaves none to train on.
    """
    return (yield from load(search.base.dataset, folder, search.hold_out))


def run_search(study: Study, trials: int, dataset: Dataset, threads: int) -> Generator[SearchEvent]:
    """Take up trials until the study has `trials` of them, those of other processes included; `dataset`: `search_data`.

    Whoever iterates decides when to stop; a trial that is cut short so is left for the next process that asks.

    Raises:
        DataError: the storage can no longer be read or written.
        SettingsError: a trial's settings do not fit the dataset.
    """
    yield Standing(study.trials())
    while (claim := study.claim(trials)) is not None:
        yield from _run(study, claim, dataset, threads)
        yield Standing(study.trials())


def _run(study: Study, claim: Claim, dataset: Dataset, threads: int) -> Generator[SearchEvent]:
    ended = False
    try:
        yield TrialBegun(Trial(claim.number, claim.values))
        yield Standing(study.trials())
        ended = yield from _train(study, claim, dataset, threads)
    except LostClaim:
        ended = True
    finally:
        if not ended:
            claim.give_back()


def _train(study: Study, claim: Claim, dataset: Dataset, threads: int) -> Generator[SearchEvent, None, bool]:
    """Train one trial; True once its end is in the storage."""
    settings = replace(study.search.settings(claim.values), threads=threads)
    trainer = Trainer(start_model(settings), dataset, settings)
    started, now = time.perf_counter(), Trial(claim.number, claim.values)
    state = DONE
    with closing(iter(trainer)) as events:  # type: ignore[type-var]  # a generator
        for event in events:
            claim.beat()
            match event:
                case BatchDone():
                    yield Working(f"Trial {claim.number}", event.step, trainer.steps)
                case Working():
                    yield Working(f"Trial {claim.number}", trainer.step, trainer.steps)
                case EpochDone(test_accuracy=accuracy) if accuracy is not None:
                    seconds = time.perf_counter() - started
                    now = Trial(claim.number, claim.values, RUNNING, accuracy, event.epoch, seconds)
                    worse = claim.report(event.epoch, accuracy)
                    yield TrialEpoch(now)
                    if worse and event.epoch < settings.epochs:
                        state = PRUNED
                        break
                case Failed():
                    state = DIVERGED
    seconds = time.perf_counter() - started
    claim.end(state, now.accuracy or 0.0, seconds)
    yield TrialEnded(replace(now, state=state, seconds=seconds))
    return True
