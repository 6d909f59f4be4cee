"""`bench`: how fast training and reading are."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np

from cli.output import load_named_dataset, record
from nn_core.batches import Batches, as_pixels
from nn_core.data import Split
from nn_core.errors import SettingsError
from nn_core.evaluation import Evaluator
from nn_core.layers import Array
from nn_core.losses import CrossEntropyLoss
from nn_core.model import Model
from nn_core.network import Pass, Sequential
from nn_core.optimizers import Adam
from nn_core.presets import make_model
from nn_core.training_step import TrainingStep
from nn_core.workers import Workers


def run(arguments: argparse.Namespace) -> int:
    """The same work as PyTorch's `torch_bench.py`: Adam, cross-entropy, batches gathered by a random index."""
    if not 0 < arguments.seconds <= 3600 or not 1 <= arguments.batch <= 60_000 or not 1 <= arguments.threads <= 64:
        raise SettingsError("--seconds must lie in (0, 3600], --batch in [1, 60000], --threads in [1, 64]")
    model = make_model(arguments.preset, 0)
    train = load_named_dataset(arguments.dataset, getattr(arguments, "data_dir", None)).train
    with Workers(arguments.threads) as workers:
        found = {
            "preset": arguments.preset,
            "batch": arguments.batch,
            "threads": arguments.threads,
            "train_images_per_s": _training(model, train, arguments.batch, arguments.seconds, workers),
            "infer_images_per_s": _inference(model, train, arguments.seconds, workers),
            **_latency(model, train),
        }
    if arguments.json:
        record(found)
    else:
        for name, value in found.items():
            print(f"{name:20} {value:,.2f}" if isinstance(value, float) else f"{name:20} {value}")
    return 0


def _training(model: Model, train: Split, batch: int, seconds: float, workers: Workers) -> float:
    step = TrainingStep(
        model.network, Batches(train, batch, seed=0), CrossEntropyLoss(), Adam(1e-3), model.normalization, workers
    )
    numbers = iter(range(1 << 62))
    return _rate(lambda: step.run(next(numbers))[2], seconds)


def _inference(model: Model, train: Split, seconds: float, workers: Workers, count: int = 500) -> float:
    """Outputs for `count` images that lie ready as the network's input."""
    evaluator = Evaluator(model.network, model.normalization, workers)
    evaluator.load(train.images[:count])
    return _rate(evaluator.read, seconds)


def _latency(model: Model, train: Split) -> dict[str, float]:
    """Milliseconds for the outputs of one image that lies ready: median and 99th percentile of 250."""
    network, memory = model.network, Pass(model.network)
    one, waits = model.normalization(as_pixels(train.images[:1])), []
    for _ in range(300):
        started = time.perf_counter()
        _forward(network, one, memory)
        waits.append(time.perf_counter() - started)
    p50, p99 = np.percentile(np.array(waits[50:]) * 1e3, [50, 99])
    return {"latency_ms_p50": float(p50), "latency_ms_p99": float(p99)}


def _forward(network: Sequential, images: Array, memory: Pass) -> None:
    network.forward(images, memory)


def _rate(work: Callable[[], int], seconds: float) -> float:
    """Images a second: five calls to warm up, then as many as there is time for."""
    for _ in range(5):
        work()
    images, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        images += work()
    return images / (time.perf_counter() - started)
