"""What the network makes of a drawing, which may be a number of several digits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from nn_core.ink import Marks, Stroke, digit_image, is_dot
from nn_core.model import Reader
from nn_core.numbers import Part

#: Below this probability of the likeliest digit the label shows `?`: then all others together are likelier. It shows
#: `?`, too, when the drawing is a dot, or when it is doubted to be a digit at all.
SURE = 0.5
NOTHING, UNSURE = "–", "?"
#: Tells of an image (28, 28) whether it is rather no digit.
Doubts: TypeAlias = Callable[[np.ndarray], bool]
#: Splits a drawing of a number into its digits, from left to right; one of a single digit has no parts.
Splits: TypeAlias = Callable[[Marks], list[Part]]
Box = tuple[float, float, float, float]  # left, top, right, bottom, in canvas units


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """A digit as it was drawn: its marks, their image, its box if it is one of several, and whether it is none."""

    marks: Marks
    image: np.ndarray  # float32 (28, 28)
    box: Box | None = None
    doubted: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class ReadDigit:
    """One digit of a number as the network reads it."""

    box: Box
    probabilities: np.ndarray  # float32 (10,)
    digit: int
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What the network makes of the drawing; without one there is no image, there are no probabilities, digit −1.

    Of a number, `text` is the whole of it, `number` holds its digits from left to right, and what else there is belongs
    to the one that is `selected`.
    """

    image: np.ndarray | None = None  # float32 (28, 28)
    probabilities: np.ndarray | None = None  # float32 (10,)
    digit: int = -1
    text: str = NOTHING
    marks: Marks = ()  # that make the image
    number: tuple[ReadDigit, ...] = ()
    selected: int = 0

    @property
    def to_keep(self) -> np.ndarray | None:
        """The probabilities (10,), unless there are none or the network is one that diverged."""
        found = self.probabilities
        return found if found is not None and np.isfinite(found).all() else None


def look_at(marks: Marks, splits: Splits | None = None, doubts: Doubts | None = None) -> list[Sight]:
    """Return what is to be read: the digits of a number, or else the drawing as one; nothing without ink."""
    sights = _sights_of(marks, splits(marks) if splits is not None else [])
    if doubts is None:
        return sights
    return [replace(sight, doubted=sight.doubted or doubts(sight.image)) for sight in sights]


def _sights_of(marks: Marks, parts: list[Part]) -> list[Sight]:
    if parts:
        images = [(part, digit_image(part.marks)) for part in parts]
        return [Sight(part.marks, image, part.box) for part, image in images if image is not None]
    image = digit_image(marks)
    return [] if image is None else [Sight(marks, image, None, is_dot(marks))]


def last_drawn(sights: list[Sight], marks: Marks) -> int:
    """Return the place of the digit that the last pen stroke belongs to."""
    for mark in reversed(marks):
        if isinstance(mark, Stroke) and not mark.erase:
            places = [place for place, sight in enumerate(sights) if any(mark is own for own in sight.marks)]
            if places:
                return places[0]
    return 0


def answer_to(sights: list[Sight], selected: int, reader: Reader) -> Answer:
    """Return what a network makes of what is drawn."""
    if not sights:
        return Answer()
    with np.errstate(all="ignore"):  # parameters of a run that diverged may overflow; the answer is then `?`
        found = reader.all_probabilities(np.stack([sight.image for sight in sights]))
    digits = [int(np.nan_to_num(probabilities).argmax()) for probabilities in found]
    texts = [
        str(digit) if probabilities[digit] >= SURE and not sight.doubted else UNSURE
        for sight, probabilities, digit in zip(sights, found, digits, strict=True)
    ]
    number = tuple(
        ReadDigit(sight.box, probabilities, digit, text)
        for sight, probabilities, digit, text in zip(sights, found, digits, texts, strict=True)
        if sight.box is not None
    )
    one = sights[selected]
    return Answer(one.image, found[selected], digits[selected], "".join(texts), one.marks, number, selected)
