"""A drawing split into digits: every sharing of its strokes among digits competes with the drawing as one digit.

What a way to share is worth is the sum over its digits of how surely a network reads each and how surely another takes
it for a digit at all, less what speaks against digits so shaped and so placed. The best of all ways is found by dynamic
programming, as words are cut into letters (Casey and Lecolinet, "A Survey of Methods and Strategies in Character
Segmentation", 1996). It is only believed if each two neighbours, looked at together, are taken for a number: the
strokes of many a letter, each looked at alone, are digits. Where they are far apart, nobody asks.
In a picture, pieces of ink that hang together stand for strokes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nn_core.doubt import Doubt
from nn_core.ink import Mark, Marks, Picture, Stroke, digit_image, ink_lines
from nn_core.model import Model
from nn_core.numbers.connected import connected, lines_of
from nn_core.numbers.grouping import Group, Number, candidates
from nn_core.numbers.shapes import Shape, box_gap, gap, joined, shapes_of
from nn_core.pieces import Pieces

MOST = 24  # strokes and pieces of pictures: a drawing of more is no number

# Weights of what speaks for and against a way to share strokes. They were fitted by maximum likelihood of the right one
# among all, on digits and numbers that the program drew itself: see `nn_core.measuring.composing`.
_READ, _DIGIT = 2.13, 1.29  # logarithms of the likeliest digit's probability, and of that to be a digit
_SHORT, _WIDE, _HOLLOW = 5.66, 3.15, 6.36  # of a digit: shorter than the tallest, wider than high, in two parts
_MORE, _ROOM, _ACROSS, _OVER, _UNLEVEL = 1.53, 5.11, 7.32, 3.51, 2.84  # of neighbours: one more digit; their places
_APART = 0.4  # heights: farther from each other than digits of a number mostly are, and than a letter's strokes
_LEAST, _MOST_HOLLOW, _MOST_ROOM, _LOWEST, _NARROW = -6.0, 0.6, 0.3, 0.3, 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One digit of a number: its marks, later eraser strokes included, and the box of its ink."""

    marks: Marks
    box: tuple[float, float, float, float]  # left, top, right, bottom, in canvas units


@dataclass(frozen=True, slots=True, eq=False)
class _Sight:
    """What the networks see in a group of strokes: logarithms of two probabilities."""

    read: float
    digit: float


class Splitter:
    """Splits drawings by what a network reads and another one doubts; it owns their memory, one for each thread.

    What has been looked at once is remembered until the next drawing: while a stroke grows, the others stay.
    """

    def __init__(self, model: Model, doubt: Doubt) -> None:
        self._reader, self._doubt = model.reader(), doubt
        self._seen: dict[Marks, _Sight] = {}
        self._pieces: dict[Picture, tuple[Picture, ...]] = {}

    def __call__(self, marks: Marks) -> list[Part]:
        """Return the digits of a drawing from left to right; none where it is a single one, or empty."""
        if len(marks) - len(_erasers(marks)) > MOST:
            return []
        marks = self._in_pieces(marks)
        if len(marks) - len(_erasers(marks)) < 2:
            return []  # as for most drawings, and as long as the first stroke grows
        inked, lines = _visible(marks)
        if not 2 <= len(inked) <= MOST:
            return []
        shapes = shapes_of(lines)
        groups = candidates(shapes)
        number = Number(groups, len(inked))
        if not number.exists():
            return []
        whole: Group = tuple(range(len(inked)))
        groups[whole] = joined(shapes)
        parts = {group: _part(group, marks, inked, lines) for group in groups}
        sights = dict(zip(groups, self._look([part.marks for part in parts.values()]), strict=True))

        def worth(group: Group) -> float:
            tallest = groups[group].height if group == whole else 1.0
            return _worth(groups[group], sights[group], tallest)

        value, best = number.best(worth, lambda one, other: _beside(groups[one], groups[other]))
        if value <= worth(whole):
            return []
        near = [pair for pair in pairwise(best) if gap(groups[pair[0]], groups[pair[1]]) < _APART]
        pairs = [_part((*one, *other), marks, inked, lines).marks for one, other in near]
        return [parts[group] for group in best] if self._are_numbers(pairs) else []

    def _in_pieces(self, marks: Marks) -> Marks:
        """Return the marks with each picture as the pieces of ink that hang together in it."""
        pictures = [mark for mark in marks if isinstance(mark, Picture)]
        self._pieces = {mark: self._pieces.get(mark) or connected(mark) for mark in pictures}
        return tuple(
            piece for mark in marks for piece in (self._pieces[mark] if isinstance(mark, Picture) else (mark,))
        )

    def _are_numbers(self, pairs: Sequence[Marks]) -> bool:
        """Whether all these neighbours are to be believed to be digits beside each other."""
        images = [image for image in map(digit_image, pairs) if image is not None]
        return not images or bool(self._doubt.are_numbers(np.stack(images)).all())

    def _look(self, drawings: Sequence[Marks]) -> list[_Sight]:
        fresh = [marks for marks in drawings if marks not in self._seen]
        sights = {marks: self._seen[marks] for marks in drawings if marks in self._seen}
        images = [image for image in map(digit_image, fresh) if image is not None]
        if images:
            read = self._reader.all_probabilities(np.stack(images)).max(axis=1)
            digit = self._doubt.digit_chances(np.stack(images))
            sights |= dict(zip(fresh, map(_Sight, _logarithm(read), _logarithm(digit)), strict=True))
        self._seen = sights
        return [sights[marks] for marks in drawings]


def _visible(marks: Marks) -> tuple[list[Mark], list[Pieces]]:
    """Return the marks that are not erased altogether, and what is left of each: its lines."""
    inked, lines = [], []
    for place, mark in enumerate(marks):
        if not (isinstance(mark, Stroke) and mark.erase):
            erasers = _erasers(marks[place:])
            left = ink_lines([mark, *erasers]) if isinstance(mark, Stroke) else lines_of(mark, erasers)
            if len(left.owner):
                inked.append(mark)
                lines.append(left)
    return inked, lines


def _erasers(marks: Marks) -> list[Stroke]:
    return [mark for mark in marks if isinstance(mark, Stroke) and mark.erase]


def _part(group: Group, marks: Marks, inked: Sequence[Mark], lines: Sequence[Pieces]) -> Part:
    own: set[Mark] = {inked[number] for number in group}
    own.update(_erasers(marks))
    ink = [(np.minimum(line.start, line.end), np.maximum(line.start, line.end), line.radius[:, None])
           for line in (lines[number] for number in group)]  # fmt: skip
    low = np.min([(low - pen).min(axis=0) for low, _, pen in ink], axis=0)
    high = np.max([(high + pen).max(axis=0) for _, high, pen in ink], axis=0)
    box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    return Part(tuple(mark for mark in marks if mark in own), box)


def _worth(shape: Shape, sight: _Sight, tallest: float) -> float:
    """Return what speaks for a group of strokes as a digit of a number whose tallest one is so high."""
    short = min(math.log(max(shape.height, 1e-3) / tallest), 0.0) if shape.height else 0.0
    against = _SHORT * short**2 + _WIDE * max(shape.width / max(shape.height, _LOWEST) - 1.0, 0.0)
    return _READ * sight.read + _DIGIT * sight.digit - against - _HOLLOW * min(shape.hole, _MOST_HOLLOW)


def _beside(one: Shape, other: Shape) -> float:
    """Return what speaks for two groups as neighbours in a number."""
    room, over = gap(one, other), -box_gap(one, other)
    value = _MORE + _ROOM * min(max(room, 0.0), _MOST_ROOM) - _ACROSS * max(-room, 0.0)
    value -= _OVER * max(over, 0.0) / max(min(one.width, other.width), _NARROW)
    return value - _UNLEVEL * abs(float(one.middle[1] - other.middle[1]))


def _logarithm(chances: NDArray[np.float32]) -> list[float]:
    logarithms: list[float] = np.maximum(np.log(np.maximum(chances, 1e-6)), _LEAST).tolist()
    return logarithms
