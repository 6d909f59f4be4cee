"""The cases of the layers that torch has under other names or not at all, and of the less usual ones."""

from __future__ import annotations

from typing import Any

from nn_core.layers import (
    BatchNorm1d,
    Dropout,
    Flatten,
    GroupNorm,
    Identity,
    Layer,
    Linear,
    LocallyConnected2d,
    LocalResponseNorm,
    ReLU,
    Softplus,
    Step,
    WeightNormConv2d,
    WeightNormLinear,
)
from tests.reference.layer_case import LayerCase, rng, simple


def local(name: str, shape: tuple[int, ...], out: int, kernel: Any, **more: Any) -> LayerCase:
    _, channels, *size = shape
    make = LocallyConnected2d
    return simple(f"local {name}", shape, lambda: make(channels, out, (size[0], size[1]), kernel, rng=rng(), **more))


def weight_norm_conv(name: str, shape: tuple[int, ...], out: int, kernel: Any, **more: Any) -> LayerCase:
    return simple(f"weight-norm conv {name}", shape, lambda: WeightNormConv2d(shape[1], out, kernel, rng=rng(), **more))


def _technique_net() -> tuple[Layer, ...]:
    return (
        Dropout(0.0), WeightNormConv2d(1, 4, 3, padding=1, rng=rng()), GroupNorm(2, 4), Softplus(),
        LocalResponseNorm(3), LocallyConnected2d(4, 3, 6, 3, stride=2, rng=rng()), ReLU(), Identity(), Flatten(),
        WeightNormLinear(12, 5, rng=rng()), GroupNorm(1, 5), Linear(5, 4, rng=rng()),
    )  # fmt: skip


TECHNIQUE_LAYERS = [
    simple("softplus", (2, 3, 4, 5), Softplus),
    simple("softplus, beta", (3, 7), lambda: Softplus(2.5), scale=5.0),
    simple("identity", (2, 3, 4, 5), Identity),
    simple("identity vectors", (2, 5), Identity),
    simple("step", (2, 3, 4, 5), Step),
    simple("step vectors", (2, 5), Step),
    simple("batch-norm vectors", (6, 5), lambda: BatchNorm1d(5)),
    simple("batch-norm vectors, four images", (4, 3), lambda: BatchNorm1d(3, eps=1e-3, momentum=0.3)),
    simple("batch-norm vectors while predicting", (4, 3), lambda: BatchNorm1d(3, eps=1e-3), training=False),
    simple("group-norm", (3, 6, 4, 5), lambda: GroupNorm(2, 6)),
    simple("group-norm of all channels", (2, 6, 3, 5), lambda: GroupNorm(1, 6, eps=1e-3)),
    simple("group-norm of single channels", (2, 3, 4, 5), lambda: GroupNorm(3, 3)),
    simple("group-norm vectors", (3, 12), lambda: GroupNorm(3, 12)),
    simple("group-norm one image", (1, 4, 3, 3), lambda: GroupNorm(2, 4)),
    simple("group-norm 258 channels", (2, 258, 1, 2), lambda: GroupNorm(3, 258)),
    simple("group-norm while predicting", (3, 4, 2, 4), lambda: GroupNorm(2, 4), training=False),
    simple("response-norm", (2, 7, 3, 4), lambda: LocalResponseNorm(5, alpha=0.5)),
    simple("response-norm of an even number", (2, 7, 3, 4), lambda: LocalResponseNorm(4, alpha=0.8, beta=0.6, k=2.0)),
    simple("response-norm wider than the channels", (2, 3, 2, 2), lambda: LocalResponseNorm(9, alpha=2.0)),
    simple("response-norm of one", (2, 3, 2, 2), lambda: LocalResponseNorm(1, alpha=1.0, beta=1.5)),
    simple("response-norm as by default", (2, 6, 2, 3), lambda: LocalResponseNorm(5)),
    local("plain", (3, 2, 5, 6), 4, 3),
    local("one image, one channel", (1, 1, 4, 4), 1, 2),
    local("image 1x1", (2, 3, 1, 1), 2, 1),
    local("kernel as large as the image", (2, 2, 4, 3), 3, (4, 3)),
    local("stride", (2, 2, 7, 6), 3, 3, stride=2),
    local("stride by axis, kernel by axis", (2, 2, 7, 8), 2, (2, 3), stride=(1, 2)),
    local("stride over kernel", (2, 2, 8, 9), 2, 2, stride=(3, 4)),
    local("padding", (2, 2, 4, 5), 3, 3, padding=1),
    local("padding by axis, strided", (2, 2, 5, 4), 2, (3, 2), stride=2, padding=(2, 0)),
    local("33 images", (33, 1, 4, 4), 2, 3),
    weight_norm_conv("plain", (3, 2, 5, 6), 4, 3),
    weight_norm_conv("two weights a unit", (2, 2, 3, 3), 3, 1),
    weight_norm_conv("strided and padded", (2, 2, 7, 6), 3, (3, 2), stride=2, padding=1),
    weight_norm_conv("replicate", (2, 2, 4, 5), 3, 3, padding=1, padding_mode="replicate"),
    simple("weight-norm linear", (4, 7), lambda: WeightNormLinear(7, 3, rng=rng())),
    simple("weight-norm linear, two features", (1, 2), lambda: WeightNormLinear(2, 1, rng=rng())),
    LayerCase("net of techniques", _technique_net, (5, 1, 6, 6)),
]
