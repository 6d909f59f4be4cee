"""Early stopping: a run ends when it no longer gets better on images held out of training, and returns to its best.

The accuracy that is watched is that on held-out training images, never on the test split: who stops where the test
comes out best has chosen by the test, and its figure is no longer that of images never seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from nn_core.layers import Array


@dataclass(frozen=True, slots=True, eq=False)
class Best:
    """The best of a run so far: its accuracy on the held-out images, after which epoch, and its parameters.

    `waited` counts the evaluations since then.
    """

    accuracy: float
    epoch: int
    waited: int
    vector: Array


def better_of(best: Best | None, accuracy: float, epoch: int, vector: Array) -> Best:
    """The best after one more evaluation; `vector` is copied when it is the best."""
    if best is None or accuracy > best.accuracy:
        return Best(accuracy, epoch, 0, vector.copy())
    return replace(best, waited=best.waited + 1)


def has_waited(best: Best | None, patience: int) -> bool:
    """Whether a run has not got better for as long as its patience lasts, if it has any."""
    return best is not None and 0 < patience <= best.waited
