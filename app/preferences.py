"""What the window remembers from one time to the next, checked before it is used."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from app.no_pickles import refuse_pickles
from nn_core.errors import DigitscopeError
from nn_core.losses import LOSSES
from nn_core.optimizers import OPTIMIZERS
from nn_core.schedules import SCHEDULES
from nn_core.settings import TrainSettings

THEMES = ("system", "light", "dark")
MOST_RECENT = 8
SHIPPED = "shipped"  # in place of a file's name
_LONGEST = 10_000  # characters of a text that is read at all

_log = logging.getLogger(__name__)


class Preferences:
    """A `QSettings` in which anything may stand: what is not as it must be counts as missing."""

    def __init__(self, settings: QSettings | None = None) -> None:
        refuse_pickles()
        self._own = settings is not None
        self._settings = settings if settings is not None else QSettings("Digitscope", "Digitscope")

    def state_folder(self) -> Path:
        """Where the run is kept: beside settings that were given, else in the user's folder for such things."""
        if self._own and self._settings.format() != QSettings.Format.NativeFormat:
            return Path(self._settings.fileName()).parent / "digitscope-state"
        import platformdirs  # here, to keep it out of the start of those who do without

        return Path(platformdirs.user_state_dir("digitscope", appauthor=False))

    def own_folder(self) -> Path:
        """Where own digits are kept: beside settings that were given, else in the user's data folder."""
        if self._own and self._settings.format() != QSettings.Format.NativeFormat:
            return Path(self._settings.fileName()).parent / "digitscope-digits"
        import platformdirs

        return Path(platformdirs.user_data_dir("digitscope", appauthor=False)) / "digits"

    def geometry(self) -> QByteArray:
        """Where the window was, as Qt keeps it; Qt itself refuses what is none."""
        return self._bytes("window/geometry")

    def docks(self) -> QByteArray:
        """Where the docks were, as Qt keeps it."""
        return self._bytes("window/docks")

    def save_window(self, geometry: QByteArray, docks: QByteArray) -> None:
        """Remember where window and docks are."""
        self._settings.setValue("window/geometry", geometry)
        self._settings.setValue("window/docks", docks)

    def centre(self) -> str:
        """What was in front in the middle of the window; the window passes over what it does not know."""
        return self._text("window/centre")

    def lab(self) -> str:
        """The page of the Labs that was open; the Labs pass over what they do not know."""
        return self._text("labs/page")

    def save_centre(self, name: str, lab: str) -> None:
        """Remember what is in front, and which page of the Labs is open."""
        self._settings.setValue("window/centre", name)
        self._settings.setValue("labs/page", lab)

    def theme(self) -> str:
        """One of `THEMES`."""
        name = self._text("window/theme")
        return name if name in THEMES else THEMES[0]

    def save_theme(self, name: str) -> None:
        """Remember the theme."""
        self._settings.setValue("window/theme", name)

    def pen_width(self, default: float) -> float:
        """The pen's width in canvas units; the canvas keeps it within its limits."""
        try:
            width = float(self._text("canvas/pen_width"))
        except ValueError:
            return default
        return width if 0 < width < 1000 else default

    def save_pen_width(self, width: float) -> None:
        """Remember the pen's width."""
        self._settings.setValue("canvas/pen_width", str(width))

    def training(self) -> TrainSettings:
        """The settings of a run as they were last shown."""
        text = self._text("training")
        if not text:
            return TrainSettings()
        try:
            values = json.loads(text)
            settings = TrainSettings.from_plain(values) if isinstance(values, dict) else TrainSettings()
        except (DigitscopeError, ValueError, RecursionError) as why:
            _log.warning("the settings that were kept cannot be used: %s", why)
            return TrainSettings()
        schedule = settings.schedule.partition(":")[0]
        known = settings.optimizer in OPTIMIZERS and schedule in SCHEDULES and settings.loss in LOSSES
        return settings if known else TrainSettings()

    def knows_training(self) -> bool:
        """Whether settings of a run have been saved at all."""
        return bool(self._text("training"))

    def save_training(self, settings: TrainSettings) -> None:
        """Remember the settings of a run."""
        self._settings.setValue("training", json.dumps(asdict(settings)))

    def origin(self) -> str:
        """The file whose model was shown last; empty for a fresh network, `SHIPPED` for the shipped one."""
        kept = self._settings.value("origin", SHIPPED)
        return kept if isinstance(kept, str) and len(kept) < _LONGEST and "\0" not in kept else SHIPPED

    def save_origin(self, name: str) -> None:
        """Remember which model was shown."""
        self._settings.setValue("origin", name)

    def recent(self) -> list[Path]:
        """Files opened or saved, newest first."""
        found = self._settings.value("recent")
        names = [found] if isinstance(found, str) else found if isinstance(found, list) else []
        kept = [name for name in names if isinstance(name, str) and 0 < len(name) < _LONGEST and "\0" not in name]
        return [Path(name) for name in dict.fromkeys(kept)][:MOST_RECENT]

    def add_recent(self, path: Path) -> None:
        """Put a file first."""
        paths = [path, *(other for other in self.recent() if other != path)]
        self._settings.setValue("recent", [str(each) for each in paths[:MOST_RECENT]])

    def forget_recent(self) -> None:
        """Take all files off the list."""
        self._settings.setValue("recent", [])

    def sync(self) -> None:
        """Write now what is to be remembered."""
        self._settings.sync()

    def _text(self, key: str) -> str:
        value = self._settings.value(key)
        return value if isinstance(value, str) and len(value) < _LONGEST else ""

    def _bytes(self, key: str) -> QByteArray:
        value = self._settings.value(key)
        return value if isinstance(value, QByteArray) and value.size() < _LONGEST else QByteArray()
