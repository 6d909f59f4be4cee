"""Networks written as the chains that people draw: `conv 5×5×8 → relu → max-pool 2 → flatten → linear 10`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

from nn_core.errors import SettingsError
from nn_core.initializers import Initializer, zeros
from nn_core.layers import (
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    GroupNorm,
    Identity,
    Layer,
    LeakyReLU,
    Linear,
    LocallyConnected2d,
    LocalResponseNorm,
    MaxPool2d,
    ReLU,
    Shape,
    Sigmoid,
    Softmax,
    Softplus,
    Step,
    Tanh,
    WeightNormConv2d,
    WeightNormLinear,
)
from nn_core.network import Sequential

#: How long a chain may be, and how many parameters its network may have: more than any here has, and little enough
#: that a network, its gradients and an optimiser's memory fit into any machine.
MOST_LETTERS, MOST_LINKS, MOST_PARAMETERS = 4000, 100, 1 << 24


def is_chain(text: str) -> bool:
    """Whether `text` is meant as a chain: it has an arrow, → or ->."""
    return "→" in text or "->" in text


def network_of(
    chain: str, *, init: Initializer, bias_init: Initializer = zeros, rng: np.random.Generator, input_shape: Shape
) -> Sequential:
    """The network of a chain; `x` may stand for ×, `->` for →, and a space or nothing for the - in a word.

    Links are: conv K×K×N, local K×K×N and weight-norm conv K×K×N, each perhaps with stride S, pad P (conv: replicate);
    linear N, weight-norm linear N; max-pool K or K×K and avg-pool, perhaps with stride S; flatten; dropout P;
    batch-norm, group-norm G, local-response-norm, perhaps with its size and then alpha A, beta B, k K as torch has
    them; relu, leaky-relu or with its slope, sigmoid, tanh, softplus, softmax, step and identity.

    Raises:
        SettingsError: a link is not understood, does not fit what comes before it, or makes the network too large.
    """
    if len(chain) > MOST_LETTERS:
        raise SettingsError(f"a chain of {len(chain):,} letters ({chain[:40]!r}…) is longer than {MOST_LETTERS:,}")
    links = [" ".join(link.split()) for link in chain.replace("->", "→").split("→")]
    if len(links) > MOST_LINKS:
        raise SettingsError(f"a chain of {len(links)} layers is longer than {MOST_LINKS}")
    layers: list[Layer] = []
    here, parameters = Here(tuple(input_shape), init, bias_init, rng), 0
    for link in links:
        match, make = _understood(link)
        try:
            layers.append(make(match, here))
            here = Here(layers[-1].output_shape(here.shape), init, bias_init, rng)
        except SettingsError as why:
            raise SettingsError(f"layer {link!r}: {why}") from why
        parameters += sum(values.size for values in layers[-1].parameters.values())
        if parameters > MOST_PARAMETERS:
            raise SettingsError(f"layer {link!r}: up to here {parameters:,} parameters, more than {MOST_PARAMETERS:,}")
    return Sequential(*layers, input_shape=input_shape)


@dataclass(frozen=True, slots=True)
class Here:
    """What a link is made from besides its own words: the shape that comes in, and how parameters are drawn."""

    shape: Shape
    init: Initializer
    bias_init: Initializer
    rng: np.random.Generator

    @property
    def channels(self) -> int:
        return self.shape[0]

    def image(self, link: str) -> tuple[int, int]:
        """Height and width of the image that comes in."""
        if len(self.shape) != 3:
            raise SettingsError(f"{link} takes images (channels, height, width), not {self.shape}")
        return self.shape[1], self.shape[2]

    def features(self, link: str) -> int:
        """The number of features that come in."""
        if len(self.shape) != 1:
            raise SettingsError(f"{link} takes a vector, not {self.shape}: put 'flatten' before it")
        return self.shape[0]


_Make = Callable[[re.Match[str], Here], Layer]


def _understood(link: str) -> tuple[re.Match[str], _Make]:
    for pattern, make in _PATTERNS:
        match = pattern.fullmatch(link)
        if match:
            return match, make
    raise SettingsError(f"layer {link!r} is not understood; {_advice(link)}")


def _advice(link: str) -> str:
    """How what was meant is written, if one can tell, or what there is."""
    word = re.match(r"[^\W\d]*(?:[- ][^\W\d]+)*", link.lower())
    meant = get_close_matches(word[0] if word else "", _EXAMPLES, 1)
    if meant:
        return f"it is written {_EXAMPLES[meant[0]]}"
    return f"there are {', '.join(_EXAMPLES)}"


def _conv(match: re.Match[str], here: Here) -> Layer:
    here.image("conv")
    kind = WeightNormConv2d if match["norm"] else Conv2d
    kernel, mode = (int(match["kh"]), int(match["kw"])), "replicate" if match["replicate"] else "zeros"
    stride, pad = int(match["stride"] or 1), int(match["pad"] or 0)
    return kind(
        here.channels, int(match["out"]), kernel, stride, pad, mode, rng=here.rng, init=here.init,
        bias_init=here.bias_init,
    )  # fmt: skip


def _local(match: re.Match[str], here: Here) -> Layer:
    size, kernel = here.image("local"), (int(match["kh"]), int(match["kw"]))
    stride, pad = int(match["stride"] or 1), int(match["pad"] or 0)
    return LocallyConnected2d(
        here.channels, int(match["out"]), size, kernel, stride, pad, rng=here.rng, init=here.init,
        bias_init=here.bias_init,
    )  # fmt: skip


def _linear(match: re.Match[str], here: Here) -> Layer:
    kind = WeightNormLinear if match["norm"] else Linear
    features = here.features("linear")
    return kind(features, int(match["out"]), rng=here.rng, init=here.init, bias_init=here.bias_init)


def _pool(match: re.Match[str], here: Here) -> Layer:
    kind = MaxPool2d if match["kind"].lower() == "max" else AvgPool2d
    size = (int(match["kh"]), int(match["kw"])) if match["kw"] else int(match["kh"])
    return kind(size, int(match["stride"]) if match["stride"] else None)


def _softmax(match: re.Match[str], here: Here) -> Layer:
    here.features("softmax")
    return Softmax()


def _plain(make: Callable[[], Layer]) -> _Make:
    return lambda match, here: make()


def _response_norm(match: re.Match[str], here: Here) -> Layer:
    given = {name: float(match[name]) for name in ("alpha", "beta", "k") if match[name]}
    return LocalResponseNorm(int(match["n"] or 5), **given)


_NUMBER, _SHARE = r"\d{1,9}", r"\d{0,3}\.\d{1,9}|\d{1,3}"
_BOX = rf"(?P<kh>{_NUMBER}) ?[×x] ?(?P<kw>{_NUMBER}) ?[×x] ?(?P<out>{_NUMBER})"
_STRIDE = rf"(?: stride (?P<stride>{_NUMBER}))?"
_INHIBITING = "".join(rf"(?: {name} (?P<{name}>{_SHARE}))?" for name in ("alpha", "beta", "k"))
_PLACED = rf"{_STRIDE}(?: pad (?P<pad>{_NUMBER}))?"
_PATTERNS: tuple[tuple[re.Pattern[str], _Make], ...] = tuple(
    (re.compile(pattern.replace("-", "[- ]?"), re.ASCII | re.IGNORECASE), make)
    for pattern, make in (
        (rf"(?P<norm>weight-norm )?conv {_BOX}{_PLACED}(?P<replicate> replicate)?", _conv),
        (rf"local {_BOX}{_PLACED}", _local),
        (rf"(?P<norm>weight-norm )?linear (?P<out>{_NUMBER})", _linear),
        (rf"(?P<kind>max|avg)-pool (?P<kh>{_NUMBER})(?: ?[×x] ?(?P<kw>{_NUMBER}))?{_STRIDE}", _pool),
        (rf"dropout (?P<p>{_SHARE})", lambda match, here: Dropout(float(match["p"]))),
        (r"batch-norm", lambda match, here: (BatchNorm2d if len(here.shape) == 3 else BatchNorm1d)(here.channels)),
        (rf"group-norm (?P<groups>{_NUMBER})", lambda match, here: GroupNorm(int(match["groups"]), here.channels)),
        (rf"local-response-norm(?: (?P<n>{_NUMBER}))?{_INHIBITING}", _response_norm),
        (rf"leaky-relu(?: (?P<slope>{_SHARE}))?", lambda match, here: LeakyReLU(float(match["slope"] or 0.01))),
        (r"flatten", _plain(Flatten)),
        (r"relu", _plain(ReLU)),
        (r"sigmoid", _plain(Sigmoid)),
        (r"tanh", _plain(Tanh)),
        (r"softplus", _plain(Softplus)),
        (r"softmax", _softmax),
        (r"step", _plain(Step)),
        (r"identity", _plain(Identity)),
    )
)
#: How each kind of link is written.
_EXAMPLES = {
    "conv": "conv 5×5×8 or conv 5×5×8 stride 2 pad 2 replicate",
    "weight-norm conv": "weight-norm conv 5×5×8 or weight-norm conv 5×5×8 stride 2 pad 2",
    "local": "local 5×5×8 or local 5×5×8 stride 2 pad 2",
    "linear": "linear 10",
    "weight-norm linear": "weight-norm linear 10",
    "max-pool": "max-pool 2, max-pool 2×2 or max-pool 3 stride 2",
    "avg-pool": "avg-pool 2, avg-pool 2×2 or avg-pool 3 stride 2",
    "flatten": "flatten",
    "dropout": "dropout 0.5",
    "batch-norm": "batch-norm",
    "group-norm": "group-norm 4",
    "local-response-norm": "local-response-norm 5 alpha 0.0001 beta 0.75 k 1, or with fewer of these, or none",
    "relu": "relu",
    "leaky-relu": "leaky-relu 0.01",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "softplus": "softplus",
    "softmax": "softmax",
    "step": "step",
    "identity": "identity",
}
