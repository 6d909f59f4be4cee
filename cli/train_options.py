"""The options of `train`: the settings of a run that are given, each over that of a recipe or the default."""

from __future__ import annotations

import argparse
import shlex
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from nn_core.errors import SettingsError
from nn_core.recipes import find_recipe
from nn_core.search.description import DEFAULT_SPACE
from nn_core.settings import TrainSettings

#: What `train` does when nothing is said: as the window, but on MNIST.
DEFAULTS = TrainSettings(dataset="mnist")
#: Options that are called otherwise than the settings.
_FLAGS = {"learning_rate": "lr", "batch_size": "batch"}


def settings_of(arguments: argparse.Namespace, kept: TrainSettings | None = None) -> TrainSettings:
    """The settings of the recipe, or those that were kept, or the defaults, with those that were given over them.

    Raises:
        SettingsError: there is no such recipe, or a value is out of its range.
    """
    base = find_recipe(arguments.recipe).settings if arguments.recipe else kept or DEFAULTS
    names = (field.name for field in fields(TrainSettings))
    return replace(base, **{name: getattr(arguments, name) for name in names if hasattr(arguments, name)})


def resumed_settings(arguments: argparse.Namespace, kept: TrainSettings) -> TrainSettings:
    """The settings of a run that goes on: its own, but for those that change no bits.

    Raises:
        SettingsError: others are given than it has.
    """
    threads = getattr(arguments, "threads", DEFAULTS.threads)
    save_every = getattr(arguments, "save_every", kept.save_every)
    settings = replace(kept, threads=threads, save_every=save_every)
    given = replace(settings_of(arguments, kept), threads=threads, save_every=save_every)
    names = (field.name for field in fields(TrainSettings))
    other = [name for name in names if getattr(given, name) != getattr(settings, name)]
    if other:
        its = ", ".join(f"{_flag(name)} {getattr(kept, name)}" for name in other)
        raise SettingsError(f"--resume goes on with its run's settings ({its}): leave others out, or begin a new run")
    return settings


def command_of(settings: TrainSettings) -> str:
    """The options of `train` that give these settings."""
    words = ["train"]
    for name, value in settings.deciding().items():
        usual = value == getattr(DEFAULTS, name) and name not in ("preset", "dataset", "epochs")
        if usual or name in ("augment", "augmentation"):
            continue
        words += ["--" + ("" if value else "no-") + name] if isinstance(value, bool) else [_flag(name), str(value)]
    return shlex.join(words + (["--augment", settings.augmentation] if settings.augment else []))


def _flag(name: str) -> str:
    return f"--{_FLAGS.get(name, name).replace('_', '-')}"


def add_settings(train: argparse.ArgumentParser) -> None:
    """Add an option for every field of `TrainSettings`; what is not given does not appear among the arguments."""
    train.add_argument("--recipe", metavar="NAME", help="a complete run by name, see 'recipes'; options override it")
    _add_network(train)
    _add_data(train)
    _add_learning(train)
    _add_policy(train)


def _add_network(train: argparse.ArgumentParser) -> None:
    _add(train, "preset", "--preset", "P", "a network: name or chain, see 'presets'")
    _add(train, "init", "--init", "I", "how weights start: he-normal, sparse …; preset: its own way")
    _add(train, "bias", "--bias", "B", "what biases start at")


def _add_data(train: argparse.ArgumentParser) -> None:
    _add(train, "dataset", "--dataset", "S", "mnist, strokes, both: mnist+strokes …")
    _add(train, "train_images", "--train-images", "N", "train on the first N images alone; 0: all")
    _add(train, "normalization", "--normalization", "N", "of the pixels: min-max, logarithm …")
    train.add_argument(
        "--augment", "--no-augment", action=_Augment, nargs="?", default=argparse.SUPPRESS, metavar="A",
        help="show each image a little differently every time; A says how: usual (shift, scale, rotation, shear,"
        " elastic), rotation=15,noise=0.05, or usual,crop=4; beware of flips: a mirrored 2 is no digit",
    )  # fmt: skip
    train.add_argument(
        "--balanced", action=argparse.BooleanOptionalAction, default=argparse.SUPPRESS,
        help="show all classes equally often, however many images they have",
    )  # fmt: skip


class _Augment(argparse.Action):
    """`--augment` with or without words for what is varied, and `--no-augment`."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: str | None = None
    ) -> None:
        """Set `augment`, and with it `augmentation`."""
        namespace.augment = option == "--augment"
        if values is None:
            return
        if not namespace.augment:
            parser.error("--no-augment takes no value")
        namespace.augmentation = values


def _add_learning(train: argparse.ArgumentParser) -> None:
    _add(train, "epochs", "--epochs", "E", "passes over the data")
    _add(train, "batch_size", "--batch", "B", "images a step")
    _add(train, "learning_rate", "--lr", "R", "learning rate")
    _add(train, "optimizer", "--optimizer", "O", "sgd, momentum, rmsprop, ftrl …")
    _add(train, "schedule", "--schedule", "S", "of the learning rate: constant, step, warm-up …")
    _add(train, "loss", "--loss", "L", "mse, squared-error, binary-cross-entropy …")
    _add(train, "teachers", "--teachers", "T", "recipes whose networks it learns from, too: a+b:2 for b with seed 2")
    _add(train, "label_smoothing", "--label-smoothing", "L", "soft targets: 0.2 wants 0.1 and 0.9 of a squared error")
    _add(train, "weight_decay", "--weight-decay", "W", "L2 penalty")
    _add(train, "l1", "--l1", "W", "L1 penalty")
    _add(train, "max_norm", "--max-norm", "C", "longest weights of a unit; 0: any")
    _add(train, "average", "--average", "D", "decay of the moving average of the weights; 0: none")
    _add(train, "seed", "--seed", "S", "decides all that is random")
    _add(train, "threads", "--threads", "T", "changes the time alone")


def _add_policy(train: argparse.ArgumentParser) -> None:
    _add(train, "validation", "--validation", "N", "hold the last N training images out, for --patience to watch")
    _add(train, "evaluate_every", "--evaluate-every", "K", "epochs between two evaluations")
    _add(train, "patience", "--patience", "P", "stop after P evaluations without a better one on those; 0: never")
    _add(train, "save_every", "--save-every", "K", "epochs between two checkpoints, besides those by the clock")


def _add(train: argparse.ArgumentParser, field: str, flag: str, metavar: str, text: str) -> None:
    default: Any = getattr(DEFAULTS, field)
    train.add_argument(
        flag, dest=field, type=type(default), default=argparse.SUPPRESS, metavar=metavar, help=f"{text} ({default})"
    )


def add_searching(search: argparse.ArgumentParser) -> None:
    """Add what `search` asks for besides the settings that all its trials have; what is not given does not appear."""
    text = search.add_argument
    absent = argparse.SUPPRESS
    text("--trials", type=int, metavar="N", help="trials of the study in all (20; grid: every combination)")
    text("--sampler", metavar="S", default=absent, help="tpe (Bayesian), random or grid (tpe)")
    text("--space", metavar="X", default=absent, help=f"what varies ({DEFAULT_SPACE})")
    text("--hold-out", type=int, metavar="N", default=absent, help="compare on the last N training images (5000)")
    text("--images", type=int, dest="train_images", metavar="N", default=absent, help="the same as --train-images")
    text(
        "--prune", action=argparse.BooleanOptionalAction, default=absent, help="end what is worse than the median (yes)"
    )
    text("--storage", metavar="F", help="a file or a database's URL to keep the study in, for several processes")
    text("--study", metavar="NAME", help="the study of that name in the storage (search)")


def add_keeping(train: argparse.ArgumentParser) -> None:
    """Add what is no setting: what stays as it is, what is measured, what is written where."""
    text = train.add_argument
    text("--freeze", default="", metavar="L,L", help="layers that stay as they are, as 'info' counts them: 0,3")
    text(
        "--pretrain", default="", metavar="E[:C]",
        help="first train each linear layer for E epochs without labels, share C of its inputs set to 0",
    )  # fmt: skip
    text("--hold-out", type=int, metavar="N", help="measure on the last N training images, not on the test")
    text("--out", type=Path, metavar="M", help="the model file to write; without one nothing is kept")
    text("--checkpoint", type=Path, metavar="C", help="a file to keep the run in")
    text("--checkpoint-seconds", type=float, default=30.0, metavar="N", help="how often, besides --save-every")
    text("--resume", type=Path, metavar="C", help="go on with the run in this checkpoint, with its settings")
