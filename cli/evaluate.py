"""`evaluate`: how good a model is."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from cli.output import load_named_dataset, named_model, progress, record
from cli.terminal import visible
from nn_core.evaluation import Evaluator, finish
from nn_core.losses import LOSSES, make_loss
from nn_core.settings import TrainSettings
from nn_core.workers import Workers


def run(arguments: argparse.Namespace) -> int:
    """Accuracy, loss and confusion matrix on the test split."""
    threads = TrainSettings(threads=arguments.threads).threads  # which looks whether there can be so many
    model = named_model(arguments.model)
    dataset = load_named_dataset(arguments.dataset, getattr(arguments, "data_dir", None))
    progress("Evaluating …")
    loss = _loss_of(model.card)
    with Workers(threads) as workers:
        evaluator = Evaluator(model.network, model.normalization, workers, make_loss(loss))
        found = finish(evaluator.evaluate(dataset.test))
    progress("")
    if arguments.json:
        confusion = found.confusion.tolist()
        measured = {"accuracy": found.accuracy, "loss": found.loss, "loss_function": loss}
        record({**measured, "n": found.images, "confusion": confusion})
        return 0
    images = f"{found.images:,} images of {visible(dataset.name)}"
    print(f"accuracy {found.accuracy:.2%}, {loss} {found.loss:.4f} on {images}")
    print("\nread as" + "".join(f"{digit:>6}" for digit in range(10)))
    for digit, row in enumerate(found.confusion):
        print(f"true {digit} " + "".join(f"{count or '·':>6}" for count in row))
    return 0


def _loss_of(card: Mapping[str, Any]) -> str:
    """The loss that a model has learnt by, or cross-entropy, if its card does not tell."""
    settings = card.get("settings")
    name = settings.get("loss") if isinstance(settings, dict) else None
    return str(name) if name in LOSSES else "cross-entropy"
