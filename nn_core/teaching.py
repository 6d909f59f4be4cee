"""Teaching a network one's own digits, together with what it knows: a short run of the trainer, measured around."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from nn_core.data import Dataset, Split
from nn_core.errors import SettingsError, TrainingError
from nn_core.evaluation import Evaluator
from nn_core.events import BatchDone, Evaluated, Event, Failed, Working
from nn_core.losses import LOSSES
from nn_core.model import Model, check_reads_digits
from nn_core.own_digits import OwnDigit
from nn_core.replay import KNOWN_FOR_ONE, as_split, hold_back, mixed
from nn_core.settings import TrainSettings
from nn_core.trainer import Trainer
from nn_core.workers import Workers

#: Which layers learn, by name, and the learning rate at the crest of the lesson.
LAYERS = {"last": 5e-3, "all": 1e-3}
_BATCH = 64
_MOST_KEYS = 20_000  # that a model file keeps


@dataclass(frozen=True, slots=True)
class Score:
    """How many of some digits are read right; out of none there is no share."""

    right: int
    count: int

    @property
    def share(self) -> float | None:
        """From 0 to 1."""
        return self.right / self.count if self.count else None


@dataclass(frozen=True, slots=True)
class Scores:
    """What a network reads of the own digits that are learnt, of those held back, and of known test images."""

    learnt: Score
    held: Score
    known: Score


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """The end of a lesson: a network of its own, what it and the one before read, and what they were judged by."""

    model: Model
    before: Scores
    after: Scores
    dataset: str
    layers: str


def teach(
    model: Model, digits: Sequence[OwnDigit], known: Dataset, *, layers: str = "all", seed: int = 0, threads: int = 2
) -> Generator[Working, None, Taught]:
    """Teach a copy of `model` these digits, `KNOWN_FOR_ONE` known ones for each; yields how far it is, returns it.

    Digits without ink are left out. The same arguments give the same bits, whatever `threads` is. With `layers` "last"
    all others stay, bit for bit.

    Raises:
        DataError: there is no digit with ink.
        ModelError: the network is not one that reads digits.
        SettingsError: `layers` is neither "last" nor "all".
        TrainingError: the lesson has diverged.
    """
    network = model.network
    check_reads_digits(network)
    inked = [digit for digit in digits if digit.image is not None]
    learnt, held = hold_back(inked, taught_keys(model.card))
    own, judge = as_split(learnt), as_split(held) if held else None
    settings = lesson_settings(model.card, layers, seed, threads)
    frozen = network.learning[:-1] if layers == "last" else ()
    pupil = Model(network.clone(), model.normalization, model.card)
    before = yield from _measured("Reading before", model, own, judge, known.test, threads)
    trainer = Trainer(pupil, Dataset(known.name, mixed(own, known.train, seed), known.test), settings, frozen=frozen)
    found = yield from _lesson(trainer)
    after = yield from _measured("Reading after", pupil, own, judge, None, threads)
    after = Scores(after.learnt, after.held, Score(round(found.accuracy * found.images), found.images))
    card = _card(model.card, layers, learnt, known.name, found)
    return Taught(Model(pupil.network, pupil.normalization, card), before, after, known.name, layers)


def lesson_settings(card: Mapping[str, Any], layers: str, seed: int, threads: int) -> TrainSettings:
    """The settings of a lesson for a model with this card: one pass over the mix, with the loss that it learnt by.

    Raises:
        SettingsError: `layers` is neither "last" nor "all".
    """
    if layers not in LAYERS:
        raise SettingsError(f"layers (={layers!r}) must be one of {', '.join(LAYERS)}")
    settings = card.get("settings")
    loss = settings.get("loss") if isinstance(settings, Mapping) else None
    return TrainSettings(
        optimizer="adam",
        learning_rate=LAYERS[layers],
        batch_size=_BATCH,
        epochs=1,
        seed=seed,
        schedule="one-cycle",
        loss=loss if loss in LOSSES else LOSSES[0],
        augment=True,
        threads=threads,
    )


def taught_keys(card: Mapping[str, Any]) -> frozenset[str]:
    """The keys of the digits that a model with this card has been taught before."""
    said = card.get("taught")
    keys = said.get("keys") if isinstance(said, Mapping) else None
    return frozenset(key for key in keys if isinstance(key, str)) if isinstance(keys, list) else frozenset()


def _lesson(trainer: Trainer) -> Generator[Working, None, Evaluated]:
    """Run the trainer to its end; what it evaluates there."""
    found: Evaluated | None = None
    with closing(cast("Generator[Event, None, None]", iter(trainer))) as events:
        for event in events:
            match event:
                case BatchDone():
                    yield Working("Teaching", event.step, trainer.steps)
                case Working():
                    yield event
                case Evaluated():
                    found = event
                case Failed():
                    raise TrainingError("The lesson has diverged; the network is as it was. Look for wrong labels.")
                case _:
                    pass
    assert found is not None
    return found


def _measured(
    what: str, model: Model, own: Split, held: Split | None, known: Split | None, threads: int
) -> Generator[Working, None, Scores]:
    with Workers(threads) as workers:
        evaluator = Evaluator(model.network, model.normalization, workers)

        def score(split: Split | None) -> Generator[Working, None, Score]:
            if split is None:
                return Score(0, 0)
            running = evaluator.evaluate(split)
            while True:
                try:
                    yield Working(what, next(running), len(split))
                except StopIteration as end:
                    return Score(int(np.trace(end.value.confusion)), end.value.images)

        learnt = yield from score(own)
        judged = yield from score(held)
        return Scores(learnt, judged, (yield from score(known)))


def _card(
    card: Mapping[str, Any], layers: str, learnt: Sequence[OwnDigit], known: str, found: Evaluated
) -> dict[str, Any]:
    """What is known of a model after a lesson, beside what was known before."""
    keys = sorted(taught_keys(card).union(digit.key for digit in learnt))[:_MOST_KEYS]
    lesson = {"digits": len(learnt), "layers": layers, "known": known, "known_for_one": KNOWN_FOR_ONE, "keys": keys}
    measured = {"measured_on": f"test split of {known}", "accuracy": found.accuracy, "loss": found.loss}
    return {**card, **measured, "taught": lesson}
