"""`evaluate`: how good a model is."""

from __future__ import annotations

import argparse

from cli.output import load_named_dataset, named_model, progress, record
from nn_core.evaluation import Evaluator, finish
from nn_core.settings import TrainSettings
from nn_core.workers import Workers


def run(arguments: argparse.Namespace) -> int:
    """Accuracy, loss and confusion matrix on the test split."""
    threads = TrainSettings(threads=arguments.threads).threads  # which looks whether there can be so many
    model = named_model(arguments.model)
    dataset = load_named_dataset(arguments.dataset, getattr(arguments, "data_dir", None))
    progress("Evaluating …")
    with Workers(threads) as workers:
        found = finish(Evaluator(model.network, model.normalization, workers).evaluate(dataset.test))
    progress("")
    if arguments.json:
        confusion = found.confusion.tolist()
        record({"accuracy": found.accuracy, "loss": found.loss, "n": found.images, "confusion": confusion})
        return 0
    print(f"accuracy {found.accuracy:.2%}, loss {found.loss:.4f} on {found.images:,} images of {dataset.name}")
    print("\nread as" + "".join(f"{digit:>6}" for digit in range(10)))
    for digit, row in enumerate(found.confusion):
        print(f"true {digit} " + "".join(f"{count or '·':>6}" for count in row))
    return 0
