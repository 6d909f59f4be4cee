"""A model as an ONNX graph, for programs that know nothing of this one."""

from __future__ import annotations

import json
import math
from functools import singledispatch
from typing import Any

import numpy as np

from nn_core.errors import SettingsError
from nn_core.layers import (
    Array,
    AvgPool2d,
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
    Scratch,
    Sigmoid,
    Softmax,
    Softplus,
    Step,
    Tanh,
)
from nn_core.layers.base import affordable
from nn_core.model import EDGE, Model
from nn_core.normalization import Normalization

INPUT, OUTPUT = "image", "probabilities"
INSTALL = "writing ONNX needs the package onnx: python -m pip install onnx"
#: The operators' version and that of the file: old enough for runtimes of the last years.
OPSET, IR_VERSION = 17, 8


def onnx_bytes(model: Model) -> bytes:
    """The ONNX file of what a model reads: `image` float32 (N, 1, 28, 28), paper 0 and ink 1 → `probabilities` (N, K).

    The input's normalisation is part of the graph, and so is what makes probabilities of the network's outputs.

    Raises:
        SettingsError: the package onnx is not installed, or a layer has no counterpart in ONNX.
    """
    try:
        import onnx
        from onnx import helper
    except ImportError as why:
        raise SettingsError(INSTALL) from why
    network, graph = model.network, _Graph()
    value = _normalize(graph, model.normalization, INPUT)
    shape = network.input_shape
    for layer, after in zip(network.layers, network.shapes, strict=True):
        value = _add(layer, graph, value, shape, after)
        shape = after
    value = _probabilities(graph, network.layers[-1], value)
    graph.add("Identity", value, name=OUTPUT)
    infos = [
        helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["N", *sizes])
        for name, sizes in ((INPUT, network.input_shape), (OUTPUT, shape))
    ]
    file = helper.make_model(
        helper.make_graph(
            [helper.make_node(op, inputs, [name], **attributes) for op, inputs, name, attributes in graph.nodes],
            "digitscope", infos[:1], infos[1:],
            [onnx.numpy_helper.from_array(values, name) for name, values in graph.constants.items()],
        ),
        producer_name="digitscope", opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION,
        doc_string="Reads a handwritten digit: pixels from paper (0) to ink (1) in, a probability for each class out.",
    )  # fmt: skip
    helper.set_model_props(file, {"card": json.dumps(dict(model.card))})
    onnx.checker.check_model(file)
    written: bytes = file.SerializeToString(deterministic=True)
    return written


class _Graph:
    """Nodes in the order in which they are worked out, each with one result, and the constants that they take."""

    def __init__(self) -> None:
        self.nodes: list[tuple[str, list[str], str, dict[str, Any]]] = []
        self.constants: dict[str, Array] = {}

    def add(self, op: str, *inputs: str, name: str = "", **attributes: Any) -> str:
        """Add a node: the name of its result."""
        name = name or f"{op}_{len(self.nodes)}"
        self.nodes.append((op, list(inputs), name, attributes))
        return name

    def constant(self, values: Any, dtype: type = np.float32) -> str:
        """Add a constant: its name."""
        name = f"constant_{len(self.constants)}"
        self.constants[name] = np.ascontiguousarray(values, dtype)
        return name

    def reshape(self, value: str, *shape: int) -> str:
        """Reshape, where 0 leaves an axis as it is and −1 takes the rest."""
        return self.add("Reshape", value, self.constant(shape, np.int64))


def _normalize(graph: _Graph, normalization: Normalization, value: str) -> str:
    if normalization.curve == "logarithm":
        value = graph.add("Log", graph.add("Add", graph.add("Mul", value, graph.constant(255)), graph.constant(1)))
        value = graph.add("Div", value, graph.constant(math.log(256)))
    elif normalization.curve == "exponential":
        value = graph.add("Sub", graph.add("Exp", value), graph.constant(1))
        value = graph.add("Div", value, graph.constant(math.expm1(1)))
    elif normalization.curve == "arctangent":
        value = graph.add("Mul", graph.add("Atan", value), graph.constant(4 / math.pi))
    elif normalization.curve:
        raise SettingsError(f"the normalisation {normalization.curve!r} has no counterpart in ONNX")
    value = graph.add("Sub", value, graph.constant(normalization.mean))
    return graph.add("Mul", value, graph.constant(1 / normalization.std))


def _probabilities(graph: _Graph, last: Layer, value: str) -> str:
    """As `nn_core.model.probabilities_of`."""
    if isinstance(last, Softmax):
        return value
    if isinstance(last, Sigmoid):
        inside = graph.add("Clip", value, graph.constant(EDGE), graph.constant(1 - EDGE))
        outside = graph.add("Sub", graph.constant(1), inside)
        value = graph.add("Sub", graph.add("Log", inside), graph.add("Log", outside))
    return graph.add("Softmax", value, axis=1)


@singledispatch
def _add(layer: Layer, graph: _Graph, x: str, before: tuple[int, ...], after: tuple[int, ...]) -> str:
    """Add what a layer does while predicting to `x` of the shape (N, *before): the name of its result (N, *after)."""
    raise SettingsError(f"{type(layer).__name__} has no counterpart in ONNX")


@_add.register(Dropout)
@_add.register(Identity)
def _(layer: Layer, graph: _Graph, x: str, *_: Any) -> str:
    return x


@_add.register
def _(layer: Flatten, graph: _Graph, x: str, *_: Any) -> str:
    return graph.add("Flatten", x, axis=1)


@_add.register(ReLU)
@_add.register(Sigmoid)
@_add.register(Tanh)
def _(layer: Layer, graph: _Graph, x: str, *_: Any) -> str:
    return graph.add("Relu" if isinstance(layer, ReLU) else type(layer).__name__, x)


@_add.register
def _(layer: LeakyReLU, graph: _Graph, x: str, *_: Any) -> str:
    return graph.add("LeakyRelu", x, alpha=layer.negative_slope)


@_add.register
def _(layer: Softplus, graph: _Graph, x: str, *_: Any) -> str:
    beta = graph.constant(layer.beta)
    return graph.add("Div", graph.add("Softplus", graph.add("Mul", x, beta)), beta)


@_add.register
def _(layer: Step, graph: _Graph, x: str, *_: Any) -> str:
    return graph.add("Cast", graph.add("Greater", x, graph.constant(0)), to=1)  # 1: float32


@_add.register
def _(layer: Softmax, graph: _Graph, x: str, *_: Any) -> str:
    return graph.add("Softmax", x, axis=1)


@_add.register
def _(layer: Linear, graph: _Graph, x: str, *_: Any) -> str:
    weight, bias = layer.effective_weight(Scratch()), layer.parameters["bias"]
    return graph.add("Gemm", x, graph.constant(weight), graph.constant(bias), transB=1)


@_add.register
def _(layer: Conv2d, graph: _Graph, x: str, *_: Any) -> str:
    weight, bias = layer.effective_weight(Scratch()), layer.parameters["bias"]
    pads = [*layer.padding, *layer.padding]
    if layer.padding_mode == "replicate":
        (ph, pw), pads = layer.padding, [0] * 4
        x = graph.add("Pad", x, graph.constant([0, 0, ph, pw] * 2, np.int64), mode="edge")
    return graph.add("Conv", x, graph.constant(weight), graph.constant(bias), strides=layer.stride, pads=pads)


@_add.register
def _(layer: LocallyConnected2d, graph: _Graph, x: str, before: tuple[int, ...], after: tuple[int, ...]) -> str:
    # What each place sees, by a convolution whose kernels pick single pixels; then a matrix product for each place.
    seen = layer.in_channels * math.prod(layer.kernel_size)
    affordable("picks of what each place sees", (seen, seen))
    picks = graph.constant(np.eye(seen).reshape(seen, layer.in_channels, *layer.kernel_size))
    patches = graph.add("Conv", x, picks, strides=layer.stride, pads=[*layer.padding, *layer.padding])
    by_place = graph.add("Transpose", graph.reshape(patches, 0, seen, -1), perm=[2, 0, 1])
    kernels = layer.parameters["weight"].reshape(-1, layer.out_channels, seen).transpose(0, 2, 1)
    answers = graph.add("MatMul", by_place, graph.constant(kernels))
    biases = layer.parameters["bias"].reshape(-1, 1, layer.out_channels)
    answers = graph.add("Transpose", graph.add("Add", answers, graph.constant(biases)), perm=[1, 2, 0])
    return graph.reshape(answers, 0, *after)


@_add.register(MaxPool2d)
@_add.register(AvgPool2d)
def _(layer: MaxPool2d | AvgPool2d, graph: _Graph, x: str, *_: Any) -> str:
    op = "MaxPool" if isinstance(layer, MaxPool2d) else "AveragePool"
    return graph.add(op, x, kernel_shape=layer.kernel_size, strides=layer.stride)


@_add.register
def _(layer: BatchNorm2d, graph: _Graph, x: str, *_: Any) -> str:
    names = ("weight", "bias", "running_mean", "running_var")
    return graph.add(
        "BatchNormalization", x, *(graph.constant(layer.parameters[name]) for name in names), epsilon=layer.eps
    )


@_add.register
def _(layer: GroupNorm, graph: _Graph, x: str, before: tuple[int, ...], after: tuple[int, ...]) -> str:
    ones, zeros = np.ones(layer.num_groups), np.zeros(layer.num_groups)
    grouped = graph.reshape(x, 0, layer.num_groups, -1)  # each group one instance of instance normalisation
    grouped = graph.add(
        "InstanceNormalization", grouped, graph.constant(ones), graph.constant(zeros), epsilon=layer.eps
    )
    shape = (-1, *[1] * (len(before) - 1))  # a value for each channel
    weight, bias = (graph.constant(layer.parameters[name].reshape(shape)) for name in ("weight", "bias"))
    return graph.add("Add", graph.add("Mul", graph.reshape(grouped, 0, *before), weight), bias)


@_add.register
def _(layer: LocalResponseNorm, graph: _Graph, x: str, before: tuple[int, ...], after: tuple[int, ...]) -> str:
    # A window of even size reaches further down in torch, and further up in ONNX's LRN.
    channel = np.arange(before[0])
    offset = channel - channel[:, None]
    window = (offset >= -(layer.size // 2)) & (offset <= (layer.size - 1) // 2)
    sums = graph.add("Conv", graph.add("Mul", x, x), graph.constant(window[:, :, None, None]))
    base = graph.add("Add", graph.add("Mul", sums, graph.constant(layer.alpha / layer.size)), graph.constant(layer.k))
    return graph.add("Div", x, graph.add("Pow", base, graph.constant(layer.beta)))
