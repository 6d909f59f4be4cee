"""A long curve in as many points as there are pixels: the smallest and the largest value of every stretch."""

from __future__ import annotations

import numpy as np

BLOCK = 64  # values that are summed up once, when they come, and never looked at again


class Thinning:
    """One growing curve. A look at it costs what is seen of it, however long it is.

    The smallest and largest value of every full block are kept; when the arrays are handed in again, longer than
    before, only the new blocks are computed.
    """

    def __init__(self) -> None:
        self._x = self._y = np.zeros(0)
        self._low = self._high = np.zeros(0)

    def take(self, x: np.ndarray, y: np.ndarray) -> None:
        """Take the whole curve as it is now: x ascending, both (n,), not to be written to afterwards."""
        if not self._continues(x, y):
            self._low = self._high = np.zeros(0, y.dtype)
        self._x, self._y = x, y
        done = len(self._low)
        full = len(y) // BLOCK
        if full > done:
            new = y[done * BLOCK : full * BLOCK].reshape(-1, BLOCK)
            self._low = np.concatenate([self._low, new.min(axis=1)])
            self._high = np.concatenate([self._high, new.max(axis=1)])

    def _continues(self, x: np.ndarray, y: np.ndarray) -> bool:
        """Whether these are the arrays taken last, with more at the end."""
        last = len(self._x) - 1
        if last < 0 or len(x) <= last:
            return False
        ends = np.array([0, last])
        return bool(np.array_equal(x[ends], self._x[ends]) and np.array_equal(y[ends], self._y[ends], equal_nan=True))

    def between(self, left: float, right: float, stretches: int) -> tuple[np.ndarray, np.ndarray]:
        """The curve from `left` to `right` and one point beyond, in at most about two points a stretch.

        Where there are fewer points than that, all of them. Stretches are powers of two long and begin at multiples
        of their length, so that a point that has been drawn stays where it is while the curve grows.
        """
        first = max(0, int(np.searchsorted(self._x, left)) - 1)
        end = min(len(self._x), int(np.searchsorted(self._x, right, "right")) + 1)
        if end - first <= 2 * stretches:
            return self._x[first:end], self._y[first:end]
        length = 1 << ((end - first - 1) // max(1, stretches)).bit_length()
        starts = np.arange(first - first % length, end, length)
        low, high = self._extremes(starts, length, end)
        middles = self._x[np.minimum(starts + length // 2, end - 1)]
        return middles.repeat(2), np.stack([low, high], axis=1).ravel()

    def _extremes(self, starts: np.ndarray, length: int, end: int) -> tuple[np.ndarray, np.ndarray]:
        """Smallest and largest value from every start to the next, up to `end`."""
        if length < BLOCK:
            inside, y = starts - starts[0], self._y[starts[0] : end]
            return np.minimum.reduceat(y, inside), np.maximum.reduceat(y, inside)
        full = end // BLOCK
        blocks, rest = starts // BLOCK, self._y[max(full * BLOCK, int(starts[0])) : end]
        known = blocks < full
        inside = blocks[known] - blocks[0]
        lows, highs = self._low[blocks[0] : full], self._high[blocks[0] : full]
        low = np.minimum.reduceat(lows, inside) if inside.size else lows[:0]
        high = np.maximum.reduceat(highs, inside) if inside.size else highs[:0]
        if rest.size:
            if not known.all():  # the last stretch is all in the block that is not full yet
                return np.append(low, rest.min()), np.append(high, rest.max())
            low[-1], high[-1] = min(low[-1], rest.min()), max(high[-1], rest.max())
        return low, high
