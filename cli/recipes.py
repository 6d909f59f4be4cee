"""`recipes`: complete training runs by name, and what they reached."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from cli.output import record
from nn_core.recipes import RECIPES, Reached, Recipe, load_reached


def run(arguments: argparse.Namespace) -> int:
    """A line a recipe."""
    from resources import RECIPES_REACHED

    reached = load_reached(RECIPES_REACHED)
    width = max(map(len, RECIPES))
    for name, recipe in RECIPES.items():
        found = reached.get(name)
        if arguments.json:
            settings = recipe.settings.deciding()
            record(
                {"recipe": name, "about": recipe.about, "command": command(name), "settings": settings,
                 "reached": asdict(found) if found else None}
            )  # fmt: skip
        else:
            print(f"{name:{width}} {_words(found)}   {recipe.about}\n{'':{width}} {_how(recipe)}")
    return 0


def command(name: str) -> str:
    """What trains by a recipe."""
    return f"digitscope train --recipe {name}"


def _words(found: Reached | None) -> str:
    return f"{found.test_accuracy:>7.2%}" if found else "      –"


def _how(recipe: Recipe) -> str:
    """The settings that matter most, in a line."""
    s = recipe.settings
    parts = s.dataset.split("+")
    sets = " + ".join(one if parts.count(one) == 1 else f"{parts.count(one)} × {one}" for one in dict.fromkeys(parts))
    images = f"the first {s.train_images:,} of {sets}" if s.train_images else sets
    return (
        f"{s.preset} on {images}: {s.loss}, {s.optimizer} at {s.learning_rate:g} ({s.schedule}),"
        f" batch {s.batch_size}, {s.epochs} epochs, seed {s.seed}" + (f", taught by {s.teachers}" if s.teachers else "")
    )
