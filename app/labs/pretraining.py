"""Pre-training: layers that learn to restore damaged digits, without labels, and what that is worth with few."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QFormLayout, QProgressBar, QVBoxLayout, QWidget

from app.background import Background
from app.labs.fields import choice, decimal_spin, whole_spin
from app.labs.page import LabPage
from app.labs.parts import TransportRow, caption, formula, heading
from app.labs.restoration_figure import RestorationFigure
from app.labs.series_plot import Series, SeriesPlot
from app.labs.side_by_side import SideBySide
from app.theme import Theme
from nn_core.data import data_folder
from nn_core.events import Working
from nn_core.labs.pretraining import EXAMINED, Compared, Experiment, Restoration, experiment
from nn_core.labs.real_digits import KeptDigits
from nn_core.pretraining import Pretraining

_NETWORKS = (
    "flatten → linear 200 → sigmoid → linear 200 → sigmoid → linear 10",
    "flatten → linear 200 → sigmoid → linear 10",
    "mlp-300",
)
_TIED, _OWN = "tied", "untied"


class PretrainingPage(LabPage):
    """Settings, the digits as they are restored layer by layer, the filters, and two curves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder: Path | None = None
        self._digits = KeptDigits()
        self._compared: list[Compared] = []
        self._fields = _Fields()
        self._transport = TransportRow("pretraining")
        self._transport.step.hide()
        self._transport.setTips("", "Pre-train, then train with and without it", "Forget all of it")
        self._progress, self._words, self._result = QProgressBar(), caption(), formula()
        self._figure = RestorationFigure()
        self._plot = SeriesPlot("pretrainingPlot", "right answers", "epochs with labels")
        self._job = Background(self)
        self._lay_out()
        self._connect()
        self._reset()

    def _lay_out(self) -> None:
        self._progress.setTextVisible(False)
        self._progress.setObjectName("pretrainingProgress")
        self._progress.setAccessibleName("How far it is")
        self._words.setObjectName("pretrainingWords")
        self._result.setObjectName("pretrainingResult")
        self._plot.setFixedHeight(230)
        self._plot.setReach(0, 1)
        self._plot.setAccessibleName("Right answers on test images, with and without pre-training")
        side, main = QWidget(), QWidget()
        left, right = QVBoxLayout(side), QVBoxLayout(main)
        lower: list[QWidget] = [self._fields, self._transport, self._progress, self._words, caption(_EXPLAINED)]
        for part in lower:
            left.addWidget(part)
        left.addStretch(1)
        curves = heading("Then with few labels: right answers")
        for shown in (self._figure, curves, self._plot, self._result):
            right.addWidget(shown)
        right.addStretch(1)
        column = QVBoxLayout(self)
        column.addWidget(SideBySide(side, main))
        column.addStretch(1)
        for layout in (left, right, column):
            layout.setContentsMargins(0, 0, 0, 0)

    def _connect(self) -> None:
        self._transport.runPressed.connect(self._go)
        self._transport.stopPressed.connect(self._job.pause)
        self._transport.resetPressed.connect(self._reset)
        self._job.runningChanged.connect(self._transport.setRunning)
        self._job.said.connect(self._take)
        self._job.troubled.connect(self._complain)
        self._job.ended.connect(self._ended)

    # What the frame says.

    def setTheme(self, theme: Theme) -> None:
        super().setTheme(theme)
        for part in (self._figure, self._plot, self._transport):
            part.setTheme(theme)

    def setDataFolder(self, folder: Path) -> None:
        self._folder = folder

    # The experiment.

    def _go(self) -> None:
        if self._job.alive:
            self._job.resume()
            return
        self._reset()
        self._fields.setEnabled(False)
        folder, images = self._folder or data_folder(), self._fields.images()
        self._job.start(partial(_run, self._fields.wanted(), self._digits, folder, images))

    def _take(self, found: object) -> None:
        if isinstance(found, Working):
            self._words.setText(f"{found.what} …")
            self._progress.setRange(0, max(1, found.total))
            self._progress.setValue(found.done)
        elif isinstance(found, Restoration):
            self._figure.showRestoration(found)
        elif isinstance(found, Compared):
            self._compared.append(found)
            self._draw()

    def _complain(self, sentence: str) -> None:
        self._fields.setEnabled(True)
        self._words.setText(sentence)

    def _ended(self) -> None:
        self._fields.setEnabled(True)
        if self._compared:  # else it has ended by a complaint
            self._progress.setValue(self._progress.maximum())
            self._words.setText("Finished. Another seed or more labels may tell another story.")

    def _reset(self) -> None:
        self._job.stop()
        self._compared = []
        self._fields.setEnabled(True)
        self._figure.clear()
        self._progress.setRange(0, 1)
        self._progress.setValue(0)
        self._words.setText("Press Run: a minute or two with these settings.")
        self._draw()

    def _draw(self) -> None:
        epochs = np.array([float(one.epoch) for one in self._compared])
        curves = {
            "pre-trained": np.array([one.pretrained for one in self._compared]),
            "without": np.array([one.plain for one in self._compared]),
        }
        self._plot.showSeries([Series(name, i, epochs, y) for i, (name, y) in enumerate(curves.items())])
        self._result.setVisible(bool(self._compared))
        if self._compared:
            last = self._compared[-1]
            self._result.setText(
                f"After epoch {last.epoch} with {self._fields.labelled():,} labels: {100 * last.pretrained:.1f} %"
                f" pre-trained, {100 * last.plain:.1f} % without. One seed, {EXAMINED:,} test images: differences"
                " below 2 points may be chance."
            )


class _Fields(QWidget):
    """What can be chosen."""

    def __init__(self) -> None:
        super().__init__()
        tip = "Network by name or as a chain, of linear layers"
        self._network = choice("pretrainingNetworkCombo", tip, _NETWORKS, _NETWORKS[0], editable=True)
        self._images = whole_spin("pretrainingImagesSpin", "Images without labels", 100, 60_000, 1000, 10_000)
        self._epochs = whole_spin("pretrainingEpochsSpin", "Epochs of pre-training a layer", 1, 100, 1, 3)
        tip = "Share of the inputs that is set to 0"
        self._corruption = decimal_spin("pretrainingCorruptionSpin", tip, 0, 0.9, 0.05, 0.25, 2)
        tip = "Tied: the decoder takes the layer's weights, turned round"
        self._decoder = choice("pretrainingDecoderCombo", tip, (_TIED, _OWN), _TIED)
        self._labelled = whole_spin("pretrainingLabelledSpin", "Images with labels", 50, 60_000, 100, 500)
        self._tuned = whole_spin("pretrainingTunedSpin", "Epochs with labels", 1, 200, 5, 20)
        self._seed = whole_spin("pretrainingSeedSpin", "Where all chance begins", 0, 2**31 - 1, 1, 0)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        for words, field in (
            ("Network", self._network),
            ("Images", self._images),
            ("Epochs a layer", self._epochs),
            ("Corruption", self._corruption),
            ("Decoder", self._decoder),
            ("Labelled images", self._labelled),
            ("Epochs with labels", self._tuned),
            ("Seed", self._seed),
        ):
            form.addRow(words, field)

    def images(self) -> int:
        """How many images are loaded."""
        return max(self._images.value(), self._labelled.value())

    def labelled(self) -> int:
        """How many have labels."""
        return self._labelled.value()

    def wanted(self) -> Experiment:
        """The experiment; to be asked while no field can change.

        Raises:
            SettingsError: it cannot be.
        """
        tied = self._decoder.currentText() == _TIED
        plan = Pretraining(self._epochs.value(), self._corruption.value(), tied, seed=self._seed.value())
        return Experiment(self._network.currentText().strip(), plan, self._labelled.value(), self._tuned.value())


def _run(chosen: Experiment, digits: KeptDigits, folder: Path, images: int) -> Generator[object, None, None]:
    """A job: load, then the experiment."""
    dataset = yield from digits.get(folder, images)
    yield from experiment(chosen, dataset)


_EXPLAINED = (
    "One layer after the other gets digits of which a share is wiped out, and learns to give them back whole. No label"
    " is needed for that. Then the last layer is put on top, and the network learns from the few images with labels;"
    " beside it learns the same network that starts from chance, with the same batches."
)
