"""Why the drawing is read as it is: worked out beside the window, and only while somebody looks."""

from __future__ import annotations

import threading
from collections.abc import Generator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QTimer

from app.answer import Answer
from app.background import Background
from app.mailbox import Latest
from app.reading import Reading
from app.views import nearest_digits
from app.views.fading import Fading
from app.views.why_panel import WhyPanel
from app.views.wording import thousands
from nn_core.events import Working
from nn_core.explaining.neighbours import SHORTLIST, Library, Neighbour, library, nearest_features, nearest_pixels
from nn_core.explaining.steps import Step, answer_after, image_after, possible
from nn_core.explaining.variations import SHIFTS, Change, Drawing
from nn_core.ink import Marks
from nn_core.layers import Array
from nn_core.model import Model, Reader
from nn_core.network import Sequential
from nn_core.normalization import Normalization
from nn_core.replay import known_digits

_SOON_MS = 40  # drawings and parameters that change within it are explained together
_NAMES = {"mnist": "training digits of MNIST", "strokes": "pen strokes drawn by the program"}


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """Known digits to compare with, and their name."""

    name: str
    digits: Library


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """All that an explanation needs, as it was when it was asked for; nobody writes to its parts."""

    marks: Marks
    network: Sequential
    vector: Array
    normalization: Normalization
    steps: frozenset[Step]
    maps: bool
    known: _Known | None
    way: str
    outdated: threading.Event = field(default_factory=threading.Event)  # set when another drawing is to be explained

    def model(self) -> Model:
        """The model that is shown, over memory of its own."""
        return Model(self.network.over(self.vector), self.normalization)


@dataclass(frozen=True, slots=True, eq=False)
class _Cards:
    cards: list[tuple[Array, Array]]


@dataclass(frozen=True, slots=True, eq=False)
class _Maps:
    images: dict[str, Array]
    answers: dict[str, Array]
    digit: int


class Explaining(QObject):
    """Explains the newest drawing with the parameters that are shown, one explanation after the other.

    What changes while one is worked out is taken together in the next. Nothing is done while the panel is hidden.
    """

    def __init__(self, reading: Reading, panel: WhyPanel, folder: Path) -> None:
        super().__init__(reading)
        self._reading, self._panel, self._folder = reading, panel, folder
        self._marks: Marks = reading.answer.marks  # of the digit that is read
        self._known: _Known | None = None
        self._outdated = threading.Event()  # that of what is being explained
        self._again = False
        self._quick, self._search = Background(self), Background(self)
        steps, maps = panel.steps, panel.maps
        self._cards = Fading([*steps.images, *steps.answers], self)
        self._maps = Fading([*maps.maps.values(), maps.image, maps.answer], self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._begin)
        reading.answered.connect(self._take_answer)
        panel.seen.connect(self._wake)
        panel.hidden.connect(self._sleep)
        panel.steps.stepsChanged.connect(lambda _steps: self._change())
        panel.nearest.wayChanged.connect(self._begin_anew)
        panel.nearest.findRequested.connect(self.find)
        panel.nearest.stopRequested.connect(self._stop_search)
        self._quick.said.connect(self._show)
        self._quick.ended.connect(self._ended)
        self._search.said.connect(self._take_known)
        self._search.troubled.connect(self._search_failed)

    @property
    def working(self) -> bool:
        """Whether something is being worked out, or will be at once."""
        return self._quick.alive or self._search.running or self._soon.isActive()

    def find(self) -> None:
        """Read and look at all known digits; from then on those nearest to each drawing are shown."""
        self._panel.nearest.showProgress(0.0)
        self._search.start(partial(_looked_at, self._folder))

    def close(self) -> None:
        """End all that is worked out."""
        self._soon.stop()
        self._quick.stop()
        self._search.stop()

    # When there is something to do.

    def _wake(self) -> None:
        self._search.wake()
        self._change()

    def _sleep(self) -> None:
        self._soon.stop()
        self._outdated.set()
        self._search.sleep()

    def _take_answer(self, answer: Answer) -> None:
        same, self._marks = answer.marks == self._marks, answer.marks
        self._change() if same else self._change_drawing()

    def _change_drawing(self) -> None:
        """Explain another drawing; what is shown is of the one before, and turns pale if that takes long."""
        self._cards.outdate()
        self._maps.outdate()
        self._begin_anew()

    def _begin_anew(self) -> None:
        """Explain anew, and search no further for what is out of date; new parameters wait for the end of a search."""
        self._outdated.set()
        self._change()

    def _change(self) -> None:
        """Explain soon, or when what is being explained is done."""
        if not self._panel.isVisible():
            return
        if self._quick.alive:
            self._again = True
        elif not self._soon.isActive():
            self._soon.start(_SOON_MS)

    def _ended(self) -> None:
        again, self._again = self._again, False
        if again:
            self._change()

    def _asked(self) -> _Asked:
        panel, model = self._panel, self._reading.model
        looks = panel.nearest.isVisible()
        return _Asked(
            self._marks,
            model.network,
            model.network.vector,
            model.normalization,
            panel.steps.steps(),
            panel.maps.isVisible(),
            self._known if looks else None,
            panel.nearest.way(),
        )

    def _begin(self) -> None:
        asked = self._asked()
        self._outdated = asked.outdated
        self._panel.steps.setPossible(possible(asked.marks, asked.normalization))
        self._say_what_is_compared()
        self._quick.start(partial(_explained, asked))

    # What has been worked out.

    def _show(self, value: object) -> None:
        match value:
            case _Cards():
                self._panel.steps.showCards(value.cards)
                self._cards.renew(self._outdated.is_set())
            case _Maps():
                self._panel.maps.showMaps(value.images, value.answers, value.digit)
                self._maps.renew(self._outdated.is_set())
            case list():
                self._panel.nearest.showDigits([(one.image, one.label, one.distance) for one in value])

    def _say_what_is_compared(self) -> None:
        known, nearest = self._known, self._panel.nearest
        if known is None:
            return
        count, name = len(known.digits), _NAMES.get(known.name, known.name)
        first = min(SHORTLIST, count)
        if nearest.way() == nearest_digits.FEATURES and first < count:
            nearest.showWords(
                f"Label and distance. Of {thousands(count)} {name}, the network is asked about the {thousands(first)} "
                "that look most like this one from afar."
            )
        else:
            nearest.showWords(f"Label and distance, among {thousands(count)} {name}.")

    def _take_known(self, value: object) -> None:
        if isinstance(value, Working):
            self._panel.nearest.showProgress(value.done / max(1, value.total))
            self._panel.nearest.showWords(f"{value.what}…")
        elif isinstance(value, _Known):
            self._known = value
            self._search.stop()
            self._panel.nearest.showProgress(None)
            self._panel.nearest.setKnown()
            self._change()

    def _stop_search(self) -> None:
        self._search.stop()
        self._panel.nearest.showProgress(None)
        self._panel.nearest.showWords(nearest_digits.ABOUT)

    def _search_failed(self, why: str) -> None:
        self._panel.nearest.showProgress(None)
        self._panel.nearest.showWords(why)


def _explained(asked: _Asked) -> Generator[object, None, None]:
    """The job: cards, and what else is seen."""
    model = asked.model()
    drawing = Drawing(asked.marks)
    if drawing.image is None:
        yield _Cards([])
        yield _Maps({}, {}, 0)
        yield list[Neighbour]()
        return
    yield _Cards(list(_cards(asked, model)))
    if asked.maps:
        yield from _mapped(drawing, model)
    if asked.known is not None:
        yield from _compared(asked, asked.known.digits, model, drawing.image)


def _compared(asked: _Asked, known: Library, model: Model, image: Array) -> Generator[Latest, None, None]:
    """The nearest digits so far, until all are compared or another drawing is to be explained."""
    if asked.way == nearest_digits.FEATURES:
        found = nearest_features(model, known, image, nearest_digits.COUNT)
    else:
        found = nearest_pixels(known.digits, image, nearest_digits.COUNT)
    for near in found:
        if asked.outdated.is_set():
            return
        yield Latest(near)


def _cards(asked: _Asked, model: Model) -> Generator[tuple[Array, Array], None, None]:
    """Image and answer before the first step, and after each; an image counts as normalised until that step's turn."""
    done: set[Step] = set()
    for step in (None, *Step):
        if step is not None and step in asked.steps:
            done.add(step)
        image = image_after(asked.marks, done)
        assert image is not None
        read = done if step is Step.NORMALISE else done | {Step.NORMALISE}
        yield image, answer_after(model, image, read)


def _mapped(drawing: Drawing, model: Model) -> Generator[object, None, None]:
    reader, images, found = Reader(model), dict[str, Array](), dict[str, Array]()
    for name, changes in drawing.maps().items():
        images[name] = np.stack([drawing.changed(change) for change in changes])
        with np.errstate(all="ignore"):  # parameters of a run that diverged may overflow
            found[name] = reader.all_probabilities(images[name])
        yield None  # so that it can be stopped
    now = found["shift"][SHIFTS.index(Change())]
    yield _Maps(images, found, int(np.nan_to_num(now).argmax()))


def _looked_at(folder: Path) -> Generator[object, None, None]:
    """The job: known digits, read and looked at from afar."""
    known = yield from known_digits(folder)
    digits = yield from library(known.train)
    yield _Known(known.name, digits)
