"""What every layer is, and the memory that one pass through it uses."""

from __future__ import annotations

import contextlib
import math
import mmap
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

_LARGE_PAGE, _BLOCK = 1 << 21, 1 << 23  # bytes: of a large page, and of what is taken at once
_SMALL, _LINE = 1 << 17, 64  # bytes: of an array that needs no large page, and of a line of the cache


class _LargePages:
    """Memory for large arrays, which is never given back while the owner lives.

    A part of a batch goes through tens of megabytes. In the usual pages of 4 KB the processor would have to look up
    most of them on the way, and that takes a tenth of the time.
    """

    def __init__(self) -> None:
        self._left = np.empty(0, np.uint8)

    def zeros(self, shape: Shape, dtype: DTypeLike) -> Array:
        """An array of zeros."""
        size = math.prod(shape) * np.dtype(dtype).itemsize
        if size < _SMALL or not hasattr(mmap, "MADV_HUGEPAGE"):
            return np.zeros(shape, dtype)
        if len(self._left) < size:
            self._left = _in_large_pages(max(size, _BLOCK))
        mine, self._left = self._left[:size], self._left[-(-size // _LINE) * _LINE :]
        return mine.view(dtype).reshape(shape)


def _in_large_pages(size: int) -> Array:
    """At least so many bytes of zeros, in large pages if the system has some."""
    size = -(-size // _LARGE_PAGE) * _LARGE_PAGE
    try:
        mapped = mmap.mmap(-1, size + _LARGE_PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    except OSError as why:
        raise MemoryError(f"there is no room for {size:,} bytes: {why}") from why
    with contextlib.suppress(OSError):  # a system without them
        mapped.madvise(mmap.MADV_HUGEPAGE)
    found = np.frombuffer(mapped, np.uint8)
    start = -found.ctypes.data % _LARGE_PAGE
    return found[start : start + size]


class Spare:
    """Memory that the layers of one pass use in turn: it stays in the processor's cache, where memory of each layer's
    own would have been driven out by the others' before it is needed again."""

    def __init__(self) -> None:
        self._memory: dict[str, Array] = {}
        self._arrays: dict[tuple[str, Shape, np.dtype[Any]], Array] = {}
        self.pages = _LargePages()
        self.turns = 0  # of `handed`: who starts at 0 with every pass has the same memory for the same layer

    def array(self, name: str, shape: Shape, dtype: DTypeLike) -> Array:
        """An array in the memory of that name, with whatever its last user left in it."""
        key = (name, shape, np.dtype(dtype))
        found = self._arrays.get(key)
        if found is None:
            size = math.prod(shape) * key[2].itemsize
            if name not in self._memory or self._memory[name].nbytes < size:
                self._memory[name] = _LargePages().zeros((size,), np.uint8)
                self._arrays = {kept: array for kept, array in self._arrays.items() if kept[0] != name}
            found = self._arrays[key] = self._memory[name][:size].view(dtype).reshape(shape)
        return found

    def handed(self, shape: Shape, dtype: DTypeLike) -> Array:
        """An array for the gradient that a layer hands down, not where the last one lies."""
        self.turns += 1
        return self.array("odd" if self.turns % 2 else "even", shape, dtype)


class Scratch:
    """The arrays that one layer needs during one pass: made by the first run, used again by the next.

    The caller owns it, so several threads can run the same layer at the same time, each with a scratch of its own.
    With `takes_over` the layer may write over its input: nobody reads that again.
    """

    def __init__(self, spare: Spare | None = None, *, takes_over: bool = False) -> None:
        self._arrays: dict[tuple[str, Shape], Array] = {}
        self._kept: dict[str, Array] = {}
        self._spare = spare or Spare()
        self._takes_over = takes_over

    def again(self) -> Scratch:
        """A scratch for a pass that comes after this one's end: what is kept is its own, the arrays are the same."""
        other = Scratch(self._spare, takes_over=self._takes_over)
        other._arrays = self._arrays
        return other

    def array(self, name: str, shape: Shape, dtype: DTypeLike) -> Array:
        """The array of that name and shape: zeros when it is new, whatever was left in it otherwise."""
        key = (name, shape)
        found = self._arrays.get(key)
        if found is None or found.dtype != dtype:
            found = self._arrays[key] = self._spare.pages.zeros(shape, dtype)
        return found

    def over(self, name: str, x: Array) -> Array:
        """An array like the layer's input `x` to write to: `x` itself if it may be, else the array of that name."""
        return x if self._takes_over else self.array(name, x.shape, x.dtype)

    def spare(self, name: str, shape: Shape, dtype: DTypeLike) -> Array:
        """An array for the time until the layer returns; the other layers use its memory, too."""
        return self._spare.array(name, shape, dtype)

    def handed(self, shape: Shape, dtype: DTypeLike) -> Array:
        """An array for the gradient of the input, which the layer below may use until it returns its own."""
        return self._spare.handed(shape, dtype)

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
    #: Whether its output is an array that it does not look at again: the next layer may write over it.
    gives_away: ClassVar[bool] = False

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

    def working(self, shape: Shape) -> int:
        """How many values it needs for one image of that shape, beside its answer."""
        return 0

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
