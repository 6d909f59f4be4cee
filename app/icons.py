"""Icons from the SVG files in `resources/icons`, in the colours of the theme."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QCursor, QIcon, QImage, QPainter, QPalette, QPen, QPixmap
from PySide6.QtSvg import QSvgRenderer

from resources import FOLDER

_SIDES = (16, 18, 20, 24, 27, 32, 36, 40, 48)  # what 16, 18, 20 and 24 are at 1, 1½ and 2 times the scale


def icon(name: str, palette: QPalette) -> QIcon:
    """Return the icon `resources/icons/<name>.svg` in the palette's text colours, enabled, disabled and checked.

    Raises FileNotFoundError when there is no such icon.
    """
    group, role = QPalette.ColorGroup, QPalette.ColorRole
    enabled = palette.color(group.Active, role.ButtonText).name()
    disabled = palette.color(group.Disabled, role.ButtonText).name()
    checked = palette.color(group.Active, role.Highlight).name()
    result = QIcon()
    off, on = QIcon.State.Off, QIcon.State.On
    for color, mode, states in (
        (enabled, QIcon.Mode.Normal, (off,)),
        (checked, QIcon.Mode.Normal, (on,)),
        (disabled, QIcon.Mode.Disabled, (off, on)),
    ):
        for image in _images(FOLDER / "icons" / f"{name}.svg", color, _SIDES):
            pixmap = QPixmap.fromImage(image)
            for state in states:
                result.addPixmap(pixmap, mode, state)
    return result


def accent_icon(name: str, palette: QPalette) -> QIcon:
    """Return an icon for a button in the accent colour, whose text has the colour of highlighted text."""
    group, role = QPalette.ColorGroup.Active, QPalette.ColorRole
    on_accent = QPalette(palette)
    on_accent.setColor(group, role.ButtonText, palette.color(group, role.HighlightedText))
    return icon(name, on_accent)


def app_icon() -> QIcon:
    """Return the application's own icon, in every size that desktops ask for."""
    result = QIcon()
    for image in _images(FOLDER / "digitscope.svg", "", (16, 24, 32, 48, 64, 128, 256, 512)):
        result.addPixmap(QPixmap.fromImage(image))
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


@cache
def _images(file: Path, color: str, sides: tuple[int, ...]) -> tuple[QImage, ...]:
    """An SVG file in one colour and several sizes; kept, because a theme is given more than once."""
    drawing = file.read_text(encoding="utf-8").replace("currentColor", color)
    renderer = QSvgRenderer(QByteArray(drawing.encode()))
    return tuple(_image(renderer, side) for side in sides)


def _image(renderer: QSvgRenderer, side: int) -> QImage:
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image
