"""One sample through the network of objects and through the same network made of vectors: forwards, backwards, update.

Prints {"networks": {"784-300-10": {"objects_ms", "vectors_ms", "ratio": spreads}, …}}: milliseconds a sample, and how
many times longer the objects take. Both learn the same samples in turn on one thread: XOR, the encoder, and digits of
MNIST with targets 0.1 and 0.9 at the rate 0.3.
"""

from __future__ import annotations

import sys
from collections.abc import Generator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.common import Found, Row, data_dir, in_words, parser, run, say, spread
from nn_core.data import load_dataset
from nn_core.labs.object_network import ObjectNetwork
from nn_core.labs.object_training import Speeds, measure_speeds
from nn_core.labs.small_problems import PROBLEMS

_LARGE, _RATE, _DIGITS = (784, 300, 10), 0.3, 3
_GOAL = 10.0  # times that vectors are faster at 784-300-10, at least

Lists = list[list[float]]
_Case = tuple[ObjectNetwork, Sequence[Sequence[float]], Sequence[Sequence[float]], float]


def digits(folder: Path, count: int) -> tuple[Lists, Lists]:
    """So many of MNIST's training images as lists of 784 numbers, and their ten targets."""
    split = load_dataset(folder, "mnist").train
    pixels = split.images[:count].reshape(count, -1) / 255
    targets = np.where(np.arange(10) == split.labels[:count, None], 0.9, 0.1)
    return pixels.tolist(), targets.tolist()


def measure(seconds: float, rounds: int, folder: Path) -> Found:
    """Every network in turn, `rounds` times, each for about so many seconds."""
    large = digits(folder, _DIGITS)
    found: dict[str, list[Speeds]] = {}
    for number in range(rounds):
        for network, samples, targets, rate in _cases(large):
            name = "-".join(map(str, network.sizes))
            speeds = _finished(measure_speeds(network, samples, targets, rate, seconds=seconds / 2))
            found.setdefault(name, []).append(speeds)
            say(f"round {number + 1}, {name}: objects take {speeds.ratio:.2f} times as long as vectors")
    return {"networks": {name: _spreads(speeds) for name, speeds in found.items()}}


def _cases(large: tuple[Lists, Lists]) -> list[_Case]:
    cases: list[_Case] = [
        (PROBLEMS[name].network(0), PROBLEMS[name].samples, PROBLEMS[name].targets, PROBLEMS[name].rate)
        for name in ("xor-2", "encoder")
    ]
    network = ObjectNetwork(_LARGE, rng=np.random.default_rng(0), spread=0.1)
    return [*cases, (network, *large, _RATE)]


def _finished(job: Generator[None, None, Speeds]) -> Speeds:
    while True:
        try:
            next(job)
        except StopIteration as end:
            speeds: Speeds = end.value
            return speeds


def _spreads(speeds: Sequence[Speeds]) -> Found:
    return {
        "objects_ms": spread([each.objects * 1e3 for each in speeds]),
        "vectors_ms": spread([each.vectors * 1e3 for each in speeds]),
        "ratio": spread([each.ratio for each in speeds]),
    }


def rows(found: Found) -> list[Row]:
    """The rows of the table."""
    table = []
    for name, each in found["networks"].items():
        objects, vectors = each["objects_ms"]["median"], each["vectors_ms"]["median"]
        words = f"{in_words(each['ratio'])} : 1; a sample {objects:,.3g} ms and {vectors:,.3g} ms"
        goal = _GOAL if name == "-".join(map(str, _LARGE)) else None
        reached = None if goal is None else each["ratio"]["median"] >= goal
        table.append(Row(f"network of objects : vectors, {name}", f"≥ {goal:g} : 1" if goal else "", words, reached))
    return table


def main() -> int:
    """Run from the command line."""
    a = parser(__doc__, seconds=1.0, rounds=3, threads=False).parse_args()
    return run(lambda: measure(a.seconds, a.rounds, data_dir(a.data_dir)))


if __name__ == "__main__":
    sys.exit(main())
