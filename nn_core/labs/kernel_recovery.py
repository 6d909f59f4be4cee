"""An unknown kernel, found again by gradient descent from an image and what the kernel made of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn_core.errors import SettingsError, TrainingError
from nn_core.labs.convolving import convolution, convolve
from nn_core.layers import Array
from nn_core.losses import MSELoss
from nn_core.network import Pass
from nn_core.optimizers import make_optimizer
from nn_core.workers import one_blas_thread

_DIVERGED = 1e9  # times the loss at the start


@dataclass(frozen=True, slots=True)
class Curvature:
    """The bowl that the loss is: 2/M · PᵀP of the M patches P `(M, k²)`, by its largest and smallest eigenvalue."""

    largest: float
    smallest: float

    @property
    def highest_rate(self) -> float:
        """2 / λ_max: plain gradient descent converges below it (infinite where the image is empty)."""
        return 2 / self.largest if self.largest > 0 else np.inf

    @property
    def condition(self) -> float:
        """λ_max / λ_min: how much slower the flattest direction is; infinite where the image tells nothing of it."""
        return self.largest / self.smallest if self.smallest > 1e-12 * self.largest else np.inf


#: Rates at which optimisers get there soon on digits and on noise, kernels of 3×3 to 7×7 (measured); the first four, as
#: shares of the highest rate of plain descent, because they follow the gradient's own length.
_SHARES = {"sgd": 0.9, "proximal": 0.9, "momentum": 0.5, "nesterov": 0.25}
_RATES = {
    "adagrad": 1.0,
    "adagrad-da": 5.0,
    "adadelta": 1.0,
    "rmsprop": 0.01,
    "rprop": 0.01,
    "ftrl": 5.0,
    "proximal-adagrad": 1.0,
}
_OTHER_RATE = 0.1


def suggested_rate(optimizer: str, curvature: Curvature) -> float:
    """A learning rate that the kernel is found with, for an optimiser by name, to two digits."""
    if optimizer in _SHARES and np.isfinite(curvature.highest_rate):
        return float(f"{_SHARES[optimizer] * curvature.highest_rate:.1e}")
    return _RATES.get(optimizer, _OTHER_RATE)


class KernelRecovery:
    """Learns the kernel `(k, k)` behind `target` = `image` ⋆ `kernel` + noise, from a start at zero, in float64.

    Minimised is the mean over the target of (image ⋆ w − target)². The noise is normal, its deviation `noise` times
    that of the noiseless target; `image` is `(H, W)`, and no padding is used.

    Raises:
        SettingsError: the kernel is larger than the image, `noise` is negative, or there is no such optimiser.
    """

    def __init__(
        self,
        image: Array,
        kernel: Array,
        *,
        optimizer: str = "adam",
        learning_rate: float = 0.05,
        noise: float = 0.0,
        rng: np.random.Generator,
    ) -> None:
        one_blas_thread()  # a second one would wait for its core longer than these small products take
        if not noise >= 0:
            raise SettingsError(f"noise (={noise}) must not be negative")
        self.image, self.unknown = np.array(image, np.float64), np.array(kernel, np.float64)
        self.target = convolve(self.image[None, None], self.unknown[None, None])[0, 0]
        self.noise = noise * float(self.target.std())
        if noise:
            self.target += rng.normal(0, self.noise, self.target.shape)
        height, width = self.image.shape
        self._network = convolution(np.zeros((1, 1, *self.unknown.shape)), (1, height, width))
        self._pass = Pass(self._network)
        self._weights = self._network.layers[0].parameters["weight"].reshape(-1)
        self._optimizer = make_optimizer(optimizer, learning_rate)
        self._memory = tuple(self._optimizer.memory_for(self._weights).values())
        self._loss = MSELoss()
        self.steps = 0
        #: The loss before each step, and the largest difference to the unknown kernel.
        self.losses: list[float] = []
        self.errors: list[float] = []

    @property
    def learned(self) -> Array:
        """The kernel as far as it is known, `(k, k)`."""
        return self._weights.reshape(self.unknown.shape).copy()

    @property
    def error(self) -> float:
        """The largest difference to the unknown kernel."""
        return float(np.abs(self._weights.reshape(self.unknown.shape) - self.unknown).max())

    def set_learning_rate(self, rate: float) -> None:
        """Go on with another learning rate."""
        self._optimizer.lr = rate

    def answer(self) -> Array:
        """What the learned kernel makes of the image, as `target` is what the unknown one made of it."""
        made: Array = self._network(self.image[None, None])[0, 0]
        return made

    def step(self) -> float:
        """Move the kernel once against the gradient; returns the loss that it had.

        Raises:
            TrainingError: the loss grows beyond all measure.
        """
        made = self._network.forward(self.image[None, None], self._pass, training=True)
        loss, gradient = self._loss(made.reshape(1, -1), self.target.reshape(1, -1))
        if not loss <= _DIVERGED * max(self.losses[0] if self.losses else loss, 1e-12):
            raise TrainingError(f"The loss grows without end (step {self.steps}): take a lower learning rate.")
        self.losses.append(loss)
        self.errors.append(self.error)
        self._network.backward(gradient.reshape(made.shape), self._pass)
        weight_gradient = self._pass.gradients[0]["weight"].reshape(-1)
        self.steps += 1
        self._optimizer.begin(self.steps)
        self._optimizer.update(self._weights, weight_gradient, self._memory, np.empty_like(self._weights))
        return loss

    def curvature(self) -> Curvature:
        """How steep and how flat the loss is, which depends on the image and the kernel's size alone."""
        patches = np.lib.stride_tricks.sliding_window_view(self.image, self.unknown.shape)
        matrix = patches.reshape(-1, self.unknown.size)
        values = np.linalg.eigvalsh(matrix.T @ matrix * (2 / len(matrix)))
        return Curvature(max(float(values[-1]), 0.0), max(float(values[0]), 0.0))
