"""What is compared with PyTorch and checked against numerical gradients: every layer and loss, at odd sizes too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_core.layers import (
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    Layer,
    LeakyReLU,
    Linear,
    MaxPool2d,
    ReLU,
    Sigmoid,
    Softmax,
    Tanh,
)
from nn_core.losses import BCEWithLogitsLoss, CrossEntropyLoss, Loss, MSELoss
from tests.reference.layer_case import LayerCase, conv, linear, rng, simple
from tests.reference.technique_layers import TECHNIQUE_LAYERS
from tests.reference.values import chances, classes, spread


def _small_net() -> tuple[Layer, ...]:
    return (
        Conv2d(1, 3, 3, padding=1, rng=rng()), ReLU(), BatchNorm2d(3), MaxPool2d(2),
        Conv2d(3, 4, 2, rng=rng()), LeakyReLU(0.1), AvgPool2d(2), Flatten(), Linear(4, 5, rng=rng()), Softmax(),
    )  # fmt: skip


CONVOLUTIONS = [
    conv("plain", (3, 2, 6, 7), 4, 3),
    conv("one image", (1, 3, 5, 5), 2, 3),
    conv("image 1x1", (2, 3, 1, 1), 4, 1),
    conv("image 1x1, padded", (2, 3, 1, 1), 2, 3, padding=1),
    conv("image 1x1, replicate", (2, 2, 1, 1), 2, 3, padding=1, padding_mode="replicate"),
    conv("kernel as large as the image", (2, 2, 5, 4), 3, (5, 4)),
    conv("kernel as large as the padded image", (2, 2, 3, 2), 3, (5, 4), padding=1),
    conv("stride over kernel", (2, 2, 9, 8), 3, 2, stride=3),
    conv("stride over kernel, padded", (2, 2, 8, 9), 3, 2, stride=(4, 3), padding=1),
    conv("stride over kernel and image", (2, 2, 4, 4), 3, 2, stride=7),
    conv("stride with a rest", (2, 2, 8, 7), 3, 3, stride=2),
    conv("stride by axis", (2, 2, 9, 8), 3, (2, 3), stride=(1, 2)),
    conv("stride and padding", (2, 2, 7, 8), 3, 3, stride=2, padding=1),
    conv("padding over kernel - 1", (2, 2, 4, 3), 3, 2, padding=3),
    conv("padding over kernel - 1, strided", (2, 2, 4, 3), 3, (3, 2), stride=2, padding=(4, 3)),
    conv("kernel 1x1, padded", (2, 2, 3, 4), 3, 1, padding=2),
    conv("padding by axis", (2, 2, 5, 4), 3, 3, padding=(0, 2)),
    conv("wide kernel", (2, 2, 4, 9), 3, (1, 5)),
    conv("tall kernel", (2, 2, 9, 4), 3, (5, 1), padding=(2, 0)),
    conv("replicate", (2, 2, 5, 6), 3, 3, padding=1, padding_mode="replicate"),
    conv("replicate by axis", (2, 2, 4, 5), 3, 3, padding=(2, 0), padding_mode="replicate"),
    conv("replicate the other axis", (2, 2, 4, 5), 3, 3, padding=(0, 2), padding_mode="replicate"),
    conv("replicate beyond the image", (2, 2, 3, 2), 2, 3, padding=5, padding_mode="replicate"),
    conv("replicate, strided", (2, 2, 6, 5), 3, (3, 2), stride=(2, 3), padding=2, padding_mode="replicate"),
    conv("257 channels in", (2, 257, 3, 3), 2, 2),
    conv("257 channels out", (2, 1, 3, 4), 257, 2),
    conv("33 images", (33, 1, 5, 5), 2, 3),
    conv("as blog-cnn's second", (2, 8, 12, 12), 16, 5),
]

OTHER_LAYERS = [
    linear("plain", (4, 7), 3),
    linear("one image, one feature", (1, 1), 1),
    linear("257 features in", (3, 257), 2),
    linear("257 features out", (3, 2), 257),
    simple("max-pool", (3, 2, 6, 4), lambda: MaxPool2d(2)),
    simple("max-pool with a rest", (2, 2, 7, 5), lambda: MaxPool2d(2)),
    simple("max-pool overlapping", (2, 2, 7, 8), lambda: MaxPool2d(3, 2)),
    simple("max-pool overlapping by all but one", (2, 2, 5, 6), lambda: MaxPool2d((2, 3), 1)),
    simple("max-pool stride over kernel", (2, 2, 9, 8), lambda: MaxPool2d(2, (3, 4))),
    simple("max-pool by axis", (2, 2, 6, 6), lambda: MaxPool2d((3, 2))),
    simple("max-pool image 1x1", (1, 3, 1, 1), lambda: MaxPool2d(1)),
    simple("max-pool all of the image", (2, 3, 4, 5), lambda: MaxPool2d((4, 5))),
    simple("max-pool 257 channels", (1, 257, 2, 2), lambda: MaxPool2d(2)),
    simple("avg-pool", (3, 2, 6, 4), lambda: AvgPool2d(2)),
    simple("avg-pool with a rest", (2, 2, 7, 5), lambda: AvgPool2d(2)),
    simple("avg-pool overlapping", (2, 2, 7, 8), lambda: AvgPool2d(3, 2)),
    simple("avg-pool stride over kernel", (2, 2, 9, 8), lambda: AvgPool2d(2, (3, 4))),
    simple("avg-pool by axis", (2, 2, 6, 6), lambda: AvgPool2d((3, 2))),
    simple("avg-pool image 1x1", (1, 3, 1, 1), lambda: AvgPool2d(1)),
    simple("avg-pool all of the image", (2, 3, 4, 5), lambda: AvgPool2d((4, 5))),
    simple("flatten", (3, 2, 3, 4), Flatten),
    simple("flatten one channel", (2, 1, 3, 4), Flatten),
    simple("flatten vectors", (2, 5), Flatten),
    simple("relu", (2, 3, 4, 5), ReLU),
    simple("relu vectors", (3, 7), ReLU),
    simple("leaky relu", (2, 3, 4, 5), lambda: LeakyReLU(0.2)),
    simple("sigmoid", (2, 3, 4, 5), Sigmoid),
    simple("sigmoid far out", (2, 25), Sigmoid, scale=30.0),
    simple("tanh", (2, 3, 4, 5), Tanh),
    simple("tanh far out", (2, 25), Tanh, scale=9.0),
    simple("softmax", (4, 6), Softmax),
    simple("softmax far out", (4, 6), Softmax, scale=5.0),
    simple("softmax of one", (2, 1), Softmax),
    simple("batch-norm", (4, 3, 2, 5), lambda: BatchNorm2d(3)),
    simple("batch-norm one image", (1, 2, 4, 3), lambda: BatchNorm2d(2, eps=1e-3, momentum=0.3)),
    simple("batch-norm image 1x1", (5, 3, 1, 1), lambda: BatchNorm2d(3)),
    simple("batch-norm 257 channels", (2, 257, 1, 2), lambda: BatchNorm2d(257)),
    simple("batch-norm while predicting", (3, 3, 2, 4), lambda: BatchNorm2d(3, eps=1e-3), training=False),
    simple("dropout while predicting", (3, 7), lambda: Dropout(0.4), training=False),
    simple("dropout that drops nothing", (3, 7), lambda: Dropout(0.0)),
    LayerCase("small net", _small_net, (6, 1, 6, 6)),
    LayerCase("small net while predicting", _small_net, (5, 1, 6, 6), training=False),
]

LAYER_CASES = CONVOLUTIONS + OTHER_LAYERS + TECHNIQUE_LAYERS


@dataclass(frozen=True)
class LossCase:
    """A loss, outputs and targets, and torch's name and arguments for it."""

    name: str
    loss: Loss
    torch_name: str
    torch_arguments: dict[str, float]
    outputs: NDArray[np.float32]
    targets: NDArray[Any]


def _losses(name: str, loss: Loss, torch_name: str, **arguments: float) -> list[LossCase]:
    """A loss with classes and probabilities as targets, for one image, for many, and for outputs far out."""
    found = []
    for size, (count, kinds, scale) in {"": (6, 10, 2.0), " of one": (1, 3, 1.0), " far out": (4, 5, 80.0)}.items():
        outputs, right = spread((count, kinds), 7, scale), classes(count, kinds, 8)
        found.append(LossCase(f"{name}{size}", loss, torch_name, arguments, outputs, right))
        soft = chances((count, kinds), 9)
        found.append(LossCase(f"{name}{size}, soft targets", loss, torch_name, arguments, outputs, soft))
    return found


LOSS_CASES = [
    *_losses("cross-entropy", CrossEntropyLoss(), "CrossEntropyLoss"),
    *_losses("smoothed cross-entropy", CrossEntropyLoss(0.1), "CrossEntropyLoss", label_smoothing=0.1),
    *_losses("mean squared error", MSELoss(), "MSELoss"),
    *_losses("binary cross-entropy", BCEWithLogitsLoss(), "BCEWithLogitsLoss"),
]


@dataclass(frozen=True)
class OptimizerCase:
    """An optimiser by our name, with torch's name and arguments; and a task for it that is not quite round."""

    name: str
    torch_name: str
    torch_arguments: dict[str, float]
    lr: float
    weight_decay: float

    @property
    def title(self) -> str:
        return f"{self.name}, decay {self.weight_decay:g}"


_TORCH_OPTIMIZERS = {
    "sgd": ("SGD", {}, 0.1),
    "momentum": ("SGD", {"momentum": 0.9}, 0.03),
    "adam": ("Adam", {}, 0.05),
    "adamw": ("AdamW", {}, 0.05),
    "nesterov": ("SGD", {"momentum": 0.9, "nesterov": True}, 0.03),
    "adagrad": ("Adagrad", {}, 0.2),
    "adadelta": ("Adadelta", {}, 1.0),
    "rmsprop": ("RMSprop", {}, 0.02),
    "rprop": ("Rprop", {}, 0.05),
}
OPTIMIZER_CASES = [
    OptimizerCase(name, torch_name, arguments, lr, decay)
    for name, (torch_name, arguments, lr) in _TORCH_OPTIMIZERS.items()
    for decay in ((0.0,) if name == "rprop" else (0.0, 0.1))  # torch's Rprop knows no decay
]
OPTIMIZER_STEPS = 50
OPTIMIZER_START = spread((9,), 21).astype(np.float64)


def optimizer_gradient(p: NDArray[np.float64], step: int) -> NDArray[np.float64]:
    """The gradient of a bowl that is 100 times steeper one way than another, with a little noise of its step."""
    steepness = np.geomspace(0.05, 5, p.size)
    return steepness * (p - 0.3) + 0.05 * spread(p.shape, 100 + step).astype(np.float64)
