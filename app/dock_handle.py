"""What a dock is moved by."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QDockWidget, QSizePolicy, QWidget

from app.theme import theme_of

_HEIGHT, _DOTS, _PITCH = 12, 5, 6.0


class DockHandle(QWidget):
    """A row of dots in place of a title bar, which would cost twice the room: drag it, or double click to float."""

    def __init__(self, dock: QDockWidget) -> None:
        super().__init__(dock)
        self.setToolTip(f"{dock.windowTitle()}: drag to move, double click to take out of the window or back in")
        self.setCursor(Qt.CursorShape.SizeAllCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Ask for little."""
        return QSize(64, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Ask for little."""
        return self.sizeHint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Leave it to the dock, which moves."""
        event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Leave it to the dock, which floats."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dots."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme_of(self.palette()).line))
        middle = QRectF(self.rect()).center()
        for place in range(_DOTS):
            painter.drawEllipse(QPointF(middle.x() + (place - (_DOTS - 1) / 2) * _PITCH, middle.y()), 1.5, 1.5)
        painter.end()
