"""A small network as nodes and connections that can be clicked and whose numbers can be typed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.labs.graph import RADIUS, Edge, GraphPainter, Node
from app.labs.number_editor import NumberEditor
from app.theme import theme_of

_MOST = 1e6  # of a number that is typed
_EDITOR = QSize(86, 28)


class GraphDiagram(QWidget):
    """Shows a graph. A number with a dotted line under it is changed by a click, or by Enter on it.

    Tab comes here, the arrow keys go from one thing that can be changed to the next.
    """

    chosen = Signal(str)  # the key of what is clicked, or entered by a key
    clicked = Signal(str)  # the key of a clickable node
    edited = Signal(str, float)  # the key of a node or an edge, and the number that the user typed

    def __init__(self, name: str, spoken: str, size: tuple[int, int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self._size = QSize(*size)
        self.setMinimumSize(self._size)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self._margins = (52.0, 24.0)  # what stands over and beside the outermost nodes
        self._nodes: tuple[Node, ...] = ()
        self._edges: tuple[Edge, ...] = ()
        self._focused = ""
        self._editing = ""
        self._editor = NumberEditor(f"{name}Editor", self)
        self._editor.typed.connect(self._typed)

    def setMargins(self, across: float, down: float) -> None:
        """Leave so much room beside, and over and under, the outermost nodes' edges, in logical pixels."""
        self._margins = (across, down)
        self.update()

    def setGraph(self, nodes: Sequence[Node], edges: Sequence[Edge]) -> None:
        """Show another graph, or other numbers of this one."""
        self._nodes, self._edges = tuple(nodes), tuple(edges)
        keys = self._active()
        if self._focused not in keys:
            self._focused = keys[0] if keys else ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if keys else Qt.FocusPolicy.NoFocus)
        said = [f"{node.above or node.key} {node.text} {node.below}".strip() for node in self._nodes]
        self.setAccessibleDescription("; ".join(line.replace("\n", ", ") for line in said))
        self.update()

    def sizeHint(self) -> QSize:
        """As large as it was made to be."""
        return self._size

    def rectOf(self, key: str) -> QRectF:
        """Where a node, or the number on an edge, is."""
        graph = self._graph()
        if key in graph.nodes:
            center = graph.center(key)
            return QRectF(center.x() - RADIUS, center.y() - RADIUS, 2 * RADIUS, 2 * RADIUS)
        return graph.label(graph.edges[key], QPainter(_SCRATCH))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the graph."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._graph().paint(painter, theme_of(self.palette()), self._focused if self.hasFocus() else "")
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Use what is under the mouse."""
        key = self._at(event.position())
        if key and event.button() == Qt.MouseButton.LeftButton:
            self._focused = key
            self._use(key)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say by the cursor what can be used."""
        key = self._at(event.position())
        shape = Qt.CursorShape.ArrowCursor
        if key:
            shape = Qt.CursorShape.IBeamCursor if self._value(key) is not None else Qt.CursorShape.PointingHandCursor
        self.setCursor(shape)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from one thing that can be used to the next, and use it."""
        keys, key = self._active(), event.key()
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        if self._focused and key in steps:
            self._focused = keys[(keys.index(self._focused) + steps[Qt.Key(key)]) % len(keys)]
            self.update()
        elif self._focused and key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._use(self._focused)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the editor where its number is."""
        super().resizeEvent(event)
        if self._editor.isVisible():
            self._editor.cover(self._editor_place())

    def event(self, event: QEvent) -> bool:
        """Show the tool tip of what is under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = QPointF(event.pos())
            words = [each.help for each in self._all() if each.help and self.rectOf(each.key).contains(place)]
            QToolTip.showText(event.globalPos(), words[-1] if words else "", self)
            return True
        return super().event(event)

    def _graph(self) -> GraphPainter:
        across, down = (RADIUS + margin for margin in self._margins)
        area = QRectF(self.rect()).adjusted(across, down, -across, -down)
        return GraphPainter(self._nodes, self._edges, area, self.font())

    def _all(self) -> list[Node | Edge]:
        return [*self._edges, *self._nodes]

    def _active(self) -> list[str]:
        clickable = [node.key for node in self._nodes if node.clickable or node.value is not None]
        return clickable + [edge.key for edge in self._edges if edge.value is not None]

    def _at(self, place: QPointF) -> str:
        return next((key for key in self._active() if self.rectOf(key).adjusted(-3, -3, 3, 3).contains(place)), "")

    def _value(self, key: str) -> float | None:
        return next((each.value for each in self._all() if each.key == key), None)

    def _use(self, key: str) -> None:
        value = self._value(key)
        self.chosen.emit(key)
        if value is None:
            self.clicked.emit(key)
            return
        self._editing = key
        self._editor.begin(self._editor_place(), f"{value:.10g}")

    def _editor_place(self) -> QRect:
        place = QRect(QPoint(0, 0), _EDITOR)
        place.moveCenter(self.rectOf(self._editing).center().toPoint())
        place.moveTop(min(max(place.top(), 0), self.height() - place.height()))
        return place

    def _typed(self, value: float) -> None:
        if abs(value) <= _MOST:
            self.edited.emit(self._editing, value)


_SCRATCH = QImage(1, 1, QImage.Format.Format_ARGB32)  # to measure words with
