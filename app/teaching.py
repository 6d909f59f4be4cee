"""Teach-in: from what the user says a drawing was meant to be to a network that knows it, and back."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.answer import Answer
from app.background import Background
from app.files import Files
from app.own_digits import OwnDigits
from app.phase import Phase
from app.run_actions import RunActions
from app.session import Session
from app.views.drawing_panel import DrawingPanel
from app.views.lesson_box import known_name
from app.views.teach_panel import TeachPanel
from app.views.wording import percent
from nn_core.errors import ModelError
from nn_core.events import Working
from nn_core.model import Model
from nn_core.modelfile import save_model
from nn_core.own_digits import OwnDigit
from nn_core.own_store import OwnStore
from nn_core.replay import known_digits
from nn_core.teaching import Taught, teach

_MOST_BACK = 10  # lessons that can be undone
_STILL = (Phase.IDLE, Phase.FINISHED)
_FORGOTTEN = 0.005  # of what the network knew before: from here on it is worth a word
_FIRST = "Draw a digit first, then press the key of what it was meant to be."


@dataclass(frozen=True, slots=True, eq=False)
class _Lesson:
    """A lesson that has come to its end, and the file that the taught network is kept in."""

    taught: Taught
    kept: Path | None
    trouble: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _Shown:
    """What is shown, or was before a lesson."""

    model: Model
    name: str
    origin: Path | None
    lesson: Taught | None  # that it came from


class Teaching(QObject):
    """Keeps own digits, gives lessons on them beside the window, and shows the taught network instead of the first.

    A lesson teaches a copy of the network that is shown. When another network is shown or a run begins meanwhile, it
    ends and nothing comes of it; from then on there is no way back to what was before an earlier lesson, either.
    """

    said = Signal(str)
    kept = Signal(str)  # words about a digit that was kept
    troubled = Signal(str)

    def __init__(
        self, runs: RunActions, session: Session, files: Files, drawing: DrawingPanel, panel: TeachPanel, folder: Path
    ) -> None:
        super().__init__(session)
        self._runs, self._session, self._reading, self._files = runs, session, session.reading, files
        self._canvas, self._panel = drawing.canvas, panel
        self.own = OwnDigits(OwnStore(folder), self)
        self._answer = Answer()
        self._lessons = Background(self)
        self._back: list[_Shown] = []
        self._lesson: Taught | None = None  # that the network shown came from
        self._before: _Shown | None = None  # the lesson that goes on
        self._showing = False  # what a lesson has made, which is no other network
        self._connect(drawing)
        self._show_state(session.state)
        self.own.refresh()

    def _connect(self, drawing: DrawingPanel) -> None:
        own, lesson, shelf = self.own, self._panel.lesson, self._panel.shelf
        self._reading.answered.connect(self._take_answer)
        drawing.meant.connect(self.keep)
        self._panel.seen.connect(own.refresh)
        own.changed.connect(self._show_digits)
        own.said.connect(self.said)
        own.troubled.connect(self.troubled)
        own.undoChanged.connect(shelf.setUndo)
        shelf.relabelled.connect(own.relabel)
        shelf.deleted.connect(own.delete)
        shelf.undoRequested.connect(own.undo)
        shelf.redoRequested.connect(own.redo)
        shelf.drawRequested.connect(lambda digit: self._canvas.setMarks(digit.marks, "draw it again"))
        shelf.importRequested.connect(self._files.ask_for_digits)
        shelf.exportRequested.connect(lambda: self._files.ask_where_to_put_digits(own.export_file))
        self._files.digitsOpened.connect(own.import_file)
        lesson.teachRequested.connect(self.teach)
        lesson.stopRequested.connect(self.stop)
        lesson.backRequested.connect(self.go_back)
        lesson.doubtsRequested.connect(shelf.chooseDoubted)
        self._lessons.said.connect(self._take)
        self._lessons.troubled.connect(self._fail)
        self._session.stateChanged.connect(self._show_state)
        self._runs.begun.connect(self._forget)

    # Own digits.

    def keep(self, label: int) -> None:
        """Keep the drawing as an own digit, or say of one that is kept that it was meant to be this."""
        self._reading.answer_now()
        if self._answer.image is None:
            self.said.emit(_FIRST)
            return
        digit = OwnDigit(self._answer.marks, label, probabilities=self._answer.to_keep)
        before = self.own.find(digit.key)
        if before is None:
            self.own.keep(digit)
        else:
            self.own.relabel([digit.key], label)
        if self.own.find(digit.key) is not None:
            self.kept.emit(_kept_words(digit, before, len(self.own.digits())))

    def _take_answer(self, answer: Answer) -> None:
        self._answer = answer

    def _show_digits(self, digits: list[OwnDigit]) -> None:
        self._panel.shelf.setDigits(digits)
        self._panel.lesson.setCount(len(digits), sum(digit.contradicted for digit in digits))

    # Lessons.

    def teach(self, layers: str) -> None:
        """Teach the network that is shown all own digits."""
        digits = self.own.digits()
        if digits and self._session.state in _STILL:
            model = self._runs.model_to_save()
            self._before = _Shown(model, self._runs.shown, self._runs.origin, self._lesson)
            self._panel.lesson.showProgress(0.0, "Beginning…")
            self._lessons.start(partial(_lesson, model, digits, self._runs.folder, layers, self._free_file()))

    def _free_file(self) -> Path:
        """A file to keep a taught network in, the oldest that none is kept in which can be gone back to."""
        store = self._session.store
        used = {shown.origin for shown in self._back} | {self._runs.origin}
        stem = store.checkpoint.stem.replace("run", "taught")
        files = (store.folder / f"{stem}-{number}.safetensors" for number in range(1, _MOST_BACK + 3))
        return min((path for path in files if path not in used), key=_age)

    def stop(self) -> None:
        """End the lesson; the network is as it was."""
        if self._lessons.alive:
            self._lessons.stop()
            self._panel.lesson.showProgress(None)
            self._panel.lesson.showLesson(self._lesson)

    def go_back(self) -> None:
        """Show what was before the last lesson."""
        if self._back and not self._lessons.alive:
            self._show(self._back.pop())
            self.said.emit("The network is as it was before the lesson.")

    def close(self) -> None:
        """End the lesson, and write what is still to be written."""
        self._lessons.stop()
        self.own.close()

    def _take(self, value: object) -> None:
        if isinstance(value, Working):
            words = f"{value.what} · {100 * value.done // max(1, value.total)} %"
            self._panel.lesson.showProgress(value.done / max(1, value.total), words)
        elif isinstance(value, _Lesson):
            self._panel.lesson.showProgress(None)
            self._finish(value)

    def _finish(self, lesson: _Lesson) -> None:
        before = self._before
        assert before is not None
        self._back = [*self._back[-_MOST_BACK + 1 :], before]
        self._show(_Shown(lesson.taught.model, before.name, lesson.kept, lesson.taught))
        if lesson.trouble:
            self.troubled.emit(f"The taught network is not kept for the next time: {lesson.trouble}")
        self.said.emit(_taught_words(lesson.taught))

    def _show(self, what: _Shown) -> None:
        self._showing = True
        self._runs.show_model(what.model, what.name, what.origin)
        self._showing = False
        self._lesson = what.lesson
        self._panel.lesson.showLesson(what.lesson)
        self._panel.lesson.setWayBack(bool(self._back))

    def _fail(self, why: str) -> None:
        self._panel.lesson.showProgress(None)
        self._panel.lesson.showLesson(self._lesson)
        self.troubled.emit(why)

    def _forget(self, why: str) -> None:
        """Another network is shown: what was said of the one before is over."""
        if not self._showing:
            if self._lessons.alive:
                self.said.emit(f"The lesson was ended, because {why}.")
            self.stop()
            self._back.clear()
            self._lesson = None
            self._panel.lesson.showLesson(None)
            self._panel.lesson.setWayBack(False)

    def _show_state(self, state: Phase) -> None:
        self._panel.lesson.setHindrance("" if state in _STILL else "Stop the run first, then teach what it has learnt.")


def _age(path: Path) -> float:
    """When a file was written; one that is not there is older than any."""
    return path.stat().st_mtime if path.exists() else 0.0


def _lesson(
    model: Model, digits: Sequence[OwnDigit], folder: Path, layers: str, kept: Path
) -> Generator[object, None, None]:
    """The job of a lesson; what it made is kept, so that closing the window does not lose it."""
    known = yield from known_digits(folder)
    taught = yield from teach(model, digits, known, layers=layers)
    yield Working("Keeping the network", 0, 1)
    try:
        save_model(kept, taught.model)
    except ModelError as why:
        yield _Lesson(taught, None, str(why))
    else:
        yield _Lesson(taught, kept)


def _taught_words(taught: Taught) -> str:
    before, after = taught.before.known.share, taught.after.known.share
    if before is None or after is None or before - after < _FORGOTTEN:
        return "This is the taught network. Save it under a name of its own, or go back."
    return (
        f"The taught network has forgotten some of what it knew ({known_name(taught)}: {percent(before)} before,"
        f" {percent(after)} now). Go back, or save it under a name of its own."
    )


def _kept_words(digit: OwnDigit, before: OwnDigit | None, count: int) -> str:
    digits = "1 own digit" if count == 1 else f"{count} own digits"
    what = "Kept" if before is None else "This drawing is kept"
    doubt = f", though it reads {digit.read} with {percent(digit.certainty)}" if digit.contradicted else ""
    return f"{what} as a {digit.label}{doubt}: {digits}."
