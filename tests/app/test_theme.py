"""The two looks."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pyqtgraph
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.icons import app_icon, icon
from app.theme import DARK, LIGHT, Theme, apply_theme, blend, system_theme, tabular, theme_of


@pytest.fixture
def look(qapp: QApplication, qtbot: QtBot) -> Iterator[QWidget]:
    """A window, to be given a look that the next test does not see."""
    palette, font = qapp.palette(), qapp.font()
    options = {key: pyqtgraph.getConfigOption(key) for key in ("background", "foreground", "imageAxisOrder")}
    window = QWidget()
    qtbot.addWidget(window)
    yield window
    qapp.setPalette(palette)
    qapp.setFont(font)
    pyqtgraph.setConfigOptions(**options)


def _luminance(color: str) -> float:
    """Relative luminance of WCAG 2.1."""
    parts = [part / 255 for part in QColor(color).getRgb()[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
class TestColors:
    @pytest.mark.parametrize("ink", ["text", "muted", "accent", "train", "good", "bad"])
    @pytest.mark.parametrize("paper", ["panel", "window"])
    def test_words_can_be_read(self, theme: Theme, ink: str, paper: str) -> None:
        assert _contrast(getattr(theme, ink), getattr(theme, paper)) >= 4.5

    def test_the_curves_can_be_seen(self, theme: Theme) -> None:
        assert min(_contrast(theme.train, theme.panel), _contrast(theme.test, theme.panel)) >= 3

    def test_every_color_is_written_in_full(self, theme: Theme) -> None:
        colors = [value for value in dataclasses.asdict(theme).values() if str(value).startswith("#")]
        assert len(colors) == len(dataclasses.fields(theme)) - 2
        assert all(len(color) == 7 and QColor(color).isValid() for color in colors)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_everything_takes_the_look(look: QWidget, theme: Theme) -> None:
    apply_theme(look, theme)
    assert look.palette().color(QPalette.ColorRole.Window) == QColor(theme.window)
    assert theme.accent in look.styleSheet()
    assert "$" not in look.styleSheet().partition("*/")[2]
    assert QApplication.font().pixelSize() == 13
    assert pyqtgraph.getConfigOption("background") == theme.panel
    assert pyqtgraph.getConfigOption("imageAxisOrder") == "row-major"


def test_a_widget_knows_its_look(look: QWidget) -> None:
    look.setProperty("role", "panel")
    label = QLabel("7", look)
    QVBoxLayout(look).addWidget(label)
    look.show()
    for theme in (DARK, LIGHT, DARK):
        apply_theme(look, theme)
        assert theme_of(label.palette()) is theme


def test_a_panel_is_painted_in_the_panel_color(look: QWidget) -> None:
    apply_theme(look, DARK)
    panel = QLabel(look)
    panel.setProperty("role", "panel")
    panel.resize(40, 40)
    assert panel.grab().toImage().pixelColor(20, 20) == QColor(DARK.panel)


def test_nothing_stands_in_the_corner_of_two_scroll_bars(look: QWidget) -> None:
    apply_theme(look, DARK)
    look.setProperty("role", "panel")
    look.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    area = QScrollArea(look)
    area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    look.resize(120, 120)
    area.setGeometry(10, 10, 100, 100)
    look.show()
    image = look.grab().toImage()
    assert {image.pixelColor(x, y).name() for x in range(101, 110) for y in range(101, 110)} == {DARK.panel}


def test_a_desktop_that_asks_for_nothing_gets_light(qapp: QApplication) -> None:
    assert system_theme() is LIGHT


def test_blend_runs_from_the_first_to_the_second() -> None:
    assert [blend("#000000", "#ff8040", share) for share in (0, 0.5, 1)] == ["#000000", "#804020", "#ff8040"]


def test_tabular_digits_leave_the_font_alone(qapp: QApplication) -> None:
    font = qapp.font()
    number = tabular(font, 20, bold=True)
    assert number.pixelSize() == 20
    assert number.weight() > font.weight() == qapp.font().weight()


def test_icons_have_the_colors_of_the_palette(look: QWidget) -> None:
    apply_theme(look, DARK)
    image = icon("stop", look.palette()).pixmap(32, 32).toImage()
    assert image.pixelColor(16, 16) == QColor(DARK.text)
    assert image.pixelColor(0, 0).alpha() == 0


def test_an_unknown_icon_is_an_error(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError, match="no-such-thing"):
        icon("no-such-thing", qapp.palette())


def test_the_application_icon_is_there_in_small_and_large(qapp: QApplication) -> None:
    sides = {size.width() for size in app_icon().availableSizes()}
    assert {16, 32, 256} <= sides
    assert app_icon().pixmap(64, 64).toImage().pixelColor(32, 6).alpha() == 255
