"""Model files with the less usual layers: they come back, and what is no layer is refused before memory is taken."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nn_core.model import Model
from nn_core.modelfile import load_model, model_bytes, save_model
from nn_core.network import Sequential
from tests.nn_core.model_files import refused, tampered
from tests.reference.layer_case import LayerCase
from tests.reference.technique_layers import TECHNIQUE_LAYERS
from tests.reference.values import spread

CASES = [case for case in TECHNIQUE_LAYERS if len(case.make()) > 1 or case.name.endswith(" plain")]
NET = next(case for case in TECHNIQUE_LAYERS if case.name == "net of techniques")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_goes_in_comes_out(case: LayerCase, tmp_path: Path):
    network = Sequential(*case.make(), input_shape=case.shape[1:])
    network.vector[...] = spread(network.vector.shape, 1)
    save_model(tmp_path / "m", Model(network))
    found = load_model(tmp_path / "m").network
    assert found.config() == network.config()
    assert np.array_equal(found(case.input()), network(case.input()))


WEIGHT_NORM, GROUPS, SOFTPLUS, RESPONSE, LOCAL = 1, 2, 3, 4, 5


@pytest.mark.parametrize(
    "layer, change, told",
    [
        (WEIGHT_NORM, {"out_channels": 10**9}, r"\(WeightNormConv2d\) wants a weight_v of \(1000000000, 1, 3, 3\)"),
        (WEIGHT_NORM, {"type": "Conv2d"}, r"layer 1 \(Conv2d\) wants a weight of"),
        (GROUPS, {"num_channels": 10**9}, "wants a weight of"),
        (GROUPS, {"num_groups": 3}, "divisible"),
        (GROUPS, {"num_groups": 2.0}, ""),
        (GROUPS, {"num_groups": "2"}, ""),
        (GROUPS, {"eps": 10**400}, "eps"),
        (SOFTPLUS, {"beta": 10**400}, "beta"),
        (SOFTPLUS, {"beta": "1"}, ""),
        (RESPONSE, {"size": 10**400}, "size"),
        (RESPONSE, {"size": 2.5}, ""),
        (RESPONSE, {"alpha": [1]}, ""),
        (RESPONSE, {"k": -1}, "k"),
        (LOCAL, {"out_channels": 10**9}, "wants a weight of"),
        (LOCAL, {"input_size": [10**9, 10**9]}, "input_size"),
        (LOCAL, {"stride": 0}, "stride"),
        (LOCAL, {"padding": 4000}, "narrower"),
        (LOCAL, {"kernel_size": "33"}, "kernel_size"),
        (LOCAL, {"in_channels": None}, ""),
        (LOCAL, {"rng": 1}, ""),
    ],
)
def test_an_architecture_that_its_tensors_do_not_fit_is_refused(layer, change, told, tmp_path: Path):
    def architecture(config):
        config[layer].update(change)
        return config

    path = tmp_path / "m"
    path.write_bytes(tampered(model_bytes(Model(NET.network())), architecture=architecture))
    with refused(path, told):
        load_model(path)


def test_places_without_number_are_refused(tmp_path: Path):
    """Few weights, but a kernel at each of millions of places: refused by the weight that the file lacks."""
    config = {"type": "LocallyConnected2d", "in_channels": 1, "out_channels": 1, "input_size": [4096, 4096],
              "kernel_size": 1, "stride": 1, "padding": 0}  # fmt: skip

    def architecture(_):
        return [config]

    path = tmp_path / "m"
    path.write_bytes(tampered(model_bytes(Model(NET.network())), architecture=architecture))
    with refused(path):
        load_model(path)
