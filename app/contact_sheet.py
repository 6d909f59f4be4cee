"""Drawings side by side on one picture: what was drawn, what the network received, what it answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from app.colors import INK, to_qimage
from app.theme import LIGHT
from nn_core.ink import CANVAS_SIDE, Stroke

MOST = 600  # drawings on one sheet
_COLUMNS = 10
_SIDE = 84  # pixels of the drawing, and of the 28×28 beside it: three a pixel
_GAP, _LINE = 6, 16
_WIDTH, _HEIGHT = 2 * _SIDE + 3 * _GAP, _SIDE + _LINE + 2 * _GAP
_ORDER = ("#1c2025", "#2563c9", "#c65d07", "#19744a", "#8e44ad")  # first stroke, second stroke …


@dataclass(frozen=True, slots=True, eq=False)
class Card:
    """One drawing on a sheet: its strokes, the network's input (28, 28) or None, and a line of text below."""

    strokes: Sequence[Stroke]
    image: np.ndarray | None
    text: str


def contact_sheet(cards: Sequence[Card]) -> QPixmap:
    """Return a sheet of at most `MOST` drawings, row by row; each stroke has a colour and a dot where it begins."""
    cards = cards[:MOST]
    rows = max(1, -(-len(cards) // _COLUMNS))
    sheet = QPixmap(_COLUMNS * _WIDTH, rows * _HEIGHT)
    sheet.fill(QColor(LIGHT.panel))
    painter = QPainter(sheet)
    font = painter.font()
    font.setPixelSize(_LINE - 4)
    painter.setFont(font)
    for number, card in enumerate(cards):
        row, column = divmod(number, _COLUMNS)
        painter.save()
        painter.translate(column * _WIDTH + _GAP, row * _HEIGHT + _GAP)
        _paint(painter, card)
        painter.restore()
    painter.end()
    return sheet


def _paint(painter: QPainter, card: Card) -> None:
    drawn, received = QRectF(0, 0, _SIDE, _SIDE), QRectF(_SIDE + _GAP, 0, _SIDE, _SIDE)
    if card.image is not None:
        painter.drawImage(received, to_qimage(card.image, 0.0, 1.0, INK))
    painter.setPen(QPen(QColor(LIGHT.line), 1))
    painter.drawRect(drawn)
    painter.drawRect(received)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for number, stroke in enumerate(card.strokes):
        color = QColor(_ORDER[number % len(_ORDER)])
        points = [QPointF(x, y) for x, y in (stroke.points * (_SIDE / CANVAS_SIDE)).tolist()]
        painter.setPen(QPen(color, 1.5))
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(color)
        painter.drawEllipse(points[0], 2, 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QColor(LIGHT.text))
    painter.drawText(QRectF(0, _SIDE + 2, _WIDTH - _GAP, _LINE), Qt.AlignmentFlag.AlignLeft, card.text)
