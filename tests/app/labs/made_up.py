"""Pages that remember what they are told, and jobs that never end."""

from __future__ import annotations

import itertools
from collections.abc import Generator
from dataclasses import dataclass

from app.background import Background
from app.labs.contents import Entry
from app.labs.page import LabPage


def counting() -> Generator[object, None, None]:
    """0, 1, 2 and so on."""
    yield from itertools.count()


class RememberingPage(LabPage):
    """Keeps the names of the calls, and runs a job."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[str] = []
        self.counted: list[object] = []
        self.job = Background(self)
        self.job.said.connect(self.counted.append)

    def setTheme(self, theme):
        super().setTheme(theme)
        self.calls.append(theme.name)

    def setImage(self, image):
        self.calls.append("no image" if image is None else "image")

    def setNetwork(self, model):
        self.calls.append("network")

    def setDataFolder(self, folder):
        self.calls.append("folder")

    def enter(self):
        super().enter()
        self.calls.append("enter")

    def leave(self):
        super().leave()
        self.calls.append("leave")


@dataclass(frozen=True)
class MadeUpEntry(Entry):
    """An entry whose page is no module."""

    def make(self) -> LabPage:
        return RememberingPage()


ENTRIES = (
    MadeUpEntry("First group", "One", "About one.", "one", ""),
    MadeUpEntry("First group", "Two", "About two.", "two", ""),
    MadeUpEntry("Second group", "Three", "About three.", "three", ""),
)
