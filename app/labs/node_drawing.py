"""The drawing of a small network: nodes as circles, connections as lines, each of them can be chosen."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme import Theme, blend, tabular, theme_of
from app.views.wording import indexed, number
from nn_core.labs.object_network import Connection, ConstantNode, Node, ObjectNetwork

_RADIUS = 19.0  # logical pixels
_ROW, _COLUMN = 52.0, 210.0
_LEFT, _RIGHT = 84.0, 96.0  # from the edges to the first and the last column: names, targets, error terms
_WIDEST = 84.0  # from node to node of one column
_NEAR = 7.0  # of a line, for a click
_LABELLED = 14  # connections up to which every weight is written beside its line
_KEYS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class NodeDrawing(QWidget):
    """Shows a network that the page owns, and what of it is chosen."""

    chosen = Signal(object)  # Node or Connection

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName("Network of nodes and connections")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(
            "Click a node or a connection; or arrow keys for the nodes, Return for the connections of the chosen one"
        )
        self._columns: list[list[Node]] = []
        self._connections: list[Connection] = []
        self._targets: tuple[float, ...] = ()
        self._selected: Node | Connection | None = None
        self._hovered: Node | Connection | None = None
        self._fired = self._blamed = False

    def setNetwork(self, network: ObjectNetwork) -> None:
        """Show another network; nothing of it is chosen."""
        self._columns = [[*layer.nodes, *([layer.constant] if layer.constant else [])] for layer in network.layers]
        self._connections = network.connections
        self._selected = self._hovered = None
        self.updateGeometry()
        self.update()

    def showNumbers(self, targets: tuple[float, ...], *, fired: bool, blamed: bool) -> None:
        """Paint anew: whether the outputs and the error terms in the nodes mean anything yet."""
        self._targets, self._fired, self._blamed = targets, fired, blamed
        self.update()

    def selected(self) -> Node | Connection | None:
        """The node or the connection that is chosen."""
        return self._selected

    def choose(self, what: Node | Connection | None) -> None:
        """Choose a node or a connection."""
        self._selected = what
        self.chosen.emit(what)
        self.update()

    # Where things are.

    def place(self, node: Node) -> QPointF:
        """The middle of a node."""
        for c, column in enumerate(self._columns):
            if node in column:
                return self._spot(c, column.index(node))
        raise ValueError(f"{node.name} is not in this network")

    def middle(self, connection: Connection) -> QPointF:
        """A point on a connection, where its weight is written."""
        a, b = self.place(connection.source), self.place(connection.target)
        return a + (b - a) * (0.36 if connection.source in self._columns[0] else 0.3)

    def _spot(self, column: int, row: int) -> QPointF:
        rows = len(self._columns[column])
        gap = (self.width() - _LEFT - _RIGHT) / max(1, len(self._columns) - 1)
        pitch = min(_WIDEST, (self.height() - 16) / rows)
        return QPointF(_LEFT + column * gap, self.height() / 2 + (row - (rows - 1) / 2) * pitch)

    def _at(self, point: QPointF) -> Node | Connection | None:
        for column in self._columns:
            for node in column:
                if math.dist(self.place(node).toTuple(), point.toTuple()) <= _RADIUS + 2:
                    return node
        near = [(self._distance(each, point), i) for i, each in enumerate(self._connections)]
        distance, i = min(near, default=(math.inf, 0))
        return self._connections[i] if distance <= _NEAR else None

    def _distance(self, connection: Connection, point: QPointF) -> float:
        a, b = self.place(connection.source), self.place(connection.target)
        along = QPointF.dotProduct(point - a, b - a) / QPointF.dotProduct(b - a, b - a)
        return math.dist((a + (b - a) * min(max(along, 0), 1)).toTuple(), point.toTuple())

    # What the user does.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose what is under the mouse."""
        found = self._at(event.position())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self.choose(found)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what a click would choose."""
        found = self._at(event.position())
        if found is not self._hovered:
            self._hovered = found
            shape = Qt.CursorShape.ArrowCursor if found is None else Qt.CursorShape.PointingHandCursor
            self.setCursor(shape)
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from node to node, Return through the connections of one."""
        if event.key() in _KEYS and self._columns:
            self.choose(self._neighbour(*_KEYS[Qt.Key(event.key())]))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._selected is not None:
            self.choose(self._next_connection())
        else:
            super().keyPressEvent(event)

    def _neighbour(self, across: int, down: int) -> Node:
        here = self._selected.target if isinstance(self._selected, Connection) else self._selected
        if here is None:
            return self._columns[-1][0]
        c = next(i for i, column in enumerate(self._columns) if here in column)
        r = self._columns[c].index(here) + down
        c = min(max(c + across, 0), len(self._columns) - 1)
        return self._columns[c][min(max(r, 0), len(self._columns[c]) - 1)]

    def _next_connection(self) -> Connection:
        here = self._selected
        assert here is not None
        node = here.target if isinstance(here, Connection) else here
        ways = node.incoming or node.outgoing
        place = ways.index(here) + 1 if isinstance(here, Connection) and here in ways else 0
        return ways[place % len(ways)]

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the connections, then the nodes over them."""
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        strong = max((abs(each.weight) for each in self._connections), default=1.0) or 1.0
        touched = self._touched()
        for each in sorted(self._connections, key=lambda each: each in touched):
            self._paint_connection(painter, theme, each, strong, faint=bool(touched) and each not in touched)
        if len(self._connections) <= _LABELLED or touched:
            for each in self._connections if len(self._connections) <= _LABELLED else touched:
                self._paint_weight(painter, theme, each)
        for c, column in enumerate(self._columns):
            for node in column:
                self._paint_node(painter, theme, node, c)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.end()

    def _touched(self) -> list[Connection]:
        """The connections that belong to what is chosen."""
        if isinstance(self._selected, Connection):
            return [self._selected]
        return [] if self._selected is None else [*self._selected.incoming, *self._selected.outgoing]

    def _paint_connection(
        self, painter: QPainter, theme: Theme, each: Connection, strong: float, *, faint: bool
    ) -> None:
        share = abs(each.weight) / strong
        color = blend(theme.panel, weight_color(theme, each.weight), 0.25 if faint else 0.55 + 0.45 * share)
        width = 1 + 4 * share + (1.5 if each in (self._hovered, self._selected) else 0)
        painter.setPen(QPen(QColor(color), width))
        painter.drawLine(self.place(each.source), self.place(each.target))

    def _paint_weight(self, painter: QPainter, theme: Theme, each: Connection) -> None:
        words, spot = number(each.weight, 2), self.middle(each)
        font = tabular(self.font(), 11, bold=each is self._selected)
        painter.setFont(font)
        box = QRectF(0, 0, painter.fontMetrics().horizontalAdvance(words) + 6, 15)
        box.moveCenter(spot)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.panel))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(weight_color(theme, each.weight)))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_node(self, painter: QPainter, theme: Theme, node: Node, column: int) -> None:
        spot, constant = self.place(node), isinstance(node, ConstantNode)
        known = constant or self._fired
        box = QRectF(spot.x() - _RADIUS, spot.y() - _RADIUS, 2 * _RADIUS, 2 * _RADIUS)
        share = min(max(node.output, 0.0), 1.0) if known and not constant else 0.0
        painter.setBrush(QColor(blend(theme.panel, theme.text, 0.06 + 0.3 * share)))
        marked = node in (self._selected, self._hovered)
        painter.setPen(QPen(QColor(theme.accent if marked else theme.muted), 2.5 if node is self._selected else 1.2))
        if constant:
            painter.drawRoundedRect(box.adjusted(3, 3, -3, -3), 5, 5)
        else:
            painter.drawEllipse(box)
        painter.setPen(QColor(theme.text))
        painter.setFont(tabular(self.font(), 12))
        words = "1" if constant else f"{node.output:.2f}" if known else "–"
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        self._paint_beside(painter, theme, node, column, spot)

    def _paint_beside(self, painter: QPainter, theme: Theme, node: Node, column: int, spot: QPointF) -> None:
        """The name of a node, its error term, and the target of an output."""
        lines = ["constant" if isinstance(node, ConstantNode) else indexed(node.name)]
        if column and self._blamed and node.incoming:
            lines.append(f"δ {number(node.delta, 2)}")
        painter.setFont(tabular(self.font(), 11))
        painter.setPen(QColor(theme.muted))
        middle, flag = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag
        if column == 0:
            box = QRectF(0, spot.y() - 16, spot.x() - _RADIUS - 6, 32)
            painter.drawText(box, flag.AlignRight | middle, "\n".join(lines))
        elif column == len(self._columns) - 1:
            if self._targets:
                lines.insert(1, f"t = {self._targets[self._columns[column].index(node)]:g}")
            box = QRectF(spot.x() + _RADIUS + 6, spot.y() - 24, self.width(), 48)
            painter.drawText(box, flag.AlignLeft | middle, "\n".join(lines))
        else:
            box = QRectF(spot.x() - 70, spot.y() - _RADIUS - 15, 140, 14)
            painter.drawText(box, flag.AlignHCenter | middle, "  ".join(lines))

    def sizeHint(self) -> QSize:
        """Room for the tallest column."""
        rows = max((len(column) for column in self._columns), default=3)
        return QSize(round(_LEFT + _RIGHT + _COLUMN * 2), round(min(rows * _WIDEST, max(rows, 4.6) * _ROW) + 16))

    def minimumSizeHint(self) -> QSize:
        """Narrower, but not lower."""
        return QSize(360, self.sizeHint().height())


def weight_color(theme: Theme, weight: float) -> str:
    """Orange for what pushes up, blue for what holds down, as in all pictures of weights."""
    if weight >= 0:
        return "#e8893a" if theme.dark else "#b85a06"
    return "#6ea8fe" if theme.dark else "#2563c9"
