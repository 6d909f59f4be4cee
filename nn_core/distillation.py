"""Distillation: a network learns what others answer, beside what the labels say (Hinton, Vinyals and Dean 2015)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nn_core.data.dataset import Dataset
from nn_core.errors import SettingsError
from nn_core.layers import Array, Sigmoid, Softmax
from nn_core.losses import Loss, softmax
from nn_core.model import Model
from nn_core.network import Config, Pass, Sequential
from nn_core.normalization import Normalization
from nn_core.shared import SharedArray

#: What the teachers' answers count for; the labels have the rest.
WEIGHT = 0.9
#: Outputs are divided by it before the softmax: so the small probabilities of a sure answer have a say, too.
TEMPERATURE = 2.0
_ROUND = 16  # images more or less that a teacher is asked about: a pass keeps memory for each number that it meets


@dataclass(frozen=True, slots=True)
class Teacher:
    """A trained model, and the datasets that it was trained on: about images of others it is not asked."""

    model: Model
    datasets: frozenset[str]


@dataclass(frozen=True, slots=True)
class SharedTeacher:
    """A teacher's network, where workers can read it."""

    config: Config
    vector: SharedArray


@dataclass(frozen=True, slots=True, eq=False)
class Lessons:
    """What a run has of its teachers: their networks, and for each of its images which of them are asked."""

    teachers: tuple[SharedTeacher, ...]
    asked: Array  # uint8 (N,): bit k stands for teacher k
    mark: str  # a word that no other teachers have


def lessons_of(teachers: Sequence[Teacher], dataset: Dataset, images: int, normalization: Normalization) -> Lessons:
    """The lessons of a run on the first `images` training images of a dataset.

    Raises:
        SettingsError: a teacher's images are normalised otherwise, or its answers are no logits.
    """
    for teacher in teachers:
        if teacher.model.normalization != normalization:
            raise SettingsError("a teacher must see its images normalised as the network that it teaches")
        last = teacher.model.network.layers[-1]
        if isinstance(last, Sigmoid | Softmax):
            raise SettingsError(f"a network that ends with {last.title()} cannot teach: its answers are no logits")
    origins = dataset.origins or ((dataset.name, len(dataset.train)),)
    asked = [sum(1 << k for k, one in enumerate(teachers) if name in one.datasets) for name, _ in origins]
    networks = [teacher.model.network for teacher in teachers]
    shared = tuple(SharedTeacher(network.config(), SharedArray.of(network.vector)) for network in networks)
    mark = hashlib.sha256(b"".join(network.vector.tobytes() for network in networks)).hexdigest()[:16]
    return Lessons(shared, np.repeat(np.array(asked, np.uint8), [count for _, count in origins])[:images], mark)


class Distillation:
    """(1 − w) · L + w · T² · KL(q ‖ p) for images that have teachers, and the loss L alone for others.

    p = softmax(outputs / T), and q is the mean of the teachers' softmax(outputs / T) for the same augmented images
    (Hinton et al. 2015, section 2; Beyer et al. 2022 on why the same). T² keeps the gradients' size that of L's.
    """

    def __init__(self, loss: Loss, teachers: Sequence[SharedTeacher]) -> None:
        self.loss = loss
        self._networks = [Sequential.from_config(teacher.config, (1, 28, 28)) for teacher in teachers]
        for network, teacher in zip(self._networks, teachers, strict=True):
            network.bind(teacher.vector.array)
        self._passes = [Pass(network) for network in self._networks]

    def __call__(self, pixels: Array, outputs: Array, labels: Array, asked: Array, count: int) -> tuple[float, Array]:
        """Loss and gradient as a `Loss` gives them; `asked` (N,) tells which teachers each image has.

        `pixels` (N, 1, 28, 28) are the images as the network has them.
        """
        taught = np.flatnonzero(asked)
        if not len(taught):
            return self.loss(outputs, labels, count)
        wanted = self._answers(pixels, asked)[taught]
        answered = softmax(outputs[taught] / TEMPERATURE)
        cost, gradient = self.loss(outputs, labels, count)
        hard, _ = self.loss(outputs[taught], labels[taught], count)
        divergence = float(np.vdot(wanted, _log(wanted) - _log(answered))) * TEMPERATURE**2 / count
        gradient[taught] *= 1 - WEIGHT
        gradient[taught] += (answered - wanted) * outputs.dtype.type(WEIGHT * TEMPERATURE / count)
        return cost + WEIGHT * (divergence - hard), gradient

    def _answers(self, pixels: Array, asked: Array) -> Array:
        """The mean of the answers (N, 10) of each image's teachers; zeros for an image without one."""
        answers = np.zeros((len(asked), 10), pixels.dtype)
        told = np.zeros((len(asked), 1), pixels.dtype)
        for k, (network, memory) in enumerate(zip(self._networks, self._passes, strict=True)):
            mine = np.flatnonzero(asked & (1 << k))
            if not len(mine):
                continue
            some = np.resize(mine, -(-len(mine) // _ROUND) * _ROUND)
            seen = np.take(pixels.transpose(2, 1, 3, 0), some, axis=3).transpose(3, 1, 0, 2)  # as a network takes them
            outputs = network.forward(seen, memory)[: len(mine)]
            answers[mine] += softmax(outputs / TEMPERATURE)
            told[mine] += 1
        return answers / np.maximum(told, 1)


def _log(probabilities: Array) -> Array:
    """Their logarithm, where 0 is the least number that there is."""
    least = np.finfo(probabilities.dtype).tiny
    logarithms: Array = np.log(np.maximum(probabilities, least))
    return logarithms
