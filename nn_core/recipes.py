"""Recipes: complete training runs by name, and what each of them reached."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from nn_core.errors import SettingsError
from nn_core.settings import TrainSettings


@dataclass(frozen=True, slots=True)
class Recipe:
    """A run with nothing left open: every setting of it, and a line on where it comes from."""

    about: str
    settings: TrainSettings


_VARIED = TrainSettings(
    preset="digitscope", dataset="+".join(["mnist"] * 8 + ["strokes"] * 6), augment=True, epochs=3, batch_size=128,
    optimizer="adamw", learning_rate=4e-3, schedule="one-cycle:0.3:0.6", weight_decay=0.01, average=0.999,
    seed=1,
)  # fmt: skip

RECIPES: dict[str, Recipe] = {
    "digitscope": Recipe("MNIST and pen strokes, every image varied: what teaches the model that is shipped", _VARIED),
    "digitscope-mnist": Recipe(
        "its network on MNIST alone, to compare and to teach with",
        replace(_VARIED, dataset="mnist", epochs=20, schedule="one-cycle"),
    ),
    "digitscope-taught": Recipe(
        "the model that is shipped: its network once more, taught by three of itself and by two of MNIST alone",
        replace(
            _VARIED, epochs=5, schedule="one-cycle",
            teachers="digitscope+digitscope:2+digitscope:3+digitscope-mnist+digitscope-mnist:2",
        ),
    ),
    "blog-cnn": Recipe(
        "two small convolutions from scratch, 99 %",
        TrainSettings(preset="blog-cnn", dataset="mnist", learning_rate=3e-3, epochs=12, seed=1),
    ),
    "blog-fc": Recipe(
        "what came before them: 784-30-10 with sigmoids and squared error, ten images a step",
        TrainSettings(
            preset="blog-fc", dataset="mnist", normalization="min-max", loss="squared-error", optimizer="sgd",
            learning_rate=3.0, schedule="constant", batch_size=10, epochs=10, seed=1,
        ),
    ),
    "lenet5": Recipe(
        "LeNet-5 of 1998: sigmoids, average pooling, Xavier's start, plain descent by 0.9",
        TrainSettings(
            preset="lenet5", dataset="mnist", init="xavier-uniform", optimizer="sgd", learning_rate=0.9,
            schedule="constant", batch_size=256, epochs=10, seed=1,
        ),
    ),
    "lenet5-modern": Recipe(
        "the same network with ReLUs and max-pooling, for as long: to compare with lenet5",
        TrainSettings(
            preset="lenet5-modern", dataset="mnist", optimizer="sgd", learning_rate=0.1, schedule="constant",
            batch_size=256, epochs=10, seed=1,
        ),
    ),
    "fc-sigmoid": Recipe(
        "784-300-10 with sigmoids, targets 0.1 and 0.9, sample by sample at rate 0.3",
        TrainSettings(
            preset="fc-sigmoid", dataset="mnist", normalization="min-max", loss="squared-error", label_smoothing=0.2,
            optimizer="sgd", learning_rate=0.3, schedule="constant", batch_size=1, epochs=5, seed=1,
        ),
    ),
    "numpy-cnn": Recipe(
        "one convolution on 1,000 images: learnt by heart in the end, and no better for it",
        TrainSettings(
            preset="numpy-cnn", dataset="mnist", normalization="min-max", train_images=1000, optimizer="sgd",
            learning_rate=0.1, schedule="constant", batch_size=128, epochs=100, seed=1,
        ),
    ),
    "deep-mnist": Recipe(
        "the 32-64-1024 network, 10,000 batches of 50 from 50,000 images, each varied, weights averaged",
        TrainSettings(
            preset="deep-mnist", dataset="mnist", normalization="min-max", init="truncated-normal:0.1", bias=0.1,
            train_images=50_000, augment=True, optimizer="adam", learning_rate=1e-4, schedule="constant", average=0.999,
            batch_size=50, epochs=10, seed=1,
        ),
    ),
}  # fmt: skip


def find_recipe(name: str) -> Recipe:
    """The recipe of that name.

    Raises:
        SettingsError: there is none.
    """
    if name not in RECIPES:
        raise SettingsError(f"recipe (={name!r}) must be one of {', '.join(RECIPES)}")
    return RECIPES[name]


@lru_cache(maxsize=8)
def recipe_of(settings: TrainSettings) -> str:
    """The name of the recipe that is a run to the same bits; empty when there is none.

    The window asks with every new point of the curves, so the last answers are kept.
    """
    wanted = settings.deciding()
    return next((name for name, recipe in RECIPES.items() if recipe.settings.deciding() == wanted), "")


@dataclass(frozen=True, slots=True)
class Reached:
    """What a recipe ended with: shares of right answers, and the seconds that it took on the machine that ran it."""

    test_accuracy: float
    train_accuracy: float
    seconds: float


def load_reached(path: Path) -> dict[str, Reached]:
    """What was recorded in a file, by recipe; a recipe that has changed since then has reached nothing yet.

    Raises:
        SettingsError: the file is missing or damaged.
    """
    try:
        rows: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))
        current = {name for name, row in rows.items() if recipe_of(TrainSettings.from_plain(row["settings"])) == name}
        return {name: _reached(rows[name]) for name in RECIPES if name in current}
    except (OSError, SettingsError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as why:
        raise SettingsError(f"{path} cannot be read as a table of recipes: {why}") from why


def _reached(row: Mapping[str, Any]) -> Reached:
    values = {field.name: row[field.name] for field in fields(Reached)}
    for name, value in values.items():
        if type(value) not in (int, float) or not 0 <= value < math.inf:
            raise ValueError(f"{name} (={value!r}) cannot be")
    return Reached(**values)
