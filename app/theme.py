"""The two looks of the window, light and dark: colours, palette, stylesheet, and pyqtgraph's colours."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from string import Template

import pyqtgraph
from PySide6.QtCore import QDir, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from resources import FOLDER

BODY_PIXELS = 13


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one look, each as "#rrggbb"."""

    name: str
    dark: bool
    window: str  # behind the panels
    panel: str  # panels, lists, fields, the canvas's surroundings
    raised: str  # buttons, tracks of bars and sliders
    text: str
    muted: str  # captions, units, what is disabled
    line: str  # borders and grids
    accent: str  # the one colour for what is chosen, focused or winning
    train: str  # curves of the training split
    test: str  # curves of the test split
    good: str
    bad: str


LIGHT = Theme(
    name="light",
    dark=False,
    window="#f0f1f3",
    panel="#ffffff",
    raised="#e8eaed",
    text="#1c2025",
    muted="#5f6771",
    line="#d3d7dc",
    accent="#2563c9",
    train="#2563c9",
    test="#c65d07",
    good="#19744a",
    bad="#c2362b",
)
DARK = Theme(
    name="dark",
    dark=True,
    window="#15171a",
    panel="#1e2125",
    raised="#2b2f35",
    text="#e5e7ea",
    muted="#9ba3ad",
    line="#383d44",
    accent="#6ea8fe",
    train="#6ea8fe",
    test="#f2a154",
    good="#5cc48b",
    bad="#f37f74",
)


def theme_of(palette: QPalette) -> Theme:
    """Return the look that a widget with this palette has: DARK where its window colour is dark, else LIGHT.

    Widgets ask it when they paint, so that they need no reference to whoever chose the theme.
    """
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def system_theme() -> Theme:
    """Return the look that the desktop asks for; LIGHT where it does not say."""
    return DARK if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT


def apply_theme(window: QWidget, theme: Theme) -> None:
    """Give this window, its dialogs and all that is in them this look; may be called again at any time.

    The style sheet is the window's and not the application's, which Qt would work out anew for a widget once for each
    of its ancestors. pyqtgraph's plots take the new colours when they are created; existing plots are the affair of
    their views.
    """
    QDir.setSearchPaths("digitscope", [str(FOLDER)])
    if QApplication.style().name() != "fusion":
        QApplication.setStyle("Fusion")
    QApplication.setPalette(_palette(theme))
    font = QApplication.font()
    font.setPixelSize(BODY_PIXELS)
    QApplication.setFont(font)
    window.setStyleSheet(_stylesheet(theme))
    pyqtgraph.setConfigOptions(background=theme.panel, foreground=theme.muted, imageAxisOrder="row-major")


def tabular(font: QFont, pixels: int | None = None, bold: bool = False) -> QFont:
    """Return a copy of the font whose digits are all of one width, so that changing numbers do not jump."""
    result = QFont(font)
    result.setFeature(QFont.Tag("tnum"), 1)
    if pixels is not None:
        result.setPixelSize(pixels)
    if bold:
        result.setWeight(QFont.Weight.DemiBold)
    return result


def _stylesheet(theme: Theme) -> str:
    template = Template((FOLDER / "theme.qss").read_text(encoding="utf-8"))
    hover = blend(theme.raised, theme.text, 0.07)
    pressed = blend(theme.raised, theme.text, 0.14)
    tint = blend(theme.panel, theme.accent, 0.16)
    on_accent = theme.window if theme.dark else theme.panel
    return template.substitute(asdict(theme), hover=hover, pressed=pressed, tint=tint, on_accent=on_accent)


def blend(first: str, second: str, share: float) -> str:
    """Return the colour between two "#rrggbb" colours, `share` of the second and the rest of the first."""
    a, b = QColor(first), QColor(second)
    pairs = ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
    return QColor(*(round(x + (y - x) * share) for x, y in pairs)).name()


def _palette(theme: Theme) -> QPalette:
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    palette = QPalette()
    colors = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.panel,
        role.AlternateBase: theme.window,
        role.Text: theme.text,
        role.PlaceholderText: theme.muted,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.bad,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.window if theme.dark else theme.panel,
        role.Accent: theme.accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Light: blend(theme.raised, "#ffffff", 0.3),
        role.Midlight: blend(theme.raised, "#ffffff", 0.15),
        role.Mid: theme.line,
        role.Dark: blend(theme.line, "#000000", 0.3),
        role.Shadow: blend(theme.window, "#000000", 0.6),
    }
    for each, color in colors.items():
        palette.setColor(each, QColor(color))
    faded = QColor(blend(theme.muted, theme.panel, 0.45))
    for each in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(group.Disabled, each, faded)
    palette.setColor(group.Disabled, role.Highlight, QColor(theme.line))
    palette.setColor(group.Disabled, role.Accent, QColor(theme.line))
    return palette
