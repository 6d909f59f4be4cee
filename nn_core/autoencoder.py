"""The denoising autoencoder: a layer that learns to undo damage, and so what its inputs are like."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nn_core.layers import Array, Layer, Linear, Scratch
from nn_core.losses import make_loss


class DenoisingAutoencoder:
    """z = D·h + c with h = s(W·x̃ + b): from damaged inputs x̃ back to x (Vincent et al. 2008, section 2.3).

    W, b and the activations s are those of a network's layer, copied. D is Wᵀ where it is `tied`, else a matrix of its
    own. Inputs that are `bounded`, all in [0, 1], are answered by σ(z) and judged by the cross-entropy
    −x·log σ(z) − (1−x)·log(1−σ(z)), others by z and (z − x)²; both are means over the values. Arrays of values are
    `(features, N)`, as inside of a network. All that is learnt lies in `vector`.
    """

    def __init__(
        self, linear: Linear, activations: Sequence[Layer], *, bounded: bool, tied: bool, rng: np.random.Generator
    ) -> None:
        hidden, visible = linear.out_features, linear.in_features
        weight, bias = linear.parameters["weight"], linear.parameters["bias"]
        size = hidden * visible
        parts = [weight.ravel(), bias, np.zeros(visible, weight.dtype)]
        if not tied:
            reach = np.sqrt(3 / hidden)
            parts.append(rng.uniform(-reach, reach, size).astype(weight.dtype))
        self.vector: Array = np.concatenate(parts)
        edges = np.cumsum([size, hidden, visible])
        self._shape, self._edges, self._activations = (hidden, visible), edges, tuple(activations)
        self.bounded, self.tied = bounded, tied
        self._loss = make_loss("binary-cross-entropy" if bounded else "mse")
        self._scratch = [Scratch() for _ in self._activations]

    @property
    def weight(self) -> Array:
        """W `(hidden, visible)`, a view of `vector`."""
        return self._parts(self.vector)[0]

    @property
    def bias(self) -> Array:
        """b `(hidden,)`, a view of `vector`."""
        return self._parts(self.vector)[1]

    def encode(self, x: Array) -> Array:
        """h `(hidden, N)` of inputs `(visible, N)`; the next call overwrites it."""
        weight, bias, _, _ = self._parts(self.vector)
        value: Array = weight @ x
        value += bias[:, None]
        for layer, scratch in zip(self._activations, self._scratch, strict=True):
            value = layer.forward(value, scratch, training=False, rng=None)
        return value

    def decode(self, h: Array) -> Array:
        """What the inputs were, `(visible, N)`, of h `(hidden, N)`: σ(z) where they are bounded, else z."""
        z = self._answer(h)
        with np.errstate(over="ignore"):  # far below 0 e^(−z) is infinite, and the sigmoid rightly 0
            return 1 / (1 + np.exp(-z)) if self.bounded else z

    def gradient(self, clean: Array, damaged: Array) -> tuple[float, Array]:
        """The loss for a batch `(visible, N)` and its damaged form, and the gradient in the order of `vector`."""
        weight, _, _, decoder = self._parts(self.vector)
        h = self.encode(damaged)
        loss, dz = self._loss(self._answer(h).T, clean.T)
        gradient = np.empty_like(self.vector)
        d_weight, d_bias, d_visible, d_decoder = self._parts(gradient)
        np.sum(dz, axis=0, out=d_visible)
        from_decoder = dz.T @ h.T  # (visible, hidden)
        value: Array | None = decoder.T @ dz.T
        for layer, scratch in zip(reversed(self._activations), reversed(self._scratch), strict=True):
            assert value is not None
            value = layer.backward(value, scratch, {}, need_dx=True)
        assert value is not None
        np.matmul(value, damaged.T, out=d_weight)
        np.sum(value, axis=1, out=d_bias)
        if self.tied:
            d_weight += from_decoder.T
        else:
            d_decoder[...] = from_decoder
        return loss, gradient

    def _answer(self, h: Array) -> Array:
        _, _, visible, decoder = self._parts(self.vector)
        z: Array = decoder @ h
        z += visible[:, None]
        return z

    def _parts(self, vector: Array) -> tuple[Array, Array, Array, Array]:
        """W, b, c and D as views of a vector."""
        first, second, third = self._edges
        weight = vector[:first].reshape(self._shape)
        decoder = weight.T if self.tied else vector[third:].reshape(self._shape[::-1])
        return weight, vector[first:second], vector[second:third], decoder


def damage(x: Array, share: float, *, rng: np.random.Generator) -> Array:
    """A copy of x with each value set to 0 with the probability `share` (masking noise)."""
    damaged = x.copy()
    damaged[rng.random(x.shape, dtype=np.float32) < share] = 0
    return damaged
