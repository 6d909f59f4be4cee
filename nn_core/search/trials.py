"""What a search reports: its trials, as small frozen records, in the order in which things happen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from nn_core.events import Working
from nn_core.search.space import Value

#: What can become of a trial; `diverged` counts as an accuracy of 0, so that the sampler keeps away from there.
RUNNING, DONE, PRUNED, DIVERGED = "running", "done", "pruned", "diverged"


@dataclass(frozen=True, slots=True)
class Trial:
    """One run of a study."""

    number: int  # 0 is the first
    values: dict[str, Value] = field(hash=False)
    state: str = RUNNING
    accuracy: float | None = None  # 0 to 1, on the images held out, after its last epoch so far
    epochs: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class TrialBegun:
    """A trial has been taken up here."""

    trial: Trial


@dataclass(frozen=True, slots=True)
class TrialEpoch:
    """A trial has ended an epoch."""

    trial: Trial


@dataclass(frozen=True, slots=True)
class TrialEnded:
    """A trial is over: done, pruned, or diverged."""

    trial: Trial


@dataclass(frozen=True, slots=True)
class Standing:
    """All trials of the study so far, those of other processes too."""

    trials: tuple[Trial, ...]


SearchEvent = TrialBegun | TrialEpoch | TrialEnded | Standing | Working


def best_of(trials: Iterable[Trial]) -> Trial | None:
    """The trial with the best accuracy of those that are done, the first of equals."""
    done = [trial for trial in trials if trial.state == DONE and trial.accuracy is not None]
    return max(done, key=lambda trial: (trial.accuracy or 0.0, -trial.number), default=None)
