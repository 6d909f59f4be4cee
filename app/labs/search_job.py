"""What the Search page does beside the window: look for a kept study, and search."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from nn_core.data import Dataset
from nn_core.errors import DataError
from nn_core.events import Working
from nn_core.search.description import Search
from nn_core.search.run import run_search, search_data
from nn_core.search.study import Study, kept_search, study_names
from nn_core.search.trials import Standing
from nn_core.settings import TrainSettings

_NAME = "search"


@dataclass(frozen=True, slots=True)
class Opened:
    """A study is there: what it searches, and under which name it is kept."""

    search: Search
    name: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """No study is there."""


class SearchData:
    """The dataset of the last search, kept for the next one."""

    def __init__(self) -> None:
        self._wanted: tuple[str, int, Path] | None = None
        self._found: Dataset | None = None

    def get(self, search: Search, folder: Path) -> Generator[Working, None, Dataset]:
        """As `search_data`."""
        wanted = search.base.dataset, search.hold_out, folder
        if self._found is None or self._wanted != wanted:
            self._found = yield from search_data(search, folder)
            self._wanted = wanted
        return self._found


def looking(path: str | Path) -> Generator[object, None, None]:
    """Open the study that was kept last, if there is one."""
    yield Working("Looking for a kept study", 0, 1)
    names = study_names(path)
    search = kept_search(path, names[-1]) if names else None
    if search is not None:
        study = Study(search, path, names[-1])
        yield Opened(search, study.name)
        yield Standing(study.trials())
    else:
        yield Nothing()


def searching(
    search: Search, trials: int, path: str | Path, before: Opened | None, data: SearchData, folder: Path
) -> Generator[object, None, None]:
    """Go on with the study that is open if it searches the same, else begin a new one; what was kept stays."""
    yield Working("Opening the study", 0, 1)
    if isinstance(path, Path):  # our own; what the user names is to be there
        _make_folder(path.parent)
    same = before is not None and before.search.plain() == search.plain()
    name = before.name if before is not None and same else _free(study_names(path))
    study = Study(search, path, name)
    yield Opened(search, name)
    yield Standing(study.trials())
    dataset = yield from data.get(search, folder)
    yield from run_search(study, trials, dataset, TrainSettings().threads)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as why:
        raise DataError(f"{folder} cannot be made: {why.strerror}") from why


def _free(names: list[str]) -> str:
    """A name that no study has."""
    number = len(names) + 1
    while f"{_NAME} {number}" in names:
        number += 1
    return f"{_NAME} {number}"
