"""The settings of a run."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QScrollArea, QVBoxLayout, QWidget

from app.views.more_settings import MoreSettings
from app.views.rate_spin import RateSpin
from app.views.setting_fields import SettingFields, offer, spin
from nn_core.settings import TrainSettings

_LARGEST = 2**31 - 1  # what a QSpinBox can hold; a seed beyond comes with a file and is kept
_OWN = "own settings"


class TrainPanel(QScrollArea):
    """A form with everything in `TrainSettings` that is not chosen in the transport bar."""

    learningRateChanged = Signal(float)  # by the user, during a run too
    settingsEdited = Signal()  # by the user, any of them
    recipeChosen = Signal(str)
    learningChosen = Signal(str)  # which layers learn

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = TrainSettings()
        self._recipe, self._optimizer, self._schedule = QComboBox(), QComboBox(), QComboBox()
        self._rate = RateSpin(0.0, 1000.0)
        self._form = QFormLayout()
        self._fields = SettingFields(self._form, self)
        self._more = MoreSettings()
        self._lay_out()
        self._connect()
        self.setRecipes([])
        self.setSettings(TrainSettings())

    def _lay_out(self) -> None:
        add, fields = self._fields.add, self._fields
        fields.row("Recipe", self._recipe, "recipeCombo", "A complete run: choosing one fills in everything")
        fields.heading("Learning")
        add("optimizer", "Optimiser", self._optimizer, "optimizerCombo", "How a gradient changes the weights")
        add("learning_rate", "Learning rate", self._rate, "learningRateSpin", "How far a step goes", live=True)
        fields.help("May be changed while it trains: the next batch uses it.")
        add("schedule", "Schedule", self._schedule, "scheduleCombo", "How the learning rate changes over the run")
        fields.heading("Run")
        add("epochs", "Epochs", spin(1, 100_000, 1), "epochsSpin", "Passes over the training images")
        add("batch_size", "Batch size", spin(1, 60_000, 16), "batchSpin", "Images a step")
        add("augment", "", QCheckBox("Vary the images"), "augmentCheck",
            "Shift, turn, and scale every image a little, anew each epoch")  # fmt: skip
        fields.help("Varied images take longer to learn and make your own drawings easier to read.")
        fields.heading("Repeatability")
        add("seed", "Seed", spin(0, _LARGEST, 1), "seedSpin", "Where all chance of the run begins")
        add("threads", "Threads", spin(1, 64, 1), "threadsSpin", "More are faster; the results stay the same")
        fields.help("The same settings and seed give the same network to the last bit.")
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._form)
        column.addWidget(self._more)
        column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _connect(self) -> None:
        self._rate.valueChanged.connect(self.learningRateChanged)
        self._fields.edited.connect(self.settingsEdited)
        self._more.edited.connect(self.settingsEdited)
        self._recipe.activated.connect(self._choose_recipe)
        self._more.layers.textActivated.connect(self.learningChosen)

    def setRecipes(self, recipes: list[tuple[str, str]]) -> None:
        """Offer recipes by name, each with a line about it."""
        with QSignalBlocker(self._recipe):
            self._recipe.clear()
            self._recipe.addItem(_OWN)
            for name, about in recipes:
                self._recipe.addItem(name)
                self._recipe.setItemData(self._recipe.count() - 1, about, Qt.ItemDataRole.ToolTipRole)
        self._form.setRowVisible(self._recipe, bool(recipes))

    def setRecipe(self, name: str) -> None:
        """Show which recipe the settings are, without a signal; none if the name is empty."""
        with QSignalBlocker(self._recipe):
            self._recipe.setCurrentIndex(max(0, self._recipe.findText(name)))

    def setOptimizers(self, names: list[str]) -> None:
        """Offer optimisers; what was chosen stays chosen if it is still offered."""
        offer(self._optimizer, names)

    def setSchedules(self, names: list[str]) -> None:
        """Offer learning-rate schedules; where there is but one, there is nothing to choose."""
        offer(self._schedule, names)
        self._form.setRowVisible(self._schedule, len(names) > 1)

    def setFurther(
        self, losses: list[str], initializers: list[str], normalizations: list[str], teachers: list[str]
    ) -> None:
        """Offer what is chosen under More."""
        self._more.offer(losses, initializers, normalizations, teachers)

    def setLearning(self, states: list[str], state: str) -> None:
        """Offer which layers can learn, and show which do, without a signal."""
        with QSignalBlocker(self._more.layers):
            self._more.layers.clear()
            self._more.layers.addItems(states if state in states else [*states, state])
            self._more.layers.setCurrentText(state)

    def setLastLayer(self, title: str) -> None:
        """Warn of a loss that repeats what this layer, the network's last, does."""
        self._more.setLastLayer(title)

    def settings(self, preset: str, dataset: str) -> TrainSettings:
        """The settings as they are shown, for a network and a dataset that are chosen elsewhere.

        Raises:
            SettingsError: they do not go together.
        """
        values = {**self._fields.values(), **self._more.values()}
        if values["seed"] == min(self._settings.seed, _LARGEST):
            values["seed"] = self._settings.seed
        return replace(self._settings, preset=preset, dataset=dataset, **values)

    def setSettings(self, settings: TrainSettings) -> None:
        """Show settings, without a signal."""
        self._settings = settings
        self._fields.show(settings)
        self._more.showSettings(settings)

    def setRunning(self, running: bool) -> None:
        """While a run goes on, only the learning rate can change."""
        self._fields.setRunning(running)
        self._more.setRunning(running)
        self._recipe.setEnabled(not running)

    def _choose_recipe(self, index: int) -> None:
        if index:
            self.recipeChosen.emit(self._recipe.itemText(index))
        else:  # what is shown is called so only when it is
            self.settingsEdited.emit()
