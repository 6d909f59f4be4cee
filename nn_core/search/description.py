"""A search as a whole: which runs are tried, and how they are compared."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Any

from nn_core.augment_text import parse_augmentation
from nn_core.errors import SettingsError
from nn_core.losses import make_loss
from nn_core.optimizers import make_optimizer
from nn_core.schedules import find_schedule
from nn_core.search.space import Axis, Value, format_space, parse_space, settings_with
from nn_core.settings import TrainSettings
from nn_core.start import start_model
from nn_core.training_step import check_batches

SAMPLERS = ("tpe", "random", "grid")
DEFAULT_SPACE = "lr=1e-4..1e-1 log, batch=32|64|128|256, optimizer=sgd|momentum|adam"
#: All points of a grid are kept in the study from the start.
MOST_POINTS = 1000
MOST_TRIALS = 10_000
_NETWORK = {"preset", "init", "bias", "normalization", "seed", "batch_size"}
_SETTINGS = set(TrainSettings().deciding())


@dataclass(frozen=True, slots=True)
class Search:
    """Runs like `base` but for what `space` varies, compared on the last `hold_out` images of the training split.

    `sampler` is `grid` (every combination, in an order drawn from the seed), `random` (Bergstra and Bengio 2012) or
    `tpe`, the tree-structured Parzen estimator (Bergstra et al. 2011). With `prune`, a run ends after an epoch in which
    it is worse than the median of the runs before it.

    Raises:
        SettingsError: a value is out of its range, or a run that the space leads to would be impossible.
    """

    base: TrainSettings = field(default_factory=lambda: TrainSettings(epochs=3))
    space: tuple[Axis, ...] = field(default_factory=lambda: parse_space(DEFAULT_SPACE))
    sampler: str = "tpe"
    hold_out: int = 5000
    prune: bool = True

    def __post_init__(self) -> None:
        if self.sampler not in SAMPLERS:
            raise SettingsError(f"sampler (={self.sampler!r}) must be one of {', '.join(SAMPLERS)}")
        if not 1 <= self.hold_out <= 10**6:
            raise SettingsError(f"hold-out (={self.hold_out}) must lie between 1 and 1,000,000: trials need a judge")
        if self.base.patience or self.base.validation:
            raise SettingsError("a search watches its runs by the images held out: leave out --patience, --validation")
        if self.base.teachers:
            raise SettingsError(f"teachers (={self.base.teachers!r}): the runs of a search have none, leave them out")
        if self.sampler == "grid" and self.points > MOST_POINTS:
            raise SettingsError(f"the grid has {self.points:,} points, and at most {MOST_POINTS:,} are possible")

    @property
    def points(self) -> int:
        """Combinations of which the grid consists."""
        return prod(len(axis.points()) for axis in self.space)

    def grid(self) -> list[dict[str, Value]]:
        """Every combination once, shuffled by the seed, so that the first of them are spread over the whole."""
        names = [axis.name for axis in self.space]
        found = [dict(zip(names, one, strict=True)) for one in product(*(axis.points() for axis in self.space))]
        random.Random(self.base.seed).shuffle(found)
        return found

    def settings(self, values: Mapping[str, Value]) -> TrainSettings:
        """The settings of the run with these values."""
        return settings_with(self.base, values)

    def check(self) -> None:
        """Make sure that every end of every axis gives a run that can begin.

        Raises:
            SettingsError: one does not.
        """
        first = {axis.name: axis.points()[0] for axis in self.space}
        _check_run(self.settings(first), network=True)
        unused = [name for name in first if name not in _SETTINGS and f"{{{name}}}" not in self._chains()]
        if unused:
            raise SettingsError(f"space: {unused[0]} is no setting, and no place {{{unused[0]}}} in the chain")
        for axis in self.space:
            points = axis.points()
            for value in points if axis.values else (points[-1],):
                in_network = axis.name in _NETWORK or axis.name not in _SETTINGS
                _check_run(self.settings(first | {axis.name: value}), network=in_network)

    def _chains(self) -> str:
        chosen = [str(value) for axis in self.space if axis.name == "preset" for value in axis.values]
        return " ".join(chosen or [self.base.preset])

    def plain(self) -> dict[str, Any]:
        """The search as plain data."""
        return {
            "settings": self.base.deciding(),
            "space": format_space(self.space),
            "sampler": self.sampler,
            "hold_out": self.hold_out,
            "prune": self.prune,
        }

    @classmethod
    def from_plain(cls, plain: object) -> Search:
        """The search that `plain` describes.

        Raises:
            SettingsError: it describes none.
        """
        kinds = {"settings": dict, "space": str, "sampler": str, "hold_out": int, "prune": bool}
        if not isinstance(plain, dict) or set(plain) != set(kinds):
            raise SettingsError("this is no description of a search")
        for name, kind in kinds.items():
            if type(plain[name]) is not kind:
                raise SettingsError(f"{name} (={plain[name]!r}) must be of the type {kind.__name__}")
        base = TrainSettings.from_plain(plain["settings"])
        return cls(base, parse_space(plain["space"]), plain["sampler"], plain["hold_out"], plain["prune"])


def _check_run(settings: TrainSettings, *, network: bool) -> None:
    make_optimizer(settings.optimizer, settings.learning_rate, settings.weight_decay, settings.l1)
    find_schedule(settings.schedule)
    make_loss(settings.loss, settings.label_smoothing)
    parse_augmentation(settings.augmentation)
    if network:
        check_batches(start_model(settings).network, settings.batch_size)
