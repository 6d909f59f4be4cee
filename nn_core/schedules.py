"""Schedules: how the learning rate changes over a run."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from nn_core.errors import SettingsError

#: Where the schedule `step` steps down, in shares of the run, and by what.
DROPS, DROP = (1 / 2, 3 / 4), 0.1
#: The share of the run over which `one-cycle` rises, if it is not told another.
PEAK = 0.3
#: The share of the run over which `warm-up` rises.
WARM_UP = 0.1

#: A factor for the learning rate at step `step` (from 0) of `steps`.
Schedule = Callable[[int, int], float]


def constant(step: int, steps: int) -> float:
    """1 throughout."""
    return 1.0


def cosine(step: int, steps: int) -> float:
    """½ (1 + cos(π · step / steps)): from 1 down to 0 (Loshchilov and Hutter 2017, eq. 5)."""
    return 0.5 * (1 + math.cos(math.pi * min(step, steps) / max(1, steps)))


def one_cycle(step: int, steps: int, peak: float = PEAK, part: float = 1.0) -> float:
    """From 1/25 up to 1 at `peak` of the cycle, then down to 1/250,000, both along a cosine (Smith and Topin 2018).

    The run is the first `part` of the cycle: with less than all of it the rate stays high, and what has been learnt
    stays general where the images are a little unlike those that will be read.
    """
    at, up = part * step, max(1, round(peak * steps))
    if at < up:
        return _between(1 / 25, 1, at / up)
    return _between(1, 1 / 250_000, min(1, (at - up) / max(1, steps - up)))


def step_down(step: int, steps: int) -> float:
    """1, from half of the run on 1/10, from three quarters on 1/100 (He et al. 2016, section 3.4, divide so by 10)."""
    return DROP ** sum(step >= share * steps for share in DROPS)


def warm_up(step: int, steps: int) -> float:
    """(step + 1) / w over the first w steps, a tenth of the run, then 1 (Goyal et al. 2017, section 2.2)."""
    return min(1.0, (step + 1) / max(1, round(WARM_UP * steps)))


def _between(start: float, end: float, share: float) -> float:
    return end + (start - end) * 0.5 * (1 + math.cos(math.pi * share))


SCHEDULES: dict[str, Schedule] = {
    "constant": constant,
    "cosine": cosine,
    "one-cycle": one_cycle,
    "step": step_down,
    "warm-up": warm_up,
}


def find_schedule(name: str) -> Schedule:
    """The schedule of that name; one-cycle with the share of the cycle at which it peaks, if it follows, and with that
    share of the cycle which is the run: one-cycle:0.3:0.6.

    Raises:
        SettingsError: there is none, or a share does not lie between 0 and 1.
    """
    kind, colon, shares = name.partition(":")
    if colon and kind == "one-cycle":
        peak, colon, part = shares.partition(":")
        return partial(one_cycle, peak=_share("peak", peak), part=_share("part", part) if colon else 1.0)
    if name not in SCHEDULES:
        raise SettingsError(f"schedule (={name!r}) must be one of {', '.join(SCHEDULES)}, or as one-cycle:0.3:0.6")
    return SCHEDULES[name]


def _share(what: str, number: str) -> float:
    try:
        value = float(number)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        raise SettingsError(f"the {what} of one-cycle (={number!r}) must lie between 0 and 1")
    return value
