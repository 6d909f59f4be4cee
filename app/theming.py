"""Which theme the application has, and who hears of it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.theme import DARK, LIGHT, Theme, apply_theme, system_theme


class Theming(QObject):
    """Gives a window one of the themes; "system" follows the desktop."""

    changed = Signal(object)  # Theme

    def __init__(self, choice: str, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.choice = choice
        self.theme = _theme(choice)
        apply_theme(window, self.theme)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)

    def choose(self, choice: str) -> None:
        """Take another theme: "system", "light" or "dark"."""
        self.choice = choice
        theme = _theme(choice)
        if theme != self.theme:
            self.theme = theme
            apply_theme(self._window, theme)
            self.changed.emit(theme)

    def _system_changed(self) -> None:
        self.choose(self.choice)


def _theme(choice: str) -> Theme:
    return {"light": LIGHT, "dark": DARK}.get(choice) or system_theme()
