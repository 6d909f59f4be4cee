"""ONNX files: other programs read a digit as this one does."""

from __future__ import annotations

import json
import sys

import numpy as np
import pytest

from nn_core.errors import SettingsError
from nn_core.layers import Layer
from nn_core.layers import __dict__ as layers
from nn_core.model import Model
from nn_core.normalization import CURVES, Normalization
from nn_core.onnx_export import onnx_bytes
from nn_core.pen import pen_digits
from nn_core.presets import PRESETS, make_model

CHAINS = (
    "conv 5x5x4 stride 2 pad 1 replicate -> batch-norm -> leaky-relu 0.2 -> avg-pool 2 -> flatten -> dropout 0.5"
    " -> linear 12 -> batch-norm -> softplus -> linear 10",
    "conv 3x3x6 stride 3 -> local-response-norm 4 alpha 0.5 -> tanh -> local 3x3x4 pad 1 -> group-norm 2 -> step"
    " -> flatten -> linear 8 -> group-norm 4 -> identity -> linear 10 -> softmax",
    "weight-norm conv 3x3x4 stride 2 -> local-response-norm 3 -> sigmoid -> max-pool 3 stride 2 -> local 2x2x3 stride 2"
    " -> flatten -> weight-norm linear 10 -> sigmoid",
)


def used(chain: str) -> set[str]:
    return {type(layer).__name__ for layer in make_model(chain, 0).network.layers}


def images() -> np.ndarray:
    return pen_digits(6, rng=np.random.default_rng(3)).images[:, None] / np.float32(255)


def a_model(chain: str, normalization: Normalization | None = None) -> Model:
    """With values that no start has, running averages among them."""
    model = make_model(chain, 1)
    model.network.vector[...] += np.random.default_rng(2).uniform(0.0, 0.05, model.network.vector.shape)
    return model if normalization is None else Model(model.network, normalization, model.card)


def reference(model: Model, pixels: np.ndarray) -> np.ndarray:
    onnx_reference = pytest.importorskip("onnx.reference")
    (found,) = onnx_reference.ReferenceEvaluator(onnx_bytes(model)).run(None, {"image": pixels})
    return found


def ours(model: Model, pixels: np.ndarray) -> np.ndarray:
    return model.reader().all_probabilities(pixels[:, 0])


@pytest.mark.parametrize("chain", [*CHAINS, "blog-cnn", "lenet5", "blog-fc", "digitscope"])
def test_it_reads_as_the_program_does(chain):
    model, pixels = a_model(chain), images()
    np.testing.assert_allclose(reference(model, pixels), ours(model, pixels), rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("curve", ["", *CURVES])
def test_the_normalisation_is_part_of_it(curve):
    model, pixels = a_model("flatten -> linear 10", Normalization(0.2, 0.5, curve)), images()
    np.testing.assert_allclose(reference(model, pixels), ours(model, pixels), rtol=1e-3, atol=1e-6)


def test_every_layer_has_a_counterpart():
    kinds = {name for name, kind in layers.items() if isinstance(kind, type) and issubclass(kind, Layer)} - {"Layer"}
    assert set.union(*map(used, (*CHAINS, *PRESETS))) == kinds


def test_the_same_model_gives_the_same_file_and_takes_its_card_along():
    onnx = pytest.importorskip("onnx")
    data = onnx_bytes(make_model("blog-cnn", 0))
    assert data == onnx_bytes(make_model("blog-cnn", 0))
    (card,) = onnx.load_from_string(data).metadata_props
    assert json.loads(card.value) == {"preset": "blog-cnn"}


def test_without_the_package_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(SettingsError, match="python -m pip install onnx"):
        onnx_bytes(make_model("blog-cnn", 0))


@pytest.mark.peers
def test_the_runtime_that_most_people_use_agrees():
    onnxruntime = pytest.importorskip("onnxruntime")
    for chain in (*CHAINS, "digitscope"):
        model, pixels = a_model(chain), images()
        session = onnxruntime.InferenceSession(onnx_bytes(model), providers=["CPUExecutionProvider"])
        (found,) = session.run(None, {"image": pixels})
        np.testing.assert_allclose(found, ours(model, pixels), rtol=1e-3, atol=1e-5)
