"""Nodes and connections as a picture: what stands where, and how it is painted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import hypot

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from app.labs.number_table import BAD, CHOSEN, FAINT, GOOD
from app.theme import Theme, blend, tabular

RADIUS = 22.0  # of a node, logical pixels
_GAP = 3.0  # between a node and the words over and under it
_PADDING = 4.0


@dataclass(frozen=True, slots=True)
class Node:
    """One node. `place` is in the unit square, the origin at the top left; a mark is one of those of a number table."""

    key: str
    place: tuple[float, float]
    text: str
    above: str = ""  # small words over it
    below: str = ""  # small words under it, a line each
    mark: str = ""
    help: str = ""  # the tool tip
    clickable: bool = False
    value: float | None = None  # a number that can be typed in its place
    square: bool = False  # a gate instead of a neuron


@dataclass(frozen=True, slots=True)
class Edge:
    """One connection, from one node to another; what is written on it stands `at` this share of the way."""

    start: str
    end: str
    text: str = ""
    below: str = ""  # under the text, in the colour of what runs backwards
    at: float = 0.5
    mark: str = ""
    help: str = ""
    value: float | None = None  # a number that can be typed in its place

    @property
    def key(self) -> str:
        """What it is called: `start>end`."""
        return f"{self.start}>{self.end}"


class GraphPainter:
    """Paints nodes and edges into a rectangle, and knows what is where."""

    def __init__(self, nodes: Iterable[Node], edges: Iterable[Edge], area: QRectF, font: QFont) -> None:
        self.nodes = {node.key: node for node in nodes}
        self.edges = {edge.key: edge for edge in edges}
        self._area = area
        self.big, self.small = tabular(font, 13), tabular(font, 12)

    def center(self, key: str) -> QPointF:
        """Where a node is."""
        x, y = self.nodes[key].place
        return QPointF(self._area.x() + x * self._area.width(), self._area.y() + y * self._area.height())

    def ends(self, edge: Edge) -> tuple[QPointF, QPointF]:
        """Where an edge leaves its node and where it reaches the other."""
        start, end = self.center(edge.start), self.center(edge.end)
        way = end - start
        share = RADIUS / max(RADIUS, hypot(way.x(), way.y()))
        inside = QPointF(way.x() * share, way.y() * share)
        return start + inside, end - inside

    def label(self, edge: Edge, painter: QPainter) -> QRectF:
        """The box of what is written on an edge; empty where nothing is."""
        lines = [line for line in (edge.text, edge.below) if line]
        if not lines:
            return QRectF()
        painter.setFont(self.small)
        metrics = painter.fontMetrics()
        width = max(metrics.horizontalAdvance(line) for line in lines) + 2 * _PADDING
        start, end = self.ends(edge)
        box = QRectF(0, 0, width, metrics.height() * len(lines) + 2)
        way = end - start
        box.moveCenter(start + QPointF(way.x() * edge.at, way.y() * edge.at))
        return box

    def paint(self, painter: QPainter, theme: Theme, focused: str) -> None:
        """Paint everything; the node or edge named `focused` has the ring of the keyboard's focus."""
        for edge in self.edges.values():
            thick = edge.mark in (CHOSEN, GOOD, BAD)
            painter.setPen(QPen(_color(theme, edge.mark, theme.line), 2 if thick else 1.2))
            painter.drawLine(*self.ends(edge))
        for edge in self.edges.values():
            self._paint_label(painter, theme, edge, edge.key == focused)
        for node in self.nodes.values():
            self._paint_node(painter, theme, node, node.key == focused)

    def _paint_label(self, painter: QPainter, theme: Theme, edge: Edge, focused: bool) -> None:
        box = self.label(edge, painter)
        if box.isEmpty():
            return
        painter.setPen(QPen(QColor(theme.accent)) if focused else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.panel))
        painter.drawRoundedRect(box, 3, 3)
        lines = [(edge.text, _color(theme, edge.mark, theme.text)), (edge.below, QColor(theme.test))]
        shown = [line for line in lines if line[0]]
        height = (box.height() - 2) / len(shown)
        for place, (text, color) in enumerate(shown):
            painter.setPen(color)
            line = QRectF(box.x(), box.y() + 1 + place * height, box.width(), height)
            painter.drawText(line, Qt.AlignmentFlag.AlignCenter, text)
        if edge.value is not None:
            _underline(painter, theme, QRectF(box.x(), box.y() + 1, box.width(), height))

    def _paint_node(self, painter: QPainter, theme: Theme, node: Node, focused: bool) -> None:
        center = self.center(node.key)
        ground = {CHOSEN: theme.accent, GOOD: theme.good, BAD: theme.bad}.get(node.mark)
        painter.setBrush(QColor(theme.panel if ground is None else blend(theme.panel, ground, 0.22)))
        active = node.clickable or node.value is not None
        outline = theme.accent if focused else theme.muted if active else theme.line
        painter.setPen(QPen(_color(theme, node.mark, outline), 2.4 if focused else 1.6))
        box = QRectF(center.x() - RADIUS, center.y() - RADIUS, 2 * RADIUS, 2 * RADIUS)
        painter.drawRoundedRect(box, 6, 6) if node.square else painter.drawEllipse(box)
        painter.setFont(self.big if len(node.text) < 6 else self.small)
        painter.setPen(QColor(theme.muted if node.mark == FAINT else theme.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, node.text)
        if node.value is not None:
            _underline(painter, theme, box.adjusted(7, 12, -7, -12))
        painter.setFont(self.small)
        high = painter.fontMetrics().height()
        wide = QRectF(center.x() - 90, box.top() - high - _GAP, 180, high)
        painter.setPen(QColor(theme.muted))
        painter.drawText(wide, Qt.AlignmentFlag.AlignCenter, node.above)
        for place, line in enumerate(node.below.splitlines()):
            painter.setPen(QColor(theme.test if place else theme.muted))
            wide.moveTop(box.bottom() + _GAP + place * high)
            painter.drawText(wide, Qt.AlignmentFlag.AlignCenter, line)


def _color(theme: Theme, mark: str, plain: str) -> QColor:
    return QColor({CHOSEN: theme.accent, GOOD: theme.good, BAD: theme.bad, FAINT: theme.line}.get(mark, plain))


def _underline(painter: QPainter, theme: Theme, line: QRectF) -> None:
    """Say that a number can be changed."""
    painter.setPen(QPen(QColor(theme.muted), 1, Qt.PenStyle.DotLine))
    painter.drawLine(QPointF(line.left() + 4, line.bottom()), QPointF(line.right() - 4, line.bottom()))
