"""Kinds of digits that networks trained on MNIST often misread, told from the shape of their strokes.

Lengths are shares of the digit's longer side, which is 1; y runs down. The rules look at lines, never at what a network
makes of them, and serve to measure only. How often they are right was counted by eye, see README.

- Slashed zero: a straight line through the middle of the bowl, lifted or as the end of its stroke. The bowl is the
  stroke that is most longer than the way from its start to its end.
- Flagged one: in a row of the upper part there is ink in two places, flag and stem.
- Barred seven: a straight stroke in the middle of the height, more level than steep.
- Open four: the place where the pen came down first, and the ink that does not lead away from there, stay apart.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nn_core.measuring.pen_file import Line, PenDigit

SLASHED_ZERO, FLAGGED_ONE, BARRED_SEVEN, OPEN_FOUR = "slashed 0", "flagged 1", "barred 7", "open 4"
PLAIN = ""  # any other digit

_STEP = 0.02  # between the points of a line that is looked at
_FAIRLY_STRAIGHT = 0.7  # diagonal of its box over path: a pen may go back a little at the ends
_SHORTEST = 0.2  # slash
_LIFTED, _UNLIFTED = (0.6, 0.5, 1.0), (0.88, 0.8, 0.5)  # rules of `_slashes`
_LEAST_BOWL, _MOST_BOWL = 0.4, 0.85  # of a zero in one stroke: what may be its bowl
_CUTS = 24  # places along a zero at which a slash may begin or end
_CLOSE = 0.3  # start and end of a bowl
_ROW, _UPPER = 0.03, 0.4  # of the height: a row that is looked at, and the part of a one that a flag is looked for in
_APART = 0.09  # flag and stem, and the two ends of a bar
_MIDDLE = (0.25, 0.85)  # of the height: where the bar of a seven lies
_AWAY = 0.5  # of the first stroke: this much leads away from where it begins
_GAP = 0.12  # between the arms of an open four


def kind_of(digit: PenDigit) -> str:
    """Return the kind of a digit, or PLAIN."""
    rules = {0: (SLASHED_ZERO, is_slashed), 1: (FLAGGED_ONE, is_flagged), 7: (BARRED_SEVEN, is_barred)}
    rules[4] = (OPEN_FOUR, is_open)
    if digit.label not in rules:
        return PLAIN
    kind, holds = rules[digit.label]
    return kind if holds([_even(line) for line in digit.lines]) else PLAIN


def is_slashed(lines: list[Line]) -> bool:
    """Whether a zero has a straight line through its middle."""
    bowl = max(lines, key=lambda line: _length(line) - _chord(line))
    if any(line is not bowl and _slashes(line, bowl, _LIFTED) for line in lines):
        return True
    return _is_slashed_unlifted(bowl)


def _is_slashed_unlifted(line: Line) -> bool:
    """Whether a part of a line goes straight through the middle of the bowl before it; a pen may go back after that."""
    count, step = len(line), max(1, len(line) // _CUTS)
    ends = range(max(1, round(_LEAST_BOWL * count)), round(_MOST_BOWL * count), step)
    return any(
        _slashes(line[end:stop], line[:end], _UNLIFTED)
        for end in ends
        if _is_closed(line[:end])
        for stop in range(count, end, -step)
    )


def _slashes(line: Line, bowl: Line, rule: tuple[float, float, float]) -> bool:
    """Whether a straight line goes through the middle of a bowl, from one half of it to the other.

    The rule: chord over path, chord over the bowl's width, and distance to the middle over half of that width.
    """
    straight, long, near = rule
    low, high = bowl.min(axis=0), bowl.max(axis=0)
    middle, width = (low + high) / 2, float(min(high - low))
    way = line[-1] - line[0]
    chord = float(np.hypot(*way))
    if chord < max(long * width, _SHORTEST) or chord < straight * _length(line):
        return False
    along = float((middle - line[0]) @ way) / chord**2
    beside = float(np.hypot(*(line - middle).T).min())
    return 0.2 < along < 0.8 and beside < near * width / 2


def _is_closed(line: Line) -> bool:
    """Whether a line comes back to where it began."""
    return float(np.hypot(*(line - line[0]).T)[len(line) // 2 :].min()) < _CLOSE


def is_flagged(lines: list[Line]) -> bool:
    """Whether a one has a stroke up to its top, beside the stem."""
    points = np.concatenate(lines)
    top, height = points[:, 1].min(), max(float(np.ptp(points[:, 1])), _STEP)
    rows = np.floor((points[:, 1] - top) / height / _ROW).astype(np.intp)
    upper = rows < _UPPER / _ROW
    places = [points[upper & (rows == row), 0] for row in np.unique(rows[upper])]
    return max(float(np.ptp(row)) for row in places) > _APART * height


def is_barred(lines: list[Line]) -> bool:
    """Whether a seven has a bar through its stem."""
    points = np.concatenate(lines)
    top, height = points[:, 1].min(), max(float(np.ptp(points[:, 1])), _STEP)
    for line in lines if len(lines) > 1 else []:
        wide, high = np.ptp(line, axis=0)
        place = (float(line[:, 1].mean()) - top) / height
        level = wide > max(high, _APART) and _is_straight(line)
        if level and _MIDDLE[0] < place < _MIDDLE[1]:
            return True
    return False


def is_open(lines: list[Line]) -> bool:
    """Whether the arms of a four stay apart at the top."""
    tip = lines[0][0]
    others = np.concatenate([lines[0][round(_AWAY / _STEP) :], *lines[1:]])
    return len(others) > 0 and float(np.hypot(*(others - tip).T).min()) > _GAP


def _even(line: Line) -> Line:
    """Return points every `_STEP` along a line."""
    along = _along(line)
    if along[-1] == 0.0:
        return line[:1]
    at = np.linspace(0.0, along[-1], max(2, int(np.ceil(along[-1] / _STEP)) + 1))
    return np.stack([np.interp(at, along, line[:, axis]) for axis in (0, 1)], axis=1).astype(np.float32)


def _along(line: Line) -> NDArray[np.float64]:
    return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line.astype(np.float64), axis=0).T))])


def _length(line: Line) -> float:
    return float(_along(line)[-1])


def _chord(line: Line) -> float:
    return float(np.hypot(*(line[-1] - line[0])))


def _is_straight(line: Line) -> bool:
    return float(np.hypot(*np.ptp(line, axis=0))) > _FAIRLY_STRAIGHT * _length(line)
