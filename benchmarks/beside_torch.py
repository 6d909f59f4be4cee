"""Training, inference and the time to one answer beside PyTorch, in turn, the medians of the ratios.

Prints {"presets": {preset: {"batch": {batch: {"train": spread}}, "infer": spread, "latency": spread, "ours", "torch"}}}
where a spread is {"median", "rounds"}, and a ratio over 1 means that ours is faster.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeAlias

from benchmarks.common import Found, Row, data_dir, in_words, last_of, parser, rounds_in, run, say, spread

GOALS = {"mlp-300": 1.2, "blog-cnn": 1.2, "lenet5": 1.2, "deep-mnist": 1.0}  # training; the others are 1.0 throughout
BATCHES = (128, 64)
LAYOUTS = ("contiguous", "channels-last")  # of PyTorch
FIGURES = ("train_images_per_s", "infer_images_per_s", "latency_ms_p50")
Pair: TypeAlias = tuple[Found, Found]  # what ours and theirs found, one after the other


def ours(preset: str, batch: int, options: Sequence[object], *, only_train: bool = False) -> Found:
    """What `main.py bench` says; of training alone, by the same code, without the rest of it."""
    asked = ("--preset", preset, "--batch", batch, *options)
    return last_of("-m", "benchmarks.ours", *asked) if only_train else last_of("main.py", "bench", *asked, "--json")


def theirs(
    preset: str, batch: int, options: Sequence[object], layouts: Sequence[str] = LAYOUTS, *, only_train: bool = False
) -> Found:
    """The same from PyTorch, of each figure the best of these layouts."""
    asked = ("--preset", preset, "--batch", batch, *options, "--layouts", *layouts)
    return last_of("-m", "benchmarks.peer", *asked, *(["--only-train"] if only_train else []))


def measure(
    presets: Sequence[str], batches: Sequence[int], threads: int, seconds: float, rounds: Iterable[int], folder: Path
) -> Found:
    """Ours and theirs in turn; a round goes over all presets, so that each has as many as there is time for."""
    options = ("--threads", threads, "--seconds", seconds, "--data-dir", folder)
    pairs: dict[str, dict[int, list[Pair]]] = {preset: {batch: [] for batch in batches} for preset in presets}
    for number in rounds:
        for preset, by_batch in pairs.items():
            for batch, found in by_batch.items():
                found.append(_pair(preset, batch, options, found, only_train=batch != batches[0]))
                say(f"{preset}, batch {batch}, round {number + 1}: {_ratio(found[-1], FIGURES[0]):.2f} times PyTorch's")
    return {"presets": {preset: _figures(by_batch) for preset, by_batch in pairs.items()}}


def _pair(preset: str, batch: int, options: Sequence[object], before: Sequence[Pair], *, only_train: bool) -> Pair:
    """One of ours and one of theirs: after the first, in those layouts alone that were the best at something."""
    layouts = _best_layouts(before[0][1]) if before else LAYOUTS
    return (
        ours(preset, batch, options, only_train=only_train),
        theirs(preset, batch, options, layouts, only_train=only_train),
    )


def _best_layouts(found: Found) -> list[str]:
    """Those that one of the figures is from."""
    figures = [name for name in FIGURES if name in found]
    return [layout for layout, here in found["layouts"].items() if any(here[name] == found[name] for name in figures)]


def _figures(by_batch: dict[int, list[Pair]]) -> Found:
    """Of one preset: training by batch; the rest, which has no batch, from the first of them."""
    first = next(iter(by_batch.values()))
    return {
        "batch": {
            batch: {
                "train": spread([_ratio(pair, FIGURES[0]) for pair in pairs]),
                "ours_images_per_s": statistics.median(pair[0][FIGURES[0]] for pair in pairs),
                "torch_images_per_s": statistics.median(pair[1][FIGURES[0]] for pair in pairs),
            }
            for batch, pairs in by_batch.items()
        },
        "infer": spread([_ratio(pair, FIGURES[1]) for pair in first]),
        "latency": spread([1 / _ratio(pair, FIGURES[2]) for pair in first]),
        "ours": _medians([pair[0] for pair in first]),
        "torch": _medians([pair[1] for pair in first]),
    }


def _ratio(pair: Pair, figure: str) -> float:
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
    options = parser(__doc__, seconds=0.6, rounds=3, in_time=True)
    options.add_argument("--presets", nargs="+", choices=GOALS, default=list(GOALS))
    options.add_argument("--batches", nargs="+", type=int, default=list(BATCHES))
    a = options.parse_args()
    rounds = rounds_in(a.rounds, a.at_most)
    return run(lambda: measure(a.presets, a.batches, a.threads, a.seconds, rounds, data_dir(a.data_dir)))


if __name__ == "__main__":
    sys.exit(main())
