"""The curves of `scaling` as one SVG picture, written by hand: three panels, both axes in doublings."""

from __future__ import annotations

import math
from collections.abc import Sequence

from benchmarks.common import Found

_WIDE, _HIGH, _GAP = 300, 200, 70  # of a panel, and what is around it
_INK, _GRID, _LINE = "#444", "#ddd", "#2a6fb0"
_TITLES = {"batch": "images in a batch", "threads": "threads", "width": "width of the layers"}


def curves(found: Found) -> str:
    """Images a second against batch, threads and width."""
    panels = [
        _panel(number, title, [(point["x"], point["images_per_s"]) for point in found[name]])
        for number, (name, title) in enumerate(_TITLES.items())
    ]
    wide, high = len(panels) * (_WIDE + _GAP) + _GAP // 2, _HIGH + 2 * _GAP
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" font-family="sans-serif">'
    title = _text(wide / 2, 24, f"Training {found['preset']}: images a second", size=15)
    return "\n".join([head, f'<rect width="{wide}" height="{high}" fill="white"/>', title, *panels, "</svg>", ""])


def _panel(number: int, title: str, points: Sequence[tuple[float, float]]) -> str:
    left, top = _GAP + number * (_WIDE + _GAP), _GAP - 15
    xs, ys = [math.log2(x) for x, _ in points], [math.log2(y) for _, y in points]
    low, high = math.floor(min(ys)), math.ceil(max(ys))
    low, high = (low, high) if high > low else (low, low + 1)

    def place(x: float, y: float) -> tuple[float, float]:
        across = (x - min(xs)) / ((max(xs) - min(xs)) or 1)
        return left + across * _WIDE, top + (1 - (y - low) / (high - low)) * _HIGH

    parts = []
    for y in range(low, high + 1):
        x0, y0 = place(min(xs), y)
        parts.append(f'<path d="M{x0:.1f} {y0:.1f}h{_WIDE}" stroke="{_GRID}"/>')
        parts.append(_text(x0 - 6, y0 + 4, f"{2.0**y:,.0f}", anchor="end"))
    places = [place(x, y) for x, y in zip(xs, ys, strict=True)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    parts.append(f'<polyline points="{line}" fill="none" stroke="{_LINE}" stroke-width="2"/>')
    for (across, down), (value, speed) in zip(places, points, strict=True):
        parts.append(
            f'<circle cx="{across:.1f}" cy="{down:.1f}" r="3" fill="{_LINE}"><title>{speed:,.0f}</title></circle>'
        )
        parts.append(_text(across, top + _HIGH + 18, f"{value:g}"))
    parts.append(_text(left + _WIDE / 2, top + _HIGH + 40, title))
    return "\n".join(parts)


def _text(x: float, y: float, words: str, *, anchor: str = "middle", size: int = 12) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{_INK}">{words}</text>'
