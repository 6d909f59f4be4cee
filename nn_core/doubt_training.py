"""Training the network that doubts: digits of MNIST and of the program's own pen against drawings that are none."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from nn_core.data import Dataset, Split, load_dataset
from nn_core.doubt import DIGIT, LIMIT, OTHER, limit_of
from nn_core.errors import TrainingError
from nn_core.evaluation import Evaluator
from nn_core.events import BatchDone, Failed, Working
from nn_core.layers import Array
from nn_core.losses import softmax
from nn_core.model import Model
from nn_core.normalization import MNIST_NORMALIZATION
from nn_core.pen import pen_blocks
from nn_core.pen.others import other_blocks
from nn_core.presets import make_network
from nn_core.randomness import Purpose, generator
from nn_core.settings import TrainSettings
from nn_core.trainer import Trainer
from nn_core.workers import Workers

CHAIN = "conv 5×5×12 → relu → max-pool 2 → conv 3×3×24 → relu → max-pool 2 → flatten → linear 48 → relu → linear 2"
DOUBTED = 0.004  # of the digits held out: those of other writers are doubted more often
HELD_OUT = 5000  # of each kind of drawing
SETTINGS = TrainSettings(
    preset=CHAIN, dataset="mnist+strokes", batch_size=128, epochs=4, learning_rate=3e-3, seed=1
)  # fmt: skip
MNIST_DIGITS, PEN_DIGITS, OTHERS = 30_000, 45_000, 60_000


def train_doubt(folder: Path, settings: TrainSettings = SETTINGS) -> Generator[Working, None, Model]:
    """Train, and find the limit on digits that were held out; yields how far it is, returns the model.

    The same settings give the same bits. MNIST's test split is not looked at.

    Raises:
        DataError: MNIST is missing from the folder, or damaged.
        TrainingError: the run diverged.
    """
    yield Working("Loading mnist", 0, 1)
    mnist = load_dataset(folder, "mnist").train.images
    pen = yield from _drawn("Drawing digits", _digits(PEN_DIGITS + HELD_OUT, settings.seed))
    others = yield from _drawn("Drawing others", _others(OTHERS + HELD_OUT, settings.seed))
    train = _split([mnist[:MNIST_DIGITS], pen[HELD_OUT:]], others[HELD_OUT:])
    held = _split([mnist[-HELD_OUT:], pen[:HELD_OUT]], others[:HELD_OUT])
    network = make_network(CHAIN, rng=generator(settings.seed, Purpose.INITIAL))
    model = Model(network, MNIST_NORMALIZATION)
    for event in (trainer := Trainer(model, Dataset("others", train, held), settings)):
        if isinstance(event, Failed):
            raise TrainingError(event.message)
        if isinstance(event, BatchDone):
            yield Working("Training, step", event.step, trainer.steps)
    return replace(model, card=_card(model, held, settings))


def _card(model: Model, held: Split, settings: TrainSettings) -> dict[str, Any]:
    """The limit, and the shares of digits and of others that are doubted with it, all of them held out."""
    with Workers(settings.threads) as workers:
        outputs = Evaluator(model.network, model.normalization, workers).outputs(held.images)
    other: Array = softmax(outputs)[:, OTHER].astype(np.float64)
    limit = limit_of(other[held.labels == DIGIT], DOUBTED)
    doubted = other >= limit
    return {
        "tells": "digits (0) from other drawings (1)",
        LIMIT: limit,
        "digits_doubted": float(doubted[held.labels == DIGIT].mean()),
        "others_doubted": float(doubted[held.labels == OTHER].mean()),
        "settings": settings.deciding(),
    }


def _drawn(what: str, blocks: tuple[int, Any]) -> Generator[Working, None, Array]:
    count, parts = blocks
    made: list[Array] = []
    for images in parts:
        made.append(images)
        yield Working(what, sum(map(len, made)), count)
    return np.concatenate(made)


def _digits(count: int, seed: int) -> tuple[int, Any]:
    return count, (block.images for block in pen_blocks(count, rng=generator(seed, Purpose.DOUBT_DIGITS)))


def _others(count: int, seed: int) -> tuple[int, Any]:
    return count, other_blocks(count, rng=generator(seed, Purpose.DOUBT_OTHERS))


def _split(digits: list[Array], others: Array) -> Split:
    images = np.concatenate([*digits, others])
    labels = np.full(len(images), DIGIT, np.uint8)
    labels[-len(others) :] = OTHER
    return Split(images, labels)
