"""A column of mosaics, a row a layer: painting, hovering, choosing; what the kernels and the feature maps share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.colors import ink_table, signed_table
from app.theme import Theme, tabular, theme_of
from app.views.color_bar import paint_color_bar
from app.views.layer_row import LayerRow
from app.views.mosaic import Mosaic, Place, Room, Scope, scale
from app.views.mosaic_image import Around
from app.views.wording import number
from nn_core.description import LayerInfo

ABOVE, HEADER, CAPTION, BELOW = 10, 24, 22, 8  # logical pixels of a row around its mosaic
SIDE = 12
SMALL = 12  # font of captions, pixels
_BAR, _LEAST_BAR, _GAP = QSize(72, 7), 16, 6  # logical pixels; the bar shrinks where its numbers need the room
_AT_ONCE = 40_000  # pixels of mosaics that are painted in one go, one or two milliseconds of work
_ROW_COST = 15_000  # pixels that take as long as what stands around a mosaic
_STEPS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class LayerColumn(QWidget):
    """Base of the two columns of the network view; a subclass says what a row is, and in which words."""

    unitChosen = Signal(int, int)  # layer, channel: clicked
    stepped = Signal(int, int)  # channels, layers to move on by: an arrow key
    lockTurned = Signal()  # the key L: the lock of the layer that is selected
    reserved = 0  # logical pixels at the end of a header

    def __init__(self, name: str, spoken: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._take(theme_of(self.palette()))
        self._take_fonts()
        self._scope = Scope.LAYER
        self._rows: dict[int, LayerRow] = {}
        self._chosen, self._reach = (-1, -1), 0.0
        self._ringed = False  # whoever came by the keyboard sees where the keys go
        self._stale: list[LayerRow] = []  # rows with newer values than were painted
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._update_some)

    # What a subclass says.

    def makeRow(self, info: LayerInfo, before: LayerRow | None) -> LayerRow:
        """The row of a layer, given that of the layer before it."""
        raise NotImplementedError

    def room(self, row: LayerRow, width: int) -> Room:
        """What the row's mosaic may take."""
        raise NotImplementedError

    def header(self, info: LayerInfo) -> tuple[str, str]:
        """The line above a row: a title and what follows it, muted."""
        raise NotImplementedError

    def words(self, row: LayerRow, place: Place) -> str:
        """What a cell is, for the tool tip, without its value."""
        raise NotImplementedError

    def note(self, row: LayerRow) -> str:
        """What the caption below a mosaic must add, empty for most."""
        raise NotImplementedError

    # What the network view tells.

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._take(theme)
        self.update()

    def _take(self, theme: Theme) -> None:
        self._theme, self._line, self._panel = theme, QColor(theme.line), QColor(theme.panel)

    def _take_fonts(self) -> None:
        self._bold, self._small = tabular(self.font(), bold=True), tabular(self.font(), SMALL)
        self._small_metrics = QFontMetrics(self._small)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._take_fonts()

    def setScope(self, scope: Scope) -> None:
        """Let the colour scales reach over one unit, a layer, or the whole network."""
        self._scope = scope
        self.update()

    def setLayers(self, layers: list[LayerInfo]) -> None:
        """Begin anew with these layers and without values."""
        self._rows, self._stale = {}, []
        before = None
        for info in layers:
            before = self._rows[info.index] = self.makeRow(info, before)
        self._chosen = (-1, -1)
        self.update()

    def setValues(self, values: Mapping[int, np.ndarray]) -> bool:
        """Take the newest values of all layers, (units, stack, height, width); True if heights may have changed."""
        unknown = sorted(set(values) - set(self._rows))
        if unknown:
            raise ValueError(f"there is no layer {unknown[0]} among the {len(self._rows)} that are shown")
        changed = [row.setValues(values.get(index)) for index, row in self._rows.items()]
        self._stale = list(self._rows.values())
        self._update_some()
        return any(changed)

    def _update_some(self) -> None:
        """Have the next rows painted, and the others later: between them the event loop sees to the pen.

        Qt drops what is hidden or scrolled away, and asks when it comes to light.
        """
        pixels = 0
        while self._stale and pixels < _AT_ONCE:
            row = self._stale.pop(0)
            pixels += _ROW_COST + (row.mosaic.size[0] * row.mosaic.size[1] if row.mosaic else 0)
            self.update(self._below_header(row))
        if self._stale:
            self._later.start(0)

    def setSelection(self, layer: int, channel: int) -> None:
        """Mark one unit."""
        self._chosen = (layer, channel)
        row = self._rows.get(layer)
        self.setAccessibleDescription(f"{row.info.title}, channel {channel}" if row else "nothing selected")
        self.update()

    def heights(self, width: int, ratio: float) -> dict[int, int]:
        """Arrange all rows in a width; returns the height that each of them wants."""
        wanted = {}
        for index, row in self._rows.items():
            room = self.room(row, width - 2 * SIDE)
            tall = row.arrange(replace(room, ratio=ratio))
            wanted[index] = ABOVE + HEADER + (tall + self.underline(row) + CAPTION + BELOW if tall else 0)
        return wanted

    def place(self, places: Mapping[int, tuple[int, int]]) -> None:
        """Put every row where the network view wants it: top and height."""
        for index, (top, height) in places.items():
            self._rows[index].top, self._rows[index].height = top, height
        self.update()

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        self._reach = self._network_reach()
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._panel)
        region, first, last = event.region(), event.rect().top(), event.rect().bottom()
        for row in self._rows.values():
            if row.top > last or row.top + row.height < first:
                continue
            below = self._below_header(row)
            if region.intersects(QRect(0, row.top, self.width(), below.top() - row.top)):
                self._paint_header(painter, row)
            if row.mosaic is not None and region.intersects(below):
                self._paint_pictures(painter, row, row.mosaic)
        if self._ringed:
            painter.setPen(QColor(self._theme.accent))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _below_header(self, row: LayerRow) -> QRect:
        return QRect(0, row.top + ABOVE + HEADER - 2, self.width(), row.height - ABOVE - HEADER + 2)

    def _paint_pictures(self, painter: QPainter, row: LayerRow, mosaic: Mosaic) -> None:
        painter.save()
        painter.translate(SIDE, row.top + ABOVE + HEADER)
        picture = row.picture(self._scope, self._reach, self._table(row), Around(self._line, self._panel))
        if picture is None:
            picture = row.blank(self._panel, Around(QColor(self._theme.raised), self._panel))
        if picture is not None:
            painter.drawImage(QPointF(0, 0), picture)
        self.paintOver(painter, row)
        if row.info.index == self._chosen[0]:
            self._paint_choice(painter, row)
        painter.translate(0, mosaic.size[1] / mosaic.ratio + self.underline(row))
        self._paint_caption(painter, row)
        painter.restore()

    def paintOver(self, painter: QPainter, row: LayerRow) -> None:
        """Paint what belongs on top of a mosaic; the origin is the mosaic's corner."""

    def underline(self, row: LayerRow) -> int:
        """How many pixels a row needs between its mosaic and its caption."""
        return 0

    def _paint_header(self, painter: QPainter, row: LayerRow) -> None:
        if row.top > 0:
            painter.fillRect(0, row.top, self.width(), 1, self._line)
        title, muted = self.header(row.info)
        line = QRect(SIDE, row.top + ABOVE, self.width() - 2 * SIDE - self.reserved, HEADER - 6)
        painter.setFont(self._bold)
        chosen = row.info.index == self._chosen[0]
        painter.setPen(QColor(self._theme.accent if chosen and title else self._theme.text))
        title = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
        if title:
            line.setLeft(line.left() + painter.fontMetrics().horizontalAdvance(title) + SIDE)
        painter.setFont(self._small)
        painter.setPen(QColor(self._theme.muted))
        if painter.fontMetrics().horizontalAdvance(muted) > line.width():
            muted = muted.rpartition("= ")[2]  # the result of a sum says more than its beginning
        if painter.fontMetrics().horizontalAdvance(muted) > line.width():
            muted = ""
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, muted)
        self.paintHeaderEnd(painter, row)

    def paintHeaderEnd(self, painter: QPainter, row: LayerRow) -> None:
        """Paint what belongs at the end of a row's header."""

    def _paint_choice(self, painter: QPainter, row: LayerRow) -> None:
        place = row.rect(self._chosen[1])
        if place is not None:
            painter.setPen(QPen(QColor(self._theme.accent), 2))
            painter.drawRect(place.adjusted(-1, -1, 1, 1))

    def _paint_caption(self, painter: QPainter, row: LayerRow) -> None:
        """The slim colour bar between the smallest and the largest value, in the colours that these two have."""
        unit = self._chosen[1] if self._scope is Scope.UNIT and row.info.index == self._chosen[0] else -1
        found = row.limits(unit)
        painter.setFont(self._small)
        painter.setPen(QColor(self._theme.muted))
        # Text is laid out anew whenever it is measured or drawn, twice where it is drawn in a box: it took longer than
        # the mosaic.
        metrics = self._small_metrics
        baseline = 2 + (CAPTION - 2 - metrics.height()) // 2 + metrics.ascent()
        x = 0
        if found is not None:
            low, high = found
            ends = scale(*((0.0, self._reach) if self._scope is Scope.NETWORK else found), row.signed)
            first, last = number(low), number(high)
            before, after = metrics.horizontalAdvance(first), metrics.horizontalAdvance(last)
            room = self.width() - 2 * (SIDE + _GAP) - before - after
            bar = QSize(max(_LEAST_BAR, min(room, _BAR.width())), _BAR.height())
            corner = QPointF(before + _GAP, (CAPTION - bar.height()) // 2 + 1)
            paint_color_bar(painter, corner, bar, found, ends, self._table(row), self._line)
            x = before + bar.width() + 2 * _GAP
            painter.drawText(0, baseline, first)
            painter.drawText(x, baseline, last)
            x += after + SIDE
        note = self.note(row)
        if note:
            note = metrics.elidedText(note, Qt.TextElideMode.ElideRight, self.width() - 2 * SIDE - x)
            painter.drawText(x, baseline, note)

    def _table(self, row: LayerRow) -> np.ndarray:
        return signed_table(self._theme.dark) if row.signed else ink_table(self._theme.dark)

    def _network_reach(self) -> float:
        """The largest magnitude in the whole column; only asked for, and only worth its cost, in that scope."""
        if self._scope is not Scope.NETWORK:
            return 0.0
        return max((abs(end) for row in self._rows.values() for end in row.limits() or ()), default=0.0)

    # What the user does.

    def rowAt(self, y: float) -> LayerRow | None:
        """The row at a height."""
        return next((row for row in self._rows.values() if row.top <= y < row.top + row.height), None)

    def unitRect(self, layer: int, channel: int) -> QRect:
        """Where a unit lies in this column, in logical pixels; empty if it is not shown."""
        row = self._rows.get(layer)
        place = row.rect(channel) if row is not None else None
        if row is None or place is None:
            return QRect()
        return place.translated(SIDE, row.top + ABOVE + HEADER).toAlignedRect()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.setToolTip(self._tip(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self.rowAt(event.position().y())
        place = self._place(row, event.position()) if row is not None else None
        if row is not None and place is not None and event.button() == Qt.MouseButton.LeftButton:
            self.unitChosen.emit(row.info.index, place.unit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step, plain = _STEPS.get(event.key()), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and step is not None:
            self.stepped.emit(*step)
        elif plain and event.key() == Qt.Key.Key_L:
            self.lockTurned.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ringed = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ringed = False
        super().focusOutEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.setToolTip("")

    def _place(self, row: LayerRow, point: QPointF) -> Place | None:
        return row.at(point.x() - SIDE, point.y() - row.top - ABOVE - HEADER)

    def _tip(self, point: QPointF) -> str:
        row = self.rowAt(point.y())
        if row is None:
            return ""
        place = self._place(row, point)
        if place is None:
            title, muted = self.header(row.info)
            return f"{title}  {muted}".strip() if point.y() < row.top + ABOVE + HEADER else ""
        words = self.words(row, place)
        if row.values is None:
            return words
        return f"{words}: {number(float(row.values[place.unit, place.picture, place.row, place.column]), 5)}"
