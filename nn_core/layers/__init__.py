"""The layers, one family a file, under torch's names."""

from nn_core.layers.activations import LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from nn_core.layers.base import Array, Layer, Scratch, Shape
from nn_core.layers.conv import Conv2d
from nn_core.layers.dropout import Dropout
from nn_core.layers.linear import Linear
from nn_core.layers.norm import BatchNorm2d
from nn_core.layers.pooling import AvgPool2d, MaxPool2d
from nn_core.layers.shape import Flatten

__all__ = [
    "LAYERS",
    "Array",
    "AvgPool2d",
    "BatchNorm2d",
    "Conv2d",
    "Dropout",
    "Flatten",
    "Layer",
    "LeakyReLU",
    "Linear",
    "MaxPool2d",
    "ReLU",
    "Scratch",
    "Shape",
    "Sigmoid",
    "Softmax",
    "Tanh",
]

#: What an architecture in a model file may name, and nothing else.
LAYERS: dict[str, type[Layer]] = {
    layer.__name__: layer
    for layer in (
        AvgPool2d, BatchNorm2d, Conv2d, Dropout, Flatten, LeakyReLU, Linear, MaxPool2d, ReLU, Sigmoid, Softmax, Tanh,
    )
}  # fmt: skip
