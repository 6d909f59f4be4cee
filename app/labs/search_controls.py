"""What is searched: network, data, what varies, how it is chosen, and how long."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from app.labs.axis_list import AxisList
from app.labs.fields import choice, whole_spin
from app.labs.parts import heading
from app.labs.side_by_side import bare_column
from nn_core.search.description import SAMPLERS, Search
from nn_core.settings import TrainSettings

_NETWORKS = (
    "blog-cnn",
    "mlp-300",
    "lenet5-modern",
    "flatten → linear {width} → relu → dropout {dropout} → linear 10",
)
_SAMPLERS = {"tpe": "Bayesian (TPE)", "random": "Random", "grid": "Grid"}


class SearchControls(QWidget):
    """Fields named search…; together they give a `Search` and a number of trials."""

    storageNamed = Signal()  # another one, by the user

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._base, self._prune = TrainSettings(), True
        self._opened: tuple[Search, object] | None = None  # a search that was kept, and what the fields say of it
        tip = "Network by name, or a chain; {width} and {dropout} in it may vary"
        self._network = choice("searchNetworkCombo", tip, _NETWORKS, _NETWORKS[0], editable=True)
        self._dataset = choice("searchDatasetCombo", "Data whose training images are learnt from and judged by", [])
        tip = "Bayesian: from what went well; random: anywhere; grid: every combination, five values of a range"
        self._sampler = choice("searchSamplerCombo", tip, list(_SAMPLERS.values()))
        self._trials = whole_spin("searchTrialsSpin", "Trials in all", 1, 1000, 5, 20)
        self._epochs = whole_spin("searchEpochsSpin", "Epochs a trial", 1, 100, 1, 3)
        self._images = whole_spin("searchImagesSpin", "Training images a trial; 0 is all", 0, 60_000, 1000, 4000)
        self._images.setSpecialValueText("all")
        self._held = whole_spin("searchHeldSpin", "Training images held out, to judge trials by", 50, 10_000, 500, 2000)
        self._storage, self._named = _storage_field(), ""
        self._axes = AxisList()
        self._lay_out()
        self._axes.setChain("")
        self._network.currentTextChanged.connect(self._axes.setChain)
        self._storage.editingFinished.connect(self._name_storage)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow("Network", self._network)
        form.addRow("Dataset", self._dataset)
        form.addRow("Method", self._sampler)
        form.addRow("Trials", self._trials)
        form.addRow("Epochs each", self._epochs)
        form.addRow("Images", self._images)
        form.addRow("Held out", self._held)
        form.addRow("Storage", self._storage)
        column = bare_column(self)
        column.addLayout(form)
        column.addWidget(heading("What varies"))
        column.addWidget(self._axes)

    def _name_storage(self) -> None:
        if self.storage() != self._named:
            self._named = self.storage()
            self.storageNamed.emit()

    def storage(self) -> str:
        """The file or URL at which studies are kept; empty where none was named."""
        return self._storage.text().strip()

    def setDatasets(self, names: list[str]) -> None:
        """Offer these datasets, the first one chosen unless another was."""
        before = self._dataset.currentText()
        with QSignalBlocker(self._dataset):
            self._dataset.clear()
            self._dataset.addItems(names)
            self._dataset.setCurrentText(before if before in names else names[0])

    def trials(self) -> int:
        """How many trials the study is to have."""
        return self._trials.value()

    def search(self) -> Search:
        """What is searched: what was kept, to the letter, for as long as nothing is changed.

        Raises:
            SettingsError: something typed is not understood.
        """
        if self._opened is not None and self._opened[1] == self._typed():
            return self._opened[0]
        base = replace(
            self._base,
            preset=self._network.currentText().strip(),
            dataset=self._dataset.currentText(),
            epochs=self._epochs.value(),
            train_images=self._images.value(),
        )
        sampler = SAMPLERS[self._sampler.currentIndex()]
        return Search(base, self._axes.space(), sampler, self._held.value(), self._prune)

    def _typed(self) -> object:
        """All that the fields say."""
        numbers = (self._sampler.currentIndex(), self._epochs.value(), self._images.value(), self._held.value())
        return self._network.currentText(), self._dataset.currentText(), *numbers, self._axes.typed()

    def setSearch(self, search: Search) -> None:
        """Show a search that was kept."""
        self._base, self._prune = search.base, search.prune
        with QSignalBlocker(self._network):
            self._network.setCurrentText(search.base.preset)
            line = self._network.lineEdit()
            if line is not None:
                line.home(False)
        if self._dataset.findText(search.base.dataset) < 0:  # two sets together, say
            self._dataset.addItem(search.base.dataset)
        self._dataset.setCurrentText(search.base.dataset)
        self._sampler.setCurrentIndex(SAMPLERS.index(search.sampler))
        self._epochs.setValue(search.base.epochs)
        self._images.setValue(search.base.train_images)
        self._held.setValue(search.hold_out)
        self._axes.setChain(search.base.preset)
        self._axes.setSpace(search.space)
        self._opened = search, self._typed()

    def setLocked(self, locked: bool) -> None:
        """Let nothing be changed for a while."""
        fields: tuple[QWidget, ...] = (self._network, self._dataset, self._sampler, self._epochs, self._images)
        for field in (*fields, self._held, self._storage, self._trials):
            field.setEnabled(not locked)
        self._axes.setLocked(locked)


def _storage_field() -> QLineEdit:
    field = QLineEdit()
    field.setObjectName("searchStorageEdit")
    field.setAccessibleName("Storage: where studies are kept")
    field.setPlaceholderText("a file of its own")
    field.setToolTip(
        "A file, or the URL of a database. Everyone who names the same one works on one study:\n"
        "other windows, other machines, and 'search --storage' without a window."
    )
    return field
