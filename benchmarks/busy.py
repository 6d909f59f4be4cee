"""Training speed with one other busy process on the machine, as a share of the quiet speed; ours and PyTorch's.

Prints {"ours": {preset: {"share": spread, "quiet", "busy"}}, "torch": {…}}: medians of images/s beside the shares.
"""

from __future__ import annotations

import contextlib
import statistics
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from benchmarks.common import Found, Row, data_dir, in_words, last_of, parser, rounds_in, run, say, spread

GOAL = 0.6
PRESETS = ("mlp-300", "blog-cnn", "lenet5", "deep-mnist", "digitscope")
PEERS_PRESETS = ("blog-cnn",)
_SPIN = "while True: pass"


@contextlib.contextmanager
def busy() -> Iterator[None]:
    """One process that wants a whole core."""
    process = subprocess.Popen([sys.executable, "-c", _SPIN], stdin=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def measure(
    presets: Sequence[str],
    peers: Sequence[str],
    batch: int,
    threads: int,
    seconds: float,
    rounds: Iterable[int],
    folder: Path,
) -> Found:
    """Quiet and busy in turn, a round over all; `peers` are the presets that PyTorch is asked for too."""
    common = ("--batch", batch, "--threads", threads, "--seconds", seconds, "--data-dir", folder)

    def of_ours(preset: str) -> float:
        return float(last_of("-m", "benchmarks.ours", "--preset", preset, *common)["train_images_per_s"])

    def of_torch(preset: str) -> float:
        only = ("--only-train", "--layouts", "contiguous")
        found = last_of("-m", "benchmarks.peer", "--preset", preset, *common, *only)
        return float(found["train_images_per_s"])

    asked = [("ours", preset, of_ours) for preset in presets] + [("torch", preset, of_torch) for preset in peers]
    speeds: dict[tuple[str, str], list[tuple[float, float]]] = {(side, preset): [] for side, preset, _ in asked}
    for number in rounds:
        for side, preset, speed in asked:
            quiet = speed(preset)
            with busy():
                loud = speed(preset)
            speeds[side, preset].append((quiet, loud))
            say(f"{side}, {preset}, round {number + 1}: {quiet:,.0f} images/s, busy {loud:,.0f}")
    return {
        "batch": batch,
        "ours": {preset: _shares(speeds["ours", preset]) for preset in presets},
        "torch": {preset: _shares(speeds["torch", preset]) for preset in peers},
    }


def _shares(speeds: Sequence[tuple[float, float]]) -> Found:
    quiet, loud = zip(*speeds, strict=True)
    shares = [b / q for q, b in zip(quiet, loud, strict=True)]
    return {"share": spread(shares), "quiet": statistics.median(quiet), "busy": statistics.median(loud)}


def rows(found: Found) -> list[Row]:
    """The rows of the table."""
    table = []
    for side, name in (("ours", ""), ("torch", " (PyTorch, to compare)")):
        for preset, figures in found[side].items():
            share = figures["share"]
            words = f"{in_words(share)}; {figures['busy']:,.0f} of {figures['quiet']:,.0f} images/s"
            what = f"{preset}: training speed beside a busy process ÷ quiet, batch {found['batch']}{name}"
            reached = share["median"] >= GOAL if side == "ours" else None
            table.append(Row(what, f"≥ {GOAL}" if side == "ours" else "", words, reached))
    return table


def main() -> int:
    """Run from the command line."""
    options = parser(__doc__, seconds=0.6, rounds=3, in_time=True)
    options.add_argument("--presets", nargs="*", choices=PRESETS, default=list(PRESETS))
    options.add_argument("--peers-presets", nargs="*", choices=PRESETS, default=list(PEERS_PRESETS))
    options.add_argument("--batch", type=int, default=128)
    a = options.parse_args()
    folder = data_dir(a.data_dir)
    rounds = rounds_in(a.rounds, a.at_most)
    return run(lambda: measure(a.presets, a.peers_presets, a.batch, a.threads, a.seconds, rounds, folder))


if __name__ == "__main__":
    sys.exit(main())
