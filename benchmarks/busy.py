"""Training speed with one other busy process on the machine, as a share of the quiet speed; ours and PyTorch's.

Prints {"ours": {preset: {"share": spread, "quiet", "busy"}}, "torch": {…}}: medians of images/s beside the shares.
"""

from __future__ import annotations

import contextlib
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks.common import Found, Row, data_dir, in_words, last_of, parser, run, say, spread

GOAL = 0.6
PRESETS = ("mlp-300", "blog-cnn", "lenet5", "deep-mnist")
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
    presets: Sequence[str], peers: Sequence[str], batch: int, threads: int, seconds: float, rounds: int, folder: Path
) -> Found:
    """Quiet and busy in turn; `peers` are the presets that PyTorch is asked for too."""
    common = ("--batch", batch, "--threads", threads, "--seconds", seconds, "--data-dir", folder)

    def of_ours(preset: str) -> float:
        return float(last_of("-m", "benchmarks.ours", "--preset", preset, *common)["train_images_per_s"])

    def of_torch(preset: str) -> float:
        only = ("--only-train", "--layouts", "contiguous")
        found = last_of("-m", "benchmarks.peer", "--preset", preset, *common, *only)
        return float(found["train_images_per_s"])

    return {
        "batch": batch,
        "ours": {preset: _shares(f"ours, {preset}", partial(of_ours, preset), rounds) for preset in presets},
        "torch": {preset: _shares(f"PyTorch, {preset}", partial(of_torch, preset), rounds) for preset in peers},
    }


def _shares(what: str, speed: Callable[[], float], rounds: int) -> Found:
    quiet, loud = [], []
    for number in range(rounds):
        quiet.append(speed())
        with busy():
            loud.append(speed())
        say(f"{what}, round {number + 1}: {quiet[-1]:,.0f} images/s, busy {loud[-1]:,.0f}")
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
    options = parser(__doc__, seconds=0.6, rounds=3)
    options.add_argument("--presets", nargs="*", choices=PRESETS, default=list(PRESETS))
    options.add_argument("--peers-presets", nargs="*", choices=PRESETS, default=list(PEERS_PRESETS))
    options.add_argument("--batch", type=int, default=128)
    a = options.parse_args()
    folder = data_dir(a.data_dir)
    return run(lambda: measure(a.presets, a.peers_presets, a.batch, a.threads, a.seconds, a.rounds, folder))


if __name__ == "__main__":
    sys.exit(main())
