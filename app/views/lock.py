"""The small lock of a layer: closed, and training leaves the layer as it is."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

SIZE = 18  # logical pixels


def paint_lock(painter: QPainter, corner: QPointF, closed: bool, color: QColor) -> None:
    """Paint a lock into the square of `SIZE` at a corner; an open one has its shackle pulled out on one side."""
    body = QRectF(corner.x() + 4, corner.y() + 8, 10, 7.5)
    left, right, top = body.left() + 2, body.right() - 2, corner.y() + (5.5 if closed else 4.0)
    shackle = QPainterPath(QPointF(left, body.top()))
    shackle.lineTo(left, top)
    shackle.arcTo(QRectF(left, top - (right - left) / 2, right - left, right - left), 180, -180)
    shackle.lineTo(right, body.top() if closed else top + 1.5)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(shackle)
    painter.setBrush(color)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(body, 1.5, 1.5)
    painter.restore()
