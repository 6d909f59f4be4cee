"""Training, inference and the time to one answer beside PyTorch, in turn, the medians of the ratios.

Prints {"presets": {preset: {"batch": {batch: {"train": spread}}, "infer": spread, "latency": spread, "ours", "torch"}}}
where a spread is {"median", "rounds"}, and a ratio over 1 means that ours is faster.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.common import Found, Row, data_dir, in_words, last_of, parser, run, say, spread

GOALS = {"mlp-300": 1.2, "blog-cnn": 1.2, "lenet5": 1.2, "deep-mnist": 1.0}  # training; the others are 1.0 throughout
BATCHES = (128, 64)
FIGURES = ("train_images_per_s", "infer_images_per_s", "latency_ms_p50")


def ours(preset: str, batch: int, threads: int, seconds: float, folder: Path) -> Found:
    """What `main.py bench` says."""
    asked = ("--preset", preset, "--batch", batch, "--threads", threads, "--seconds", seconds, "--data-dir", folder)
    return last_of("main.py", "bench", *asked, "--json")


def theirs(preset: str, batch: int, threads: int, seconds: float, folder: Path) -> Found:
    """The same from PyTorch, of each figure the better of its two layouts."""
    asked = ("--preset", preset, "--batch", batch, "--threads", threads, "--seconds", seconds, "--data-dir", folder)
    return last_of("-m", "benchmarks.peer", *asked)


def measure(
    presets: Sequence[str], batches: Sequence[int], threads: int, seconds: float, rounds: int, folder: Path
) -> Found:
    """All presets, one after the other; ours and theirs in turn."""
    return {"presets": {preset: _preset(preset, batches, threads, seconds, rounds, folder) for preset in presets}}


def _preset(preset: str, batches: Sequence[int], threads: int, seconds: float, rounds: int, folder: Path) -> Found:
    pairs: dict[int, list[tuple[Found, Found]]] = {batch: [] for batch in batches}
    for number in range(rounds):
        for batch in batches:
            pair = tuple(side(preset, batch, threads, seconds, folder) for side in (ours, theirs))
            pairs[batch].append((pair[0], pair[1]))
            ratio = pair[0][FIGURES[0]] / pair[1][FIGURES[0]]
            say(f"{preset}, batch {batch}, round {number + 1}: training {ratio:.2f} times PyTorch's speed")
    everything = [pair for found in pairs.values() for pair in found]
    by_batch = {batch: {"train": spread([_ratio(pair, FIGURES[0]) for pair in pairs[batch]])} for batch in batches}
    for batch in batches:
        for side, name in enumerate(("ours", "torch")):
            figures = [pair[side][FIGURES[0]] for pair in pairs[batch]]
            by_batch[batch][f"{name}_images_per_s"] = statistics.median(figures)
    return {
        "batch": by_batch,
        "infer": spread([_ratio(pair, FIGURES[1]) for pair in everything]),
        "latency": spread([1 / _ratio(pair, FIGURES[2]) for pair in everything]),
        "ours": _medians([pair[0] for pair in everything]),
        "torch": _medians([pair[1] for pair in everything]),
    }


def _ratio(pair: tuple[Found, Found], figure: str) -> float:
    return float(pair[0][figure] / pair[1][figure])


def _medians(side: Sequence[Found]) -> Found:
    return {figure: statistics.median(found[figure] for found in side) for figure in FIGURES[1:]}


def rows(found: Found) -> list[Row]:
    """The rows of the table."""
    table: list[Row] = []
    for preset, figures in found["presets"].items():
        goal = GOALS[preset]
        for batch, here in figures["batch"].items():
            speeds = f"{here['ours_images_per_s']:,.0f} images/s beside {here['torch_images_per_s']:,.0f}"
            ratio = here["train"]
            what = f"{preset}: training images/s ÷ PyTorch's, batch {batch}"
            table.append(Row(what, f"≥ {goal}", f"{in_words(ratio)}; {speeds}", ratio["median"] >= goal))
        one, other = figures["ours"], figures["torch"]
        speeds = f"{one[FIGURES[1]]:,.0f} images/s beside {other[FIGURES[1]]:,.0f}"
        waits = f"{one[FIGURES[2]]:.2f} ms beside {other[FIGURES[2]]:.2f}"
        for key, what, words in (
            ("infer", "inference images/s ÷ PyTorch's", speeds),
            ("latency", "time to answer one image, PyTorch's ÷ ours", waits),
        ):
            ratio = figures[key]
            table.append(Row(f"{preset}: {what}", "≥ 1.0", f"{in_words(ratio)}; {words}", ratio["median"] >= 1))
    return table


def main() -> int:
    """Run from the command line."""
    options = parser(__doc__, seconds=0.6, rounds=3)
    options.add_argument("--presets", nargs="+", choices=GOALS, default=list(GOALS))
    options.add_argument("--batches", nargs="+", type=int, default=list(BATCHES))
    a = options.parse_args()
    return run(lambda: measure(a.presets, a.batches, a.threads, a.seconds, a.rounds, data_dir(a.data_dir)))


if __name__ == "__main__":
    sys.exit(main())
