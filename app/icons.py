"""Icons from the SVG files in `resources/icons`, in the colours of the theme."""

from __future__ import annotations

import math
from pathlib import Path

from PySide6.QtCore import QByteArray, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QCursor, QIcon, QPainter, QPalette, QPen, QPixmap
from PySide6.QtSvg import QSvgRenderer

import resources

RESOURCES = Path(resources.__file__).parent
_SIDES = (16, 18, 20, 24, 27, 32, 36, 40, 48)  # what 16, 18, 20 and 24 are at 1, 1½ and 2 times the scale


def icon(name: str, palette: QPalette) -> QIcon:
    """Return the icon `resources/icons/<name>.svg` in the palette's text colours, enabled, disabled and checked.

    Raises FileNotFoundError when there is no such icon.
    """
    drawing = (RESOURCES / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    group, role = QPalette.ColorGroup, QPalette.ColorRole
    enabled = _renderer(drawing, palette.color(group.Active, role.ButtonText).name())
    disabled = _renderer(drawing, palette.color(group.Disabled, role.ButtonText).name())
    checked = _renderer(drawing, palette.color(group.Active, role.Highlight).name())
    result = QIcon()
    off, on = QIcon.State.Off, QIcon.State.On
    for side in _SIDES:
        result.addPixmap(_pixmap(enabled, side), QIcon.Mode.Normal, off)
        result.addPixmap(_pixmap(checked, side), QIcon.Mode.Normal, on)
        faded = _pixmap(disabled, side)
        result.addPixmap(faded, QIcon.Mode.Disabled, off)
        result.addPixmap(faded, QIcon.Mode.Disabled, on)
    return result


def accent_icon(name: str, palette: QPalette) -> QIcon:
    """Return an icon for a button in the accent colour, whose text has the colour of highlighted text."""
    group, role = QPalette.ColorGroup.Active, QPalette.ColorRole
    on_accent = QPalette(palette)
    on_accent.setColor(group, role.ButtonText, palette.color(group, role.HighlightedText))
    return icon(name, on_accent)


def app_icon() -> QIcon:
    """Return the application's own icon, in every size that desktops ask for."""
    renderer = _renderer((RESOURCES / "digitscope.svg").read_text(encoding="utf-8"), "")
    result = QIcon()
    for side in (16, 24, 32, 48, 64, 128, 256, 512):
        result.addPixmap(_pixmap(renderer, side))
    return result


def ring_cursor(across: float, ratio: float) -> QCursor:
    """Return a ring of `across` logical pixels, dark and light so that it is seen on paper and on ink."""
    side = math.ceil(across) + 6
    pixmap = QPixmap(QSize(side, side) * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle = QPointF(side / 2, side / 2)
    for color, radius in ((QColor(255, 255, 255, 200), across / 2 + 1), (QColor(20, 24, 30, 220), across / 2)):
        painter.setPen(QPen(color, 1.2))
        painter.drawEllipse(middle, radius, radius)
    painter.end()
    return QCursor(pixmap)


def _renderer(drawing: str, color: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(drawing.replace("currentColor", color).encode()))


def _pixmap(renderer: QSvgRenderer, side: int) -> QPixmap:
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter)
    painter.end()
    return pixmap
