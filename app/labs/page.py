"""What every page of the Labs is.

A page is one module of `app.labs` with one `LabPage` in it, named in the table of `app.labs.contents` and imported when
it is opened for the first time. It shows an experiment; the experiment's mathematics is a module of `nn_core.labs`.

- A page is given what it shows, by the setters below. It imports neither the session nor the window, nor another page;
  it may use `app.theme`, `app.colors`, `app.icons`, what pages share in `app.labs` (`background`, `parts`, `flow`,
  `plot`, `number_table`, `graph_diagram`), and the small parts of `app.views` (number grids, colour bars, wording).
- A page fits a width of 480 logical pixels without scrolling sideways: `FlowLayout` puts parts below each other there.
- The frame shows the page's title and its sentence, and scrolls it. A page has no title and no margin of its own.
- `__init__` takes no arguments and is quick: it makes the widgets and the first, made-up or empty state. A page is made
  once and kept as long as the window, so that what was typed into it is still there when the user comes back.
- Order of calls: `setTheme`, `setNetwork`, `setDataFolder`, `setOwnFolder`, `setImage`, `enter`; while it is shown the
  setters again whenever something changes; then `leave`. A hidden page hears of nothing, and is told the newest before
  it is shown.
- Work of more than 100 ms runs in a `Background` made with the page as its parent, never on the thread of the window.
  The base class holds these jobs while the page is hidden, and ends them with the window. A page that starts a timer
  of its own stops it in `leave`; whoever overrides `enter` or `leave` calls the base class too.
- Objects are named for tests with the page's own prefix (`perceptronStepButton`), because names such as `stepButton`
  belong to the window's transport bar.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.background import Background
from app.theme import Theme, theme_of
from nn_core.model import Model


class LabPage(QWidget):
    """The base of all pages; a subclass overrides what it wants to hear of."""

    settingsChosen = Signal(object)  # a page has found `TrainSettings` that the user wants to train with

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme_of(self.palette())

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.theme = theme
        self.update()

    def setImage(self, image: NDArray[np.float32] | None) -> None:
        """Take what is on the canvas as the network receives it, (28, 28) in [0, 1]; None while nothing is drawn."""

    def setNetwork(self, model: Model) -> None:
        """Take the model that the window shows.

        Its parameters follow the run and are only to be read; a job gets a clone of the network.
        """

    def setDataFolder(self, folder: Path) -> None:
        """Take the folder in which the datasets are."""

    def setOwnFolder(self, folder: Path) -> None:
        """Take the folder in which the user's own things are kept, such as studies; it need not be there yet."""

    def enter(self) -> None:
        """Begin to be shown: jobs that were held go on."""
        for job in self.findChildren(Background):
            job.wake()

    def leave(self) -> None:
        """Be hidden: jobs hold."""
        for job in self.findChildren(Background):
            job.sleep()

    def shutDown(self) -> None:
        """End all jobs, because the window closes."""
        for job in self.findChildren(Background):
            job.stop()
