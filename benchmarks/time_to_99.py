"""One epoch of the default recipe from nothing: test accuracy and seconds, beside the same recipe in PyTorch.

Prints {"preset", "ours": {"accuracy": spread, "seconds": spread}, "torch": {…, "layout"}, "ratio": spread}: a round
is a seed; the seconds are those of training and of the test after it; "ratio" is PyTorch's ÷ ours, with the better of
its layouts. Both sides have the same network, initial values, order of batches, Adam and one-cycle schedule.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.common import BenchmarkError, Found, Row, data_dir, in_words, last_of, parser, run, say, spread
from nn_core.presets import DEFAULT_PRESET, PRESETS

GOAL = 0.99
LAYOUTS = ("contiguous", "channels-last")


def ours(preset: str, seed: int, threads: int, folder: Path) -> Found:
    """{"seconds", "test_accuracy"} of `main.py train`, with its defaults but for one epoch."""
    asked = ("--preset", preset, "--epochs", 1, "--seed", seed, "--threads", threads, "--data-dir", folder)
    found = last_of("main.py", "train", *asked, "--json")
    if "test_accuracy" not in found:
        raise BenchmarkError(f"train printed no epoch, but {found}")
    return {"seconds": found["seconds"], "test_accuracy": found["test_accuracy"]}


def theirs(preset: str, seed: int, threads: int, folder: Path, layout: str) -> Found:
    """The same of PyTorch."""
    asked = ("--preset", preset, "--seed", seed, "--threads", threads, "--data-dir", folder, "--layouts", layout)
    return last_of("-m", "benchmarks.peer", "--epoch", *asked)


def measure(preset: str, threads: int, rounds: int, folder: Path, *, beside_torch: bool = True) -> Found:
    """Ours and theirs in turn; a seed a round. After the first round PyTorch runs in the better of its layouts."""
    one, other, layouts = [], [], list(LAYOUTS)
    for seed in range(rounds):
        one.append(ours(preset, seed, threads, folder))
        say(f"seed {seed}: {one[-1]['test_accuracy']:.2%} after {one[-1]['seconds']:.1f} s")
        if beside_torch:
            tries = [theirs(preset, seed, threads, folder, layout) for layout in layouts]
            other.append(min(tries, key=lambda found: float(found["seconds"])))
            layouts = [other[-1]["layout"]]
            say(f"PyTorch: {other[-1]['test_accuracy']:.2%} after {other[-1]['seconds']:.1f} s")
    found: Found = {"preset": preset, "ours": _side(one)}
    if other:
        ratios = [b["seconds"] / a["seconds"] for a, b in zip(one, other, strict=True)]
        found |= {"torch": {**_side(other), "layout": layouts[0]}, "ratio": spread(ratios)}
    return found


def _side(runs: list[Found]) -> Found:
    return {
        "accuracy": spread([found["test_accuracy"] for found in runs]),
        "seconds": spread([found["seconds"] for found in runs]),
    }


def rows(found: Found) -> list[Row]:
    """The rows of the table."""
    mine, torch, ratio = found["ours"], found["torch"], found["ratio"]
    accuracy = mine["accuracy"]
    shown = f"{accuracy['median']:.2%} ({min(accuracy['rounds']):.2%} … {max(accuracy['rounds']):.2%})"
    beside = f"PyTorch {torch['accuracy']['median']:.2%}"
    times = f"{mine['seconds']['median']:.1f} s beside {torch['seconds']['median']:.1f} ({torch['layout']})"
    name = f"{found['preset']}, default recipe, one epoch from nothing"
    return [
        Row(f"{name}: test accuracy", "≥ 99 %", f"{shown}; {beside}", accuracy["median"] >= GOAL),
        Row(f"{name}: time, PyTorch's ÷ ours", "≥ 1.0", f"{in_words(ratio)}; {times}", ratio["median"] >= 1),
    ]


def main() -> int:
    """Run from the command line."""
    options = parser(__doc__, rounds=1)
    options.add_argument("--preset", choices=PRESETS, default=DEFAULT_PRESET)
    a = options.parse_args()
    return run(lambda: measure(a.preset, a.threads, a.rounds, data_dir(a.data_dir)))


if __name__ == "__main__":
    sys.exit(main())
