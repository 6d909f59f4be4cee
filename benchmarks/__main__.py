"""All benchmarks, one after the other, and one table of what they found: `python -m benchmarks` (`make bench`).

Each is a process of its own. The table goes to `RESULTS.md`, everything measured to `results.json`, the curves to
`scaling.svg`, all beside this file unless `--out` names another folder. They are written anew after each benchmark.
Each has its share of `--minutes`: the longest do fewer rounds where it is too little, for on a busy machine PyTorch may
take hours, and what takes the time of those that come after it is cut off.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from pathlib import Path

from benchmarks import machine
from benchmarks.common import ROOT, BenchmarkError, Found, Row, data_dir, say

#: The benchmarks, and the seconds that each of them takes on a quiet machine.
BENCHMARKS = {
    "beside_torch": 130.0,
    "busy": 68.0,
    "window": 105.0,
    "startup": 20.0,
    "memory": 45.0,
    "time_to_99": 85.0,
    "layers": 15.0,
    "object_network": 15.0,
    "scaling": 44.0,
}
IN_TIME = ("beside_torch", "busy", "window")  # those that do fewer rounds where their share is too little
#: For seeing that everything works: the figures of such a run mean nothing.
QUICK = {
    "beside_torch": "--seconds 0.1 --rounds 1 --batches 64",
    "busy": "--seconds 0.1 --rounds 1 --presets blog-cnn",
    "window": "--seconds 3 --rounds 1 --speed-seconds 1",
    "startup": "--rounds 1",
    "memory": "--seconds 5",
    "time_to_99": "--rounds 1 --preset mlp-300",
    "layers": "--rounds 1 --presets mlp-300",
    "object_network": "--seconds 0.1 --rounds 1",
    "scaling": "--seconds 0.1 --rounds 1",
}
_ROUNDS = 0.95  # of a share that rounds may take: a process has to begin and to end, too
_GRACE = 5.0  # seconds for putting away what lies around
QUIET = 0.2  # cores at work before or after a benchmark, beyond which its figures are not to be trusted


def share(names: Sequence[str], left: float) -> tuple[float, float]:
    """Of the seconds that are left, those of the first name, and those after which it takes what the others need."""
    first, *others = (BENCHMARKS[name] for name in names)
    return left * first / (first + sum(others)), left - sum(others) * min(1.0, left / (first + sum(others)))


def one(name: str, folder: Path, out: Path, quick: bool, its_share: float, at_most: float) -> Found:
    """What one benchmark prints; {"error"} when it failed. With it, how long it took and what else was at work."""
    before, served = machine.others_at_work(), machine.withheld()
    words = QUICK[name].split() if quick else []
    words += ["--at-most", f"{_ROUNDS * its_share:.0f}"] if name in IN_TIME else []
    words += ["--plot", str(out / "scaling.svg")] if name == "scaling" else []
    started = time.perf_counter()
    command = [sys.executable, "-m", f"benchmarks.{name}", "--data-dir", str(folder), *words]
    found = printed(command, at_most)
    took, withheld = time.perf_counter() - started, machine.share(served, machine.withheld())
    others = max(before or 0.0, machine.others_at_work() or 0.0)
    return {**found, "others_at_work": others, "withheld": withheld, "took_s": took}


def printed(command: list[str], at_most: float) -> Found:
    """The JSON that a process prints; one that takes too long is ended, with the processes that it has begun."""
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        try:
            told, _ = process.communicate(timeout=max(0.0, at_most))
        except subprocess.TimeoutExpired:
            return {"error": "cut off, for there was no time left"}
        finally:
            if process.poll() is None:
                _end(process)
    return json.loads(told.splitlines()[-1]) if process.returncode == 0 else {"error": "failed, see above"}


def _end(process: subprocess.Popen[str]) -> None:
    if not hasattr(os, "killpg"):
        process.kill()
        return
    os.killpg(process.pid, signal.SIGINT)  # the group that `start_new_session` gave it
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)


def rows(name: str, found: Found) -> list[Row]:
    """The rows of one benchmark, made by its own module."""
    if "error" in found:
        return [Row(name, "", f"could not be measured: {found['error']}", None)]
    made: list[Row] = import_module(f"benchmarks.{name}").rows(found)
    return made


def table(results: dict[str, Found], about: Found) -> str:
    """The page: the machine, the table, and what speaks against its figures."""
    facts = [f"- {name}: {value}" for name, value in about.items()]
    lines = ["| what | goal | measured | reached |", "|---|---|---|---|"]
    for name, found in results.items():
        for row in rows(name, found):
            reached = {True: "yes", False: "**no**", None: "–"}[row.reached]
            lines.append(f"| {row.what} | {row.goal} | {row.measured} | {reached} |")
    loud = [
        f"Around `{name}` {found['others_at_work']:.1f} cores were at work for others: do not trust its figures."
        for name, found in results.items()
        if found["others_at_work"] > QUIET
    ]
    kept = [f"{name} {found['withheld']:.1%}" for name, found in results.items() if found.get("withheld") is not None]
    facts += [f"- time at work that the host withheld: {', '.join(kept)}"] if kept else []
    note = "Medians of rounds in which both sides take turns; in brackets the least and the most of the rounds."
    head = ["# What was measured", "", "Written by `make bench`.", "", *facts, "", note]
    return "\n".join([*head, *([""] if loud else []), *loud, "", *lines, ""])


def main() -> int:
    """Run what is asked for; 1 when something could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of {', '.join(BENCHMARKS)} (all)")
    parser.add_argument("--data-dir", type=Path, help="the folder with MNIST")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks", help="the folder for the results")
    parser.add_argument("--quick", action="store_true", help="see that all of it works; the figures mean nothing")
    parser.add_argument("--minutes", type=float, default=9.8, help="after which it ends (%(default)s)")
    a = parser.parse_args()
    unknown = set(a.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    try:
        folder = data_dir(a.data_dir)
    except BenchmarkError as why:
        parser.error(str(why))
    return _run(a.names or list(BENCHMARKS), folder, a)


def _run(names: list[str], folder: Path, a: argparse.Namespace) -> int:
    started, before = time.perf_counter(), machine.load()
    about = {"date": datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z"), **machine.facts()}
    if a.quick:
        about["quick"] = "yes: everything ran as shortly as it could, and the figures mean nothing"
    results: dict[str, Found] = {}
    for number, name in enumerate(names, 1):
        say(f"[{number}/{len(names)}] {name}")
        left = started + 60 * a.minutes - time.perf_counter()
        results[name] = one(name, folder, a.out, a.quick, *share(names[number - 1 :], left))
        for row in rows(name, results[name]):
            say(f"    {row.what}: {row.measured}")
        took = f"{(time.perf_counter() - started) / 60:.1f} minutes"
        now = about | {"load average before": before, "load average after": machine.load(), "took": took}
        (a.out / "RESULTS.md").write_text(table(results, now), "utf-8")
        (a.out / "results.json").write_text(json.dumps({"machine": now, **results}, indent=1) + "\n", "utf-8")
    say(f"wrote {a.out / 'RESULTS.md'} after {took}")
    return 1 if any("error" in found for found in results.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
