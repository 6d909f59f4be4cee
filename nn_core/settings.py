"""The settings of a training run, checked once at the border and trusted from there on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from nn_core.errors import SettingsError

_NOT_DECIDING = {"threads", "save_every"}
MOST_SETS = 64  # that are trained on together, each as often as it is named
MOST_TEACHERS = 8  # a bit of a byte for each


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """Everything that decides the bits of a run: the same settings and data give the same parameters.

    `threads` and `save_every` alone change nothing but the time it takes.

    Raises:
        SettingsError: a value is out of its range.
    """

    preset: str = "digitscope"
    dataset: str = "strokes"
    optimizer: str = "adam"
    learning_rate: float = 5e-3
    batch_size: int = 64
    epochs: int = 10
    seed: int = 0
    schedule: str = "one-cycle"
    loss: str = "cross-entropy"
    weight_decay: float = 0.0
    label_smoothing: float = 0.0
    l1: float = 0.0
    max_norm: float = 0.0  # 0: no limit
    average: float = 0.0  # decay of the parameters' moving average; 0: none
    init: str = "preset"  # the preset's own
    bias: float = 0.0  # what biases start at
    augment: bool = False
    augmentation: str = "usual"  # what is varied with `augment`, as in nn_core.augment_text
    balanced: bool = False  # all classes equally often
    normalization: str = "standard"
    teachers: str = ""  # recipes, joined by +, whose networks it learns from, too; a seed after a colon: `a+b:2+b:3`
    train_images: int = 0  # the first so many alone; 0: all
    validation: int = 0  # training images that are held out
    evaluate_every: int = 1  # epochs
    patience: int = 0  # evaluations without a better one on the images held out, after which the run ends; 0: no end
    save_every: int = 1  # epochs, beside the saving by the clock
    threads: int = 2

    def __post_init__(self) -> None:
        _check("learning rate", self.learning_rate, 0.0, 1e3)
        _check("batch size", self.batch_size, 1, 60_000)
        _check("epochs", self.epochs, 1, 100_000)
        _check("seed", self.seed, 0, 2**32 - 1)
        _check("weight decay", self.weight_decay, 0.0, 10.0)
        _check("label smoothing", self.label_smoothing, 0.0, 0.999)
        _check("l1", self.l1, 0.0, 10.0)
        _check("max norm", self.max_norm, 0.0, 1e6)
        _check("average", self.average, 0.0, 0.99999)
        _check("bias", self.bias, -100.0, 100.0)
        _check("train images", self.train_images, 0, 10**9)
        _check("validation", self.validation, 0, 10**6)
        _check("evaluate every", self.evaluate_every, 1, 100_000)
        _check("patience", self.patience, 0, 100_000)
        _check("save every", self.save_every, 1, 100_000)
        _check("threads", self.threads, 1, 64)
        if self.dataset.count("+") >= MOST_SETS:
            raise SettingsError(f"dataset (={self.dataset[:40]}…) must be {MOST_SETS} sets at most")
        if self.patience and not self.validation:
            raise SettingsError(f"patience (={self.patience}) needs validation images: say --validation 5000")

    def taught_by(self) -> list[tuple[str, int | None]]:
        """The teachers: name of a recipe, and a seed where another one than the recipe's is wanted.

        Raises:
            SettingsError: there are too many, a seed is no number of the range of seeds, or the loss is not the
                cross-entropy, which alone they go with.
        """
        words = self.teachers.split("+") if self.teachers else []
        if len(words) > MOST_TEACHERS:
            raise SettingsError(f"teachers (={len(words)}) must be {MOST_TEACHERS} at most")
        if words and self.loss != "cross-entropy":
            raise SettingsError(f"teachers go with the loss cross-entropy, not with {self.loss}")
        found = []
        for word in words:
            name, colon, seed = word.partition(":")
            if colon and not (seed.isascii() and seed.isdigit() and len(seed) <= 10 and int(seed) < 2**32):
                raise SettingsError(f"teachers: the seed of {word[:40]!r} must be a number between 0 and {2**32 - 1}")
            found.append((name, int(seed) if colon else None))
        return found

    def deciding(self) -> dict[str, Any]:
        """The settings that decide the bits of a run, as plain data."""
        names = (field.name for field in fields(self) if field.name not in _NOT_DECIDING)
        return {name: getattr(self, name) for name in names}

    @classmethod
    def from_plain(cls, values: Mapping[str, Any]) -> TrainSettings:
        """Settings from plain data, as `dataclasses.asdict` made it; unknown names are an error.

        Raises:
            SettingsError: a name is unknown, a value has the wrong type or is out of its range.
        """
        known = {field.name: field for field in fields(cls)}
        for name, value in values.items():
            if name not in known:
                raise SettingsError(f"there is no setting {name!r}")
            wanted = type(known[name].default)
            if type(value) is not wanted and not (wanted is float and type(value) is int):
                raise SettingsError(f"{name} (={value!r}) must be of the type {wanted.__name__}")
        return cls(**values)


def _check(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # which NaN is not, either
        raise SettingsError(f"{name} (={value}) must lie between {low:g} and {high:g}")
