"""Files that come into the window and go out of it: models and pictures."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QStandardPaths, QUrl, Signal
from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtWidgets import QFileDialog, QWidget

from app.background import Background
from app.pictures import FORMATS
from nn_core.drawing_file import DRAWING_ENDING
from nn_core.errors import DataError, DigitscopeError, ModelError
from nn_core.files import save_bytes
from nn_core.model import Model
from nn_core.modelfile import load_reading_model, save_model
from nn_core.own_digits import OWN_ENDING

MODEL_ENDING = ".safetensors"
_FILE_NAME = re.compile(r"\w[\w .()+-]{0,59}")
_DIGITS = f"Own digits (*{OWN_ENDING})"
_DRAWINGS = f"Drawings (*{DRAWING_ENDING})"
_MODELS = f"Models (*{MODEL_ENDING})"
#: What a file dialog offers.
PICTURES = "Pictures (" + " ".join(f"*.{ending}" for ending in FORMATS) + ")"


class Files(QObject):
    """Opens, saves, pastes; what goes wrong is told in one sentence, and nothing has changed then."""

    modelOpened = Signal(object, object)  # Model, Path
    modelSaved = Signal(object, object)  # Model, Path
    sheetChosen = Signal(object)  # Path of a picture or a drawing, or a QImage: what the canvas is to show
    digitsOpened = Signal(object)  # Path, of a file of own digits
    said = Signal(str)
    troubled = Signal(str)

    def __init__(self, window: QWidget, recent: Callable[[], list[Path]]) -> None:
        super().__init__(window)
        self._window, self._recent = window, recent
        self._folder: Path | None = None  # where the last dialog found or put something
        self._exporting = Background(self)
        self._exporting.said.connect(self.said.emit)
        self._exporting.troubled.connect(self.troubled)

    # Dialogs: they stand beside the window, which goes on working.

    def ask_for_model(self) -> None:
        """Let the user choose a model to open."""
        self._ask("Open a model", _MODELS, self.open)

    def ask_for_picture(self) -> None:
        """Let the user choose a picture to put on the canvas."""
        self._ask("Open a picture", PICTURES, self.open)

    def ask_for_drawing(self) -> None:
        """Let the user choose a drawing to go on with."""
        self._ask("Open a drawing", _DRAWINGS, self.open)

    def ask_where_to_put_drawing(self, use: Callable[[Path], None]) -> None:
        """Let the user choose where to save the drawing."""
        self._ask("Save the drawing", _DRAWINGS, use, f"digit{DRAWING_ENDING}")

    def ask_for_digits(self) -> None:
        """Let the user choose a file of own digits to import."""
        self._ask("Import own digits", _DIGITS, self.open)

    def ask_where_to_put_digits(self, use: Callable[[Path], None]) -> None:
        """Let the user choose where to export own digits to."""
        self._ask("Export own digits", _DIGITS, use, f"my{OWN_ENDING}")

    def ask_where_to_save(self, model: Model, name: str) -> None:
        """Let the user choose where to save a model; the network's name is proposed, if it can be a file's."""
        proposed = name if _FILE_NAME.fullmatch(name) else "my-network"
        self._ask("Save the model", _MODELS, lambda path: self.save(model, path), f"{proposed}{MODEL_ENDING}")

    def ask_where_to_export(self, picture: QPixmap) -> None:
        """Let the user choose where to write a picture."""
        self._ask("Export the kernels", "PNG picture (*.png)", lambda path: self.export(picture, path), "kernels.png")

    def ask_where_to_export_onnx(self, model: Model) -> None:
        """Let the user choose where to write a model for other programs."""
        self._ask("Export as ONNX", "ONNX models (*.onnx)", lambda path: self.export_onnx(model, path), "digits.onnx")

    def _ask(self, title: str, kinds: str, use: Callable[[Path], None], name: str = "") -> None:
        dialog = QFileDialog(self._window, title)
        dialog.setObjectName("fileDialog")
        dialog.setNameFilter(kinds)
        if name:
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setDefaultSuffix(Path(name).suffix)
            dialog.selectFile(name)
        else:
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setDirectory(str(self._folder or self._first_folder()))
        dialog.fileSelected.connect(lambda chosen: self._use(use, Path(chosen)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _first_folder(self) -> Path:
        """The folder of the newest recent file that is still there, else the user's documents."""
        found = (path.parent for path in self._recent() if path.parent.is_dir())
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        return next(found, Path(documents) if Path(documents).is_dir() else Path.home())

    def _use(self, use: Callable[[Path], None], path: Path) -> None:
        self._folder = path.parent
        use(path)

    # The work.

    def open(self, path: Path) -> None:
        """Open a model, own digits, a drawing or a picture, whichever it is."""
        try:
            if path.suffix.lower() == MODEL_ENDING:
                model = load_reading_model(path)
                self.modelOpened.emit(model, path)
            elif path.suffix.lower() == OWN_ENDING:
                self.digitsOpened.emit(path)
            else:
                self.sheetChosen.emit(path)
        except DigitscopeError as why:
            self.troubled.emit(str(why))

    def save(self, model: Model, path: Path) -> None:
        """Write a model file."""
        try:
            save_model(path, model)
        except ModelError as why:
            self.troubled.emit(str(why))
            return
        self.said.emit(f"Saved {path.name}")
        self.modelSaved.emit(model, path)

    def export(self, picture: QPixmap, path: Path) -> None:
        """Write a picture as PNG."""
        try:
            save_bytes(path, png_bytes(picture))
        except DataError as why:
            self.troubled.emit(str(why))
            return
        self.said.emit(f"Wrote {path.name}")

    def export_onnx(self, model: Model, path: Path) -> None:
        """Write a model for other programs, beside the window: the first time a library is loaded for it."""
        self._exporting.start(partial(_exported, model, path))

    def paste(self) -> None:
        """Put the picture in the clipboard on the canvas."""
        clipboard = QGuiApplication.clipboard()
        data, image = clipboard.mimeData(), clipboard.image()
        files = local_files(data.urls()) if data is not None else []  # there is none while it is empty
        if files:
            self.open(files[0])
        elif image.isNull():
            self.troubled.emit("There is no picture in the clipboard: copy one first, then paste it here.")
        else:
            self.sheetChosen.emit(image)


def _exported(model: Model, path: Path) -> Generator[object, None, None]:
    """A job: write a model as ONNX."""
    from nn_core.onnx_export import onnx_bytes

    save_bytes(path, onnx_bytes(model))
    yield f"Wrote {path.name}"


def png_bytes(picture: QPixmap) -> bytes:
    """A picture as a PNG file holds it."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    buffer.close()
    return bytes(data.data())


def local_files(urls: list[QUrl]) -> list[Path]:
    """The files on this machine among what is dragged."""
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
