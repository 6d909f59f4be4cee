"""What comes onto the canvas from files and from the clipboard, and drawings that are kept as files."""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QProgressDialog, QWidget

from app.answer import Answer
from app.background import Background
from app.files import Files
from app.pictures import picture_from_image, read_picture
from app.reading import Reading
from app.views.canvas import CanvasView
from nn_core.drawing_file import DRAWING_ENDING, Drawing, load_drawing, save_drawing
from nn_core.errors import DataError
from nn_core.ink import Picture

#: A file, or the picture in the clipboard.
Sheet = Path | QImage
_UNDO = "draw on it, or undo to have back what was there."
_SHOWN_AFTER = 400  # milliseconds of reading, after which progress is shown


class Drawings(QObject):
    """Reads pictures and drawings beside the window, lays them on the canvas as one step to undo, and saves drawings.

    `name` gives the name of the network that is shown; `remember` is told which files were used.
    """

    def __init__(
        self,
        window: QWidget,
        files: Files,
        canvas: CanvasView,
        reading: Reading,
        name: Callable[[], str],
        remember: Callable[[Path], None],
    ) -> None:
        super().__init__(window)
        self._window, self._files, self._canvas, self._reading = window, files, canvas, reading
        self._name, self._remember = name, remember
        self._answer = Answer()
        self._wanted: Sheet | None = None  # chosen last, unless it was called off
        self._begun: Sheet | None = None
        self._progress: QProgressDialog | None = None
        self._job = Background(self)
        self._job.said.connect(self._take)
        self._job.troubled.connect(self._refuse)
        self._job.ended.connect(self._go_on)
        reading.answered.connect(self._keep_answer)
        files.sheetChosen.connect(self.read)

    def menu(self) -> dict[str, Callable[[], object]]:
        """What the File menu offers."""
        return {
            "Open picture…": self._files.ask_for_picture,
            "Open drawing…": self._files.ask_for_drawing,
            "Save drawing…": self.ask_where_to_save,
        }

    def read(self, sheet: Sheet) -> None:
        """Read a file or a picture, and lay it on the canvas; of several, the last one counts."""
        self._wanted = sheet
        if not self._job.alive:
            self._begin(sheet)

    def ask_where_to_save(self) -> None:
        """Let the user choose where to save the drawing, if there is one."""
        self._canvas.finishStroke()
        if self._canvas.marks():
            self._files.ask_where_to_put_drawing(self.save)
        else:
            self._files.troubled.emit("There is no drawing to save: draw a digit, or open a picture first.")

    def save(self, path: Path) -> None:
        """Write the drawing, and what it is read as."""
        self._canvas.finishStroke()
        self._reading.answer_now()
        answer = self._answer
        try:
            save_drawing(path, Drawing(self._canvas.marks(), answer.to_keep, self._name(), answer.text))
        except DataError as why:
            self._files.troubled.emit(str(why))
            return
        self._remember(path.absolute())
        self._files.said.emit(f"Saved {path.name}")

    def _keep_answer(self, answer: Answer) -> None:
        self._answer = answer

    # Reading. What is called off is read to its end, for nobody to see: a picture's decoder cannot be interrupted.

    def _begin(self, sheet: Sheet) -> None:
        self._begun = sheet
        self._show_progress(sheet)
        self._job.start(partial(_reading, sheet))

    def _take(self, found: object) -> None:
        sheet = self._begun
        if self._wanted is not sheet:
            return
        if isinstance(found, Picture):
            self._canvas.setPicture(found)
        elif isinstance(found, Drawing):
            self._canvas.setMarks(found.marks, "open a drawing")
        if isinstance(sheet, Path):
            self._remember(sheet.absolute())
            self._files.said.emit(_opened_words(sheet, found))
        else:
            self._files.said.emit(f"Pasted the picture: {_UNDO}")

    def _refuse(self, sentence: str) -> None:
        if self._wanted is self._begun:
            self._files.troubled.emit(sentence)

    def _go_on(self) -> None:
        self._hide_progress()
        if self._wanted is not None and self._wanted is not self._begun:
            self._begin(self._wanted)
        else:
            self._wanted = self._begun = None

    def _call_off(self) -> None:
        self._wanted = None
        self._hide_progress()

    def _show_progress(self, sheet: Sheet) -> None:
        what = sheet.name if isinstance(sheet, Path) else "the picture in the clipboard"
        self._progress = QProgressDialog(f"Reading {what} …", "Cancel", 0, 0, self._window)
        self._progress.setObjectName("readingProgress")
        self._progress.setMinimumDuration(_SHOWN_AFTER)
        self._progress.canceled.connect(self._call_off)

    def _hide_progress(self) -> None:
        if self._progress is not None:
            self._progress.hide()
            self._progress.deleteLater()
            self._progress = None


def _reading(sheet: Sheet) -> Generator[object, None, None]:
    """A job: read a file or a picture, yield it as ink or as a drawing."""
    if isinstance(sheet, QImage):
        yield picture_from_image(sheet, "The picture in the clipboard")
    elif sheet.suffix.lower() == DRAWING_ENDING:
        yield load_drawing(sheet)
    else:
        yield read_picture(sheet)


def _opened_words(path: Path, found: object) -> str:
    """What to say of a file that was opened: what a drawing was read as when it was saved, too."""
    if not isinstance(found, Drawing) or found.probabilities is None:
        return f"Opened {path.name}: {_UNDO}"
    sure = 100 * float(found.probabilities.max())
    share = f" ({sure:.1f} %)" if len(found.text) == 1 else ""  # of a number, it is one digit's
    said = f"read it as {found.text}{share}" if found.text.isdigit() else "was unsure"
    return f"Opened {path.name}: when it was saved, {found.model or 'the network'} {said}."
