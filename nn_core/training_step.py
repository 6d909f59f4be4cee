"""One step of training: the parts of a batch side by side, then the optimiser over the parameters.

`TrainingStep` is what a run steps with; it gathers the images and asks its workers, each of which has a `PartStep` over
the same shared parameters.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from nn_core.batches import Batches, Preparation
from nn_core.distillation import Distillation, Lessons, SharedTeacher
from nn_core.errors import SettingsError
from nn_core.layers import BatchNorm2d, Shape
from nn_core.losses import Loss
from nn_core.meeting import Place
from nn_core.network import Config, Pass, Sequential
from nn_core.normalization import Normalization
from nn_core.optimizers import Optimizer
from nn_core.randomness import Purpose, generator
from nn_core.shared import SharedArray
from nn_core.workers import CHUNK, Workers

#: A batch is cut into at most this many parts, whatever the number of workers: see `parts_of`.
MOST_PARTS = 8
_FEWEST = 4  # images of a batch of which no part is one image alone
#: Values that the optimiser takes at once: the parameters, the gradients and what it remembers of them stay in the
#: second-level cache while it passes over them.
BLOCK = 32_768


def parts_of(count: int) -> list[slice]:
    """How a batch of `count` images is cut: into halves, or a part for every 64 images up to `MOST_PARTS`.

    The cut depends on the size of the batch alone and the parts are added up in their order, so the same seed gives
    the same bits with any number of workers.
    """
    return cut(count, min(count, MOST_PARTS, max(2, count // CHUNK)))


def cut(count: int, parts: int) -> list[slice]:
    """Cut `count` images into so many parts that are as equal as can be.

    A rest of a few images would be all that batch normalisation measures last, and remembers.
    """
    edges = np.linspace(0, count, parts + 1).round().astype(int)
    return [slice(a, b) for a, b in zip(edges, edges[1:], strict=False)]


def check_batches(network: Sequential, count: int, frozen: Collection[int] = ()) -> None:
    """Refuse batches of which a part is one image, where batch normalisation would measure one value a feature.

    Each would be its own mean, so the layers before it would learn nothing. (An epoch's last batch may be so small:
    that is one step of many.)

    Raises:
        SettingsError: batches of `count` images are too small for this network.
    """
    if all(part.stop - part.start > 1 for part in parts_of(count)):
        return
    for i, (layer, shape) in enumerate(zip(network.layers, network.shapes, strict=True)):
        if isinstance(layer, BatchNorm2d) and math.prod(shape[1:]) == 1 and i not in frozen:
            raise SettingsError(
                f"batches of {count} are too small for layer {i} ({layer.title()}), which would measure one image"
                f" at a time and learn nothing: take {_FEWEST} or more"
            )


@dataclass(frozen=True, slots=True)
class StepMemory:
    """What the workers share during a run: images and labels of a batch, parameters, gradients by part, and what the
    optimiser remembers."""

    images: SharedArray  # uint8 (2, batch, 28, 28): of this step, and of the next, which is gathered meanwhile
    labels: SharedArray  # uint8 (2, batch)
    asked: SharedArray  # uint8 (2, batch): which teachers are asked about each image
    vector: SharedArray  # the network's
    gradients: SharedArray  # (parts, learnt)
    optimizer: dict[str, SharedArray]  # (learnt,) each


class TrainingStep:
    """Runs single steps; from now on the network's parameters lie where the workers see them.

    With `max_norm` above 0 no unit's vector of incoming weights is longer than that after a step.
    """

    def __init__(
        self, network: Sequential, batches: Batches, loss: Loss, optimizer: Optimizer, normalization: Normalization,
        workers: Workers, *, max_norm: float = 0.0,
    ) -> None:  # fmt: skip
        self.network, self.batches, self.optimizer = network, batches, optimizer
        self.frozen: frozenset[int] = frozenset()
        vector, learnt = SharedArray.of(network.vector), network.layout.learnt
        network.bind(vector.array)
        remembered = optimizer.memory_for(network.vector[:learnt])
        count = min(batches.batch_size, len(batches.split))
        self._shared = StepMemory(
            SharedArray((2, count, *batches.split.images.shape[1:]), np.uint8),
            SharedArray((2, count), np.uint8),
            SharedArray((2, count), np.uint8),
            vector,
            SharedArray((len(parts_of(count)), learnt), vector.dtype),
            {name: SharedArray.of(values) for name, values in remembered.items()},
        )
        self.memory = {name: shared.array for name, shared in self._shared.optimizer.items()}
        self._gathered = (-1, 0)  # the step whose images lie ready, and their number
        self._hire = partial(
            workers.crew, PartStep, network.config(), network.input_shape, self._shared,
            batches.preparation(normalization), loss, optimizer, max_norm, most=len(parts_of(count)),
        )  # fmt: skip
        self._lessons: Lessons | None = None
        self._crew = self._hire()

    @property
    def is_taught(self) -> bool:
        """Whether there are teachers."""
        return self._lessons is not None

    def take_lessons(self, lessons: Lessons) -> None:
        """Let the network learn from its teachers, too, from the next step on."""
        self._lessons = lessons
        self._crew = self._hire(lessons.teachers)

    def freeze(self, layers: Collection[int]) -> None:
        """Leave these layers as they are, bit for bit, from the next step on; all others learn.

        Raises:
            SettingsError: one of them does not exist or has nothing to learn.
        """
        network = self.network
        for i in layers:
            if i not in network.learning:
                some = ", ".join(map(str, network.learning))
                raise SettingsError(f"layer {i} cannot be frozen: those with something to learn are {some}")
        self.frozen = frozenset(layers)

    def run(self, step: int) -> tuple[float, float, int]:
        """Take step `step` (from 0): mean loss, share of right answers and number of images of its batch."""
        if self._gathered[0] != step:
            self._gather(step)
        count = self._gathered[1]
        question = ("run", step, count, self.optimizer.lr, self.frozen)
        answers = self._crew.call(*question, meanwhile=lambda: self._gather(step + 1))
        results = sorted(result for answer in answers for result in answer)  # in the order of the parts
        return sum(loss for _, loss, _ in results), sum(correct for _, _, correct in results) / count, count

    def _gather(self, step: int) -> None:
        images, labels = (shared.array[step % 2] for shared in (self._shared.images, self._shared.labels))
        self._gathered = step, self.batches.gather(step, images, labels)
        if self._lessons:
            indices = self.batches.indices(step)
            self._shared.asked.array[step % 2, : len(indices)] = self._lessons.asked[indices]


class PartStep:
    """One worker's share of each step: its parts of the batch, then its blocks of the parameters."""

    def __init__(
        self, place: Place, config: Config, input_shape: Shape, shared: StepMemory, prepare: Preparation, loss: Loss,
        optimizer: Optimizer, max_norm: float, teachers: Sequence[SharedTeacher] = (),
    ) -> None:  # fmt: skip
        self.place, self.shared, self.prepare = place, shared, prepare
        self.loss, self.optimizer, self.max_norm = loss, optimizer, max_norm
        self.distillation = Distillation(loss, teachers) if teachers else None
        self.network = Sequential.from_config(config, input_shape)
        self.network.bind(shared.vector.array)
        self._passes: dict[int, Pass] = {}
        self._spare = np.empty(BLOCK, shared.vector.dtype)

    def run(self, step: int, count: int, lr: float, frozen: frozenset[int]) -> list[tuple[int, float, int]]:
        """Number, loss (already over the size of the batch) and right answers of each part that is this worker's."""
        self.place.begin()
        parts = parts_of(count)
        mine = self.place.share(len(parts))
        results = [(i, *self._part(i, parts[i], step, count, frozen)) for i in mine]
        self.place.meet()
        self._settle(len(parts), frozen)
        self.optimizer.lr = lr
        self.optimizer.begin(step + 1)
        blocks = self._blocks(frozen)
        for i in self.place.share(len(blocks)):
            self._update(blocks[i], len(parts))
        if self.max_norm:
            self.place.meet()
            self._limit_norms(frozen)
        return results

    def _part(self, part: int, where: slice, step: int, count: int, frozen: frozenset[int]) -> tuple[float, int]:
        """Forwards and backwards for one part of the batch; its gradient is left in `shared.gradients[part]`."""
        batch = self.shared.images, self.shared.labels, self.shared.asked
        images, labels, asked = (shared.array[step % 2, where] for shared in batch)
        if part not in self._passes:
            first = next(iter(self._passes.values()), None)
            self._passes[part] = Pass(self.network, self.shared.gradients.array[part], after=first)
        memory = self._passes[part]
        loss, correct, total = 0.0, 0, None
        chunks = cut(len(images), -(-len(images) // CHUNK))
        for number, chunk in enumerate(chunks):
            place = part * 1024 + number
            rng = generator(self.prepare.seed, Purpose.DROPOUT, step, place) if self.network.draws else None
            pixels = self.prepare(images[chunk], step, place)
            outputs = self.network.forward(pixels, memory, training=True, rng=rng, frozen=frozen)
            if self.distillation:
                cost, gradient = self.distillation(pixels, outputs, labels[chunk], asked[chunk], count)
            else:
                cost, gradient = self.loss(outputs, labels[chunk], count)
            loss += cost
            correct += int((outputs.argmax(axis=1) == labels[chunk]).sum())
            self.network.backward(gradient, memory, frozen=frozen)
            if len(chunks) > 1:
                total = memory.gradient.copy() if total is None else np.add(total, memory.gradient, out=total)
        if total is not None:
            memory.gradient[...] = total
        return loss, correct

    def _settle(self, parts: int, frozen: frozenset[int]) -> None:
        """Let the layers take over what the parts measured, one part after the other."""
        if self.network.layout.size == self.network.layout.learnt:
            return
        for i in range(parts):
            if i in self.place.share(parts):
                self.network.settle(self._passes[i], frozen=frozen)
            self.place.meet()

    def _blocks(self, frozen: frozenset[int]) -> list[slice]:
        return [
            slice(start, min(start + BLOCK, stop))
            for first, stop in self.network.layout.runs(frozen)
            for start in range(first, stop, BLOCK)
        ]

    def _update(self, where: slice, parts: int) -> None:
        """Add up the parts' gradients over one block of the parameters, in their order, and let the optimiser step."""
        gradients = self.shared.gradients.array
        gradient = gradients[0, where]
        for i in range(1, parts):
            gradient += gradients[i, where]
        memory = tuple(shared.array[where] for shared in self.shared.optimizer.values())
        self.optimizer.update(self.network.vector[where], gradient, memory, self._spare[: len(gradient)])

    def _limit_norms(self, frozen: frozenset[int]) -> None:
        learning = [self.network.layers[i] for i in self.network.learning if i not in frozen]
        for i in self.place.share(len(learning)):
            learning[i].limit_norms(self.max_norm)
