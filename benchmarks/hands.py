"""How like real hands the program's pen writes: `python -m benchmarks.hands`.

A network learns digits that the program drew, and nothing else. Then it reads MNIST's training images, as they are and
redrawn with the canvas' pen, which keeps what hands did and takes away paper, pens and scanners. No test split is
looked at, and nobody's pen strokes: so ways to write and the looseness of the hand may be judged by it. Prints one
JSON object; the errors of each digit go to stderr. Takes three minutes.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks import common
from benchmarks.common import Found, say
from benchmarks.redrawing import redrawn
from nn_core.data import Dataset, Split
from nn_core.evaluation import Evaluator
from nn_core.pen import pen_digits
from nn_core.recipes import RECIPES
from nn_core.start import start_model
from nn_core.trainer import Trainer
from nn_core.workers import Workers


def measure(folder: Path, count: int, judged: int, seed: int) -> Found:
    """The share read right of the last `judged` training images of MNIST after learning `count` pen digits."""
    from cli.output import load_named_dataset

    train = load_named_dataset("mnist", folder).train
    last = Split(train.images[-judged:], train.labels[-judged:])
    blocks = list(redrawn(last))
    again = Split(np.concatenate([one.images for one in blocks]), np.concatenate([one.labels for one in blocks]))
    say(f"{len(again):,} of {len(last):,} digits redrawn")
    pen = pen_digits(count, rng=np.random.default_rng(seed))
    settings = replace(RECIPES["digitscope"].settings, dataset="strokes", epochs=1, seed=seed)
    model = start_model(settings)
    for _ in Trainer(model, Dataset("strokes", pen, again), settings):
        pass
    found: Found = {"pen_digits": count, "seed": seed}
    with Workers(settings.threads) as workers:
        evaluator = Evaluator(model.network, model.normalization, workers)
        for name, split in (("as_they_are", last), ("redrawn", again)):
            digits = evaluator.outputs(split.images).argmax(axis=1)
            wrong = [int(((digits != split.labels) & (split.labels == label)).sum()) for label in range(10)]
            found[name] = {"n": len(split), "wrong": sum(wrong), "accuracy": 1 - sum(wrong) / len(split)}
            say(f"{name.replace('_', ' ')}: {found[name]['accuracy']:.2%}; wrong, 0 to 9: {' '.join(map(str, wrong))}")
    return found


def main() -> int:
    """Measure, and print what was found."""
    parser = common.parser(__doc__, threads=False)
    parser.add_argument("--count", type=int, default=300_000, help="pen digits to learn (%(default)s)")
    parser.add_argument("--judged", type=int, default=60_000, help="the last of MNIST's training images (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="(%(default)s)")
    a = parser.parse_args()
    return common.run(lambda: measure(common.data_dir(a.data_dir), a.count, a.judged, a.seed))


if __name__ == "__main__":
    sys.exit(main())
