"""How numbers, shapes and times are written, everywhere in the window the same."""

from __future__ import annotations

import math

MINUS = "\N{MINUS SIGN}"
_BELOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def number(value: float, digits: int = 3) -> str:
    """The value in a few significant digits, with a typographic minus: `−0.312`; thousands in full."""
    if value == 0:
        return "0"
    if 10**digits <= abs(value) < 1e6:
        return f"{value:.0f}".replace("-", MINUS)
    return f"{value:.{digits}g}".replace("-", MINUS)


def indexed(name: str) -> str:
    """A name with a number as it is printed: `h1` as `h₁`."""
    return name.translate(_BELOW)


def shape(sizes: tuple[int, ...]) -> str:
    """`(16, 8, 8)` as `16 × 8 × 8`."""
    return " × ".join(str(size) for size in sizes)


def short(name: str, longest: int = 24) -> str:
    """A name of so many letters at most, `…` in place of the rest: a network may be a chain of a hundred layers."""
    return name if len(name) <= longest else f"{name[:longest]}…"


def thousands(count: float) -> str:
    """A whole number in groups of three, parted by narrow no-break spaces: `12 300`."""
    return f"{round(count):,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def duration(seconds: float) -> str:
    """A time to wait, in the two units that matter: `42 s`, `3 min 05 s`, `2 h 10 min`."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def percent(share: float) -> str:
    """Return a share as per cent with one decimal; what is not a number as a question mark."""
    return f"{100 * share:.1f} %" if math.isfinite(share) else "?"
