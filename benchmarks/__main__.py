"""All benchmarks, one after the other, and one table of what they found: `python -m benchmarks` (`make bench`).

Each is a process of its own. The table goes to `RESULTS.md`, everything measured to `results.json`, the curves to
`scaling.svg`, all beside this file unless `--out` names another folder.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from datetime import datetime
from importlib import import_module
from pathlib import Path

from benchmarks import machine
from benchmarks.common import ROOT, BenchmarkError, Found, Row, data_dir, say

BENCHMARKS = ("beside_torch", "busy", "window", "startup", "memory", "scaling", "time_to_99")
#: For seeing that everything works: the figures of such a run mean nothing.
QUICK = {
    "beside_torch": "--seconds 0.1 --rounds 1 --batches 64",
    "busy": "--seconds 0.1 --rounds 1 --presets blog-cnn",
    "window": "--seconds 3 --rounds 1 --speed-seconds 1",
    "startup": "--rounds 1",
    "memory": "--seconds 5",
    "scaling": "--seconds 0.1 --rounds 1",
    "time_to_99": "--rounds 1 --preset mlp-300",
}
QUIET = 0.2  # cores at work before a benchmark, beyond which its figures are not to be trusted


def one(name: str, folder: Path, out: Path, quick: bool) -> Found:
    """What one benchmark prints; {"error"} when it failed. With it, how long it took and what else was at work."""
    others = machine.others_at_work()
    words = QUICK[name].split() if quick else []
    words += ["--plot", str(out / "scaling.svg")] if name == "scaling" else []
    started = time.perf_counter()
    command = [sys.executable, "-m", f"benchmarks.{name}", "--data-dir", str(folder), *words]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    found = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else {"error": "failed"}
    return {**found, "others_at_work": others, "took_s": time.perf_counter() - started}


def rows(name: str, found: Found) -> list[Row]:
    """The rows of one benchmark, made by its own module."""
    if "error" in found:
        return [Row(name, "", "could not be measured here; see above", None)]
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
        f"Before `{name}` {found['others_at_work']:.1f} cores were at work for others: do not trust its figures."
        for name, found in results.items()
        if (found["others_at_work"] or 0) > QUIET
    ]
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
    a = parser.parse_args()
    unknown = set(a.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    try:
        folder = data_dir(a.data_dir)
    except BenchmarkError as why:
        parser.error(str(why))
    started, before = time.perf_counter(), machine.load()
    results: dict[str, Found] = {}
    for number, name in enumerate(a.names or BENCHMARKS, 1):
        say(f"[{number}/{len(a.names or BENCHMARKS)}] {name}")
        results[name] = one(name, folder, a.out, a.quick)
        for row in rows(name, results[name]):
            say(f"    {row.what}: {row.measured}")
    took = time.perf_counter() - started
    about = {"date": datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z"), **machine.facts()}
    about |= {"load average before": before, "load average after": machine.load(), "took": f"{took / 60:.1f} minutes"}
    if a.quick:
        about["quick"] = "yes: everything ran as shortly as it could, and the figures mean nothing"
    (a.out / "RESULTS.md").write_text(table(results, about), "utf-8")
    (a.out / "results.json").write_text(json.dumps({"machine": about, **results}, indent=1) + "\n", "utf-8")
    say(f"wrote {a.out / 'RESULTS.md'} after {took / 60:.1f} minutes")
    return 1 if any("error" in found for found in results.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
