"""Cross-correlation of row slabs: the one piece of arithmetic that a convolution needs, forwards and backwards.

With the images last, `(H, C, W, N)`, a row of all channels and images is contiguous. A *slab row* holds that row `kw`
times, shifted by one column each: `(kw, C, W_out, N)`. The patches of one output row are then `kh` slab rows that
follow each other in memory, that is, a matrix of `kh·kw·C` rows by `W_out·N` columns which exists already. So only the
shifts along the width are copied (kw copies where im2col makes kh·kw), and one batched product reads overlapping
windows of the slabs, an output row a window. Kernel rows that hang over the edge of the image are left out of the
product instead of being multiplied by padding.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from nn_core.layers.base import Array, Scratch


def make_slabs(x: Array, kw: int, stride: int, left: int, columns: int, scratch: Scratch, name: str) -> Array:
    """The slab rows `(H, kw, C, columns, N)` of `x` `(H, C, W, N)` with `left` columns of zeros before the first."""
    height, channels, width, images = x.shape
    slabs = scratch.array(name, (height, kw, channels, columns, images), x.dtype)
    for v in range(kw):
        # What lies outside of the image stays the zero that the array was made of.
        inside, source = _shifted(v - left, stride, columns, width)
        slabs[:, v, :, inside] = x[:, :, source]
    return slabs


def add_shifted(planes: Array, dx: Array, kw: int, stride: int, left: int) -> None:
    """dx[:, :, j·stride + v − left] = Σ_v planes[:, v, :, j]: what `make_slabs` copied apart, added together again.

    `planes` is `(H, kw·C, columns, N)`, `dx` `(H, C, W, N)`.
    """
    height, channels, width, images = dx.shape
    planes = planes.reshape(height, kw, channels, -1, images)
    dx.fill(0)
    for v in range(kw):
        inside, source = _shifted(v - left, stride, planes.shape[3], width)
        dx[:, :, source] += planes[:, v, :, inside]


def _shifted(shift: int, stride: int, columns: int, width: int) -> tuple[slice, slice]:
    """The columns j for which j·stride + shift lies inside of `width`, and where they lie there."""
    first = max(0, -(shift // stride))
    last = max(first, min(columns, (width - 1 - shift) // stride + 1))
    start = first * stride + shift
    if first == last:
        return slice(0), slice(0)
    return slice(first, last), slice(start, start + (last - first - 1) * stride + 1, stride)


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Output rows `first` to `last` see the kernel rows `low` to `high`, the first of them at slab row `start`."""

    first: int
    last: int
    low: int
    high: int
    start: int


@lru_cache(maxsize=256)
def row_groups(rows: int, height: int, kh: int, stride: int, top: int) -> tuple[RowGroup, ...]:
    """Runs of output rows that see the same kernel rows inside an image of `height` rows, `top` above it left out.

    A network asks for the same few with every pass, which for a single image would take as long as its products.
    """
    groups, first = [], 0
    while first < rows:
        low, high = _inside(first, height, kh, stride, top)
        last = first + 1
        while last < rows and _inside(last, height, kh, stride, top) == (low, high):
            last += 1
        groups.append(RowGroup(first, last, low, high, first * stride - top + low))
        first = last
    return tuple(groups)


def _inside(row: int, height: int, kh: int, stride: int, top: int) -> tuple[int, int]:
    low = max(0, top - row * stride)
    high = min(kh, height + top - row * stride)
    return (low, high) if low < high else (0, 0)


def windows(slabs: Array, group: RowGroup, stride: int) -> Array:
    """The patch matrices `(rows, (high−low)·kw·C, W_out·N)` of a group: overlapping views, nothing is copied."""
    step = slabs.strides[0]
    depth = slabs.shape[1] * slabs.shape[2]
    length = slabs.shape[3] * slabs.shape[4]
    shape = (group.last - group.first, (group.high - group.low) * depth, length)
    strides = (stride * step, length * slabs.itemsize, slabs.itemsize)
    return np.ndarray(shape, slabs.dtype, slabs, group.start * step, strides)


def correlate(slabs: Array, kernels: Array, kh: int, stride: int, top: int, y: Array) -> None:
    """y[i] = Σ_u kernels[:, u] · slabs[i·stride + u − top]; `kernels` `(O, kh·kw·C)`, `y` `(rows, O, W_out, N)`."""
    depth = slabs.shape[1] * slabs.shape[2]
    flat = y.reshape(y.shape[0], y.shape[1], -1)
    for group in row_groups(y.shape[0], slabs.shape[0], kh, stride, top):
        if group.low == group.high:
            flat[group.first : group.last] = 0
            continue
        seen = kernels[:, group.low * depth : group.high * depth]
        np.matmul(seen, windows(slabs, group, stride), out=flat[group.first : group.last])


def correlate_gradient(slabs: Array, dy: Array, kh: int, stride: int, top: int, scratch: Scratch) -> Array:
    """The gradient `(kh·kw·C, O)` of the kernels: each output row's patches times its `dy`, summed over the rows."""
    depth = slabs.shape[1] * slabs.shape[2]
    flat = dy.reshape(dy.shape[0], dy.shape[1], -1).transpose(0, 2, 1)
    total = scratch.array("d_kernels", (kh * depth, dy.shape[1]), dy.dtype)
    total.fill(0)
    for group in row_groups(dy.shape[0], slabs.shape[0], kh, stride, top):
        if group.low < group.high:
            patches = windows(slabs, group, stride)
            by_row = scratch.spare("spare", (*patches.shape[:2], dy.shape[1]), dy.dtype)
            np.matmul(patches, flat[group.first : group.last], out=by_row)
            total[group.low * depth : group.high * depth] += by_row.sum(axis=0)
    return total
