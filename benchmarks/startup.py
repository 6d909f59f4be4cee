"""From `python main.py` to the painted window and an answered drawing, beside `python -c "import torch"`.

Prints {"painted_s", "answered_s", "import_torch_s": spreads, "ratio": spread, "cold_s"}: wall-clock seconds from the
start of the process, in turn, and the ratio of ours to torch's; "cold_s" are those of the first runs, not counted.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.common import ROOT, BenchmarkError, Found, Row, data_dir, elsewhere, in_words, parser, run, say, spread

# Both sides are timed until a line says that they are there, not until they have ended.
_IMPORT_TORCH = 'import torch; print(\'{"event": "imported"}\', flush=True)'
_AT_MOST = 120.0


def timed(command: list[str], environment: Mapping[str, str]) -> dict[str, float]:
    """Seconds from the start of a Python process to each line {"event": …} that it prints.

    Raises:
        BenchmarkError: it failed.
    """
    found: dict[str, float] = {}
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=dict(environment), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("{"):
                found[json.loads(line)["event"]] = time.perf_counter() - started
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_AT_MOST)
        if process.poll() is None:
            process.kill()
    if process.returncode:
        raise BenchmarkError(f"{' '.join(command)} ended with {process.returncode}")
    return found


def measure(rounds: int, folder: Path, *, beside_torch: bool = True) -> Found:
    """`rounds` of ours and torch's in turn, after one of each that does not count."""
    painted: list[float] = []
    answered: list[float] = []
    imported: list[float] = []
    with elsewhere() as environment:
        for number in range(rounds + 1):
            ours = timed(["-m", "benchmarks.first_answer", "--data-dir", str(folder)], environment)
            theirs = timed(["-c", _IMPORT_TORCH], environment) if beside_torch else {}
            painted.append(ours["painted"])
            answered.append(ours["answered"])
            imported += theirs.values()
            words = "cold, does not count" if number == 0 else f"round {number}"
            torch = f", torch imported {imported[-1]:.2f} s" if imported else ""
            say(f"{words}: painted {painted[-1]:.2f} s, answered {answered[-1]:.2f} s{torch}")
    found = {"painted_s": spread(painted[1:]), "answered_s": spread(answered[1:])}
    found["cold_s"] = {"answered": answered[0], **({"import_torch": imported[0]} if imported else {})}
    if imported:
        ratios = [a / b for a, b in zip(answered[1:], imported[1:], strict=True)]
        found |= {"import_torch_s": spread(imported[1:]), "ratio": spread(ratios)}
    return found


def rows(found: Found) -> list[Row]:
    """The rows of the table."""
    answered, imported, cold = found["answered_s"], found["import_torch_s"], found["cold_s"]
    ours = f"{in_words(answered)} s; painted after {found['painted_s']['median']:.2f} s"
    theirs = f'`python -c "import torch"` {in_words(imported)} s'
    words = f"{ours}; {theirs} (first runs, not counted: {cold['answered']:.2f} and {cold['import_torch']:.2f} s)"
    reached = answered["median"] <= imported["median"]
    return [Row("`python main.py` → window painted and a drawing answered", "≤ `import torch`", words, reached)]


def main() -> int:
    """Run from the command line."""
    a = parser(__doc__, rounds=5, threads=False).parse_args()
    return run(lambda: measure(a.rounds, data_dir(a.data_dir)))


if __name__ == "__main__":
    sys.exit(main())
