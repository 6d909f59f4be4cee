"""From a split of a dataset to the batches of a run: order, augmentation, float32."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn_core.augment import Augmentation
from nn_core.balancing import balanced_order
from nn_core.data.dataset import Split
from nn_core.layers import Array
from nn_core.normalization import Normalization
from nn_core.randomness import Purpose, generator


class Batches:
    """The training images of a run, batch by batch; which image comes when follows from the seed alone.

    Images stay uint8 until a part of a batch is prepared. The last batch of an epoch holds what is left. Nothing but
    the order of the epoch is remembered between calls, so a run that is resumed sees what it would have seen. With
    `balanced` all classes come equally often: some images more than once an epoch, others in a later one.
    """

    def __init__(
        self, split: Split, batch_size: int, seed: int, augmentation: Augmentation | None = None, *,
        balanced: bool = False,
    ) -> None:  # fmt: skip
        self.split, self.batch_size, self.seed, self.augmentation = split, batch_size, seed, augmentation
        self.balanced = balanced
        self.per_epoch = -(-len(split.labels) // batch_size)
        self._order: tuple[int, Array] = (-1, np.empty(0, np.int64))

    def indices(self, step: int) -> Array:
        """Which images of the split the batch of step `step` (from 0) holds."""
        epoch, place = divmod(step, self.per_epoch)
        if self._order[0] != epoch:
            self._order = (epoch, self._shuffled(epoch))
        return self._order[1][place * self.batch_size : (place + 1) * self.batch_size]

    def _shuffled(self, epoch: int) -> Array:
        if self.balanced:
            return balanced_order(self.split.labels, self.seed, epoch)
        return generator(self.seed, Purpose.ORDER, epoch).permutation(len(self.split.labels))

    def gather(self, step: int, images: Array, labels: Array) -> int:
        """Copy the batch of a step into the front of `images` (batch, 28, 28) and `labels` (batch,): its size."""
        indices = self.indices(step)
        np.take(self.split.images, indices, axis=0, out=images[: len(indices)], mode="clip")
        np.take(self.split.labels, indices, out=labels[: len(indices)], mode="clip")
        return len(indices)

    def preparation(self, normalization: Normalization) -> Preparation:
        """How the images of this run become a network's input."""
        return Preparation(self.seed, self.augmentation, normalization)


@dataclass(frozen=True, slots=True)
class Preparation:
    """How images become a network's input: augmented, as float32, normalised."""

    seed: int
    augmentation: Augmentation | None
    normalization: Normalization

    def __call__(self, images: Array, step: int, part: int) -> Array:
        """Images uint8 `(N, 28, 28)` as `(N, 1, 28, 28)`; `step` and `part` decide what augmentation draws."""
        if self.augmentation is not None:
            images = self.augmentation(images, rng=generator(self.seed, Purpose.AUGMENT, step, part))
        return self.normalization(as_pixels(images))


def as_pixels(images: Array) -> Array:
    """Images `(N, 28, 28)` from 0 to 255 as float32 `(N, 1, 28, 28)` in [0, 1].

    In memory the images come last, the order that a network works in: so it takes them as they are.
    """
    images_last = np.ascontiguousarray(images.transpose(1, 2, 0))  # before they are floats: a quarter of the bytes
    pixels: Array = np.multiply(images_last, np.float32(1 / 255), dtype=np.float32)
    return pixels[:, None].transpose(3, 1, 0, 2)
