"""The window while it trains: lateness of its event loop, mouse move to painted bars, and what it costs the training.

Prints {"lateness_ms", "answer_ms", "newest_ms", "loading_worst_ms", "seconds", "preset", "dataset", "window", "speed"}:
percentiles in milliseconds from one sitting, of answers once from every move and once from the newest that each knows
of, and "speed" {"share": spread, "in_window", "by_train"} from several short ones, in turn with runs of `train`.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterable
from pathlib import Path

from benchmarks.common import Found, Row, data_dir, in_words, last_of, parser, rounds_in, run, say, spread

LATE_99, LATE_WORST, ANSWER_95, SHARE = 16.0, 50.0, 33.0, 0.9
LEAST_MOVES = 200
_AROUND = 10.0  # seconds that the long sitting needs to begin and to end


def measure(seconds: float, interval: float, speed_seconds: float, rounds: Iterable[int], folder: Path) -> Found:
    """One long sitting, then `rounds` of window and `train` in turn, each of them `speed_seconds` long."""
    say(f"the window trains for {seconds:g} seconds and is drawn in")
    common = ("--data-dir", folder)
    found = last_of("-m", "benchmarks.in_window", "--seconds", seconds, "--interval", interval, *common)
    return {**found, "speed": _speed(speed_seconds, rounds, folder)}


def _speed(seconds: float, rounds: Iterable[int], folder: Path) -> Found:
    common = ("--seconds", seconds, "--data-dir", folder)
    inside, alone = [], []
    for number in rounds:
        inside.append(float(last_of("-m", "benchmarks.in_window", "--quiet", *common)["train_images_per_s"]))
        alone.append(float(last_of("-m", "benchmarks.ours", "--run", *common)["train_images_per_s"]))
        say(f"round {number + 1}: {inside[-1]:,.0f} images/s in the window, {alone[-1]:,.0f} by train")
    shares = [a / b for a, b in zip(inside, alone, strict=True)]
    return {
        "share": spread(shares) if shares else None,
        "in_window": statistics.median(inside) if inside else None,
        "by_train": statistics.median(alone) if alone else None,
    }


def rows(found: Found) -> list[Row]:
    """The rows of the table."""
    late, answer, newest, speed = found["lateness_ms"], found["answer_ms"], found["newest_ms"], found["speed"]
    where = f"training {found['preset']}, every view shown, {found['seconds']:g} s"
    table = [
        Row(
            f"event-loop lateness, {where}: 99th percentile",
            f"≤ {LATE_99:g} ms",
            f"{late['p99']:.1f} ms (median {late['p50']:.1f} ms)",
            late["p99"] <= LATE_99,
        ),
        Row("… worst", f"≤ {LATE_WORST:g} ms", f"{late['worst']:.1f} ms", late["worst"] <= LATE_WORST),
        Row(
            f"last mouse move → new bars on the screen, while training: 95th percentile of {answer['count']} moves",
            f"≤ {ANSWER_95:g} ms",
            f"{answer['p95']:.1f} ms (median {answer['p50']:.1f}, worst {answer['worst']:.1f} ms)",
            answer["p95"] <= ANSWER_95 if answer["count"] >= LEAST_MOVES else None,
        ),
        Row(
            f"… from the newest move that each of {newest['count']} answers knows of",
            "",
            f"{newest['p95']:.1f} ms (median {newest['p50']:.1f}, worst {newest['worst']:.1f} ms)",
            None,
        ),
    ]
    if speed["share"]:
        words = f"{in_words(speed['share'])}; {speed['in_window']:,.0f} of {speed['by_train']:,.0f} images/s"
        reached = speed["share"]["median"] >= SHARE
        table.append(Row("training speed in the window ÷ by train, all views open", f"≥ {SHARE}", words, reached))
    return table


def main() -> int:
    """Run from the command line."""
    options = parser(__doc__, seconds=60, rounds=3, threads=False, in_time=True)
    options.add_argument("--interval", type=float, default=2, help="milliseconds between looks at the event loop")
    options.add_argument("--speed-seconds", type=float, default=4, help="of each round of speed (%(default)s)")
    a = options.parse_args()
    rounds = rounds_in(a.rounds, a.at_most - a.seconds - _AROUND)
    return run(lambda: measure(a.seconds, a.interval, a.speed_seconds, rounds, data_dir(a.data_dir)))


if __name__ == "__main__":
    sys.exit(main())
