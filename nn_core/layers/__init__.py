"""The layers, one family a file, under torch's names."""

from nn_core.layers.activations import Identity, LeakyReLU, ReLU, Sigmoid, Softmax, Softplus, Step, Tanh
from nn_core.layers.base import Array, Layer, Scratch, Shape
from nn_core.layers.conv import Conv2d
from nn_core.layers.dropout import Dropout
from nn_core.layers.group_norm import GroupNorm
from nn_core.layers.linear import Linear
from nn_core.layers.local import LocallyConnected2d
from nn_core.layers.norm import BatchNorm1d, BatchNorm2d
from nn_core.layers.pooling import AvgPool2d, MaxPool2d
from nn_core.layers.response_norm import LocalResponseNorm
from nn_core.layers.shape import Flatten
from nn_core.layers.weight_norm import WeightNormConv2d, WeightNormLinear

__all__ = [
    "LAYERS",
    "Array",
    "AvgPool2d",
    "BatchNorm1d",
    "BatchNorm2d",
    "Conv2d",
    "Dropout",
    "Flatten",
    "GroupNorm",
    "Identity",
    "Layer",
    "LeakyReLU",
    "Linear",
    "LocalResponseNorm",
    "LocallyConnected2d",
    "MaxPool2d",
    "ReLU",
    "Scratch",
    "Shape",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "Step",
    "Tanh",
    "WeightNormConv2d",
    "WeightNormLinear",
]

#: What an architecture in a model file may name, and nothing else.
LAYERS: dict[str, type[Layer]] = {
    layer.__name__: layer
    for layer in (
        AvgPool2d, BatchNorm1d, BatchNorm2d, Conv2d, Dropout, Flatten, GroupNorm, Identity, LeakyReLU, Linear,
        LocallyConnected2d, LocalResponseNorm, MaxPool2d, ReLU, Sigmoid, Softmax, Softplus, Step, Tanh,
        WeightNormConv2d, WeightNormLinear,
    )
}  # fmt: skip
