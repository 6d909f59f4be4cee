"""`train`: from a dataset to a model file."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from typing import Any

from cli.output import check_target, counted, end_progress, followed, load_named_dataset, say
from cli.pretrain import pretrained
from cli.terminal import give_up
from cli.train_keeping import Keeper
from cli.train_options import resumed_settings, settings_of
from cli.train_report import report, report_end
from nn_core.augment_text import FLIP_WARNING, parse_augmentation
from nn_core.checkpoint import load_checkpoint
from nn_core.data import data_folder
from nn_core.errors import SettingsError
from nn_core.events import EpochDone, Evaluated, Event, Restored
from nn_core.interrupts import interrupts_noted
from nn_core.losses import repetition
from nn_core.model import Model
from nn_core.modelfile import save_model
from nn_core.pretraining import pretraining_of
from nn_core.run_state import RunState
from nn_core.settings import TrainSettings
from nn_core.start import start_model
from nn_core.teachers import find_teachers, teachers_of
from nn_core.trainer import Trainer


def run(arguments: argparse.Namespace) -> int:
    """Train, a line an epoch; write the model at the end."""
    for path in (arguments.out, arguments.checkpoint):
        check_target(path)
    if arguments.out and arguments.checkpoint and arguments.out.resolve() == arguments.checkpoint.resolve():
        raise SettingsError(f"--out and --checkpoint are both {arguments.out}: the model would take the run's place")
    if not arguments.checkpoint_seconds > 0:  # which NaN is not, either
        raise SettingsError(f"--checkpoint-seconds (={arguments.checkpoint_seconds:g}) must be above 0")
    model, settings, state = _start(arguments)
    teachers_of(settings)  # that one of them does not exist is to be told before the data is read
    if settings.augment and parse_augmentation(settings.augmentation).flips:
        say(FLIP_WARNING)
    if twice := repetition(settings.loss, model.network.layers[-1].title()):
        say(twice)
    folder = getattr(arguments, "data_dir", None)
    dataset = load_named_dataset(settings.dataset, folder, _held_out(arguments.hold_out, state), settings.validation)
    if arguments.pretrain and not arguments.resume:
        plan = pretraining_of(arguments.pretrain, settings.seed)
        model = pretrained(model, dataset.train.first(settings.train_images), plan, as_json=arguments.json)
    trainer = Trainer(model, dataset, settings, resume=state, frozen=_frozen(arguments.freeze))
    if settings.teachers and not trainer.over:
        say(f"teachers: {settings.teachers} (trained first, unless they have been before)")
        trainer.learn_from(followed(find_teachers(settings, dataset, data_folder(folder))))
    epochs = counted(settings.epochs, "epoch")
    say(f"{settings.preset} on {settings.dataset}: {counted(trainer.images, 'image')}, {epochs}")
    if trainer.over:
        say(f"the run in {arguments.resume} has come to its end: there is nothing to go on with")
    elif not (arguments.out or arguments.checkpoint):
        say("the network will not be kept: name a file with --out, if it shall be")
    keeper = Keeper(arguments.checkpoint, arguments.checkpoint_seconds)
    figures = _follow(trainer, keeper, arguments.json)
    unkept = keeper.last(trainer)
    if arguments.out:
        save_model(arguments.out, replace(model, card=_card(trainer, figures)))
        say(f"wrote {arguments.out}")
    if unkept is not None:
        raise unkept
    return 0


def _start(arguments: argparse.Namespace) -> tuple[Model, TrainSettings, RunState | None]:
    """A fresh model, or where the checkpoint stands."""
    if arguments.resume:
        model, settings, state = load_checkpoint(arguments.resume)
        frozen = _frozen(arguments.freeze)
        if frozen and sorted(frozen) != list(state.frozen):
            its = ",".join(map(str, state.frozen)) or "no layer"
            raise SettingsError(f"--freeze (={arguments.freeze}) is not what the run began with ({its}): leave it out")
        return model, resumed_settings(arguments, settings), state
    settings = settings_of(arguments)
    return start_model(settings), settings, None


def _held_out(given: int | None, state: RunState | None) -> int:
    """How many training images to measure on: a run that goes on does so on those that it had held out."""
    kept = None if state is None else state.held_out
    if kept is None:  # a new run, or one of a version that did not keep it
        return given or 0
    if given not in (None, kept):
        raise SettingsError(f"--hold-out (={given}) is not what the run began with (={kept}): leave it out")
    return kept


def _card(trainer: Trainer, figures: dict[str, float]) -> dict[str, Any]:
    """What is known of the model in the end."""
    measured_on = "held-out training images" if trainer.dataset.held_out else "test split"
    return {
        **trainer.model.card,
        "settings": trainer.settings.deciding(),
        **({"frozen": sorted(trainer.frozen)} if trainer.frozen else {}),
        "measured_on": f"{measured_on} of {trainer.settings.dataset.split('+')[0]}",
        **figures,
    }


def _frozen(text: str) -> list[int]:
    """The numbers of the layers in `0,3`."""
    try:
        return [int(number) for number in text.split(",")] if text else []
    except ValueError as why:
        raise SettingsError(f"--freeze (={text!r}) must be numbers of layers, as in 0,3") from why


def _tell(event: Event, as_json: bool) -> None:
    """Report; when nobody reads it any more (`| head -1`), the run goes on for the sake of its files."""
    try:
        report(event, as_json)
    except BrokenPipeError:
        give_up(sys.stdout)


def _follow(trainer: Trainer, keeper: Keeper, as_json: bool) -> dict[str, float]:
    """Iterate the trainer: report, keep checkpoints; the accuracy and the loss that the model has in the end.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed; the run is kept, where it is to be.
    """
    figures: dict[str, float] = {}
    told = False
    try:
        with interrupts_noted(second_ends=True) as interrupts:
            for event in trainer:
                _tell(event, as_json)
                told = told or isinstance(event, EpochDone | Restored)
                if isinstance(event, Evaluated):
                    figures = {"accuracy": event.accuracy, "loss": event.loss}
                keeper.note(event, trainer)
                if interrupts:
                    end_progress()
                    keeper.keep_interrupted(trainer)
                    raise KeyboardInterrupt
    finally:
        end_progress()
        keeper.rest()
    if not told:
        report_end(trainer.settings.epochs, figures["accuracy"], as_json)
    return figures
