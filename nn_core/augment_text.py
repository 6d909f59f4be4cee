"""Augmentation in words, as the settings of a run keep it: `rotation=15,noise=0.05,flip-horizontal`."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace

from nn_core.augment import Augmentation
from nn_core.errors import SettingsError

#: The word for the amounts that `Augmentation` has by itself.
USUAL = "usual"
#: What to say wherever flips are chosen.
FLIP_WARNING = "Flips: the mirror image of a 2 or a 7 is no digit, and the network would learn it as one."


@dataclass(frozen=True, slots=True)
class Amount:
    """One thing that is varied: its field, how far it may go, and how that is said."""

    field: str
    most: float
    unit: str
    about: str
    alone: float | None = None  # the amount where the name stands without one

    @property
    def name(self) -> str:
        """How the text calls it."""
        return self.field.replace("_", "-")


_PIXELS = "pixels"

AMOUNTS: dict[str, Amount] = {
    amount.name: amount
    for amount in (
        Amount("shift", 14, _PIXELS, "at most, each way"),
        Amount("scale", 0.9, "", "factor 1 ± this, each axis on its own"),
        Amount("rotation", 180, "°", "at most, each way"),
        Amount("shear", 1, "", "slant, at most, each way"),
        Amount("elastic", 6, _PIXELS, "how far a smooth random field bends"),
        Amount("crop", 20, _PIXELS, "cut off along each axis at most; the rest is stretched"),
        Amount("noise", 1, "", "largest standard deviation; ink is 1"),
        Amount("brightness", 1, "", "added, at most, each way; ink is 1"),
        Amount("contrast", 1, "", "factor 1 ± this, about the mean"),
        Amount("flip_horizontal", 1, "", "share of the images, left for right", alone=0.5),
        Amount("flip_vertical", 1, "", "share of the images, upside down", alone=0.5),
    )
}
#: An augmentation that leaves images as they are.
NONE = Augmentation(shift=0, scale=0, rotation=0, shear=0, elastic=0)


def parse_augmentation(text: str) -> Augmentation:
    """The augmentation that a text says: amounts by name, in any order; what is not named is 0.

    With `usual` first, what is not named is as usual.

    Raises:
        SettingsError: a name is unknown or comes twice, or an amount is out of its range.
    """
    words = [word.strip() for word in text.split(",")]
    found = Augmentation() if words[0] == USUAL else NONE
    named: dict[str, float] = {}
    for word in words[words[0] == USUAL :]:
        name, _, value = (part.strip() for part in word.partition("="))
        if name not in AMOUNTS:
            raise SettingsError(f"augmentation (={name!r}) must be {USUAL} or some of {', '.join(AMOUNTS)}")
        if AMOUNTS[name].field in named:
            raise SettingsError(f"augmentation names {name} twice")
        named[AMOUNTS[name].field] = _amount(AMOUNTS[name], value)
    return replace(found, **named)  # type: ignore[arg-type]  # grid, the one whole number, has no name


def augmentation_text(augmentation: Augmentation) -> str:
    """The shortest text of an augmentation with the usual grid; empty where nothing is varied."""
    if augmentation == Augmentation():
        return USUAL
    values = {field.name: getattr(augmentation, field.name) for field in fields(Augmentation)}
    return ",".join(f"{name}={values[one.field]:g}" for name, one in AMOUNTS.items() if values[one.field])


def _amount(amount: Amount, text: str) -> float:
    if not text and amount.alone is not None:
        return amount.alone
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= amount.most:
        raise SettingsError(f"{amount.name} (={text!r}) must lie between 0 and {amount.most:g}")
    return value
