"""The networks that Digitscope knows by name, written as the chains that people draw."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nn_core.errors import SettingsError
from nn_core.initializers import Initializer, lecun_normal, xavier_uniform
from nn_core.layers import (
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
    Shape,
    Sigmoid,
    Tanh,
)
from nn_core.model import Model
from nn_core.network import Sequential
from nn_core.normalization import MNIST_NORMALIZATION
from nn_core.randomness import Purpose, generator


@dataclass(frozen=True, slots=True)
class Preset:
    """A network by name: the chain of its layers, how they are drawn at the start, and a line on what it is."""

    chain: str
    init: Initializer
    about: str


PRESETS: dict[str, Preset] = {
    "digitscope": Preset(
        "conv 5×5×32 → relu → max-pool 2 → conv 3×3×48 → relu → conv 3×3×64 → relu → max-pool 2"
        " → flatten → linear 128 → relu → dropout 0.3 → linear 10",
        lecun_normal,
        "our own, and the one that is shipped trained",
    ),
    "blog-cnn": Preset(
        "conv 5×5×8 → relu → max-pool 2 → conv 5×5×16 → relu → max-pool 2 → flatten → linear 10",
        lecun_normal,
        "two small convolutions: quick, and nearly 99 %",
    ),
    "lenet5": Preset(
        "conv 5×5×6 pad 2 → sigmoid → avg-pool 2 → conv 5×5×16 → sigmoid → avg-pool 2"
        " → flatten → linear 120 → sigmoid → linear 84 → sigmoid → linear 10",
        xavier_uniform,
        "LeNet-5 of 1998, with sigmoids and average pooling",
    ),
    "deep-mnist": Preset(
        "conv 5×5×32 pad 2 → relu → max-pool 2 → conv 5×5×64 pad 2 → relu → max-pool 2"
        " → flatten → linear 1024 → relu → dropout 0.5 → linear 10",
        lecun_normal,
        "3.3 million parameters, the large one of a well-known tutorial",
    ),
    "mlp-300": Preset(
        "flatten → linear 300 → sigmoid → linear 10",
        xavier_uniform,
        "no convolution at all: one hidden layer of 300",
    ),
}

DEFAULT_PRESET = "digitscope"


def make_model(name: str, seed: int) -> Model:
    """The preset of that name with the parameters that a run with `seed` starts from.

    Raises:
        SettingsError: there is none.
    """
    return Model(make_network(name, rng=generator(seed, Purpose.INITIAL)), MNIST_NORMALIZATION, {"preset": name})


def make_network(name: str, *, rng: np.random.Generator, input_shape: Shape = (1, 28, 28)) -> Sequential:
    """The preset of that name, freshly drawn from `rng`.

    Raises:
        SettingsError: there is none.
    """
    if name not in PRESETS:
        raise SettingsError(f"preset (={name!r}) must be one of {', '.join(PRESETS)}")
    preset = PRESETS[name]
    return network_of(preset.chain, init=preset.init, rng=rng, input_shape=input_shape)


def network_of(chain: str, *, init: Initializer, rng: np.random.Generator, input_shape: Shape) -> Sequential:
    """The network of a chain such as `conv 5×5×8 → relu → max-pool 2 → flatten → linear 10`.

    Raises:
        SettingsError: a link is not understood, or does not fit what comes before it.
    """
    layers: list[Layer] = []
    shape = input_shape
    for link in (part.strip() for part in chain.split("→")):
        layer = _layer(link, shape, init, rng)
        shape = layer.output_shape(shape)
        layers.append(layer)
    return Sequential(*layers, input_shape=input_shape)


def _layer(link: str, shape: Shape, init: Initializer, rng: np.random.Generator) -> Layer:
    for pattern, make in _LINKS:
        match = re.fullmatch(pattern, link)
        if match:
            return make(match, shape, init, rng)
    raise SettingsError(f"layer {link!r} is not understood; an example: conv 5×5×8 → relu → flatten → linear 10")


def _conv(match: re.Match[str], shape: Shape, init: Initializer, rng: np.random.Generator) -> Layer:
    kh, kw, out = (int(match[i]) for i in (1, 2, 3))
    return Conv2d(shape[0], out, (kh, kw), int(match[4] or 1), int(match[5] or 0), rng=rng, init=init)


_Make = Callable[[re.Match[str], Shape, Initializer, np.random.Generator], Layer]
_LINKS: tuple[tuple[str, _Make], ...] = (
    (r"conv (\d{1,6})×(\d{1,6})×(\d{1,6})(?: stride (\d{1,6}))?(?: pad (\d{1,6}))?", _conv),
    (r"linear (\d{1,6})", lambda m, shape, init, rng: Linear(shape[0], int(m[1]), rng=rng, init=init)),
    (r"max-pool (\d{1,6})", lambda m, *_: MaxPool2d(int(m[1]))),
    (r"avg-pool (\d{1,6})", lambda m, *_: AvgPool2d(int(m[1]))),
    (r"dropout (0?\.\d+|0)", lambda m, *_: Dropout(float(m[1]))),
    (r"batch-norm", lambda m, shape, *_: BatchNorm2d(shape[0])),
    (r"flatten", lambda *_: Flatten()),
    (r"relu", lambda *_: ReLU()),
    (r"sigmoid", lambda *_: Sigmoid()),
    (r"tanh", lambda *_: Tanh()),
)
