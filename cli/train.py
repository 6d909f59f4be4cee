"""`train`: from a dataset to a model file."""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

from cli.output import end_progress, load_named_dataset, progress, record, say
from cli.train_options import DEFAULTS, settings_of
from nn_core.checkpoint import CheckpointWriter, load_checkpoint
from nn_core.errors import SettingsError, TrainingError
from nn_core.events import BatchDone, EpochDone, Failed, Working
from nn_core.model import Model
from nn_core.modelfile import save_model
from nn_core.presets import make_model
from nn_core.recipes import deciding
from nn_core.settings import TrainSettings
from nn_core.trainer import RunState, Trainer


def run(arguments: argparse.Namespace) -> int:
    """Train, a line an epoch; write the model at the end."""
    for path in (arguments.out, arguments.checkpoint):
        _check_target(path)
    if arguments.checkpoint_seconds <= 0:
        raise SettingsError(f"--checkpoint-seconds (={arguments.checkpoint_seconds:g}) must be above 0")
    model, settings, state = _start(arguments)
    folder = getattr(arguments, "data_dir", None)
    dataset = load_named_dataset(settings.dataset, folder, arguments.hold_out)
    trainer = Trainer(model, dataset, settings, resume=state, frozen=_frozen(arguments.freeze))
    say(f"{settings.preset} on {settings.dataset}: {len(dataset.train):,} images, {settings.epochs} epochs")
    last = _follow(trainer, arguments)
    if arguments.out:
        measured_on = "held-out training images" if arguments.hold_out else "test split"
        card = {
            **model.card,
            "settings": deciding(settings),
            **({"frozen": sorted(trainer.frozen)} if trainer.frozen else {}),
            "measured_on": f"{measured_on} of {settings.dataset.split('+')[0]}",
            **({"accuracy": last.test_accuracy, "loss": last.test_loss} if last else {}),
        }
        save_model(arguments.out, replace(model, card=card))
        say(f"wrote {arguments.out}")
    return 0


def _start(arguments: argparse.Namespace) -> tuple[Model, TrainSettings, RunState | None]:
    """A fresh model, or where the checkpoint stands."""
    if arguments.resume:
        model, settings, state = load_checkpoint(arguments.resume)
        return model, replace(settings, threads=getattr(arguments, "threads", DEFAULTS.threads)), state
    settings = settings_of(arguments)
    model = make_model(
        settings.preset, settings.seed, init=settings.init, bias=settings.bias, normalization=settings.normalization
    )
    return model, settings, None


def _frozen(text: str) -> list[int]:
    """The numbers of the layers in `0,3`."""
    try:
        return [int(number) for number in text.split(",")] if text else []
    except ValueError as why:
        raise SettingsError(f"--freeze (={text!r}) must be numbers of layers, as in 0,3") from why


def _follow(trainer: Trainer, arguments: argparse.Namespace) -> EpochDone | None:
    """Iterate the trainer: report, keep checkpoints; the last epoch's figures."""
    writer = CheckpointWriter(arguments.checkpoint) if arguments.checkpoint else None
    last, written = None, time.monotonic()
    try:
        for event in trainer:
            match event:
                case BatchDone():
                    if event.step % 20 == 0:
                        progress(f"epoch {event.epoch:.2f}  loss {event.loss:.4f}  accuracy {event.accuracy:.2%}")
                case Working():
                    progress(f"{event.what} {event.done} of {event.total}")
                case EpochDone():
                    last = event
                    _report(event, arguments.json)
                case Failed():
                    raise TrainingError(event.message)
                case _:
                    pass
            due = time.monotonic() - written >= arguments.checkpoint_seconds
            if writer and (isinstance(event, EpochDone) or due) and writer.write(trainer):
                written = time.monotonic()
    finally:
        end_progress()
        if writer:
            writer.finish()
    if writer and writer.write(trainer):
        writer.finish()
    return last


def _report(epoch: EpochDone, as_json: bool) -> None:
    if as_json:
        record(
            {
                "epoch": epoch.epoch,
                "train_loss": epoch.train_loss,
                "train_accuracy": epoch.train_accuracy,
                "test_accuracy": epoch.test_accuracy,
                "seconds": epoch.seconds,
                "images_per_s": epoch.images_per_s,
            }
        )
    else:
        end_progress()
        print(
            f"epoch {epoch.epoch}: loss {epoch.train_loss:.4f}, training accuracy {epoch.train_accuracy:.2%},"
            f" test accuracy {epoch.test_accuracy:.2%}, {epoch.images_per_s:,.0f} images/s",
            flush=True,
        )


def _check_target(path: Path | None) -> None:
    """Say before an hour of training, not after it, that its result cannot be written."""
    if path is not None and not path.resolve().parent.is_dir():
        raise SettingsError(f"the folder of {path} does not exist; make it first")
    if path is not None and path.is_dir():
        raise SettingsError(f"{path} is a folder; name a file")
