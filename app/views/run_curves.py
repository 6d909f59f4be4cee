"""What has been measured in a run, as the plots take it."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np

_NOTHING = np.zeros(0)


def _none() -> np.ndarray:
    return _NOTHING


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """What has been measured in a run so far; ascending, of equal length, and not written to afterwards."""

    train_step: np.ndarray = field(default_factory=_none)  # (n,) batches since the start
    train_epoch: np.ndarray = field(default_factory=_none)  # (n,) epochs, the x of the plots
    train_loss: np.ndarray = field(default_factory=_none)  # (n,) of single batches
    train_loss_smooth: np.ndarray = field(default_factory=_none)  # (n,)
    train_accuracy: np.ndarray = field(default_factory=_none)  # (n,) 0 to 1
    train_accuracy_smooth: np.ndarray | None = None  # (n,) 0 to 1
    test_epoch: np.ndarray = field(default_factory=_none)  # (m,)
    test_loss: np.ndarray = field(default_factory=_none)  # (m,)
    test_accuracy: np.ndarray = field(default_factory=_none)  # (m,) 0 to 1
    held_out_epoch: np.ndarray = field(default_factory=_none)  # (k,) of the images held out of training
    held_out_loss: np.ndarray = field(default_factory=_none)  # (k,)
    held_out_accuracy: np.ndarray = field(default_factory=_none)  # (k,) 0 to 1
    name: str = ""  # of the run

    def __post_init__(self) -> None:
        for x in ("train_epoch", "test_epoch", "held_out_epoch"):
            for each in fields(self):
                values, wanted = getattr(self, each.name), len(getattr(self, x))
                if each.name.startswith(x[:5]) and values is not None and len(values) != wanted:
                    raise ValueError(f"{each.name} has {len(values)} values, {x} has {wanted}")

    def series(self, name: str) -> np.ndarray:
        """The values of that name; single batches where there is no smoothed curve."""
        values: np.ndarray | None = getattr(self, name)
        return self.train_accuracy if values is None else values
