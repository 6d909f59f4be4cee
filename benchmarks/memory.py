"""Memory of a training run on MNIST with the default network, beyond the imports, and whether it grows. Linux.

Prints {"imports_mb", "beyond_imports_mb", "peak_beyond_imports_mb", "growth_mb", "mb_per_hour", "seconds", "curve"}:
millions of bytes, of the run and its worker processes. Growth is counted from the end of the first epoch, when
everything has run once: the most of the second half of what comes then, beyond the most of the first half; null when
nothing came. "curve" is [seconds, beyond the imports]. The run writes checkpoints, more often than usual.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TextIO

import numpy as np

from benchmarks.common import ROOT, BenchmarkError, Found, Row, data_dir, elsewhere, parser, run, say

GOAL, FLAT = 400.0, 2.0  # MB; a run that grows by no more than this in half of the time counts as flat
_CHECKPOINT_SECONDS = 5.0
# The shell of a command in the background lets it ignore Ctrl-C, and what it starts would too.
_CHILD = """
import signal, sys, cli, cli.arguments, cli.train, nn_core.loading, platformdirs
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)
print(Path("/proc/self/smaps_rollup").read_text().split("\\nPss:")[1].split()[0], flush=True)
sys.exit(cli.main(sys.argv[1:]))
"""


def resident(process: int) -> float:
    """Memory that a process and those that it started occupy now, in MB; what some of them share counts once."""
    here = Path(f"/proc/{process}")
    kilobytes = int((here / "smaps_rollup").read_text().split("\nPss:")[1].split()[0])
    others = (here / f"task/{process}/children").read_text().split()
    return kilobytes * 1024 / 1e6 + sum(resident(int(other)) for other in others)


def measure(seconds: float, threads: int, preset: str, folder: Path) -> Found:
    """Watch `main.py train` for `seconds`, then stop it as Ctrl-C does.

    Raises:
        BenchmarkError: this is not Linux, or the run ended too soon.
    """
    if not Path("/proc/self/smaps_rollup").exists():
        raise BenchmarkError("memory is read from /proc, which this system does not have")
    say(f"a training run is watched for {seconds:g} seconds")
    with tempfile.TemporaryDirectory(prefix="digitscope-bench-") as place, elsewhere() as environment:
        arguments = ["train", "--preset", preset, "--epochs", "100000", "--threads", str(threads), "--json"]
        arguments += ["--data-dir", str(folder), "--checkpoint", str(Path(place) / "run")]
        arguments += ["--checkpoint-seconds", str(_CHECKPOINT_SECONDS)]
        command = [sys.executable, "-c", _CHILD, *arguments]
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process:
            assert process.stdout is not None
            imports = int(process.stdout.readline()) * 1024 / 1e6
            epochs: list[float] = []
            started = time.perf_counter()
            listener = threading.Thread(target=_listen, args=(process.stdout, started, epochs))
            listener.start()
            try:
                points, peak = _watch(process.pid, started, seconds)
            finally:
                process.send_signal(signal.SIGINT)
                listener.join()
        if process.returncode != 130:
            raise BenchmarkError(f"the run ended with {process.returncode}")
    about = {"peak_beyond_imports_mb": peak - imports, "epochs": len(epochs), "preset": preset}
    return {**_of(points, imports, epochs), **about}


def _listen(stream: TextIO, started: float, epochs: list[float]) -> None:
    """Note when each epoch ends."""
    for line in stream:
        if line.startswith("{") and "epoch" in json.loads(line):
            epochs.append(time.perf_counter() - started)


def _watch(process: int, started: float, seconds: float) -> tuple[list[tuple[float, float]], float]:
    """(seconds, MB) many times, and the highest."""
    points = []
    pause = min(0.25, seconds / 40)
    while (passed := time.perf_counter() - started) < seconds:
        points.append((passed, resident(process)))
        time.sleep(pause)
    return points, max(now for _, now in points)


def _of(points: list[tuple[float, float]], imports: float, epochs: list[float]) -> Found:
    seconds, values = np.array(points).T
    beyond = values - imports
    found: Found = {"growth_mb": None, "mb_per_hour": None}
    late = seconds > epochs[0] if epochs else seconds > seconds[-1]
    if late.sum() >= 8:
        first, second = np.array_split(beyond[late], 2)
        slope = float(np.polyfit(seconds[late], beyond[late], 1)[0])
        found = {"growth_mb": float(second.max() - first.max()), "mb_per_hour": slope * 3600}
    every = max(1, len(points) // 100)
    curve = [[round(float(s), 2), round(float(b), 1)] for s, b in zip(seconds, beyond, strict=True)]
    return {
        "imports_mb": imports,
        "beyond_imports_mb": float(beyond[-1]),
        **found,
        "seconds": float(seconds[-1]),
        "curve": curve[::every],
    }


def rows(found: Found) -> list[Row]:
    """The rows of the table."""
    peak, growth = found["peak_beyond_imports_mb"], found["growth_mb"]
    name = f"a run on MNIST, {found['preset']}, {found['seconds']:.0f} s, {found['epochs']} epochs"
    at_end = f"{found['beyond_imports_mb']:.0f} MB at the end (imports: {found['imports_mb']:.0f} MB)"
    words = f"{peak:.0f} MB at most, {at_end}"
    table = [Row(f"memory of {name}, beyond the imports", f"< {GOAL:g} MB", words, peak < GOAL)]
    what = "… its growth after the first epoch (`--seconds 3600` watches the hour of the goal)"
    if growth is None:
        return [*table, Row(what, "flat", "no epoch ended in this time", None)]
    words = f"{growth:+.1f} MB from the first half to the second; slope {found['mb_per_hour']:+.0f} MB/h"
    return [*table, Row(what, "flat", words, growth <= FLAT)]


def main() -> int:
    """Run from the command line."""
    options = parser(__doc__, seconds=40)
    options.add_argument("--preset", default="digitscope")
    a = options.parse_args()
    return run(lambda: measure(a.seconds, a.threads, a.preset, data_dir(a.data_dir)))


if __name__ == "__main__":
    sys.exit(main())
