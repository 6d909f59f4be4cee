"""The settings of a run that most people need not look at, folded away until they are wanted."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QLabel,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.views.rate_spin import RateSpin
from app.views.setting_fields import SettingFields, offer, spin
from app.views.wording import number
from nn_core.augment_text import FLIP_WARNING, USUAL, parse_augmentation
from nn_core.errors import SettingsError
from nn_core.losses import repetition, soft_targets
from nn_core.settings import TrainSettings

_MANY = 10**9


class MoreSettings(QWidget):
    """A button "More", and under it loss, penalties, start, images, and when a run is looked at, kept and ended."""

    edited = Signal()  # by the user, any of them

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loss, self._normalization = QComboBox(), QComboBox()
        self._init = _editable()  # some take a number: truncated-normal:0.05
        self._teachers = _editable()
        if (line := self._teachers.lineEdit()) is not None:
            line.setPlaceholderText("none")
        self._variation = _variation()
        self._varied = QLabel()
        self._held_out, self._patience = spin(0, 10**6, 1000, "no images"), _patience()
        self._smoothing = RateSpin(0.0, 0.999)
        self.layers = QComboBox()  # stands for no setting: it can change while a run goes on
        self._last = ""  # the title of the network's last layer
        self._running = False
        self._inside = QWidget()
        self._button = QToolButton()
        self._targets, self._twice = QLabel(), QLabel()
        self._form = QFormLayout(self._inside)
        self.fields = SettingFields(self._form, self)
        self._add_fields()
        self._fold()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._button)
        column.addWidget(self._inside)
        self._inside.hide()
        self.fields.edited.connect(self._follow)
        self.fields.edited.connect(self.edited)

    def _fold(self) -> None:
        self._button.setObjectName("moreButton")
        self._button.setText("More")
        self._button.setToolTip("Loss, start, penalties, normalisation of the images, early stopping …")
        self._button.setCheckable(True)
        self._button.setProperty("role", "tool")
        self._button.setArrowType(Qt.ArrowType.RightArrow)
        self._button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._button.toggled.connect(self.setOpen)

    def _add_fields(self) -> None:
        add, fields = self.fields.add, self.fields
        fields.heading("What is learnt")
        fields.row("Learning", self.layers, "learningLayersCombo", "Which layers learn; see the locks in the network")
        add("loss", "Loss", self._loss, "lossCombo", "What a wrong answer costs")
        self._twice = fields.help("")
        add("label_smoothing", "Soft targets", self._smoothing, "labelSmoothingSpin", "How sure it must not become")
        self._targets = fields.help("")
        add("teachers", "Teachers", self._teachers, "teachersCombo",
            "Recipes whose networks' answers are learnt beside the labels: a+b:2 is a, and b with seed 2")  # fmt: skip
        fields.help("Networks that are asked about the datasets they know. They are trained first, once.")
        add("weight_decay", "L2 penalty", RateSpin(0.0, 10.0), "weightDecaySpin", "Weight decay: draws weights to zero")
        add("l1", "L1 penalty", RateSpin(0.0, 10.0), "l1Spin", "Makes many weights zero")
        add("max_norm", "Max-norm", RateSpin(0.0, 1e6), "maxNormSpin", "The longest vector of weights into a unit")
        fields.help("0 is no limit.")
        add("average", "Averaging", RateSpin(0.0, 0.99999), "averageSpin", "Decay of the weights' moving mean; 0: none")
        fields.help("The mean of the last steps' weights reads better than any one of them: 0.99 to 0.999.")
        fields.heading("Start")
        add("init", "Initialiser", self._init, "initCombo", "How weights are drawn; preset is the network's own way")
        add("bias", "Bias", RateSpin(-100.0, 100.0), "biasSpin", "What every bias starts at")
        fields.heading("Images")
        add("normalization", "Normalisation", self._normalization, "normalizationCombo",
            "How pixels become the network's input, drawings too")  # fmt: skip
        add("train_images", "Train on", spin(0, _MANY, 1000, "all images"), "trainImagesSpin", "Only the first so many")
        add("augmentation", "Vary by", self._variation, "augmentationCombo",
            "What varies the images: usual, or amounts such as rotation=15,noise=0.05")  # fmt: skip
        self._varied = fields.help("")
        add("balanced", "", QCheckBox("Balance the classes"), "balancedCheck",
            "Show every digit equally often, however many images of it there are")  # fmt: skip
        fields.heading("On the way")
        add("validation", "Hold out", self._held_out, "validationSpin",
            "Training images to watch the run by, instead of the test images")  # fmt: skip
        add("evaluate_every", "Evaluate every", _epochs(), "evaluateEverySpin", "Epochs between two evaluations")
        add("patience", "Stop early", self._patience, "patienceSpin", "Ends the run where it was best")
        fields.help("Stops when the images held out are read no better so many evaluations long.")
        add("save_every", "Save every", _epochs(), "saveEverySpin", "Besides every 30 seconds; a crash loses no more")

    def offer(self, losses: list[str], initializers: list[str], normalizations: list[str], teachers: list[str]) -> None:
        """Offer what there is to choose from."""
        offer(self._loss, losses)
        offer(self._init, initializers)
        offer(self._normalization, normalizations)
        offer(self._teachers, teachers)
        self._follow()

    def setOpen(self, is_open: bool) -> None:
        """Unfold or fold."""
        self._button.setChecked(is_open)
        self._button.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        self._inside.setVisible(is_open)

    def values(self) -> dict[str, Any]:
        """What is entered, by the names of the settings; there is no patience with nothing to watch."""
        values = self.fields.values()
        return values if values["validation"] else values | {"patience": 0}

    def showSettings(self, settings: TrainSettings) -> None:
        """Show settings, without a signal."""
        self.fields.show(settings)
        self._follow()

    def setLastLayer(self, title: str) -> None:
        """Warn of a loss that repeats what this layer does."""
        self._last = title
        self._follow()

    def setRunning(self, running: bool) -> None:
        """While a run goes on, nothing here can change."""
        self._running = running
        self.fields.setRunning(running)
        self._follow()

    def _follow(self) -> None:
        """Show what follows from what is entered."""
        self._patience.setEnabled(self._held_out.value() > 0 and not self._running)
        self._varied.setText(_varied_words(self._variation.currentText()))
        self._varied.setVisible(bool(self._varied.text()))
        self._twice.setText(repetition(self._loss.currentText(), self._last))
        self._twice.setVisible(bool(self._twice.text()))
        low, high = soft_targets(self._loss.currentText(), self._smoothing.value())
        self._targets.setText(f"The right output is wanted at {number(high)}, every other one at {number(low)}.")
        # The form has shared its height out by the lines that these texts had before; it does so once more.
        QTimer.singleShot(0, self._inside, self._form.invalidate)


def _variation() -> QComboBox:
    combo = _editable()
    combo.addItems([USUAL, f"{USUAL},noise=0.05", f"{USUAL},crop=4,contrast=0.3"])
    return combo


def _editable() -> QComboBox:
    """A choice among others that can be typed."""
    combo = QComboBox()
    combo.setEditable(True)
    combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    return combo


def _varied_words(text: str) -> str:
    """What is to be said of an augmentation: what is wrong with it, or a warning."""
    try:
        return FLIP_WARNING if parse_augmentation(text.strip()).flips else ""
    except SettingsError as why:
        return f"{why}."


def _epochs() -> QSpinBox:
    return _counting(spin(1, 100_000, 1), "epoch")


def _patience() -> QSpinBox:
    return _counting(spin(0, 100_000, 1, "never"), "evaluation")


def _counting(box: QSpinBox, what: str) -> QSpinBox:
    """Let a box say what it counts, one or many."""

    def say(count: int) -> None:
        box.setSuffix(f" {what}" if count == 1 else f" {what}s")

    box.valueChanged.connect(say)
    say(box.value())
    return box
