"""Train by recipes and record what each of them reaches: `python -m benchmarks.recipes [NAME …]`.

Each is a process of its own, `main.py train --recipe NAME --json`. What it reached goes into `resources/recipes.json`,
from where `recipes` and the window tell it: the last epoch's accuracies, the seconds of all (those of loading and of
teachers that must be trained first, too), the settings that they belong to, and the accuracies of every epoch. Where
teachers are not kept yet, all of them together take some hours.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from time import perf_counter

from benchmarks import machine
from benchmarks.common import Found, data_dir, lines_of, parser, run, say
from nn_core.files import write_atomically
from nn_core.recipes import RECIPES, find_recipe
from resources import RECIPES_REACHED


def train(name: str, threads: int, folder: Path) -> Found:
    """Train by one recipe; the row of the table."""
    recipe = find_recipe(name)
    options = ("--recipe", name, "--threads", threads, "--data-dir", folder)
    started = perf_counter()
    lines = lines_of("main.py", "train", *options, "--json")
    seconds = perf_counter() - started  # those of its teachers, too
    epochs = [line for line in lines if "epoch" in line]
    return {
        "test_accuracy": lines[-1]["test_accuracy"],  # of the last epoch, or of the best one that was gone back to
        "train_accuracy": epochs[-1]["train_accuracy"],
        "seconds": round(seconds, 1),
        "command": f"digitscope train --recipe {name}",
        "date": date.today().isoformat(),
        "processor": machine.facts()["processor"],
        "settings": recipe.settings.deciding(),
        "test_accuracies": [epoch["test_accuracy"] for epoch in epochs],
        "train_accuracies": [round(epoch["train_accuracy"], 4) for epoch in epochs],
    }


def measure(names: list[str], threads: int, folder: Path, out: Path) -> Found:
    """Train by all of `names`; the file is written anew after each."""
    found: Found = {}
    for name in names:
        found[name] = train(name, threads, folder)
        say(f"{name}: {found[name]['test_accuracy']:.2%} after {found[name]['seconds']:.0f} s")
        table = (json.loads(out.read_text("utf-8")) if out.exists() else {}) | {name: found[name]}
        rows = (f"{json.dumps(each)}: {json.dumps(table[each])}" for each in RECIPES if each in table)
        write_atomically(out, ("{\n" + ",\n".join(rows) + "\n}\n").encode())
    return {name: row["test_accuracy"] for name, row in found.items()}


def main() -> int:
    """Run from the command line."""
    options = parser(__doc__)
    options.add_argument("names", nargs="*", metavar="NAME", help=f"some of {', '.join(RECIPES)} (all)")
    options.add_argument("--out", type=Path, default=RECIPES_REACHED, help="the table (%(default)s)")
    a = options.parse_args()
    unknown = set(a.names) - set(RECIPES)
    if unknown:
        options.error(f"there is no recipe {', '.join(sorted(unknown))}")
    return run(lambda: measure(a.names or list(RECIPES), a.threads, data_dir(a.data_dir), a.out))


if __name__ == "__main__":
    sys.exit(main())
