"""What every benchmark shares: rows of the table, processes that measure, and where the words go."""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MNIST_FILE = "train-images-idx3-ubyte"
Found = dict[str, Any]  # what a benchmark found, plain data
_USERS_FOLDERS = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")


class BenchmarkError(Exception):
    """Something could not be measured; the message says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table; `reached` is None where there is no goal, or no way to tell."""

    what: str
    goal: str
    measured: str
    reached: bool | None


def say(text: str) -> None:
    """A line for people, on stderr."""
    print(text, file=sys.stderr, flush=True)


def spread(values: Sequence[float]) -> Found:
    """The median of the rounds, and the rounds."""
    return {"median": float(statistics.median(values)), "rounds": [round(float(value), 4) for value in values]}


def rounds_in(number: int, at_most: float) -> Iterator[int]:
    """Rounds 0, 1, … up to a number: the first in any case, others if one like the longest ends within `at_most` s."""
    began, longest = time.perf_counter(), 0.0
    for done in range(number):
        started = time.perf_counter()
        if done and started - began + longest > at_most:
            say(f"{done} of {number} rounds, for there is no time for more")
            return
        yield done
        longest = max(longest, time.perf_counter() - started)


def in_words(found: Found, digits: int = 2) -> str:
    """A `spread` for the table: the median, and in brackets the least and the most of the rounds."""
    low, high = min(found["rounds"]), max(found["rounds"])
    return f"{found['median']:,.{digits}f} ({low:,.{digits}f} … {high:,.{digits}f})"


def data_dir(named: str | Path | None = None) -> Path:
    """The folder with MNIST: the one named, $DIGITSCOPE_DATA_DIR, `shared/mnist` beside the project, the user's.

    Raises:
        BenchmarkError: it has no MNIST.
    """
    from nn_core.data import data_folder

    beside = ROOT.parent / "shared" / "mnist"
    here = named or os.environ.get("DIGITSCOPE_DATA_DIR") or (beside if beside.is_dir() else None)
    folder = data_folder(here).resolve()
    if not any(folder.glob(f"**/{MNIST_FILE}*")):
        raise BenchmarkError(f"there is no MNIST in {folder}: fetch it with 'python main.py data --fetch'")
    return folder


@contextlib.contextmanager
def elsewhere() -> Iterator[dict[str, str]]:
    """An environment whose settings, runs and windows are not the user's: off-screen, in a folder that goes away.

    Compiled modules are kept as at home, where Python is not told otherwise, so that nobody is timed compiling them.
    """
    with tempfile.TemporaryDirectory(prefix="digitscope-bench-", ignore_cleanup_errors=True) as folder:
        homes = {name: os.path.join(folder, name) for name in _USERS_FOLDERS}
        for path in homes.values():
            os.mkdir(path, 0o700)
        usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        yield {**usual, **homes, "QT_QPA_PLATFORM": "offscreen"}


def lines_of(*command: object) -> list[Found]:
    """What Python prints with these arguments, line by line as JSON; it runs in the project's root, and is waited for.

    Raises:
        BenchmarkError: it failed.
    """
    words = [sys.executable, *map(str, command)]
    with elsewhere() as environment:
        done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        told = done.stderr.strip().splitlines()[-1:] or ["no word"]
        raise BenchmarkError(f"{' '.join(words[1:])} ended with {done.returncode}: {told[0]}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def last_of(*command: object) -> Found:
    """The last line of `lines_of`.

    Raises:
        BenchmarkError: it failed, or printed nothing.
    """
    lines = lines_of(*command)
    if not lines:
        raise BenchmarkError(f"{' '.join(map(str, command))} printed nothing")
    return lines[-1]


def parser(
    about: str | None,
    *,
    seconds: float | None = None,
    rounds: int | None = None,
    threads: bool = True,
    in_time: bool = False,
) -> argparse.ArgumentParser:
    """The arguments that benchmarks share, each where it means something: a default makes it one."""
    found = argparse.ArgumentParser(description=(about or "").splitlines()[0])
    found.add_argument("--data-dir", type=Path, help="the folder with MNIST")
    if seconds is not None:
        found.add_argument("--seconds", type=float, default=seconds, help="of each measurement (%(default)s)")
    if rounds is not None:
        found.add_argument("--rounds", type=int, default=rounds, help="of which the median counts (%(default)s)")
    if in_time:
        words = "seconds: fewer rounds where there is no time for all"
        found.add_argument("--at-most", type=float, default=math.inf, metavar="S", help=words)
    if threads:
        found.add_argument("--threads", type=int, default=2, help="on either side (%(default)s)")
    return found


def run(measure: Callable[[], Found]) -> int:
    """Measure and print one JSON object; the exit status is 1 when that was impossible."""
    try:
        print(json.dumps(measure(), ensure_ascii=False), flush=True)
    except BenchmarkError as why:
        say(f"benchmarks: {why}")
        return 1
    return 0
