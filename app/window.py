"""The main window: it puts the views together and tells them what the session says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from app.answer import Answer
from app.centre import LABS, NETWORK
from app.choices import offer_choices
from app.curve_log import CurveLog
from app.curve_series import curves_of
from app.drawings import Drawings
from app.files import Files, local_files
from app.freezing import Freezing
from app.help import show_about, show_shortcuts
from app.icons import app_icon
from app.inspection import Inspection
from app.layout import Layout
from app.menus import MenuSlots, build_menus, enable_run
from app.networks import Networks
from app.opening import Opening, opened_words, opening, shipped, shipped_doubt, shipped_splitter
from app.own_chain import ask_for_chain
from app.phase import Phase
from app.preferences import SHIPPED, Preferences
from app.progress import Progress, finished_words
from app.reading import Reading
from app.run_actions import Offer, RunActions
from app.run_store import RunStore
from app.session import Session
from app.teaching import Teaching
from app.theming import Theming
from app.words import Words
from nn_core.data import data_folder
from nn_core.events import Snapshot
from nn_core.model import Model
from nn_core.own_digits import OWN_ENDING
from nn_core.settings import TrainSettings
from resources import DEFAULT_MODEL

if TYPE_CHECKING:
    from app.explaining import Explaining


class MainWindow(QMainWindow):
    """Digitscope's window. `settings` of one's own keep it apart from the user's, its runs too."""

    predictionChanged = Signal(int, object)  # the digit, −1 while nothing is drawn; ten probabilities (10,) or None

    def __init__(self, data_dir: str | Path | None = None, settings: QSettings | None = None) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setWindowTitle("Digitscope")
        self.setWindowIcon(app_icon())
        self.setAcceptDrops(True)
        self._preferences = Preferences(settings)
        self.theming = Theming(self._preferences.theme(), self)
        training = self._preferences.training()
        first = opening(self._preferences.origin(), training)
        doubt = shipped_doubt()
        self.reading = Reading(first.model, self, doubt, shipped_splitter(doubt, first))
        self.session = Session(self.reading, RunStore(self._preferences.state_folder()), self)
        self.parts = Layout(self)
        self.networks = Networks()
        self.files = Files(self, self._recent_of_the_user)
        parts = self.parts
        self.words = Words(parts.messages, self.statusBar(), self)
        offer_choices(parts.train)
        parts.train.setSettings(training)
        folder = data_folder(data_dir)
        parts.labs.setDataFolder(folder)
        self.runs = RunActions(self.session, parts.transport, parts.train, self.networks, folder)
        self.runs.begun.connect(self.words.clear)  # before anybody says what came of it
        own = self._preferences.own_folder()
        parts.labs.setOwnFolder(own.parent)
        self.teaching = Teaching(self.runs, self.session, self.files, parts.drawing, parts.teach, own)
        self.explaining: Explaining | None = None
        self._connect_reading()
        self._connect_session()
        self._connect_files()
        application = QApplication.instance()
        assert application is not None
        application.aboutToQuit.connect(self.shut_down)
        self.menu = build_menus(self, self._menu_slots())
        self.session.stateChanged.connect(self._enable_run_menu)
        self.session.stateChanged.connect(self._tell_curves)
        self._enable_run_menu()
        self._begin(first, training.dataset if self._preferences.knows_training() else "")

    # Putting together.

    def _connect_reading(self) -> None:
        reading, parts = self.reading, self.parts
        reading.networkChanged.connect(parts.network.setLayers)
        reading.networkChanged.connect(lambda layers: parts.train.setLastLayer(layers[-1].title))
        reading.kernelsChanged.connect(parts.network.showKernels)
        reading.mapsChanged.connect(parts.network.showMaps)
        reading.answered.connect(self._show_answer)
        parts.drawing.canvas.marksChanged.connect(reading.draw)
        parts.drawing.canvas.marksChanged.connect(self._stop_inviting)
        parts.drawing.digitSelected.connect(reading.select)
        parts.drawing.whyAction.triggered.connect(self._toggle_why)
        self.freezing = Freezing(self.session, reading, parts.network, parts.train)
        self.inspection = Inspection(reading, parts.network, parts.inspector)
        self.inspection.selected.connect(parts.show_inspector)
        parts.tabs.currentChanged.connect(self.inspection.refresh)
        reading.networkChanged.connect(lambda: parts.labs.setNetwork(reading.model))
        parts.centre.labsShown.connect(self._labs_shown)
        parts.labs.settingsChosen.connect(self._use_settings)

    def _connect_session(self) -> None:
        session, parts, timeline = self.session, self.parts, self.session.timeline
        session.curvesChanged.connect(self._show_curves)
        session.progressChanged.connect(self._show_progress)
        session.troubled.connect(self.words.tell)
        session.finished.connect(lambda tested: self.words.say(finished_words(tested, session.restored), 0))
        timeline.momentsChanged.connect(parts.timeline.setMoments)
        timeline.presentChanged.connect(parts.timeline.setPresent)
        timeline.momentShown.connect(self._show_moment)
        parts.timeline.momentChosen.connect(timeline.choose)
        parts.curves.epochPicked.connect(timeline.choose_epoch)
        self.runs.troubled.connect(self.words.tell)
        self.runs.said.connect(self.words.say)
        self.runs.offered.connect(self._show_offer)
        self.runs.originChanged.connect(self._show_origin)
        parts.transport.chainWanted.connect(lambda: ask_for_chain(self, parts.transport, self.runs))
        self.teaching.troubled.connect(self.words.tell)
        self.teaching.said.connect(self.words.say)
        self.teaching.own.changed.connect(parts.kept.drop)
        self.teaching.kept.connect(parts.kept.say)
        self.theming.changed.connect(parts.set_theme)

    def _connect_files(self) -> None:
        files, parts, recent = self.files, self.parts, self._preferences.add_recent
        files.troubled.connect(self.words.tell_of_file)
        files.said.connect(self.words.say_of_file)
        self.drawings = Drawings(self, files, parts.drawing.canvas, self.reading, parts.transport.preset, recent)
        files.modelOpened.connect(self._model_opened)
        files.modelSaved.connect(self._model_saved)

    def _menu_slots(self) -> MenuSlots:
        files, runs, parts, canvas = self.files, self.runs, self.parts, self.parts.drawing.canvas
        return MenuSlots(
            file={
                "Open model…": files.ask_for_model,
                "Save model…": lambda: files.ask_where_to_save(runs.model_to_save(), parts.transport.preset()),
                "Open shipped model": self._open_shipped,
                **self.drawings.menu(),
                "Export as ONNX…": lambda: files.ask_where_to_export_onnx(runs.model_to_save()),
                "Export kernels as picture…": lambda: files.ask_where_to_export(parts.kernel_picture()),
                "Quit": self.close,
            },
            edit=[canvas.undoAction, canvas.redoAction, canvas.clearAction],
            paste=files.paste,
            view={
                "Network": self._back_to_network,
                "Labs": lambda: parts.centre.choose(LABS),
                "Reset layout": parts.reset,
                "Full screen": self._toggle_full_screen,
            },
            docks=[*parts.dock_actions(), parts.curves.togetherAction],
            run={
                "Start or pause": runs.start_or_pause,
                "One step": runs.step,
                "Stop": self.session.stop,
                "Reset": runs.reset,
                "Bring back the run before": runs.bring_back,
            },
            help={"Keyboard shortcuts": lambda: show_shortcuts(self), "About Digitscope": lambda: show_about(self)},
            theme=self.theming.choice,
            choose_theme=self._choose_theme,
            continues=lambda on: setattr(runs, "continues", on),
            recent=self._preferences.recent,
            open_recent=files.open,
            forget_recent=self._preferences.forget_recent,
        )

    def _recent_of_the_user(self) -> list[Path]:
        """Recent files, but for networks that a lesson made and that are kept beside the run."""
        return [path for path in self._preferences.recent() if path.parent != self.session.store.folder]

    def _back_to_network(self) -> None:
        """Show the network, with the canvas ready for the keyboard as it was at first."""
        self.parts.centre.choose(NETWORK)
        self.parts.drawing.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _begin(self, first: Opening, dataset: str) -> None:
        self.runs.prefer_dataset(dataset)
        self._show_opening(first)
        self.parts.drawing.canvas.setPenWidth(self._preferences.pen_width(self.parts.drawing.canvas.penWidth()))
        self.parts.set_theme(self.theming.theme)
        self.parts.restore(self._preferences.geometry(), self._preferences.docks())
        self.parts.labs.open(self._preferences.lab())
        self.parts.centre.choose(self._preferences.centre())
        self.parts.drawing.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self._look_for_run = QTimer(self, singleShot=True)
        self._look_for_run.timeout.connect(self.runs.offer_kept_run)

    # What the reading and the session say.

    def _toggle_why(self) -> None:
        """Explain the answer, or put the explanation away; who never asks does not wait for what explains."""
        if self.explaining is None:
            from app.explaining import Explaining

            self.explaining = Explaining(self.reading, self.parts.why, self.runs.folder)
        self.parts.toggle_why()

    def _show_answer(self, answer: Answer) -> None:
        self.parts.drawing.showAnswer(answer)
        self.parts.labs.setImage(answer.image)
        self.predictionChanged.emit(answer.digit, answer.probabilities)

    def _labs_shown(self, on: bool) -> None:
        """Spare what is hidden the work, and show it anew when it is back."""
        self.reading.look_into(not on)
        self.parts.drawing.setInvitesKeys(not on)
        self._show_curves(self.session.curves)

    def _use_settings(self, settings: TrainSettings) -> None:
        """Take over what a page of the Labs has found, and show where."""
        self.runs.use(settings, "The trial")
        self.parts.show_train()
        self.words.say("These settings are in the Train tab: press Start to train with them on all images.")

    def _enable_run_menu(self) -> None:
        enable_run(self.menu, self.parts.transport.allows, self.session.store.holds_run_before())

    def _tell_curves(self, state: Phase) -> None:
        begun = state in (Phase.LOADING, Phase.RUNNING, Phase.PAUSED)
        self.parts.curves.setBegun(self.session.settings is not None and begun)

    def _show_curves(self, log: CurveLog) -> None:
        if self.parts.centre.shown() != LABS:
            self.parts.curves.setCurves(curves_of(log, self.session.settings))

    def _show_progress(self, now: Progress) -> None:
        self.parts.transport.setProgress(
            now.epoch, now.epochs, now.fraction, now.images_per_s, now.seconds_left, now.text
        )

    def _show_moment(self, index: int, moment: Snapshot | None) -> None:
        self.parts.timeline.setMoment(index)
        self.parts.curves.setMoment(None if moment is None else moment.epoch)

    def _stop_inviting(self) -> None:
        if self.parts.drawing.canvas.marks():
            self.words.stop_inviting()

    def _show_offer(self, offer: Offer | None) -> None:
        self.words.offer(offer, lambda taken: self.runs.go_on(taken.run), self.runs.discard_kept_run)
        self._enable_run_menu()

    # Files.

    def _model_opened(self, model: Model, path: Path) -> None:
        self.runs.show_model(model, path.stem, path.absolute())
        self._preferences.add_recent(path.absolute())
        self.words.say_of_file(opened_words(path, model), 0)

    def _model_saved(self, model: Model, path: Path) -> None:
        self._preferences.add_recent(path.absolute())
        self.runs.saved(model, path.absolute())

    def _show_origin(self, before: Path | None, now: Path | None) -> None:
        """Name the file in the title; a taught network that is shown no more, and has no other name, can be found."""
        kept = self.session.store.folder
        name = "" if now is None or now == DEFAULT_MODEL else "taught network" if now.parent == kept else now.name
        self.setWindowTitle(f"{name} – Digitscope" if name else "Digitscope")
        if before is not None and before.parent == kept and before.exists():
            self._preferences.add_recent(before)

    def _open_shipped(self) -> None:
        self._show_opening(shipped())

    def _show_opening(self, found: Opening) -> None:
        self.runs.show_model(found.model, found.name, found.origin)
        self.words.say(found.words, 0)
        self._stop_inviting()
        if found.trouble:
            self.words.tell(found.trouble)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if local_files(event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the file that is dropped, a model, a picture or a drawing; of own digits as many as there are."""
        files = local_files(event.mimeData().urls())
        if not files:
            return
        event.setDropAction(Qt.DropAction.CopyAction)  # whoever gave it keeps it
        event.accept()
        all_digits = all(path.suffix.lower() == OWN_ENDING for path in files)
        for path in files if all_digits else files[:1]:
            self.files.open(path)
        if len(files) > 1 and not all_digits:
            self.words.tell_of_file(f"One file at a time: {files[0].name} is opened, {len(files) - 1} more are not.")

    # The window itself.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the key of a digit count wherever the focus is, if nothing there has a use for it."""
        beside = self.parts.centre.shown() != LABS and self.parts.drawing.isVisible()
        if not (beside and self.parts.drawing.takeKey(event)):
            super().keyPressEvent(event)

    def _choose_theme(self, choice: str) -> None:
        self.theming.choose(choice)
        self._preferences.save_theme(choice)

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the docks out anew."""
        super().resizeEvent(event)
        self.parts.resized(event.oldSize().width(), event.size().width())

    def showEvent(self, event: QShowEvent) -> None:
        """Look for a run that was kept, once the window is painted."""
        super().showEvent(event)
        if not event.spontaneous():
            self._look_for_run.start(0)

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the worker and keep the run; where that fails, say so once instead of closing."""
        failure = self.shut_down()
        if failure:
            self.words.tell(f"The run cannot be kept: {failure} Save the model, or close again to leave without it.")
            event.ignore()
            return
        super().closeEvent(event)

    def shut_down(self) -> str:
        """End the worker, keep the run and what is remembered; may be called again.

        Returns a sentence if the run could not be kept: then its place stays this window's.
        """
        parts = self.parts
        self.teaching.close()
        if self.explaining is not None:
            self.explaining.close()
        failure = self.session.close()
        parts.labs.shutDown()
        self._preferences.save_window(self.saveGeometry(), parts.state())
        self._preferences.save_centre(parts.centre.shown(), parts.labs.opened())
        self._preferences.save_pen_width(parts.drawing.canvas.penWidth())
        self._preferences.save_training(parts.train.settings(parts.transport.preset(), parts.transport.dataset()))
        origin = self.runs.origin
        self._preferences.save_origin(SHIPPED if origin == DEFAULT_MODEL else str(origin or ""))
        self._preferences.sync()
        if not failure:
            self.session.store.close()
        return failure
