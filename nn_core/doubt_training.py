"""Training the network that doubts: digits of MNIST and of the program's own pen, numbers, and what is neither."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from nn_core.data import Dataset, Split, load_dataset
from nn_core.doubt import DIGIT, LIMIT, NUMBER, NUMBER_LIMIT, OTHER, in_full_ink, limit_of
from nn_core.doubt_drawings import number_blocks, row_blocks
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

CHAIN = (
    "conv 5×5×12 → max-pool 2 → batch-norm → relu → conv 3×3×24 → batch-norm → relu"
    " → conv 3×3×32 → max-pool 2 → batch-norm → relu → conv 3×3×48 pad 1 → batch-norm → relu"
    " → conv 3×3×64 → batch-norm → relu → flatten → linear 3"
)
#: Of the digits held out, of MNIST's as of the pen's, at most so many are doubted: fewer than one in a hundred, since
#: strangers' hands stray further than these.
DOUBTED = 0.0075
#: So many numbers of two digits are not believed: half of one in a hundred, as there are two such pairs in a number of
#: three.
UNBELIEVED = 0.005
SETTINGS = TrainSettings(
    preset=CHAIN, dataset="mnist+strokes", batch_size=128, epochs=5, learning_rate=3e-3, seed=1
)  # fmt: skip
MNIST_DIGITS, PEN_DIGITS, OTHERS, ROWS, NUMBERS = 55_000, 80_000, 90_000, 12_000, 24_000
HELD_OUT = 4_000  # of MNIST's digits, of the pen's, of others and of numbers


@dataclass(frozen=True, slots=True, eq=False)
class _Drawings:
    """Images of MNIST's digits and of the pen's, of other drawings, and of numbers of two digits."""

    digits: tuple[Array, Array]
    others: Array
    numbers: Array

    def split(self) -> Split:
        """All of them, labelled with their classes."""
        kinds = [(images, DIGIT) for images in self.digits] + [(self.others, OTHER), (self.numbers, NUMBER)]
        labels = np.concatenate([np.full(len(images), kind, np.uint8) for images, kind in kinds])
        return Split(in_full_ink(np.concatenate([images for images, _ in kinds])), labels)


def train_doubt(folder: Path, settings: TrainSettings = SETTINGS) -> Generator[Working, None, Model]:
    """Train, and find the limits on drawings that were held out; yields how far it is, returns the model.

    The same settings give the same bits. Neither MNIST's test split nor anybody's pen strokes are looked at.

    Raises:
        DataError: MNIST is missing from the folder, or damaged.
        TrainingError: the run diverged.
    """
    train, held = yield from _drawings(folder, settings.seed)
    network = make_network(CHAIN, rng=generator(settings.seed, Purpose.INITIAL))
    model = Model(network, MNIST_NORMALIZATION)
    for event in (trainer := Trainer(model, Dataset("others", train.split(), held.split()), settings)):
        if isinstance(event, Failed):
            raise TrainingError(event.message)
        if isinstance(event, BatchDone):
            yield Working("Training, step", event.step, trainer.steps)
    return replace(model, card=_card(model, held, settings))


def _card(model: Model, held: _Drawings, settings: TrainSettings) -> dict[str, Any]:
    """The limits, and what they doubt and believe of the drawings that were held out."""
    with Workers(settings.threads) as workers:
        evaluator = Evaluator(model.network, model.normalization, workers)
        kinds = [*held.digits, held.others, held.numbers]
        chances = [softmax(evaluator.outputs(in_full_ink(images))).astype(np.float64) for images in kinds]
    mnist, pen, others = (1.0 - found[:, DIGIT] for found in chances[:3])
    limit = max(limit_of(mnist, DOUBTED), limit_of(pen, DOUBTED))
    number_limit = limit_of(chances[-1][:, NUMBER], 1.0 - UNBELIEVED)
    return {
        "tells": "digits (0) from other drawings (1) and from numbers of two digits (2)",
        LIMIT: limit,
        NUMBER_LIMIT: number_limit,
        "digits_doubted": float(np.mean(np.concatenate([mnist, pen]) >= limit)),
        "others_doubted": float(np.mean(others >= limit)),
        "others_believed_numbers": float(np.mean(chances[2][:, NUMBER] >= number_limit)),
        "settings": settings.deciding(),
    }


def _drawings(folder: Path, seed: int) -> Generator[Working, None, tuple[_Drawings, _Drawings]]:
    """What is learnt from, and what is held out."""
    yield Working("Loading mnist", 0, 1)
    mnist = load_dataset(folder, "mnist").train.images
    pen = yield from _images("Drawing digits", PEN_DIGITS + HELD_OUT, _pen_images, seed, Purpose.DOUBT_DIGITS)
    others = yield from _images("Drawing others", OTHERS + HELD_OUT, other_blocks, seed, Purpose.DOUBT_OTHERS)
    rows = yield from _images("Drawing rows", ROWS, row_blocks, seed, Purpose.DOUBT_ROWS)
    numbers = yield from _images("Drawing numbers", NUMBERS + HELD_OUT, number_blocks, seed, Purpose.DOUBT_NUMBERS)
    held = _Drawings((mnist[-HELD_OUT:], pen[:HELD_OUT]), others[:HELD_OUT], numbers[:HELD_OUT])
    digits = mnist[:MNIST_DIGITS], pen[HELD_OUT:]
    return _Drawings(digits, np.concatenate([others[HELD_OUT:], rows]), numbers[HELD_OUT:]), held


def _pen_images(count: int, *, rng: np.random.Generator) -> Iterator[Array]:
    return (block.images for block in pen_blocks(count, rng=rng))


def _images(
    what: str, count: int, blocks: Callable[..., Iterator[Array]], seed: int, purpose: Purpose
) -> Generator[Working, None, Array]:
    made: list[Array] = []
    for images in blocks(count, rng=generator(seed, purpose)):
        made.append(images)
        yield Working(what, sum(map(len, made)), count)
    return np.concatenate(made)
