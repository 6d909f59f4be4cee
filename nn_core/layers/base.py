"""What every layer is, and the memory that one pass through it uses."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nn_core.errors import SettingsError

Array = NDArray[Any]
Shape = tuple[int, ...]

#: The most values of one parameter, and of all that layers answer to one image: more than any network here has, and
#: little enough for any machine. Asked before memory is taken.
MOST_WEIGHTS, MOST_ANSWERS = 1 << 24, 1 << 22
#: The largest kernel, stride or padding along an axis.
MOST_ALONG = 4096


class Scratch:
    """The arrays that one layer needs during one pass: made by the first run, used again by the next.

    The caller owns it, so several threads can run the same layer at the same time, each with a scratch of its own.
    """

    def __init__(self) -> None:
        self._arrays: dict[tuple[str, Shape], Array] = {}
        self._kept: dict[str, Array] = {}

    def array(self, name: str, shape: Shape, dtype: DTypeLike) -> Array:
        """The array of that name and shape: zeros when it is new, whatever was left in it otherwise."""
        key = (name, shape)
        found = self._arrays.get(key)
        if found is None or found.dtype != dtype:
            found = self._arrays[key] = np.zeros(shape, dtype)
        return found

    def keep(self, name: str, value: Array) -> None:
        """Remember for the way back what went by on the way forward (the array itself, not a copy)."""
        self._kept[name] = value

    def kept(self, name: str) -> Array:
        """What `keep` remembered under that name."""
        return self._kept[name]


class Layer:
    """A step of a network: it holds parameters and nothing else.

    Inside the core an image batch is `(H, C, W, N)`, a batch of vectors `(features, N)`: the images last. Then a row
    of all images is one long run of memory, every copy and every element-wise step works on long runs, and a
    convolution needs no copy along the height (see `conv`). `Sequential` turns torch's `(N, C, H, W)` into it and back.
    """

    #: Names of the parameters that are learnt, and of those that are only measured, in torch's order.
    parameter_names: ClassVar[tuple[str, ...]] = ()
    buffer_names: ClassVar[tuple[str, ...]] = ()
    #: Whether the constructor draws initial values from `rng`.
    needs_rng: ClassVar[bool] = False
    #: Whether a training pass draws from `rng`.
    draws: ClassVar[bool] = False

    def __init__(self) -> None:
        self.parameters: dict[str, Array] = {}

    def forward(self, x: Array, scratch: Scratch, *, training: bool, rng: np.random.Generator | None) -> Array:
        """The layer's output; with `training` it may draw from `rng` and keeps in `scratch` what `backward` needs."""
        raise TypeError(f"{type(self).__name__} has no forward")

    def backward(self, dy: Array, scratch: Scratch, gradients: dict[str, Array], *, need_dx: bool) -> Array | None:
        """The gradient of the input, and into `gradients` those of the parameters; it may overwrite `dy`."""
        raise TypeError(f"{type(self).__name__} has no backward")

    def sides(self, scratch: Scratch) -> Array | None:
        """On which side of its kinks each value of the last pass fell; None for a function that has no kinks.

        Where two passes answer the same, the layer was one smooth function for both (see `gradcheck`).
        """
        return None

    def settle(self, scratch: Scratch) -> None:
        """Take over what a finished training pass measured (batch normalisation's running averages)."""

    def kernels(self) -> Array | None:
        """The kernels to look at, `(out, in, height, width)`, not to be written to; None in a layer without."""
        return None

    def limit_norms(self, largest: float) -> None:
        """Shorten each unit's vector of incoming weights that is longer than `largest` (max-norm regularisation)."""

    def output_shape(self, shape: Shape) -> Shape:
        """The shape of the output for one input of `shape`, `(C, H, W)` or `(features,)`.

        Raises:
            SettingsError: this layer cannot take such an input.
        """
        return shape

    def config(self) -> dict[str, Any]:
        """The arguments that make this layer again, as a model file keeps them."""
        return {}

    def title(self) -> str:
        """A few words for a row of the layer table."""
        return type(self).__name__.lower()

    def arithmetic(self) -> str:
        """How the number of parameters comes about."""
        return ""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self.config().items())})"


def limit_rows(rows: Array, largest: float) -> None:
    """Scale each row that is longer than `largest` to that length, in place (Srivastava et al. 2014, section 5.1)."""
    lengths = np.sqrt(np.einsum("uk,uk->u", rows, rows))
    rows *= (largest / np.maximum(lengths, largest)).astype(rows.dtype)[:, None]  # a product with 1 changes no bit


def pair(name: str, value: int | tuple[int, int], least: int) -> tuple[int, int]:
    """`value` as (vertical, horizontal), both at least `least`.

    Raises:
        SettingsError: it is something else, or larger than `MOST_ALONG`.
    """
    both = (value, value) if isinstance(value, int) else tuple(value)
    if len(both) != 2 or not all(isinstance(v, int) and least <= v <= MOST_ALONG for v in both):
        raise SettingsError(f"{name} (={value!r}) must be one or two whole numbers from {least} to {MOST_ALONG}")
    return both[0], both[1]


def affordable(name: str, shape: Shape, most: int = MOST_WEIGHTS) -> Shape:
    """`shape`, when an array of it may be made.

    Raises:
        SettingsError: it has more than `most` values.
    """
    if math.prod(shape) > most:
        raise SettingsError(f"{name} of the shape {shape} is too large: at most {most:,} values are allowed")
    return shape
