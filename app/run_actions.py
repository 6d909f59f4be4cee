"""What Start, Reset and the choices above them mean for the run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.networks import Networks, accuracy_of
from app.phase import Phase
from app.run_store import KeptRun
from app.session import Session
from app.views.train_panel import TrainPanel
from app.views.transport import TransportBar
from app.views.wording import short
from nn_core.data import find_datasets
from nn_core.early_stopping import has_waited
from nn_core.errors import DataError, ModelError, SettingsError
from nn_core.loading import PEN_STROKES
from nn_core.model import Model
from nn_core.normalization import name_of
from nn_core.recipes import find_recipe, recipe_of
from nn_core.settings import TrainSettings
from nn_core.teachers import teachers_of

DOWNLOAD = "Download MNIST…"
_FETCH_FIRST = f"choose {DOWNLOAD} among the datasets first."
_STILL = (Phase.IDLE, Phase.FINISHED)
_LONGEST = 60  # letters of a network's name in a sentence


@dataclass(frozen=True, slots=True)
class Offer:
    """A run that can be gone on with: in words, and what going on is called."""

    text: str
    verb: str
    run: KeptRun


class RunActions(QObject):
    """Reads what is chosen in the transport bar and the train panel, and asks the session for it.

    A run begins with fresh parameters from the seed, so that the same settings give the same network; with
    `continues` it begins with the parameters that are shown.
    """

    troubled = Signal(str)
    said = Signal(str)
    offered = Signal(object)  # Offer; None takes it back
    originChanged = Signal(object, object)  # files, or None: that of what was shown, that of what is shown
    begun = Signal(str)  # why what was offered or said before is out of date: a run began, or another network is shown

    def __init__(
        self, session: Session, transport: TransportBar, panel: TrainPanel, networks: Networks, folder: Path
    ) -> None:
        super().__init__(session)
        self._session, self._transport, self._panel = session, transport, panel
        self._networks, self.folder = networks, folder
        self.continues = False
        self._dataset = ""  # chosen last, other than to download one
        self.shown = ""  # the network that is shown, by name
        self._origin: Path | None = None
        transport.startRequested.connect(lambda: self.start(one_step=False))
        transport.stepRequested.connect(self.step)
        transport.pauseRequested.connect(session.pause)
        transport.resumeRequested.connect(session.resume)
        transport.stopRequested.connect(session.stop)
        transport.resetRequested.connect(self.reset)
        transport.presetChosen.connect(self.choose_network)
        transport.datasetChosen.connect(self.choose_dataset)
        panel.learningRateChanged.connect(session.set_learning_rate)
        panel.recipeChosen.connect(self.choose_recipe)
        panel.settingsEdited.connect(self._tell_recipe)
        session.stopped.connect(self.offer_kept_run)
        session.replaced.connect(self.offer_kept_run)
        session.fetched.connect(self._fetched)
        session.stateChanged.connect(self._show_state)

    @property
    def origin(self) -> Path | None:
        """The file that what is shown came from."""
        return self._origin

    @origin.setter
    def origin(self, path: Path | None) -> None:
        before, self._origin = self._origin, path
        if path != before:
            self.originChanged.emit(before, path)

    def start(self, *, one_step: bool) -> None:
        """Begin a run; with `one_step` hold after its first batch."""
        if self._session.state not in _STILL:
            return
        if self._transport.dataset() == DOWNLOAD:
            self.choose_dataset(DOWNLOAD)
            return
        try:
            settings = self._panel.settings(self._transport.preset(), self._transport.dataset())
            teachers_of(settings)  # the worker would tell of a wrong one when what is shown is gone
            if self.continues and settings.preset == self.shown:
                shown = self._session.reading.model
                model = Model(shown.network.clone(), shown.normalization, {"preset": settings.preset})
                settings = replace(settings, normalization=name_of(shown.normalization) or settings.normalization)
            else:
                model = self._networks.fresh(settings)
        except SettingsError as why:
            self.troubled.emit(str(why))
            return
        words = self._words_of_a_beginning()
        self.shown, self.origin = settings.preset, None
        self._tell_run_begins()
        self._put_aside()
        self._session.start(model, settings, self.folder, one_step=one_step)
        if words:
            self.said.emit(words)

    def _words_of_a_beginning(self) -> str:
        """What to say of a run that begins with fresh weights, where what is shown has learnt something."""
        session = self._session
        if self.continues or not (session.timeline.moment() or accuracy_of(session.reading.model)):
            return ""
        if session.store.holds_run():
            return "Begun with fresh weights. When this run is stopped, the Run menu brings back the one before."
        return "Begun with fresh weights. To train on with those shown: Run menu, Start from the weights shown."

    def _tell_run_begins(self) -> None:
        """What was said and offered before is out of date."""
        self.begun.emit("a run began")
        self.offered.emit(None)

    def _put_aside(self) -> None:
        """Keep the run before as well, for the case that this one was begun by mistake."""
        try:
            if self._session.store.holds_run():
                self._session.store.put_aside()
        except ModelError as why:
            self.troubled.emit(str(why))

    def start_or_pause(self) -> None:
        """Whichever makes sense: start, pause, or go on."""
        if self._session.state in _STILL:
            self.start(one_step=False)
        elif self._session.state is Phase.PAUSED:
            self._session.resume()
        else:
            self._session.pause()

    def step(self) -> None:
        """Take one step, of the run that holds or of a new one."""
        if self._session.state is Phase.PAUSED:
            self._session.step()
        else:
            self.start(one_step=True)

    def reset(self) -> None:
        """Show the network with fresh parameters; the run can be gone on with until another one takes its place."""
        self.choose_network(self._transport.preset())

    def choose_network(self, name: str) -> None:
        """Show a network by name, with fresh parameters; a run is offered to be gone on with."""
        try:
            model = self._networks.fresh(self._panel.settings(name, self._dataset))
        except SettingsError as why:
            self.troubled.emit(str(why))
            self._transport.setPreset(self.shown)
            return
        self.shown, self.origin = name, None
        self.list_choices()
        self._transport.setPreset(name)
        self._tell_recipe()
        self._show(model)

    def choose_recipe(self, name: str) -> None:
        """Fill in everything that a recipe says, and show its network with fresh parameters."""
        self.use(find_recipe(name).settings, name)

    def use(self, settings: TrainSettings, name: str) -> None:
        """Fill in these settings, and show their network with fresh parameters; `name` is what they are called."""
        before = self._panel.settings(self.shown, self._dataset)
        self._panel.setSettings(replace(settings, threads=before.threads, save_every=before.save_every))
        self.prefer_dataset(settings.dataset)
        self.choose_network(settings.preset)
        if self._dataset != settings.dataset:
            self.troubled.emit(f"{name} wants the dataset {settings.dataset}, which is not here: {_FETCH_FIRST}")

    def show_model(self, model: Model, name: str, origin: Path | None) -> None:
        """Show a model as it is; where it is no preset, its architecture becomes one more choice, by this name."""
        self.shown, self.origin = self._networks.name_of(model, name), origin
        self.list_choices()
        self._transport.setPreset(self.shown)
        self._tell_recipe()
        self._show(model)

    def _show(self, model: Model) -> None:
        """Show a model instead of a run, without losing the run."""
        self.begun.emit("another network is shown")
        self._session.show(model)

    # Datasets.

    def list_choices(self) -> None:
        """Offer the networks there are, and the datasets found in the data folder."""
        datasets = [(PEN_STROKES, "Pen strokes: digits that the program draws itself, 60 000 to train on")]
        try:
            found = find_datasets(self.folder)
        except DataError as why:
            found = {}
            self.troubled.emit(str(why))
        datasets = [(name, f"in {place}") for name, place in found.items()] + datasets
        if "mnist" not in found:
            datasets.append((DOWNLOAD, f"12 MB, into {self.folder}"))
        parts = self._dataset.split("+")
        if len(parts) > 1 and set(parts) <= {*found, PEN_STROKES}:
            datasets.insert(0, (self._dataset, f"trained on together: {', '.join(dict.fromkeys(parts))}"))
        self._transport.setChoices(self._networks.choices(), datasets)
        self._transport.setDataset(self._dataset if self._dataset in dict(datasets) else datasets[0][0])
        self._dataset = self._transport.dataset()
        self._tell_recipe()

    def _tell_recipe(self) -> None:
        """Show which recipe it is that is chosen, if it is one."""
        self._panel.setRecipe(recipe_of(self._panel.settings(self._transport.preset(), self._transport.dataset())))

    def choose_dataset(self, name: str) -> None:
        """Take another dataset for the next run, or fetch MNIST."""
        if name != DOWNLOAD:
            self._dataset = name
            self._tell_recipe()
            return
        self._transport.setDataset(self._dataset)
        self._session.fetch(self.folder)

    def prefer_dataset(self, name: str) -> None:
        """Choose a dataset if it is there."""
        self._dataset = name
        self.list_choices()

    def _fetched(self) -> None:
        self.prefer_dataset("mnist")
        self.said.emit("MNIST is there: press Start to train on it.")

    # A run that was kept.

    def offer_kept_run(self) -> None:
        """Offer to go on with the run in the store, if there is one."""
        if not self._session.store.holds_run():
            return
        try:
            run = self._session.store.load()
        except ModelError as why:
            # A newer version may have written it, or the disk may come back: the next run lets it be the one before.
            self.troubled.emit(f"The run that was kept cannot be gone on with; its file stays where it is. {why}")
            return
        self.offered.emit(offer_of(run))

    def bring_back(self) -> None:
        """Go on with the run before; the one that is shown becomes the one before."""
        try:
            run = self._session.store.bring_back()
        except ModelError as why:
            self.troubled.emit(str(why))
            return
        self.go_on(run)

    def go_on(self, run: KeptRun) -> None:
        """Go on with a run that was offered."""
        if self._session.state not in _STILL:
            self.troubled.emit("Stop the run that goes on first, then press Reset and choose again.")
            return
        settings = run.settings
        self.shown, self.origin = self._networks.name_of(run.model, settings.preset), None
        self._panel.setSettings(settings)
        self.prefer_dataset(settings.dataset)
        self._transport.setPreset(self.shown)
        self._tell_recipe()
        self._tell_run_begins()
        self._session.go_on(run, self.folder)

    def discard_kept_run(self) -> None:
        """Offer the run in the store no longer; it becomes the run before, for the case that this was a mistake."""
        self._put_aside()
        self.offered.emit(None)
        if not self._session.store.holds_run():
            self.said.emit("The run is put away: Run, Bring back the run before, goes on with it.")

    # What is shown, to be saved.

    def saved(self, model: Model, path: Path) -> None:
        """A model has been saved; a run that is over need not be kept any more, if it is what it came to.

        The run may have gone on, or come to its end, while the user chose a name.
        """
        session = self._session
        if session.state in _STILL and np.array_equal(model.network.vector, session.reading.model.network.vector):
            self.origin = path
        if session.state is Phase.FINISHED and np.array_equal(model.network.vector, session.timeline.live):
            self.offered.emit(None)
            try:
                self._session.store.discard()
            except ModelError as why:
                self.troubled.emit(str(why))

    def model_to_save(self) -> Model:
        """The model that is shown, with all that is known of how it was trained."""
        session, shown = self._session, self._session.reading.model
        moment, settings, tested = session.timeline.moment(), session.settings, session.tested
        card = dict(shown.card)
        if moment is not None and settings is not None:
            plain = settings.deciding()
            card = {"preset": settings.preset, "settings": plain, "steps": moment.step, "epochs": moment.epoch}
            card |= {"frozen": sorted(session.run_frozen)} if session.run_frozen else {}
            if tested is not None and tested.step == moment.step:
                figures = {"accuracy": tested.accuracy, "loss": tested.loss}
                card |= {"measured_on": f"test split of {settings.dataset.split('+')[0]}", **figures}
        return replace(shown, network=shown.network.clone(), card=card)

    def _show_state(self, state: Phase) -> None:
        self._transport.setState(state)
        self._panel.setRunning(state not in _STILL)


def offer_of(run: KeptRun) -> Offer:
    """The offer to go on with a run."""
    settings, train = run.settings, run.curves.train
    name = f"{short(settings.preset, _LONGEST)} on {settings.dataset}"
    if not len(train):  # its curves were lost, and with them what batch is how much of an epoch
        return Offer(f"A run of {name} stands at batch {run.state.step}.", "Go on", run)
    epochs = float(train[run.curves.EPOCH][-1])
    if epochs >= settings.epochs or has_waited(run.state.best, settings.patience):
        trained = "1 epoch" if round(epochs) == 1 else f"{round(epochs)} epochs"
        return Offer(f"{name} has been trained for {trained} and is not saved.", "Show it", run)
    return Offer(f"A run of {name} stands at epoch {epochs:.2f} of {settings.epochs}.", "Go on", run)
