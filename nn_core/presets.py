"""The networks that Digitscope knows by name, written as the chains that people draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn_core.chain import is_chain, network_of
from nn_core.errors import SettingsError
from nn_core.initializers import (
    Initializer,
    constant,
    find_initializer,
    he_uniform,
    lecun_normal,
    uniform,
    xavier_uniform,
    zeros,
)
from nn_core.layers import Shape
from nn_core.model import Model
from nn_core.network import Sequential
from nn_core.normalization import find_normalization
from nn_core.randomness import Purpose, generator


@dataclass(frozen=True, slots=True)
class Preset:
    """A network by name: the chain of its layers, how they are drawn at the start, and a line on what it is."""

    chain: str
    init: Initializer
    about: str


PRESETS: dict[str, Preset] = {
    "digitscope": Preset(
        "conv 5×5×24 → max-pool 2 → batch-norm → relu → conv 3×3×48 → batch-norm → relu"
        " → conv 3×3×64 → max-pool 2 → batch-norm → relu → conv 3×3×96 pad 1 → batch-norm → relu"
        " → conv 3×3×128 → batch-norm → relu → flatten → linear 10",
        lecun_normal,
        "our own, and the one that is shipped trained",
    ),
    "blog-cnn": Preset(
        "conv 5×5×8 → relu → max-pool 2 → conv 5×5×16 → relu → max-pool 2 → flatten → linear 10",
        lecun_normal,
        "two small convolutions: quick, and 99 %",
    ),
    "lenet5": Preset(
        "conv 5×5×6 pad 2 → sigmoid → avg-pool 2 → conv 5×5×16 → sigmoid → avg-pool 2"
        " → flatten → linear 120 → sigmoid → linear 84 → sigmoid → linear 10",
        xavier_uniform,
        "LeNet-5 of 1998, with sigmoids and average pooling",
    ),
    "lenet5-modern": Preset(
        "conv 5×5×6 pad 2 → relu → max-pool 2 → conv 5×5×16 → relu → max-pool 2"
        " → flatten → linear 120 → relu → linear 84 → relu → linear 10",
        he_uniform,
        "LeNet-5 as it would be built today, with ReLUs and max-pooling",
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
    "fc-sigmoid": Preset(
        "flatten → linear 300 → sigmoid → linear 10 → sigmoid",
        uniform(),
        "784-300-10, a sigmoid on every node, for the squared error",
    ),
    "blog-fc": Preset(
        "flatten → linear 30 → sigmoid → linear 10 → sigmoid",
        lecun_normal,
        "784-30-10, a sigmoid on every node: what came before blog-cnn",
    ),
    "numpy-cnn": Preset(
        "conv 3×3×16 → tanh → flatten → dropout 0.5 → linear 10",
        uniform(),
        "one convolution by hand: 3×3 kernels on every patch, tanh, dropout",
    ),
}

DEFAULT_PRESET = "digitscope"


OWN_INIT = "preset"
#: That of networks without a name.
OWN_INITIALIZER: Initializer = he_uniform


def make_model(
    name: str, seed: int, *, init: str = OWN_INIT, bias: float = 0.0, normalization: str = "standard"
) -> Model:
    """The network of that name, or of that chain, with the parameters that a run with `seed` starts from.

    Raises:
        SettingsError: there is none, or it does not answer with ten values; or there is no such initialiser or
            normalisation.
    """
    network = make_network(name, rng=generator(seed, Purpose.INITIAL), init=init, bias=bias)
    if network.shapes[-1] != (10,):
        raise SettingsError(f"the chain {name!r} gives {network.shapes[-1]}: end it with 'flatten → linear 10'")
    return Model(network, find_normalization(normalization), {"preset": name})


def make_network(
    name: str,
    *,
    rng: np.random.Generator,
    input_shape: Shape = (1, 28, 28),
    init: str = OWN_INIT,
    bias: float = 0.0,
) -> Sequential:
    """The preset of that name, or the network of a chain such as `conv 5x5x8 -> relu -> flatten -> linear 10`.

    It is freshly drawn from `rng`: weights as its preset says, or by the initialiser `init`; biases are `bias`.

    Raises:
        SettingsError: there is none, or there is no such initialiser.
    """
    own, chain = OWN_INITIALIZER, name
    if name in PRESETS:
        own, chain = PRESETS[name].init, PRESETS[name].chain
    elif not is_chain(name):
        example = "'conv 5x5x8 -> relu -> flatten -> linear 10'"
        raise SettingsError(f"preset (={name!r}) must be one of {', '.join(PRESETS)}, or a chain such as {example}")
    return network_of(chain, **start_of(init, bias, own), rng=rng, input_shape=input_shape)


def start_of(init: str, bias: float, own: Initializer = OWN_INITIALIZER) -> dict[str, Initializer]:
    """How weights (`init`) and biases (`bias_init`) are drawn; `own` stands for the initialiser named `preset`.

    Raises:
        SettingsError: there is no such initialiser.
    """
    chosen = own if init == OWN_INIT else find_initializer(init)
    return {"init": chosen, "bias_init": constant(bias) if bias else zeros}
