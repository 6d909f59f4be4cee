"""Hyper-parameter search: trial after trial in a table and as lines, and the best of them to go on with."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.background import Background
from app.labs.page import LabPage
from app.labs.parallel_plot import ParallelPlot
from app.labs.parts import caption, heading
from app.labs.run_panel import RunPanel
from app.labs.search_controls import SearchControls
from app.labs.search_job import Nothing, Opened, SearchData, looking, searching
from app.labs.side_by_side import SideBySide, bare_column
from app.labs.trial_table import TrialTable
from app.theme import Theme
from nn_core.data import data_folder, find_datasets
from nn_core.errors import DataError, SettingsError
from nn_core.events import Working
from nn_core.loading import PEN_STROKES
from nn_core.search.storage import INSTALL, is_installed
from nn_core.search.trials import RUNNING, Standing, Trial, TrialEnded, TrialEpoch, best_of

_FILE = "searches.journal"
_PARTS = 100  # of a trial, that the bar tells apart


class SearchPage(LabPage):
    """Controls on the left; the trials as lines and as a table on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder: Path | None = None
        self._kept: Path | None = None  # where studies are kept
        self._looked = False
        self._open: Opened | None = None
        self._trials: dict[int, Trial] = {}
        self._wanted = 0  # trials, of a search under way
        self._data = SearchData()
        self._controls = SearchControls()
        self._run = RunPanel("search", "How far the search is")
        self._transport, self._progress, self._words = self._run.transport, self._run.progress, self._run.words
        self._transport.step.hide()
        self._transport.setTips("", "Search, or go on with the search", "End the search; the next one is a new study")
        self._use = QPushButton("Use these settings")
        self._use.setObjectName("searchUseButton")
        self._use.setToolTip("Take the settings of the chosen trial, else of the best one, over into the Train tab")
        self._plot, self._table = ParallelPlot("searchPlot"), TrialTable("searchTable")
        self._about = caption()
        self._about.setObjectName("searchAbout")
        self._job = Background(self)
        self._lay_out()
        self._connect()
        self._show_all()

    def _lay_out(self) -> None:
        side, main = QWidget(), QWidget()
        left = bare_column(side)
        left.addWidget(self._run)
        left.addWidget(self._controls)
        left.addStretch(1)
        self._plot.setMinimumHeight(300)
        self._plot.setMaximumHeight(460)
        self._words.setMinimumHeight(3 * self._words.fontMetrics().lineSpacing())
        self._about.setMinimumHeight(2 * self._about.fontMetrics().lineSpacing())
        right: QVBoxLayout = bare_column(main)
        title = heading("Every trial a line: from its settings to its accuracy")
        title.setWordWrap(True)
        right.addWidget(title)
        right.addWidget(self._plot, 1)
        right.addWidget(self._about)
        right.addWidget(heading("Trials"))
        right.addWidget(self._table)
        right.addWidget(self._use)
        right.addStretch(0)
        column = bare_column(self)
        column.addWidget(SideBySide(side, main), 1)

    def _connect(self) -> None:
        self._transport.runPressed.connect(self._go)
        self._transport.stopPressed.connect(self._job.pause)
        self._transport.resetPressed.connect(self._reset)
        self._job.runningChanged.connect(self._running_changed)
        self._job.said.connect(self._take)
        self._job.troubled.connect(self._words.setText)
        self._job.ended.connect(self._ended)
        self._plot.hovered.connect(self._point_at)
        self._table.trialChosen.connect(self._point_at)
        self._use.clicked.connect(self._hand_over)
        self._controls.storageNamed.connect(self._look_elsewhere)

    # What the frame says.

    def setTheme(self, theme: Theme) -> None:
        super().setTheme(theme)
        for part in (self._plot, self._transport):
            part.setTheme(theme)
        self._show_all()

    def setDataFolder(self, folder: Path) -> None:
        self._folder = folder
        try:
            found = list(find_datasets(folder))
        except DataError:
            found = []
        self._controls.setDatasets(sorted(found, key=lambda name: name != "mnist") + [PEN_STROKES])

    def setOwnFolder(self, folder: Path) -> None:
        self._kept = folder / _FILE

    def enter(self) -> None:
        super().enter()
        ready = is_installed()
        self._transport.run.setEnabled(ready)
        if not ready:
            self._words.setText(f"{INSTALL[0].upper()}{INSTALL[1:]}.")
        elif self._kept is not None and not self._looked and self._kept.exists():
            self._look(self._kept)
        self._looked = True

    def _look(self, address: str | Path) -> None:
        self._wanted = 0
        self._job.start(partial(looking, address))
        self._controls.setLocked(True)

    def _look_elsewhere(self) -> None:
        """Show the study that is kept in the storage that was named, to go on with."""
        self._reset()
        if is_installed():
            self._look(self._address())

    def _address(self) -> str | Path:
        """Where studies are kept: where the user says, else in a file of our own."""
        return self._controls.storage() or self._kept or (self._folder or data_folder()) / _FILE

    # The search.

    def _go(self) -> None:
        if self._job.alive:
            self._job.resume()
            return
        folder = self._folder or data_folder()
        try:
            search = self._controls.search()
        except SettingsError as why:
            self._words.setText(str(why))
            return
        trials = min(self._controls.trials(), search.points) if search.sampler == "grid" else self._controls.trials()
        self._looked, self._wanted = True, trials
        self._words.setText("")
        self._job.start(partial(searching, search, trials, self._address(), self._open, self._data, folder))
        self._controls.setLocked(True)

    def _take(self, found: object) -> None:
        match found:
            case Working():
                self._show_work(found)
            case Opened():
                self._open = found
                self._controls.setSearch(found.search)
            case Nothing():
                self._words.setText(_NOTHING)
            case Standing(trials):
                self._trials = {trial.number: trial for trial in trials}
                self._show_all()
            case TrialEpoch(trial) | TrialEnded(trial):
                self._trials[trial.number] = trial
                self._show_all()

    def _show_work(self, work: Working) -> None:
        """How far the search is: the trials that have ended, and a part of the one under way."""
        ended = self._over()
        told = f" {ended} of {_count(self._wanted)} ended." if self._wanted else ""
        self._words.setText(f"{work.what} …{told}{self._held()}")
        self._progress.setRange(0, _PARTS * max(1, self._wanted))
        self._progress.setValue(round(_PARTS * (ended + work.done / work.total)))

    def _held(self) -> str:
        """What to do with a search that is held."""
        return "" if self._job.running or not self._job.alive else _HELD

    def _over(self) -> int:
        """How many trials have ended."""
        return sum(trial.state != RUNNING for trial in self._trials.values())

    def _ended(self) -> None:
        self._controls.setLocked(False)
        is_done = 0 < self._wanted <= self._over()  # and no look at a study, nor a search that went wrong
        self._progress.setValue(self._progress.maximum() if is_done else 0)
        best = best_of(self._trials.values())
        if best is not None:
            share = f"{100 * (best.accuracy or 0):.2f} %"
            self._words.setText(
                f"{_count(len(self._trials))}. Trial {best.number} reads {share} of the images held out."
                " To go on, ask for more trials and press Run."
            )

    def _running_changed(self, running: bool) -> None:
        self._transport.setRunning(running)
        self._words.setText(self._words.text().removesuffix(_HELD) + self._held())

    def _reset(self) -> None:
        self._job.stop()
        self._open, self._trials = None, {}
        self._progress.setValue(0)
        self._controls.setLocked(False)
        self._words.setText("")
        self._show_all()

    # What is shown.

    def _show_all(self) -> None:
        trials = sorted(self._trials.values(), key=lambda trial: trial.number)
        axes = self._open.search.space if self._open is not None else ()
        self._table.showTrials(trials)
        self._plot.showTrials(axes, trials)
        self._point_at(self._table.chosen())
        if not trials and not self._words.text():
            self._words.setText(_NOTHING)

    def _point_at(self, number: int | None) -> None:
        """Let a trial stand out: the one under the mouse, or chosen in the table, else the best one."""
        trial = self._trials.get(self._table.chosen() if number is None else number)  # type: ignore[arg-type]
        best = best_of(self._trials.values())
        shown = trial or best
        self._plot.mark(None if shown is None else shown.number)
        self._use.setEnabled(best is not None)
        begun = any(each.accuracy is not None for each in self._trials.values())
        self._about.setText(_words(shown, shown == best) if shown else _BEGUN if begun else _EMPTY)

    def _hand_over(self) -> None:
        chosen = self._trials.get(self._table.chosen())  # type: ignore[arg-type]
        trial = chosen or best_of(self._trials.values())
        if trial is not None and self._open is not None:
            self.settingsChosen.emit(replace(self._open.search.settings(trial.values), train_images=0))


_HELD = " Held: Run goes on, Reset lets the settings be changed."
_NOTHING = "Choose what varies and press Run. Trials are judged by images held out of training."
_EMPTY = "A line appears here when a trial has ended its first epoch."
_BEGUN = "The best of the trials that have ended will be named here."


def _count(trials: int) -> str:
    return f"{trials} trial{'' if trials == 1 else 's'}"


def _words(trial: Trial, best: bool) -> str:
    values = ", ".join(
        f"{name.replace('_', ' ')} {value:g}" if isinstance(value, float) else f"{name.replace('_', ' ')} {value}"
        for name, value in trial.values.items()
    )
    share = "no accuracy yet" if trial.accuracy is None else f"{100 * trial.accuracy:.2f} %"
    return f"Trial {trial.number}{', the best' if best else ''}: {values} → {share}"
