"""Which strokes may be a digit together, and which digits make up the number best."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

from nn_core.numbers.shapes import Shape, box_gap, joined

Group = tuple[int, ...]  # numbers of strokes, rising

MOST_STROKES = 5  # of one digit
_SHORTEST, _WIDEST = 0.35, 2.0  # heights of the tallest stroke: what may be a digit among others
_SHARED, _NARROW = 0.6, 0.1  # of the narrower one: two digits share no more of their x; what is narrower counts as this


def candidates(shapes: Sequence[Shape]) -> dict[Group, Shape]:
    """Return groups of strokes that follow each other in time or from left to right, and may be a digit of several."""
    count = len(shapes)
    across = sorted(range(count), key=lambda number: float(shapes[number].middle[0]))
    found: dict[Group, Shape] = {}
    for order in (range(count), across):
        for first in range(count):
            for last in range(first + 1, min(first + MOST_STROKES, count) + 1):
                group = tuple(sorted(order[first:last]))
                if group not in found and len(group) < count:
                    shape = joined([shapes[number] for number in group])
                    if shape.height >= _SHORTEST and shape.width <= _WIDEST:
                        found[group] = shape
    return found


class Number:
    """The ways to share all strokes of a drawing among groups that can be digits beside each other."""

    def __init__(self, groups: Mapping[Group, Shape], count: int) -> None:
        self._order = sorted(groups, key=lambda group: float(groups[group].middle[0]))
        self._shapes = [groups[group] for group in self._order]
        self._bits = [sum(1 << number for number in group) for group in self._order]
        self._whole = (1 << count) - 1
        self._latest = [-1] * count  # the last group that has a stroke
        for place, group in enumerate(self._order):
            for number in group:
                self._latest[number] = place

    def best(
        self, worth: Callable[[Group], float], beside: Callable[[Group, Group], float]
    ) -> tuple[float, tuple[Group, ...]]:
        """Return digits from left to right that are worth most together with their neighbourhoods; −∞ for none.

        Dynamic programming over the strokes that are used and the group that is last.
        """

        @cache
        def rest(used: int, last: int) -> tuple[float, tuple[Group, ...]]:
            found: tuple[float, tuple[Group, ...]] = (0.0 if used == self._whole else float("-inf")), ()
            for place in self._next(used, last):
                group = self._order[place]
                value, tail = rest(used | self._bits[place], place)
                value += worth(group) + (beside(self._order[last], group) if last >= 0 else 0.0)
                if value > found[0]:
                    found = value, (group, *tail)
            return found

        return rest(0, -1)

    def exists(self) -> bool:
        """Whether there is any way."""
        return bool(self.best(lambda group: 0.0, lambda one, other: 0.0)[1])

    def _next(self, used: int, last: int) -> Iterator[int]:
        """Yield the places of groups that may follow the last one, without leaving a stroke behind."""
        limits = [limit for number, limit in enumerate(self._latest) if not used >> number & 1]
        for place in range(last + 1, min(limits, default=-1) + 1):
            if not self._bits[place] & used and (last < 0 or _neighbours(self._shapes[last], self._shapes[place])):
                yield place


def _neighbours(one: Shape, other: Shape) -> bool:
    """Whether two groups can be digits beside each other."""
    return -box_gap(one, other) <= _SHARED * max(min(one.width, other.width), _NARROW)
