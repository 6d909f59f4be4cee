"""Classic kernels on a picture: edges, blurs and the rest, and what pooling makes of their answers."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from pathlib import Path
from typing import cast

import numpy as np
from PySide6.QtCore import QEvent, QMimeData
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFileDialog, QLabel, QVBoxLayout, QWidget

from app.background import Background
from app.files import PICTURES, local_files
from app.labs.filter_controls import APART, DRAWING, GRAY, OWN, SAMPLE, FilterControls
from app.labs.filter_figure import FilterFigure
from app.labs.map_view import Look
from app.labs.page import LabPage
from app.labs.parts import caption
from app.labs.picture_source import channels_of, reading
from app.theme import Theme
from nn_core.errors import DataError
from nn_core.labs.classic_kernels import sums_to_zero
from nn_core.labs.picture_filtering import Filtered, Filtering, filter_picture
from nn_core.labs.sample_pictures import sample_picture, to_gray

_NOTHING = {
    DRAWING: "Draw something on the canvas to see it under the kernel.",
    OWN: "Open a picture of your own, drop one on this page, or paste one.",
}

_ABOUT = "Choose a kernel from the list, or double-click its numbers to write your own: the pictures follow."


class ClassicKernelsPage(LabPage):
    """A picture, a kernel, its answer, and the answer pooled in two ways."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self._pictures: dict[str, np.ndarray] = {SAMPLE: sample_picture()}
        self._filtering = Filtering(np.ones((1, 1)))  # that is being worked out, or is shown
        self._outdated = False
        self._job, self._reader = Background(self), Background(self)
        self._controls, self._figure, self._trouble = FilterControls(), FilterFigure(), QLabel()
        self._trouble.setObjectName("filterTrouble")
        self._trouble.setProperty("role", "error")
        self._trouble.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for part in (caption(_ABOUT), self._controls, self._trouble, self._figure):
            column.addWidget(part)
        column.addStretch(1)
        self._connect()
        self._compute()

    def _connect(self) -> None:
        controls = self._controls
        controls.changed.connect(self._compute)
        controls.sourceChosen.connect(self._compute)
        controls.openPressed.connect(self._ask)
        controls.pastePressed.connect(self._paste)
        self._figure.picker.chosen.connect(self._compute)
        self._job.said.connect(self._show)
        self._job.troubled.connect(self._complain)
        self._job.ended.connect(self._go_on)
        self._reader.said.connect(self._take_picture)
        self._reader.troubled.connect(self._complain)

    # Working it out, beside the window: the newest wish counts.

    def _compute(self) -> None:
        picture = self._picture()
        self._complain(_NOTHING.get(self._controls.source(), "") if picture is None else "")
        self._figure.setVisible(picture is not None)
        if self._job.alive:
            self._outdated = True
        elif picture is not None:
            self._filtering = self._wish()
            self._job.start(partial(_filtered, picture, self._filtering))

    def _go_on(self) -> None:
        if self._outdated:
            self._outdated = False
            self._compute()

    def _picture(self) -> np.ndarray | None:
        picture = self._pictures.get(self._controls.source())
        gray = picture is not None and len(picture) == 3 and self._controls.channels() == GRAY
        return to_gray(picture) if picture is not None and gray else picture

    def _wish(self) -> Filtering:
        controls, kernel = self._controls, self._figure.picker.kernel()
        mode, (size, stride) = controls.padding_mode(), controls.pooling()
        padding = len(kernel) // 2 if mode else 0
        return Filtering(kernel, padding, mode or "zeros", controls.channels() != APART, size, stride)

    def _show(self, result: tuple[np.ndarray, Filtered]) -> None:
        picture, filtered = result
        top = float(len(picture)) if self._filtering.summed else 1.0
        self._figure.showResult(picture, filtered, self._filtering, self._look(len(filtered.maps)), top)

    def _look(self, channels: int) -> Look:
        chosen = self._controls.look()
        if chosen is not None:
            return chosen
        if sums_to_zero(self._filtering.kernel):
            return Look.SIGNED
        return Look.COLOR if channels == 3 else Look.GRAY

    def _complain(self, sentence: str) -> None:
        self._trouble.setText(sentence)
        self._trouble.setVisible(bool(sentence))

    # Pictures of the user's own.

    def setImage(self, image: np.ndarray | None) -> None:
        """Take what is on the canvas."""
        self._pictures.pop(DRAWING, None)
        if image is not None:
            self._pictures[DRAWING] = image[None].astype(np.float64)
        if self._controls.source() == DRAWING:
            self._compute()

    def _ask(self) -> None:
        dialog = QFileDialog(self, "Open a picture")
        dialog.setObjectName("filterFileDialog")
        dialog.setNameFilter(PICTURES)
        dialog.fileSelected.connect(lambda path: self._read(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _read(self, path: Path) -> None:
        self._reader.start(partial(reading, path))

    def _paste(self) -> None:
        data = cast(QMimeData | None, QGuiApplication.clipboard().mimeData())  # None where it is empty
        if data is None or not self._take(data):
            self._complain("There is no picture in the clipboard: copy one first, then paste it here.")

    def _take(self, data: QMimeData) -> bool:
        """Take the picture that is pasted or dropped, or the file; False when there is none."""
        files = local_files(data.urls())
        if files:
            self._read(files[0])
        elif data.hasImage():
            self._take_image(QImage(data.imageData()))
        else:
            return False
        return True

    def _take_image(self, image: QImage) -> None:
        try:
            self._take_picture(channels_of(image, "The picture"))
        except DataError as why:
            self._complain(str(why))

    def _take_picture(self, picture: np.ndarray) -> None:
        self._pictures[OWN] = picture
        self._controls.show_source(OWN)
        self._compute()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and pictures."""
        if local_files(event.mimeData().urls()) or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the picture that is dropped."""
        if self._take(event.mimeData()):
            event.acceptProposedAction()

    def event(self, event: QEvent) -> bool:
        """Paste with Ctrl+V: before the menu, which would do so on the canvas, and before a list, which searches."""
        override = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride
        if override and cast(QKeyEvent, event).matches(QKeySequence.StandardKey.Paste):
            self._paste()
            event.accept()
            return True
        return super().event(event)

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().setTheme(theme)
        self._figure.setTheme(theme)


def _filtered(picture: np.ndarray, filtering: Filtering) -> Generator[object, None, None]:
    """A job: put a picture under a kernel."""
    yield picture, filter_picture(picture, filtering)
