"""The bar that is always there: what is trained on what, start to reset, and how far the run is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from app.icons import accent_icon, icon
from app.phase import Phase
from app.theme import Theme, tabular, theme_of
from app.views.wording import duration, short, thousands

Choices = Sequence[tuple[str, str]]  # name, tool tip

_STILL = {Phase.IDLE, Phase.PAUSED, Phase.FINISHED}
_ENABLED = {
    "start": {Phase.IDLE, Phase.FINISHED},
    "pause": {Phase.RUNNING, Phase.PAUSED},
    "step": _STILL,
    "stop": {Phase.LOADING, Phase.RUNNING, Phase.PAUSED},
    "reset": _STILL,
    "choices": {Phase.IDLE, Phase.FINISHED},
}
_BUTTONS = {  # name: label, what it does, its keys
    "start": ("Start", "Train with the settings shown", ("F5", "Ctrl+R")),
    "pause": ("Pause", "Pause after this batch", ("F5", "Ctrl+R")),
    "step": ("Step", "Train on one batch", ("F10",)),
    "stop": ("Stop", "End the run and keep what has been learnt", ("Shift+F5",)),
    "reset": ("Reset", "Begin anew, with fresh weights from the seed", ("Ctrl+Shift+R",)),
}
_CONTINUE = "Continue"
_OWN_CHAIN = "Chain of layers…"
_WIDE = 1060  # logical pixels, below which buttons show their icons alone
_SCALE = 1000  # of the progress bar


class TransportBar(QWidget):
    """Says what the user wants by signals, and enables what makes sense in the state it is told."""

    startRequested = Signal()
    pauseRequested = Signal()
    resumeRequested = Signal()
    stepRequested = Signal()
    stopRequested = Signal()
    resetRequested = Signal()
    presetChosen = Signal(str)
    chainWanted = Signal()  # a network of one's own
    datasetChosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = Phase.IDLE
        self._preset = _combo("presetCombo", "Network")
        self._dataset = _combo("datasetCombo", "Dataset")
        self._buttons = {name: self._button(name) for name in _BUTTONS}
        self._buttons["start"].setProperty("role", "primary")
        self._progress = QProgressBar()
        self._progress.setObjectName("trainProgress")
        self._progress.setAccessibleName("Progress of the run")
        self._progress.setRange(0, _SCALE)
        self._progress.setTextVisible(False)
        self._epoch, self._speed = QLabel(), QLabel(alignment=Qt.AlignmentFlag.AlignRight)
        for name, label in (("epochLabel", self._epoch), ("speedLabel", self._speed)):
            label.setObjectName(name)
            label.setFont(tabular(label.font()))
        self._speed.setProperty("role", "caption")
        self._lay_out()
        self._connect()
        self.setTheme(theme_of(self.palette()))
        self.setState(Phase.IDLE)
        self.setProgress(0.0, None, 0.0, None, None, None)

    def _button(self, name: str) -> QPushButton:
        button = QPushButton()
        button.setObjectName(f"{name}Button")
        button.setIconSize(QSize(16, 16))
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 8, 6)
        row.setSpacing(6)
        row.addWidget(self._preset)
        row.addWidget(self._dataset)
        row.addSpacing(8)
        for button in self._buttons.values():
            row.addWidget(button)
        row.addSpacing(10)
        words = QHBoxLayout()
        words.setSpacing(12)
        words.addWidget(self._epoch)
        words.addWidget(self._speed, 1)
        column = QVBoxLayout()
        column.setSpacing(5)
        column.addStretch(1)
        column.addLayout(words)
        column.addWidget(self._progress)
        column.addStretch(1)
        row.addLayout(column, 1)
        self._epoch.setMinimumWidth(1)
        self._speed.setMinimumWidth(1)

    def _connect(self) -> None:
        slots: dict[str, Callable[[], object]] = {
            "start": self.startRequested.emit,
            "pause": self._pause_or_resume,
            "step": self.stepRequested.emit,
            "stop": self.stopRequested.emit,
            "reset": self.resetRequested.emit,
        }
        for name, button in self._buttons.items():
            button.clicked.connect(lambda _checked, slot=slots[name]: slot())
        for keys in ("F5", "Ctrl+R"):
            QShortcut(QKeySequence(keys), self, self._start_or_pause)
        for name in ("step", "stop", "reset"):
            for keys in _BUTTONS[name][2]:
                QShortcut(QKeySequence(keys), self, self._buttons[name].click)
        self._preset.activated.connect(self._choose_preset)
        self._dataset.activated.connect(lambda index: self.datasetChosen.emit(_named(self._dataset, index)))

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme, which the palette has by now."""
        for name in self._buttons:
            self._paint_icon(name)

    def _paint_icon(self, name: str) -> None:
        paint = accent_icon if name == "start" else icon
        drawing = "start" if name == "pause" and self._state is Phase.PAUSED else name
        self._buttons[name].setIcon(paint(drawing, self.palette()))

    def setChoices(self, presets: Choices, datasets: Choices) -> None:
        """Offer networks and datasets, each with a tool tip; what was chosen stays chosen if it is still offered."""
        for combo, choices in ((self._preset, presets), (self._dataset, datasets)):
            chosen = combo.currentData()
            with QSignalBlocker(combo):
                combo.clear()
                for name, tip in choices:
                    combo.addItem(_label(name), name)
                    combo.setItemData(combo.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
                if combo is self._preset:
                    combo.insertSeparator(combo.count())
                    combo.addItem(_OWN_CHAIN)
                combo.setCurrentIndex(max(0, combo.findData(chosen)) if chosen else 0)
            self._tip(combo)

    def setPreset(self, name: str) -> None:
        """Show which network is at work, without a signal."""
        self._show_choice(self._preset, name)

    def setDataset(self, name: str) -> None:
        """Show which dataset is at work, without a signal."""
        self._show_choice(self._dataset, name)

    def preset(self) -> str:
        """The network chosen."""
        return str(self._preset.currentData() or "")

    def dataset(self) -> str:
        """The dataset chosen."""
        return str(self._dataset.currentData() or "")

    def setState(self, state: Phase) -> None:
        """Enable exactly what makes sense in a state."""
        turned = (state is Phase.PAUSED) != (self._state is Phase.PAUSED)
        self._state = state
        for name, button in self._buttons.items():
            button.setEnabled(self.allows(name))
        for combo in (self._preset, self._dataset):
            combo.setEnabled(self.allows("choices"))
        self._label_buttons()
        if turned:
            self._paint_icon("pause")

    def allows(self, name: str) -> bool:
        """Whether what the button of this name does makes sense now, or that a choice is made (`choices`)."""
        return self._state in _ENABLED[name]

    def setProgress(
        self,
        epoch: float,
        epochs: int | None,
        fraction: float,
        images_per_s: float | None,
        seconds_left: float | None,
        text: str | None,
    ) -> None:
        """Say how far the run is: `fraction` 0 to 1 of the bar; `text`, if any, instead of the epochs."""
        self._progress.setValue(round(_SCALE * min(max(fraction, 0.0), 1.0)))
        self._epoch.setText(text if text is not None else _epochs(epoch, epochs))
        speed = [] if images_per_s is None else [f"{thousands(images_per_s)} images/s"]
        left = [] if seconds_left is None else [f"{duration(seconds_left)} left"]
        self._speed.setText(" · ".join(speed + left))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._label_buttons()

    def _label_buttons(self) -> None:
        wide = self.width() >= _WIDE
        pause = self._buttons["pause"]
        pause.setText(_CONTINUE if wide else "")  # its longer text decides its width, lest the bar jump at every pause
        pause.setMinimumWidth(pause.sizeHint().width())
        for name, button in self._buttons.items():
            label, what, keys = _BUTTONS[name]
            if name == "pause" and self._state is Phase.PAUSED:
                label, what = _CONTINUE, "Go on from here"
            native = " or ".join(QKeySequence(each).toString(QKeySequence.SequenceFormat.NativeText) for each in keys)
            button.setText(label if wide else "")
            button.setAccessibleName(label)
            button.setToolTip(f"{label}: {what} ({native})" if not wide else f"{what} ({native})")

    def _choose_preset(self, index: int) -> None:
        name = _named(self._preset, index)
        if name:
            self.presetChosen.emit(name)
        else:
            self.chainWanted.emit()

    def _start_or_pause(self) -> None:
        self._buttons["start" if self._state in _ENABLED["start"] else "pause"].click()

    def _pause_or_resume(self) -> None:
        (self.resumeRequested if self._state is Phase.PAUSED else self.pauseRequested).emit()

    def _show_choice(self, combo: QComboBox, name: str) -> None:
        with QSignalBlocker(combo):
            combo.setCurrentIndex(combo.findData(name))
        self._tip(combo)

    def _tip(self, combo: QComboBox) -> None:
        tip = combo.currentData(Qt.ItemDataRole.ToolTipRole)
        combo.setToolTip(f"{combo.accessibleName()}: {tip}" if tip else combo.accessibleName())


def _label(name: str) -> str:
    """What a combo box says of a network or a dataset: `mnist ×4 + strokes ×3` for one that is put together."""
    counts = Counter(name.split("+"))
    words = " + ".join(part if count == 1 else f"{part} ×{count}" for part, count in counts.items())
    return short(words)


def _named(combo: QComboBox, index: int) -> str:
    """The name behind a label, empty where there is none."""
    return str(combo.itemData(index) or "")


class _Combo(QComboBox):
    """Deaf to the wheel: what is chosen here takes the place of the network that is shown, or fetches a dataset."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def _combo(name: str, spoken: str) -> QComboBox:
    combo = _Combo()
    combo.setObjectName(name)
    combo.setAccessibleName(spoken)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return combo


def _epochs(epoch: float, epochs: int | None) -> str:
    return "no run yet" if epochs is None else f"epoch {epoch:.2f} of {epochs}"
