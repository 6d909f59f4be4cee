"""A drawing as it looks on the screen: smooth strokes, of which a new point repaints only its surroundings."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPen

from nn_core.ink import CANVAS_SIDE, Marks, Picture, Stroke

_GENTLE = 0.5  # cosine of the sharpest turn that is drawn round, 60°
_MARGIN = 2  # pixels around a stroke that its anti-aliasing may touch


class InkRaster:
    """The picture `image` (side, side) of finished marks and of the one stroke that is being drawn.

    Ink joins as in `nn_core.ink`: the larger coverage stays, and an eraser multiplies by what it leaves. The stroke
    runs through the middles between its points in quadratic curves; only its last half piece is straight, and is
    drawn anew with the next point. The colour table (256, 4) RGBA goes from paper to ink.
    """

    def __init__(self, side: int, table: np.ndarray) -> None:
        self.side = side
        self.image = QImage(side, side, QImage.Format.Format_RGB32)
        self._scale = side / CANVAS_SIDE
        self._base = np.zeros((side, side), np.uint8)  # coverage of the finished marks
        self._live = np.zeros((side, side), np.uint8)  # of the stroke in progress, without its straight end
        self._marks: Marks = ()
        self._points: list[QPointF] = []
        self._tail = QRect()
        self._touched = QRect()
        self._width = 0.0
        self._erase = False
        self.set_table(table)

    def set_table(self, table: np.ndarray) -> None:
        """Show everything in the colours of another table."""
        red, green, blue = (table[:, i].astype(np.uint32) for i in range(3))
        self._colors = np.uint32(0xFF000000) | red << np.uint32(16) | green << np.uint32(8) | blue
        self._show(self._whole(), None)

    def set_marks(self, marks: Marks) -> None:
        """Show these finished marks; what they have in common with the last ones at the start is not drawn again."""
        known = len(self._marks)
        if len(marks) == known and all(a is b for a, b in zip(marks, self._marks, strict=True)):
            return
        if len(marks) < known or any(a is not b for a, b in zip(marks, self._marks, strict=False)):
            known = 0
            self._base[:] = 0
        for mark in marks[known:]:
            self._add(mark)
        self._marks = marks
        self._show(self._whole(), None)

    def begin(self, width: float, erase: bool) -> None:
        """Start a stroke of a pen `width` canvas units wide."""
        self._points.clear()
        self._tail, self._touched = QRect(), QRect()
        self._width, self._erase = width * self._scale, erase

    def extend(self, x: float, y: float) -> QRect:
        """Lead the stroke on to a point in canvas units and return the pixels that changed."""
        place = QPointF(x * self._scale, y * self._scale)
        if self._points and _is_near(self._points[-1], place):
            return QRect()
        self._points.append(place)
        path, tail = _last_piece(self._points)
        fixed, end = self._reach(path, self._width), self._reach(tail, self._width)
        cover = _cover(path, self._width, fixed)
        live = self._live[_window(fixed)]
        np.maximum(live, cover, out=live)
        changed = fixed.united(end).united(self._tail)
        self._show(changed, tail)
        self._tail = end
        self._touched = self._touched.united(changed)
        return changed

    def finish(self, stroke: Stroke) -> None:
        """End the stroke in progress and keep it as the finished mark `stroke`."""
        path = _last_piece(self._points)[1]
        window = _window(self._touched)
        layer = np.maximum(self._live[window], _cover(path, self._width, self._touched))
        self._base[window] = _joined(self._base[window], layer, self._erase)
        self._marks = (*self._marks, stroke)
        self.cancel()

    def cancel(self) -> QRect:
        """Forget the stroke in progress and return the pixels that changed."""
        changed = self._touched
        self._live[_window(changed)] = 0
        self._points.clear()
        self._tail, self._touched = QRect(), QRect()
        self._show(changed, None)
        return changed

    def _show(self, where: QRect, tail: QPainterPath | None) -> None:
        window = _window(where)
        layer = self._live[window]
        if tail is not None:
            layer = np.maximum(layer, _cover(tail, self._width, where))
        pixels = np.frombuffer(self.image.bits(), np.uint32).reshape(self.side, self.side)
        pixels[window] = self._colors[_joined(self._base[window], layer, self._erase)]

    def _add(self, mark: Stroke | Picture) -> None:
        if isinstance(mark, Picture):
            where, cover, erase = self._whole(), self._picture(mark), False
        else:
            path = _smooth_path((mark.points * self._scale).tolist())
            width, erase = mark.width * self._scale, mark.erase
            where = self._reach(path, width)
            cover = _cover(path, width, where)
        window = _window(where)
        self._base[window] = _joined(self._base[window], cover, erase)

    def _picture(self, picture: Picture) -> np.ndarray:
        height, width = picture.ink.shape
        ink = np.ascontiguousarray(np.rint(picture.ink * 255), np.uint8)
        source = QImage(ink.data, width, height, width, QImage.Format.Format_Grayscale8)
        target = QRectF(picture.left, picture.top, picture.width, picture.height)
        area = QRectF(target.topLeft() * self._scale, target.size() * self._scale)
        size = area.size().toSize().expandedTo(QSize(1, 1)).boundedTo(source.size())
        if size != source.size():  # a painter alone would skip pixels
            source = source.scaled(size, mode=Qt.TransformationMode.SmoothTransformation)
        canvas = QImage(self.side, self.side, QImage.Format.Format_RGB32)
        canvas.fill(0)
        painter = QPainter(canvas)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(area, source)
        painter.end()
        return _pixels(canvas)

    def _reach(self, path: QPainterPath, width: float) -> QRect:
        rim = width / 2 + _MARGIN
        return path.controlPointRect().adjusted(-rim, -rim, rim, rim).toAlignedRect().intersected(self._whole())

    def _whole(self) -> QRect:
        return QRect(0, 0, self.side, self.side)


def _is_near(last: QPointF, place: QPointF) -> bool:
    """Return whether a place is less than a pixel from the last: Qt's stroker fails at turns that small."""
    return math.hypot(place.x() - last.x(), place.y() - last.y()) < 1


def _smooth_path(places: list[list[float]]) -> QPainterPath:
    points = [QPointF(*places[0])]
    for x, y in places[1:]:
        place = QPointF(x, y)
        if not _is_near(points[-1], place):
            points.append(place)
    path = QPainterPath(points[0])
    for triple in zip(points[:-2], points[1:-1], points[2:], strict=True):
        _bend(path, *triple)
    path.lineTo(points[-1])
    return path


def _last_piece(points: list[QPointF]) -> tuple[QPainterPath, QPainterPath]:
    """Return what the last point made final, and the straight end that the next point will replace."""
    if len(points) < 3:
        return QPainterPath(points[0]), _line(points[0], points[-1])
    before, corner, after = points[-3:]
    path = QPainterPath(before if len(points) == 3 else (before + corner) * 0.5)
    _bend(path, before, corner, after)
    return path, _line(path.currentPosition(), after)


def _bend(path: QPainterPath, before: QPointF, corner: QPointF, after: QPointF) -> None:
    """Lead a path by a point to the middle before the next: round where the turn is gentle, else through the corner.

    A sharp turn is meant, as in a 4 or a 7, and a curve that folds back is one that Qt's stroker leaves gaps in.
    """
    into, out, middle = corner - before, after - corner, (corner + after) * 0.5
    lengths = math.hypot(into.x(), into.y()) * math.hypot(out.x(), out.y())
    if QPointF.dotProduct(into, out) > _GENTLE * lengths:
        path.quadTo(corner, middle)
    else:
        path.lineTo(corner)
        path.lineTo(middle)


def _line(start: QPointF, end: QPointF) -> QPainterPath:
    path = QPainterPath(start)
    path.lineTo(end)
    return path


def _joined(base: np.ndarray, layer: np.ndarray, erase: bool) -> np.ndarray:
    if not erase:
        return np.maximum(base, layer)
    left = base.astype(np.uint16) * (255 - layer.astype(np.uint16))
    return ((left + 127) // 255).astype(np.uint8)


def _cover(path: QPainterPath, width: float, where: QRect) -> np.ndarray:
    """Return the coverage, uint8 (height, width), of a path drawn with a round pen, within a rectangle of pixels."""
    if where.isEmpty():
        return np.zeros((max(where.height(), 0), max(where.width(), 0)), np.uint8)
    canvas = QImage(where.size(), QImage.Format.Format_RGB32)  # Qt paints it several times faster than grey
    canvas.fill(0)
    painter = QPainter(canvas)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(-where.x(), -where.y())
    first = path.elementAt(0)
    start, rim = QPointF(first.x, first.y), width / 2
    if path.controlPointRect().isNull():  # a dot: the rectangle of all its points has neither width nor height
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.GlobalColor.white)
        painter.drawEllipse(start, rim, rim)
    else:
        style = (Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        painter.setPen(QPen(Qt.GlobalColor.white, width, *style))
        painter.drawPath(path)
    painter.end()
    return _pixels(canvas)


def _pixels(image: QImage) -> np.ndarray:
    """Return the blue channel of an RGB32 image, uint8 (height, width)."""
    rows = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width())
    return rows.astype(np.uint8)


def _window(where: QRect) -> tuple[slice, slice]:
    return slice(where.y(), where.y() + where.height()), slice(where.x(), where.x() + where.width())
