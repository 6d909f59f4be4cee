"""The settings of a run."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QFormLayout,
    QLabel,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.views.rate_spin import RateSpin
from nn_core.settings import TrainSettings

_LARGEST = 2**31 - 1  # what a QSpinBox can hold; a seed beyond comes with a file and is kept


class TrainPanel(QScrollArea):
    """A form with everything in `TrainSettings` that is not chosen in the transport bar."""

    learningRateChanged = Signal(float)  # by the user, during a run too
    settingsEdited = Signal()  # by the user, any of them

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = TrainSettings()
        self._optimizer, self._schedule, self._loss = QComboBox(), QComboBox(), QComboBox()
        self._rate = RateSpin(0.0, 1000.0)
        self._decay, self._smoothing = RateSpin(0.0, 10.0), RateSpin(0.0, 0.999)
        self._average = RateSpin(0.0, 0.99999)
        self._batch, self._epochs = _spin(1, 60_000, 16), _spin(1, 100_000, 1)
        self._seed, self._threads = _spin(0, _LARGEST, 1), _spin(1, 64, 1)
        self._augment = QCheckBox("Vary the images")
        self._form = QFormLayout()
        self._fixed: list[QWidget] = []
        self._lay_out()
        self._connect()
        self.setSettings(TrainSettings())

    def _lay_out(self) -> None:
        self._form.setContentsMargins(12, 8, 12, 12)
        self._form.setHorizontalSpacing(12)
        self._form.setVerticalSpacing(8)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._heading("Learning")
        self._add("Optimiser", self._optimizer, "optimizerCombo", "How a gradient becomes a change of the weights")
        self._add("Learning rate", self._rate, "learningRateSpin", "How far a step goes", live=True)
        self._help("May be changed while it trains: the next batch uses it.")
        self._add("Schedule", self._schedule, "scheduleCombo", "How the learning rate changes over the run")
        self._add("Loss", self._loss, "lossCombo", "What a wrong answer costs")
        self._add("Weight decay", self._decay, "weightDecaySpin", "How strongly large weights are drawn towards zero")
        self._add("Label smoothing", self._smoothing, "labelSmoothingSpin", "How sure the network must not become")
        self._add("Averaging", self._average, "averageSpin", "Decay of the moving mean of the weights; 0: none")
        self._help("The mean of the last steps' weights reads better than any one of them: 0.99 to 0.999.")
        self._heading("Run")
        self._add("Epochs", self._epochs, "epochsSpin", "Passes over the training images")
        self._add("Batch size", self._batch, "batchSpin", "Images a step")
        self._add("", self._augment, "augmentCheck", "Shift, turn, and scale every image a little, anew each epoch")
        self._help("Varied images take longer to learn and make your own drawings easier to read.")
        self._heading("Repeatability")
        self._add("Seed", self._seed, "seedSpin", "Where all chance of the run begins")
        self._add("Threads", self._threads, "threadsSpin", "More are faster; the results stay the same")
        self._help("The same settings and seed give the same network to the last bit.")
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._form)
        column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setOptimizers([TrainSettings().optimizer])
        self.setSchedules([TrainSettings().schedule])
        self.setLosses([TrainSettings().loss])

    def _heading(self, text: str) -> None:
        label = QLabel(text)
        label.setProperty("role", "title")
        label.setContentsMargins(0, 8, 0, 0)
        self._form.addRow(label)

    def _help(self, text: str) -> None:
        label = QLabel(text)
        label.setProperty("role", "caption")
        label.setWordWrap(True)
        self._form.addRow(label)

    def _add(self, label: str, field: QWidget, name: str, tip: str, live: bool = False) -> None:
        field.setObjectName(name)
        field.setToolTip(tip)
        field.setAccessibleName(label or tip)
        field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        field.installEventFilter(self)  # a wheel that scrolls the form must not turn the settings it passes
        self._form.addRow(label, field)
        if not live:
            self._fixed.append(field)

    def _connect(self) -> None:
        self._rate.valueChanged.connect(self.learningRateChanged)
        for spin in (self._batch, self._epochs, self._seed, self._threads):
            spin.valueChanged.connect(self._edited)
        for rate in (self._rate, self._decay, self._smoothing, self._average):
            rate.valueChanged.connect(self._edited)
        for combo in (self._optimizer, self._schedule, self._loss):
            combo.activated.connect(self._edited)
        self._augment.toggled.connect(self._edited)

    def setOptimizers(self, names: list[str]) -> None:
        """Offer optimisers; what was chosen stays chosen if it is still offered."""
        _offer(self._optimizer, names)

    def setSchedules(self, names: list[str]) -> None:
        """Offer learning-rate schedules; where there is but one, there is nothing to choose."""
        _offer(self._schedule, names)
        self._form.setRowVisible(self._schedule, len(names) > 1)

    def setLosses(self, names: list[str]) -> None:
        """Offer losses; where there is but one, there is nothing to choose."""
        _offer(self._loss, names)
        self._form.setRowVisible(self._loss, len(names) > 1)

    def settings(self, preset: str, dataset: str) -> TrainSettings:
        """The settings as they are shown, for a network and a dataset that are chosen elsewhere."""
        seed = self._seed.value()
        return replace(
            self._settings,
            preset=preset,
            dataset=dataset,
            optimizer=self._optimizer.currentText(),
            learning_rate=self._rate.value(),
            batch_size=self._batch.value(),
            epochs=self._epochs.value(),
            seed=self._settings.seed if seed == min(self._settings.seed, _LARGEST) else seed,
            schedule=self._schedule.currentText(),
            loss=self._loss.currentText(),
            weight_decay=self._decay.value(),
            label_smoothing=self._smoothing.value(),
            average=self._average.value(),
            augment=self._augment.isChecked(),
            threads=self._threads.value(),
        )

    def setSettings(self, settings: TrainSettings) -> None:
        """Show settings, without a signal."""
        self._settings = settings
        fields: list[QWidget] = [*self._fixed, self._rate]
        blockers = [QSignalBlocker(field) for field in fields]
        names = (settings.optimizer, settings.schedule, settings.loss)
        for combo, name in zip((self._optimizer, self._schedule, self._loss), names, strict=True):
            if combo.findText(name) < 0:
                combo.addItem(name)
            combo.setCurrentText(name)
        self._rate.setValue(settings.learning_rate)
        self._decay.setValue(settings.weight_decay)
        self._smoothing.setValue(settings.label_smoothing)
        self._average.setValue(settings.average)
        self._batch.setValue(settings.batch_size)
        self._epochs.setValue(settings.epochs)
        self._seed.setValue(min(settings.seed, _LARGEST))
        self._threads.setValue(settings.threads)
        self._augment.setChecked(settings.augment)
        del blockers

    def setRunning(self, running: bool) -> None:
        """While a run goes on, only the learning rate can change."""
        for field in self._fixed:
            field.setEnabled(not running)

    def _edited(self) -> None:
        self.settingsEdited.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        passing = isinstance(watched, QComboBox | QAbstractSpinBox) and not watched.hasFocus()
        if passing and event.type() == QEvent.Type.Wheel:
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def _spin(low: int, high: int, step: int) -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(low, high)
    spin.setSingleStep(step)
    spin.setKeyboardTracking(False)
    return spin


def _offer(combo: QComboBox, names: list[str]) -> None:
    chosen = combo.currentText()
    with QSignalBlocker(combo):
        combo.clear()
        combo.addItems(names)
        combo.setCurrentIndex(max(0, combo.findText(chosen)))
