"""Icons from the SVG files in `resources/icons`, in the colours of the theme."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
_SIDES = (16, 24, 32, 48, 64)


def icon(name: str, palette: QPalette) -> QIcon:
    """Return the icon `resources/icons/<name>.svg` in the palette's text colours, enabled, disabled and checked.

    Raises FileNotFoundError when there is no such icon.
    """
    drawing = (RESOURCES / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    group, role = QPalette.ColorGroup, QPalette.ColorRole
    enabled = palette.color(group.Active, role.ButtonText).name()
    disabled = palette.color(group.Disabled, role.ButtonText).name()
    checked = palette.color(group.Active, role.Highlight).name()
    result = QIcon()
    for side in _SIDES:
        result.addPixmap(_pixmap(drawing, enabled, side), QIcon.Mode.Normal, QIcon.State.Off)
        result.addPixmap(_pixmap(drawing, checked, side), QIcon.Mode.Normal, QIcon.State.On)
        result.addPixmap(_pixmap(drawing, disabled, side), QIcon.Mode.Disabled, QIcon.State.Off)
        result.addPixmap(_pixmap(drawing, disabled, side), QIcon.Mode.Disabled, QIcon.State.On)
    return result


def app_icon() -> QIcon:
    """Return the application's own icon, in every size that desktops ask for."""
    drawing = (RESOURCES / "digitscope.svg").read_text(encoding="utf-8")
    result = QIcon()
    for side in (*_SIDES, 128, 256, 512):
        result.addPixmap(_pixmap(drawing, "", side))
    return result


def _pixmap(drawing: str, color: str, side: int) -> QPixmap:
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(drawing.replace("currentColor", color).encode())).render(painter)
    painter.end()
    return pixmap
