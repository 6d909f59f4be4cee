"""Where a training step's time goes: by layer, forwards and backwards, beside what the machine alone allows.

Prints {"product_gflops", "copy_gb_s", "presets": {preset: {"us_per_image", "layers": [{"layer", "forward_us",
"backward_us", "gflops"}], "rest_us"}}}: microseconds an image of one part of a batch on one core, medians of many;
"gflops" are those of a layer's products, forwards and backwards; "rest_us" is all that is no layer: pixels,
normalisation and the loss. "product_gflops" is a large matrix product's, "copy_gb_s" that of a large copy, on one core.
"reading" and "one_image" are {preset: {"us_per_image", "layers": [{"layer", "forward_us", "gflops"}]}}: as the workers
read, on one core, and as one drawing is answered, with all of BLAS's threads.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from benchmarks.beside_torch import GOALS
from benchmarks.common import Found, Row, data_dir, parser, run
from benchmarks.ours import mnist, multiplications_of
from nn_core.batches import as_pixels
from nn_core.data import Split
from nn_core.layers import Array
from nn_core.losses import CrossEntropyLoss
from nn_core.network import Pass, Sequential
from nn_core.presets import make_model
from nn_core.workers import CHUNK, one_blas_thread

_WARM_UP = 10
_READ = 256  # images that go through a small network together
_SIDE, _COPIED = 1024, 1 << 25  # of the product's matrices; bytes
T = TypeVar("T")


class Clock:
    """Notes how long things take, under a name."""

    def __init__(self) -> None:
        self._noted: dict[str, list[float]] = {}

    def __call__(self, name: str, work: Callable[[], T]) -> T:
        """Do the work and note its time."""
        started = time.perf_counter()
        found = work()
        self._noted.setdefault(name, []).append(time.perf_counter() - started)
        return found

    def microseconds(self, name: str) -> float:
        """The median of a name's times; 0 for one that never came."""
        return float(np.median(self._noted.get(name, [0.0])[_WARM_UP:] or [0.0])) * 1e6


def layers(preset: str, images: Split, rounds: int) -> Found:
    """One preset's time by layer."""
    model = make_model(preset, 0)
    network, clock = model.network, Clock()
    memory, loss, rng = Pass(network), CrossEntropyLoss(), np.random.default_rng(0)
    for _ in range(_WARM_UP + rounds):
        some = rng.integers(0, len(images), CHUNK)
        pixels = clock("pixels", lambda some=some: model.normalization(as_pixels(images.images[some])))
        gradient = _forward(network, memory, pixels, images.labels[some], loss, rng, clock)
        _backward(network, memory, gradient, clock)
    found = [
        {
            "layer": layer.title(),
            "forward_us": clock.microseconds(f"forward {i}") / CHUNK,
            "backward_us": clock.microseconds(f"backward {i}") / CHUNK,
            "gflops": _gflops(network, i, clock),
        }
        for i, layer in enumerate(network.layers)
    ]
    rest = (clock.microseconds("pixels") + clock.microseconds("loss")) / CHUNK
    total = rest + sum(each["forward_us"] + each["backward_us"] for each in found)
    return {"us_per_image": total, "layers": found, "rest_us": rest}


def reading(preset: str, images: Split, rounds: int, count: int) -> Found:
    """One preset's time by layer, `count` images at a time, while nothing is learnt."""
    model = make_model(preset, 0)
    network, clock = model.network, Clock()
    memory = Pass(network)
    pixels = model.normalization(as_pixels(images.images[:count]))
    for _ in range(_WARM_UP + rounds):
        clock("all", lambda: network.forward(pixels, memory))
    for _ in range(_WARM_UP + rounds):
        value = pixels.transpose(2, 1, 3, 0)
        for i in network.order:
            step = partial(network.layers[i].forward, value, memory.scratch[i], training=False, rng=None)
            value = clock(f"forward {i}", step)
    found = [
        {
            "layer": layer.title(),
            "forward_us": clock.microseconds(f"forward {i}") / count,
            "gflops": 2 * count * multiplications_of(network, i) / clock.microseconds(f"forward {i}") / 1e3 or None,
        }
        for i, layer in enumerate(network.layers)
    ]
    return {"us_per_image": clock.microseconds("all") / count, "layers": found}


def _forward(
    network: Sequential, memory: Pass, x: Array, labels: Array, loss: CrossEntropyLoss, rng: np.random.Generator,
    clock: Clock,
) -> Array:  # fmt: skip
    value = x.transpose(2, 1, 3, 0)
    for i in network.order:
        step = partial(network.layers[i].forward, value, memory.scratch[i], training=True, rng=rng)
        value = clock(f"forward {i}", step)
    return clock("loss", lambda: loss(value.T, labels)[1])


def _backward(network: Sequential, memory: Pass, dy: Array, clock: Clock) -> None:
    value: Array | None = dy.T
    lowest, memory.spare.turns = network.learning[0], 0
    for i in reversed(network.order[lowest:]):
        back = network.layers[i].backward
        step = partial(back, value, memory.scratch[i], memory.gradients[i], need_dx=i > lowest)
        value = clock(f"backward {i}", step)


def _gflops(network: Sequential, i: int, clock: Clock) -> float | None:
    """Of a layer with weights: a product forwards, one for the weights' gradient, and one for the input's."""
    products = 2 if i == network.learning[0] else 3
    operations = 2 * products * CHUNK * multiplications_of(network, i)
    return operations / (clock.microseconds(f"forward {i}") + clock.microseconds(f"backward {i}")) / 1e3 or None


def machine_limits(rounds: int) -> Found:
    """{"product_gflops", "copy_gb_s"} of one core."""
    clock, rng = Clock(), np.random.default_rng(0)
    a = rng.standard_normal((_SIDE, _SIDE), np.float32)
    out = np.empty_like(a)
    source, target = np.ones(_COPIED, np.uint8), np.empty(_COPIED, np.uint8)
    for _ in range(_WARM_UP + rounds):
        clock("product", lambda: np.matmul(a, a, out=out))
        clock("copy", lambda: np.copyto(target, source))
    return {
        "product_gflops": 2 * _SIDE**3 / clock.microseconds("product") / 1e3,
        "copy_gb_s": 2 * _COPIED / clock.microseconds("copy") / 1e3,  # read and written
    }


def measure(presets: Sequence[str], rounds: int, folder: Path) -> Found:
    """All presets, and the machine."""
    images = mnist(folder)
    one = {name: reading(name, images, rounds, 1) for name in presets}
    one_blas_thread()
    return {
        **machine_limits(rounds),
        "presets": {name: layers(name, images, rounds) for name in presets},
        "reading": {name: reading(name, images, rounds, _READ) for name in presets},
        "one_image": one,
    }


def rows(found: Found) -> list[Row]:
    """The rows of the table: no goals, but what the others are to be read with."""
    limits = f"{found['product_gflops']:.0f} GFLOP/s, {found['copy_gb_s']:.1f} GB/s"
    table = [Row("a large matrix product, and a large copy, alone on one core", "", limits, None)]
    for key, what in (
        ("presets", "forwards and backwards on one core"),
        ("reading", f"reading, {_READ} images at a time, on one core"),
        ("one_image", "one image, on all cores"),
    ):
        table += [Row(f"{preset}: {what}", "", _in_words(figures), None) for preset, figures in found[key].items()]
    return table


def _in_words(figures: Found) -> str:
    """A network's time, and the three layers that take the most of it."""
    by_time = sorted(figures["layers"], key=_time, reverse=True)[:3]
    words = [f"{each['layer']} {_time(each):.1f}{_rate(each)}" for each in by_time]
    return f"{figures['us_per_image']:.1f} µs an image; most for {', '.join(words)}"


def _time(layer: Found) -> float:
    return float(layer["forward_us"] + layer.get("backward_us", 0.0))


def _rate(layer: Found) -> str:
    return f" ({layer['gflops']:.0f} GFLOP/s)" if layer["gflops"] else ""


def main() -> int:
    """Run from the command line."""
    options = parser(__doc__, rounds=60, threads=False)
    options.add_argument("--presets", nargs="+", choices=GOALS, default=list(GOALS))
    a = options.parse_args()
    return run(lambda: measure(a.presets, a.rounds, data_dir(a.data_dir)))


if __name__ == "__main__":
    sys.exit(main())
