"""The menus of the window."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

_THEMES = (("system", "As the system"), ("light", "Light"), ("dark", "Dark"))


@dataclass(slots=True)
class MenuSlots:
    """What the menus call; the window fills it in."""

    file: dict[str, Callable[[], object]]
    run: dict[str, Callable[[], object]]
    view: dict[str, Callable[[], object]]
    help: dict[str, Callable[[], object]]
    edit: list[QAction]
    docks: list[QAction]
    paste: Callable[[], object]
    theme: str
    choose_theme: Callable[[str], object]
    continues: Callable[[bool], object]
    recent: Callable[[], list[Path]]
    open_recent: Callable[[Path], object]
    forget_recent: Callable[[], object]
    actions: dict[str, QAction] = field(default_factory=dict)


#: Qt knows a key for it on some desktops alone.
FULL_SCREEN = QKeySequence.StandardKey.FullScreen if sys.platform == "darwin" else "F11"
_SHORTCUTS: dict[str, QKeySequence | QKeySequence.StandardKey | str] = {
    "Open model…": QKeySequence.StandardKey.Open,
    "Save model…": QKeySequence.StandardKey.Save,
    "Open picture…": "Ctrl+I",
    "Open drawing…": "Ctrl+Shift+O",
    "Save drawing…": "Ctrl+Shift+S",
    "Export kernels as picture…": "Ctrl+E",
    "Quit": "Ctrl+Q",
    "Network": "Ctrl+1",
    "Labs": "Ctrl+2",
    "Full screen": FULL_SCREEN,
    "Keyboard shortcuts": QKeySequence.StandardKey.HelpContents,
}
# The transport bar listens to these keys itself; here they are only told.
_TOLD = {"Start or pause": "F5", "One step": "F10", "Stop": "Shift+F5", "Reset": "Ctrl+Shift+R"}
_BEFORE, _CONTINUES = "Bring back the run before", "Start from the weights shown"
# What of the transport bar an action of the Run menu goes with.
_GOES_WITH = {
    "Start or pause": ("start", "pause"),
    "One step": ("step",),
    "Stop": ("stop",),
    "Reset": ("reset",),
    _BEFORE: ("choices",),
    _CONTINUES: ("choices",),
}


def build_menus(window: QMainWindow, slots: MenuSlots) -> dict[str, QAction]:
    """Fill the menu bar; returns the actions by their names."""
    bar = window.menuBar()
    _file_menu(bar.addMenu("&File"), window, slots)
    _edit_menu(bar.addMenu("&Edit"), window, slots)
    _view_menu(bar.addMenu("&View"), window, slots)
    _run_menu(bar.addMenu("&Run"), window, slots)
    menu = bar.addMenu("&Help")
    for name, slot in slots.help.items():
        menu.addAction(_action(window, slots, name, slot))
    return slots.actions


def enable_run(actions: Mapping[str, QAction], allowed: Callable[[str], bool], has_before: bool) -> None:
    """Enable of the Run menu what makes sense now, as `allowed` says of the transport bar's parts by their names."""
    for name, parts in _GOES_WITH.items():
        actions[name].setEnabled(any(map(allowed, parts)) and (has_before or name != _BEFORE))


def _file_menu(menu: QMenu, window: QMainWindow, slots: MenuSlots) -> None:
    for name, slot in slots.file.items():
        if name == "Quit":
            menu.addSeparator()
        menu.addAction(_action(window, slots, name, slot))
        if name == "Open model…":
            _recent_menu(menu, slots)
        if name == "Save model…":
            menu.addSeparator()


def _recent_menu(menu: QMenu, slots: MenuSlots) -> None:
    recent = menu.addMenu("Open recent")
    recent.setObjectName("recentMenu")
    recent.setToolTipsVisible(True)
    recent.aboutToShow.connect(lambda: _fill_recent(recent, slots))


def _fill_recent(menu: QMenu, slots: MenuSlots) -> None:
    menu.clear()
    paths = slots.recent()
    for path in paths:
        action = menu.addAction(path.name.replace("&", "&&"))
        action.setToolTip(str(path))
        action.triggered.connect(lambda _checked=False, path=path: slots.open_recent(path))
    if paths:
        menu.addSeparator()
        menu.addAction("Clear this list").triggered.connect(lambda: slots.forget_recent())
    else:
        menu.addAction("Nothing yet").setEnabled(False)


def _edit_menu(menu: QMenu, window: QMainWindow, slots: MenuSlots) -> None:
    menu.addActions(slots.edit)
    menu.addSeparator()
    paste = _action(window, slots, "Paste picture", slots.paste)
    paste.setShortcuts(QKeySequence.StandardKey.Paste)
    menu.addAction(paste)


def _view_menu(menu: QMenu, window: QMainWindow, slots: MenuSlots) -> None:
    themes = menu.addMenu("Theme")
    group = QActionGroup(window)
    for theme, words in _THEMES:
        action = _action(window, slots, words, partial(slots.choose_theme, theme))
        action.setCheckable(True)
        action.setChecked(theme == slots.theme)
        group.addAction(action)
        themes.addAction(action)
    menu.addSeparator()
    menu.addActions(slots.docks)
    menu.addSeparator()
    for name, slot in slots.view.items():
        menu.addAction(_action(window, slots, name, slot))


def _run_menu(menu: QMenu, window: QMainWindow, slots: MenuSlots) -> None:
    for name, slot in slots.run.items():
        menu.addAction(_action(window, slots, name, slot))
    menu.addSeparator()
    continues = _action(window, slots, _CONTINUES, None)
    continues.setCheckable(True)
    continues.setToolTip("Otherwise Start begins with fresh weights from the seed, and gives the same network again")
    continues.toggled.connect(slots.continues)
    menu.addAction(continues)
    menu.setToolTipsVisible(True)


def _action(window: QMainWindow, slots: MenuSlots, name: str, slot: Callable[[], object] | None) -> QAction:
    action = QAction(f"{name}\t{_TOLD[name]}" if name in _TOLD else name, window)
    keys = _SHORTCUTS.get(name)
    if isinstance(keys, QKeySequence.StandardKey):
        action.setShortcuts(keys)
    elif keys is not None:
        action.setShortcut(QKeySequence(keys))
    action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
    if name == "Quit":
        action.setMenuRole(QAction.MenuRole.QuitRole)
    if slot is not None:
        action.triggered.connect(lambda _checked=False: slot())
    slots.actions[name] = action
    return action
