"""What a search varies: settings of a run, and the places `{name}` in a chain, over values or a range."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeAlias

from nn_core.errors import SettingsError
from nn_core.settings import TrainSettings

Value: TypeAlias = str | int | float | bool

#: Values that a grid takes from a range.
GRID_POINTS = 5
MOST_AXES, MOST_VALUES = 12, 100
_SHORT = {"lr": "learning_rate", "batch": "batch_size"}
_DEFAULTS: dict[str, Value] = asdict(TrainSettings())
#: What a search leaves alone: what decides the time or the figure, not the network that comes of it.
FIXED = {
    "dataset", "epochs", "threads", "train_images", "validation", "evaluate_every", "patience", "save_every",
    "teachers",
}  # fmt: skip
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Axis:
    """One setting, and what it varies over: `values`, or from `low` to `high`, evenly or (`log`) by their logarithm."""

    name: str
    values: tuple[Value, ...] = ()
    low: float = 0.0
    high: float = 0.0
    log: bool = False
    whole: bool = False  # a range of whole numbers

    def __str__(self) -> str:
        if self.values:
            return f"{self.name}={'|'.join(_written(value) for value in self.values)}"
        return f"{self.name}={_written(self.low)}..{_written(self.high)}{' log' if self.log else ''}"

    def points(self) -> tuple[Value, ...]:
        """The values that a grid tries: all, or `GRID_POINTS` of a range, evenly on its scale."""
        if self.values:
            return self.values
        low, high = (math.log(self.low), math.log(self.high)) if self.log else (self.low, self.high)
        places = [low + (high - low) * i / (GRID_POINTS - 1) for i in range(GRID_POINTS)]
        return tuple(dict.fromkeys(self.rounded(math.exp(place) if self.log else place) for place in places))

    def rounded(self, value: Value) -> Value:
        """The value as a run gets it: of a range, with three digits, so that it can be read and typed again.

        Raises:
            SettingsError: it does not lie on this axis.
        """
        if self.values:
            if value not in self.values:
                raise SettingsError(f"{self.name} (={value!r}) must be one of {', '.join(map(str, self.values))}")
            return value
        slack = 1e-9 * (self.high - self.low)  # a logarithm and back
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not self.low - slack <= float(value) <= self.high + slack:
            raise SettingsError(f"{self.name} (={value!r}) must lie between {self.low:g} and {self.high:g}")
        short = round(float(value)) if self.whole else float(f"{float(value):.3g}")
        return type(short)(min(max(short, self.low), self.high))


def parse_space(text: str) -> tuple[Axis, ...]:
    """The axes of `lr=1e-4..1e-1 log, batch=32|64|128, optimizer=adam|sgd`.

    A name is a setting of `train` or of a place in the chain: `width=30..300 log` for `linear {width}`.

    Raises:
        SettingsError: something is not understood, or named twice.
    """
    axes = tuple(_parse_axis(part.strip()) for part in text.split(",") if part.strip())
    names = [axis.name for axis in axes]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise SettingsError(f"space: {twice[0]} is named twice")
    if not 1 <= len(axes) <= MOST_AXES:
        raise SettingsError(f"space (={text!r}) must name 1 to {MOST_AXES} settings, as in lr=1e-4..1e-1 log")
    return axes


def format_space(axes: tuple[Axis, ...]) -> str:
    """The text that `parse_space` reads."""
    return ", ".join(map(str, axes))


def places_in(chain: str) -> list[str]:
    """The names in braces, in their order."""
    return list(dict.fromkeys(_PLACE.findall(chain)))


def settings_with(base: TrainSettings, values: Mapping[str, Value]) -> TrainSettings:
    """The settings of one trial: `base`, with `values` in the fields and in the places of the chain so named.

    Raises:
        SettingsError: a value is out of its setting's range, or a place of the chain has none.
    """
    chosen: dict[str, Any] = {name: value for name, value in values.items() if name in _DEFAULTS}
    chain = str(chosen.get("preset", base.preset))
    missing = [name for name in places_in(chain) if name not in values]
    if missing:
        raise SettingsError(f"the chain has a place {{{missing[0]}}}: name what it varies over, as {missing[0]}=30|100")
    chosen["preset"] = _PLACE.sub(lambda place: _written(values[place[1]]), chain)
    return replace(base, **chosen)


def _parse_axis(part: str) -> Axis:
    name, equals, rest = (piece.strip() for piece in part.partition("="))
    name = name.replace("-", "_")
    name = _SHORT.get(name, name)
    if not equals or not rest or not _NAME.fullmatch(name):
        raise SettingsError(f"space: {part!r} is not understood; write lr=1e-4..1e-1 log, or batch=32|64")
    if name in FIXED:
        raise SettingsError(f"space: {name.replace('_', '-')} cannot vary, or the trials could not be compared")
    if ".." in rest:
        return _parse_range(name, rest, part)
    values = tuple(dict.fromkeys(_value(name, word.strip()) for word in rest.split("|")))
    if len(values) > MOST_VALUES:
        raise SettingsError(f"space: {name} has {len(values)} values, and at most {MOST_VALUES} are possible")
    return Axis(name, _alike(values) if name not in _DEFAULTS else values)


def _parse_range(name: str, rest: str, part: str) -> Axis:
    first, _, second = rest.partition("..")
    second, *scale = second.split() or [""]
    kind: type | None = type(_DEFAULTS.get(name))
    if scale not in ([], ["log"]) or (name in _DEFAULTS and kind not in (int, float)):
        raise SettingsError(f"space: {part!r} is not understood; write lr=1e-4..1e-1 log, or optimizer=adam|sgd")
    low, high = _number(name, first.strip()), _number(name, second)
    log, whole = bool(scale), kind is int or (name not in _DEFAULTS and {type(low), type(high)} == {int})
    if not low < high or (log and low <= 0):
        raise SettingsError(f"space: {part!r} must begin below its end{', and above 0' if log else ''}")
    return Axis(name, low=low, high=high, log=log, whole=whole)


def _value(name: str, word: str) -> Value:
    kind: type | None = type(_DEFAULTS.get(name))
    if kind is bool:
        if word not in ("on", "off"):
            raise SettingsError(f"space: {name} (={word!r}) must be on or off")
        return word == "on"
    if kind is int or kind is float:
        number = _number(name, word)
        return float(number) if kind is float else number
    if kind is str:
        return word
    try:
        return _number(name, word)
    except SettingsError:
        return word


def _alike(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Whole numbers beside decimal ones become decimal ones."""
    return tuple(map(float, values)) if {type(value) for value in values} == {int, float} else values


def _number(name: str, word: str) -> int | float:
    try:
        number = float(word)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise SettingsError(f"space: {name} (={word!r}) must be a number")
    whole = type(_DEFAULTS.get(name)) is int
    if whole and number != int(number):
        raise SettingsError(f"space: {name} (={word!r}) must be a whole number")
    is_int = whole or (name not in _DEFAULTS and re.fullmatch(r"-?\d+", word) is not None)
    return int(number) if is_int else number


def _written(value: Value) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return repr(value) if isinstance(value, float) else str(value)
