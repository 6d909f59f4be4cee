"""Digits as they come in pictures: on screens, on scanned paper, in photographs with their shadows, rules and borders.

What a camera adds is imitated, not copied: light falls off by a plane, by the square of the distance from the middle
or behind a soft edge; ink takes a share of the light, of each colour another; the lens blurs, the sensor adds noise.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from nn_core.errors import DataError

Light = NDArray[np.float32]  # (H, W, 3) in 0..1: red, green, blue
Pixels = NDArray[np.uint8]  # (H, W, 4): red, green, blue, alpha

SIDES = 420, 560  # rows and columns of a picture
_WHITE = (0.93, 0.92, 0.90)
#: What a pen leaves of red, green and blue light.
_INKS = {
    "black": (0.1, 0.1, 0.12),
    "red": (0.9, 0.18, 0.2),
    "blue": (0.15, 0.25, 0.8),
    "green": (0.15, 0.65, 0.3),
}


def photographed(digit: NDArray[np.floating], condition: str, rng: np.random.Generator) -> Pixels:
    """Return a picture (420, 560, 4) of a digit (28, 28), 0 = paper and 1 = ink, taken under one of `CONDITIONS`.

    A row of digits (28, W) is taken the same way, and fits into the picture.

    Raises:
        DataError: there is no such condition.
    """
    if condition not in CONDITIONS:
        raise DataError(f"condition (={condition!r}) must be one of {', '.join(CONDITIONS)}")
    found = CONDITIONS[condition](digit, rng)
    if found.shape[-1] == 3:
        found = np.concatenate([found, np.ones_like(found[..., :1])], axis=-1)
    return np.ascontiguousarray(np.rint(np.clip(found, 0, 1) * 255), np.uint8)


def _scan(digit: Light, rng: np.random.Generator) -> Light:
    return _inked(_sheet(), _placed(digit, rng), "black")


def _screen(digit: Light, rng: np.random.Generator) -> Light:
    """Light on dark, as on a screen at night."""
    dark, light = rng.uniform(0, 0.2, 3), rng.uniform(0.8, 1, 3)
    ink = _placed(digit, rng)[..., None]
    return (dark * (1 - ink) + light * ink).astype(np.float32)


def _colored(digit: Light, rng: np.random.Generator) -> Light:
    pen = str(rng.choice(["red", "blue", "green"]))
    return _taken(_inked(_sheet(), _placed(digit, rng), pen), rng, blur=1, noise=0.01)


def _transparent(digit: Light, rng: np.random.Generator) -> Light:
    """Ink of any colour on nothing."""
    ink = _placed(digit, rng)
    color = np.broadcast_to(rng.uniform(0, 1, 3), (*ink.shape, 3))
    return np.concatenate([color, ink[..., None]], axis=-1).astype(np.float32)


def _uneven(digit: Light, rng: np.random.Generator) -> Light:
    return _taken(_inked(_sheet(), _placed(digit, rng), _pen(rng)), rng, light=_falloff(rng))


def _shadow(digit: Light, rng: np.random.Generator) -> Light:
    """A hand or a telephone stands in the light: a soft edge at any angle, near the digit."""
    y, x = _places()
    turn, edge = rng.uniform(0, 2 * np.pi), rng.uniform(0.02, 0.08)
    distance = (x - rng.uniform(0.35, 0.65)) * np.cos(turn) + (y - rng.uniform(0.35, 0.65)) * np.sin(turn)
    light = 1 - rng.uniform(0.3, 0.55) / (1 + np.exp(-distance / edge * 2))
    return _taken(_inked(_sheet(), _placed(digit, rng), _pen(rng)), rng, light=light * _falloff(rng))


def _ruled(digit: Light, rng: np.random.Generator) -> Light:
    paper = _lines(_sheet(), rng, down=False)
    return _taken(_inked(paper, _placed(digit, rng), _pen(rng)), rng, light=_falloff(rng))


def _squared(digit: Light, rng: np.random.Generator) -> Light:
    paper = _lines(_lines(_sheet(), rng, down=False), rng, down=True)
    return _taken(_inked(paper, _placed(digit, rng), _pen(rng)), rng, light=_falloff(rng))


def _bordered(digit: Light, rng: np.random.Generator) -> Light:
    """A sheet of paper on a dark table, askew."""
    y, x = _places()
    turn = rng.uniform(-0.15, 0.15)
    across, down = (x - 0.5) + turn * (y - 0.5), (y - 0.5) - turn * (x - 0.5)
    on_paper = (np.abs(across) < rng.uniform(0.38, 0.47)) & (np.abs(down) < rng.uniform(0.38, 0.47))
    table = np.array([0.3, 0.2, 0.14], np.float32)
    light = _inked(_sheet(), _placed(digit, rng, (0.3, 0.5), rim=0.15), _pen(rng))
    return _taken(np.where(on_paper[..., None], light, table), rng, light=_falloff(rng))


def _small(digit: Light, rng: np.random.Generator) -> Light:
    """The digit is a small part of the sheet."""
    ink = _placed(digit, rng, (0.14, 0.22))
    return _taken(_inked(_sheet(), ink, _pen(rng)), rng, light=_falloff(rng), blur=1)


def _dim(digit: Light, rng: np.random.Generator) -> Light:
    """Too little light, and the noise that comes with it."""
    light = 0.35 * _falloff(rng)
    return _taken(_inked(_sheet(), _placed(digit, rng), _pen(rng)), rng, light=light, noise=0.04)


def _pencil(digit: Light, rng: np.random.Generator) -> Light:
    """Faint grey lines."""
    return _taken(_inked(_sheet(), 0.4 * _placed(digit, rng), "black"), rng, light=_falloff(rng))


def _blackboard(digit: Light, rng: np.random.Generator) -> Light:
    board = np.broadcast_to(np.array([0.16, 0.28, 0.22], np.float32), (*SIDES, 3))
    ink = 0.85 * _placed(digit, rng)[..., None]
    return _taken(board * (1 - ink) + np.float32(0.85) * ink, rng, light=_falloff(rng))


#: How pictures of digits are taken.
CONDITIONS: dict[str, Callable[[Light, np.random.Generator], Light]] = {
    "scanned": _scan,
    "light on dark": _screen,
    "coloured ink": _colored,
    "transparent": _transparent,
    "uneven light": _uneven,
    "shadow": _shadow,
    "ruled paper": _ruled,
    "squared paper": _squared,
    "dark border": _bordered,
    "small": _small,
    "dim and noisy": _dim,
    "pencil": _pencil,
    "blackboard": _blackboard,
}


def _placed(digit: Light, rng: np.random.Generator, share: tuple[float, float] = (0.4, 0.8), rim: float = 0.0) -> Light:
    """Return the coverage (H, W) of a digit a `share` of the rows high, a little turned and seen askew.

    It lies anywhere but in the `rim`, a share of the rows too.
    """
    rows, columns = SIDES
    long = digit.shape[1] / digit.shape[0]
    size = min(rng.uniform(*share) * rows * 28 / 20, (columns - 2 * rim * rows) / (long + 0.1))
    room = rim * rows + 0.6 * 20 / 28 * size
    beside = room + (long - 1) / 2 * size
    middle = rng.uniform(room, rows - room), rng.uniform(beside, columns - beside)
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    y, x = (y - middle[0]) / size, (x - middle[1]) / size
    turn, (tip_y, tip_x) = rng.uniform(-0.1, 0.1), rng.uniform(-0.1, 0.1, 2)
    far = 1 + tip_y * y + tip_x * x
    y, x = (y * np.cos(turn) - x * np.sin(turn)) / far, (y * np.sin(turn) + x * np.cos(turn)) / far
    found = _sampled(digit, (y + 0.5) * 28 - 0.5, (x + long / 2) * 28 - 0.5)
    sharp: Light = np.clip(3 * found - 1, 0, 1)  # enlarged grey rims are sharp again
    return sharp


def _sampled(image: Light, y: Light, x: Light) -> Light:
    """Return an image at places between its pixels, bilinearly; beyond its rim it is 0."""
    padded = np.pad(np.asarray(image, np.float32), 1)
    height, width = padded.shape
    y, x = np.clip(y + 1, 0, height - 1.001), np.clip(x + 1, 0, width - 1.001)
    top, left = y.astype(np.intp), x.astype(np.intp)
    down, right = y - top, x - left
    upper = padded[top, left] * (1 - right) + padded[top, left + 1] * right
    lower = padded[top + 1, left] * (1 - right) + padded[top + 1, left + 1] * right
    found: Light = upper * (1 - down) + lower * down
    return found


def _sheet() -> Light:
    return np.broadcast_to(np.array(_WHITE, np.float32), (*SIDES, 3))


def _pen(rng: np.random.Generator) -> str:
    return str(rng.choice(list(_INKS)))


def _inked(paper: Light, ink: Light, pen: str) -> Light:
    left = np.array(_INKS[pen], np.float32)
    found: Light = paper * (1 - ink[..., None] * (1 - left))
    return found


def _lines(paper: Light, rng: np.random.Generator, down: bool) -> Light:
    """Print pale blue lines on paper, a little askew."""
    y, x = np.mgrid[0 : SIDES[0], 0 : SIDES[1]].astype(np.float32)
    along, across = (y, x) if down else (x, y)
    place = across + rng.uniform(-0.04, 0.04) * along + rng.uniform(0, 60)
    line = np.clip(1.5 - np.abs(place % rng.uniform(35, 60) - 15), 0, 1) * rng.uniform(0.3, 0.6)
    found: Light = paper * (1 - line[..., None] * np.array([0.5, 0.35, 0.15], np.float32))
    return found


def _places() -> tuple[Light, Light]:
    y, x = np.mgrid[0 : SIDES[0], 0 : SIDES[1]].astype(np.float32)
    return y / SIDES[0], x / SIDES[1]


def _falloff(rng: np.random.Generator) -> Light:
    """Return how much light falls (H, W): a slope across the sheet, and less towards the corners."""
    y, x = _places()
    slope_y, slope_x = rng.uniform(-0.35, 0.35, 2)
    far = (y - 0.5) ** 2 + (x - 0.5) ** 2
    light = 0.95 + slope_y * (y - 0.5) + slope_x * (x - 0.5) - rng.uniform(0, 0.6) * far
    return np.asarray(light, np.float32)


def _taken(
    scene: Light,
    rng: np.random.Generator,
    light: Light | float = 1.0,
    blur: int = 2,
    noise: float = 0.015,
) -> Light:
    """Return a scene as a camera sees it: in warm or cold light, blurred by so many pixels either way, with noise."""
    cast = 1 + rng.uniform(-0.08, 0.08, 3)
    seen = scene * cast * (light[..., None] if isinstance(light, np.ndarray) else light)
    for axis in (0, 1):
        seen = np.mean([np.roll(seen, step, axis) for step in range(-blur, blur + 1)], axis=0)
    return (seen + rng.normal(0, noise, seen.shape)).astype(np.float32)
