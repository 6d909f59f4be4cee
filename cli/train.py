"""`train`: from a dataset to a model file."""

from __future__ import annotations

import argparse
import time
from dataclasses import replace

from cli.output import check_target, counted, end_progress, load_named_dataset, say
from cli.pretrain import pretrained
from cli.train_options import DEFAULTS, refuse_settings, settings_of
from cli.train_report import report
from nn_core.augment_text import FLIP_WARNING, parse_augmentation
from nn_core.checkpoint import CheckpointWriter, load_checkpoint
from nn_core.errors import SettingsError
from nn_core.events import EpochDone, Restored
from nn_core.model import Model
from nn_core.modelfile import save_model
from nn_core.pretraining import pretraining_of
from nn_core.settings import TrainSettings
from nn_core.start import start_model
from nn_core.trainer import RunState, Trainer


def run(arguments: argparse.Namespace) -> int:
    """Train, a line an epoch; write the model at the end."""
    for path in (arguments.out, arguments.checkpoint):
        check_target(path)
    if not arguments.checkpoint_seconds > 0:  # which NaN is not, either
        raise SettingsError(f"--checkpoint-seconds (={arguments.checkpoint_seconds:g}) must be above 0")
    model, settings, state = _start(arguments)
    if settings.augment and parse_augmentation(settings.augmentation).flips:
        say(FLIP_WARNING)
    folder = getattr(arguments, "data_dir", None)
    dataset = load_named_dataset(settings.dataset, folder, arguments.hold_out, settings.validation)
    if arguments.pretrain and not arguments.resume:
        plan = pretraining_of(arguments.pretrain, settings.seed)
        model = pretrained(model, dataset.train.first(settings.train_images), plan, as_json=arguments.json)
    trainer = Trainer(model, dataset, settings, resume=state, frozen=_frozen(arguments.freeze))
    epochs = counted(settings.epochs, "epoch")
    say(f"{settings.preset} on {settings.dataset}: {counted(trainer.images, 'image')}, {epochs}")
    if trainer.step >= trainer.steps:
        say(f"the run in {arguments.resume} has come to its end: there is nothing to go on with")
    elif not (arguments.out or arguments.checkpoint):
        say("the network will not be kept: name a file with --out, if it shall be")
    figures = _follow(trainer, arguments)
    if arguments.out:
        measured_on = "held-out training images" if arguments.hold_out else "test split"
        card = {
            **model.card,
            "settings": settings.deciding(),
            **({"frozen": sorted(trainer.frozen)} if trainer.frozen else {}),
            "measured_on": f"{measured_on} of {settings.dataset.split('+')[0]}",
            **figures,
        }
        save_model(arguments.out, replace(model, card=card))
        say(f"wrote {arguments.out}")
    return 0


def _start(arguments: argparse.Namespace) -> tuple[Model, TrainSettings, RunState | None]:
    """A fresh model, or where the checkpoint stands."""
    if arguments.resume:
        refuse_settings(arguments)
        model, settings, state = load_checkpoint(arguments.resume)
        return model, replace(settings, threads=getattr(arguments, "threads", DEFAULTS.threads)), state
    settings = settings_of(arguments)
    return start_model(settings), settings, None


def _frozen(text: str) -> list[int]:
    """The numbers of the layers in `0,3`."""
    try:
        return [int(number) for number in text.split(",")] if text else []
    except ValueError as why:
        raise SettingsError(f"--freeze (={text!r}) must be numbers of layers, as in 0,3") from why


def _follow(trainer: Trainer, arguments: argparse.Namespace) -> dict[str, float]:
    """Iterate the trainer: report, keep checkpoints; the accuracy and the loss that the model has in the end."""
    writer = CheckpointWriter(arguments.checkpoint) if arguments.checkpoint else None
    figures: dict[str, float] = {}
    written = time.monotonic()
    try:
        for event in trainer:
            report(event, arguments.json)
            if isinstance(event, EpochDone | Restored) and event.test_accuracy is not None:
                figures = {"accuracy": event.test_accuracy, "loss": event.test_loss or 0.0}
            ended = isinstance(event, EpochDone) and event.epoch % trainer.settings.save_every == 0
            due = time.monotonic() - written >= arguments.checkpoint_seconds
            if writer and (ended or due) and writer.write(trainer):
                written = time.monotonic()
    finally:
        end_progress()
        if writer:
            writer.finish()
    if writer and writer.write(trainer):
        writer.finish()
    return figures
