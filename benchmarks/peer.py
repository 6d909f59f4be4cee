"""PyTorch's side, the only module that imports torch: `python -m benchmarks.peer`, always a process of its own.

The network is made from the preset's own description and starts with the preset's own parameters. The work is that of
`shared/peers/torch_bench.py`: float32, Adam, mean cross-entropy, batches gathered by a random index from uint8.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np
import torch
from torch import nn

from benchmarks.common import Found, data_dir, parser, run
from nn_core.batches import Batches
from nn_core.data import Dataset, Split, load_dataset
from nn_core.network import Sequential
from nn_core.normalization import MNIST_NORMALIZATION
from nn_core.presets import PRESETS, make_model
from nn_core.schedules import find_schedule
from nn_core.settings import TrainSettings

LAYOUTS = {"contiguous": torch.contiguous_format, "channels-last": torch.channels_last}
_EVALUATED_AT_ONCE = 500


def twin(network: Sequential, memory: torch.memory_format) -> nn.Module:
    """The same network in torch, with the same parameters: our names, arguments and keys are torch's."""
    modules = []
    for entry in network.config():
        arguments = {name: value for name, value in entry.items() if name != "type"}
        modules.append(getattr(nn, entry["type"])(**arguments))
    found = nn.Sequential(*modules)
    found.load_state_dict({key: torch.tensor(values) for key, values in network.state_dict().items()})
    laid_out: nn.Module = found.to(memory_format=memory)  # type: ignore[call-overload]
    return laid_out


def tensors(split: Split) -> tuple[torch.Tensor, torch.Tensor]:
    """Images uint8 (N, 1, 28, 28) and labels."""
    return torch.tensor(split.images[:, None]), torch.tensor(split.labels.astype(np.int64))


def speed(preset: str, batch: int, seconds: float, layout: str, images: Split, only_train: bool) -> Found:
    """What `main.py bench` prints, for one of the layouts."""
    pixels, labels = tensors(images)
    memory = LAYOUTS[layout]
    net = twin(make_model(preset, 0).network, memory)
    optimizer, loss_of = torch.optim.Adam(net.parameters(), lr=1e-3), nn.CrossEntropyLoss()

    def batch_of(count: int) -> tuple[torch.Tensor, torch.Tensor]:
        pick = torch.randint(len(pixels), (count,))
        return pixels[pick].float().div_(255).contiguous(memory_format=memory), labels[pick]

    def step() -> None:
        x, y = batch_of(batch)
        optimizer.zero_grad()
        loss_of(net(x), y).backward()
        optimizer.step()

    found = {"train_images_per_s": _rate(step, batch, seconds)}
    if not only_train:
        net.eval()
        with torch.inference_mode():
            x, _ = batch_of(500)
            found["infer_images_per_s"] = _rate(lambda: net(x), 500, seconds)
            found["latency_ms_p50"] = _latency(net, x[:1].contiguous())
    return found


def _rate(work: Callable[[], object], images: int, seconds: float) -> float:
    for _ in range(5):
        work()
    calls, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        work()
        calls += 1
    return calls * images / (time.perf_counter() - started)


def _latency(net: nn.Module, one: torch.Tensor) -> float:
    waits = []
    for _ in range(300):
        started = time.perf_counter()
        net(one)
        waits.append(time.perf_counter() - started)
    return float(np.median(waits[50:]) * 1e3)


def bench(preset: str, batch: int, seconds: float, layouts: list[str], images: Split, only_train: bool) -> Found:
    """{"preset", "batch", "layouts": {layout: figures}, figures}: of each figure the better of the layouts."""
    each = {layout: speed(preset, batch, seconds, layout, images, only_train) for layout in layouts}
    best = {
        name: (min if name.startswith("latency") else max)(found[name] for found in each.values())
        for name in next(iter(each.values()))
    }
    return {"preset": preset, "batch": batch, "layouts": each, **best}


def epoch(settings: TrainSettings, layout: str, dataset: Dataset) -> Found:
    """One epoch of our recipe: {"seconds", "test_accuracy", "layout"}; the seconds include the test, as ours do.

    Same network, initial values, order of the batches, schedule and normalisation; dropout draws torch's own numbers.
    """
    pixels, labels = tensors(dataset.train)
    memory = LAYOUTS[layout]
    net = twin(make_model(settings.preset, settings.seed).network, memory)
    optimizer, loss_of = torch.optim.Adam(net.parameters(), lr=settings.learning_rate), nn.CrossEntropyLoss()
    batches, factor = Batches(dataset.train, settings.batch_size, settings.seed), find_schedule(settings.schedule)
    torch.manual_seed(settings.seed)

    def prepared(images: torch.Tensor) -> torch.Tensor:
        x = images.float().mul_(1 / 255).sub_(MNIST_NORMALIZATION.mean).div_(MNIST_NORMALIZATION.std)
        return x.contiguous(memory_format=memory)

    started = time.perf_counter()
    for number in range(batches.per_epoch):
        for group in optimizer.param_groups:
            group["lr"] = settings.learning_rate * factor(number, batches.per_epoch)
        pick = torch.from_numpy(batches.indices(number))
        optimizer.zero_grad()
        loss_of(net(prepared(pixels[pick])), labels[pick]).backward()
        optimizer.step()
    accuracy = _accuracy(net.eval(), dataset.test, prepared)
    return {"seconds": time.perf_counter() - started, "test_accuracy": accuracy, "layout": layout}


def _accuracy(net: nn.Module, split: Split, prepared: Callable[[torch.Tensor], torch.Tensor]) -> float:
    right = 0
    with torch.inference_mode():
        for some, answers in zip(*(torch.split(each, _EVALUATED_AT_ONCE) for each in tensors(split)), strict=True):
            right += int((net(prepared(some)).argmax(dim=1) == answers).sum())
    return right / len(split.labels)


def main() -> int:
    """Run from the command line."""
    options = parser(__doc__, seconds=2)
    options.add_argument("--preset", choices=PRESETS, required=True)
    options.add_argument("--batch", type=int, default=128)
    options.add_argument("--layouts", nargs="+", choices=LAYOUTS, default=list(LAYOUTS))
    options.add_argument("--only-train", action="store_true")
    options.add_argument("--epoch", action="store_true", help="one epoch of the default recipe instead")
    options.add_argument("--seed", type=int, default=0)
    a = options.parse_args()
    torch.set_num_threads(a.threads)
    dataset = load_dataset(data_dir(a.data_dir), "mnist")
    if a.epoch:
        settings = TrainSettings(preset=a.preset, epochs=1, seed=a.seed)
        return run(lambda: epoch(settings, a.layouts[0], dataset))
    return run(lambda: bench(a.preset, a.batch, a.seconds, a.layouts, dataset.train, a.only_train))


if __name__ == "__main__":
    sys.exit(main())
