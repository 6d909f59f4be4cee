"""Model files: what goes in comes out, and what is no model is refused by name, whatever was done to it."""

from __future__ import annotations

import json
import math
import os
import pickle
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from safetensors.numpy import load, load_file, save

from nn_core.errors import ModelError
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
)  # fmt: skip
from nn_core.model import Model, probabilities_of
from nn_core.modelfile import load_model, load_reading_model, save_model
from nn_core.network import Sequential
from nn_core.normalization import NORMALIZATIONS, Normalization
from nn_core.presets import PRESETS, make_model
from tests.nn_core.model_files import metadata_of, refused, small_bytes, small_model, tampered
from tests.reference.values import spread

BYTES = small_bytes()
HEADER = 8 + int.from_bytes(BYTES[:8], "little")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all the examples of a property; each writes its own file."""
    return tmp_path_factory.mktemp("models")


@st.composite
def networks(draw: st.DrawFn) -> Sequential:
    """Small networks of every kind of layer, whatever fits on the way."""
    rng = np.random.default_rng(draw(st.integers(0, 9)))
    shape = input_shape = draw(st.tuples(st.integers(1, 3), st.integers(1, 9), st.integers(1, 9)))
    layers: list[Layer] = []
    for _ in range(draw(st.integers(1, 6))):
        layer = draw(_layers(shape, rng))
        shape = layer.output_shape(shape)
        layers.append(layer)
    network = Sequential(*layers, input_shape=input_shape)
    for key, values in network.state_dict().items():
        values[...] = spread(values.shape, 1)
        if key.endswith("running_var"):
            values[...] = abs(values)
    return network


def _layers(shape: tuple[int, ...], rng: np.random.Generator) -> st.SearchStrategy[Layer]:
    anywhere = [ReLU(), Sigmoid(), Tanh(), Flatten(), LeakyReLU(0.25), Dropout(0.5)]
    if len(shape) == 1:
        linear = st.builds(lambda out: Linear(shape[0], out, rng=rng), st.integers(1, 12))
        return st.sampled_from([*anywhere, Softmax()]) | linear
    channels, height, width = shape
    kernel = st.tuples(st.integers(1, height), st.integers(1, width))
    twos = st.tuples(st.integers(1, 3), st.integers(1, 3))
    mode = st.sampled_from(["zeros", "replicate"])
    convs = st.builds(
        lambda out, k, s, p, mode: Conv2d(channels, out, k, s, p, mode, rng=rng),
        st.integers(1, 4), kernel, twos, st.tuples(st.integers(0, 2), st.integers(0, 2)), mode,
    )  # fmt: skip
    pools = st.builds(lambda kind, k, s: kind(k, s), st.sampled_from([MaxPool2d, AvgPool2d]), kernel, twos | st.none())
    norms = st.builds(lambda eps, momentum: BatchNorm2d(channels, eps, momentum), st.floats(1e-6, 1), st.floats(0, 1))
    return st.sampled_from(anywhere) | convs | pools | norms


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(network=networks(), mean=st.floats(-10, 10), std=st.floats(0.01, 10), card=st.dictionaries(st.text(), plain))
def test_what_goes_in_comes_out(folder, network, mean, std, card):
    path = folder / "m.safetensors"
    save_model(path, Model(network, Normalization(mean, std), card))
    found = load_model(path)
    assert found.network.config() == network.config()
    assert found.network.input_shape == network.input_shape
    assert np.array_equal(found.network.vector, network.vector)
    assert found.normalization == Normalization(mean, std)
    assert found.card == card


@pytest.mark.parametrize("normalization", NORMALIZATIONS.values(), ids=NORMALIZATIONS)
def test_the_normalisation_comes_back_and_drawings_go_through_it(tmp_path, normalization):
    model, path, image = make_model("blog-fc", 1), tmp_path / "m.safetensors", abs(spread((28, 28), 3))
    model.normalization = normalization
    save_model(path, model)
    found = load_model(path)
    assert found.normalization == normalization
    wanted = probabilities_of(model.network(normalization(image)[None, None]), model.network)[0]
    assert np.allclose(found.reader().probabilities(image), wanted, atol=1e-6)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_answers_the_same_when_it_comes_back(tmp_path, name):
    model, path, image = make_model(name, 1), tmp_path / "m.safetensors", abs(spread((28, 28), 3))
    save_model(path, model)
    found = load_model(path)
    assert np.array_equal(found.reader().probabilities(image), model.reader().probabilities(image))
    assert found.network.describe() == model.network.describe()


def test_the_tensors_are_under_torchs_keys_and_nothing_else_is_in_the_file(tmp_path):
    path, model = tmp_path / "m.safetensors", small_model()
    save_model(path, model)
    found, wanted = load_file(path), model.network.state_dict()
    assert found.keys() == wanted.keys()
    assert all(np.array_equal(found[key], wanted[key]) for key in wanted)


@pytest.mark.peers
@pytest.mark.parametrize("name", PRESETS)
def test_torch_loads_it_and_answers_the_same(tmp_path, name):
    import torch
    from safetensors.torch import load_file as load_torch

    from tests.reference.torch_peer import twin

    model, path, x = make_model(name, 0), tmp_path / "m.safetensors", spread((4, 1, 28, 28), 2)
    save_model(path, model)
    module = twin(model.network).eval()
    module.load_state_dict(load_torch(path))
    with torch.no_grad():
        answer = module(torch.tensor(x)).numpy()
    assert np.allclose(answer, model.network(x), rtol=1e-4, atol=1e-5)


@pytest.mark.peers
def test_a_state_that_torch_has_made_is_taken_over(tmp_path):
    import torch
    from safetensors.torch import save_file as save_torch

    from tests.reference.torch_peer import twin

    torch.manual_seed(0)
    network, x = small_model().network, spread((4, 1, 14, 14), 2)
    module = twin(network)
    module(torch.tensor(x))  # running averages that are not those of the start, and a count of batches
    module.eval()
    save_torch(module.state_dict(), tmp_path / "t.safetensors")
    network.load_state_dict(load_file(tmp_path / "t.safetensors"))
    with torch.no_grad():
        assert np.allclose(network(x), module(torch.tensor(x)).numpy(), rtol=1e-4, atol=1e-5)


# Damage, as it happens to files.


def write(folder: Path, data: bytes) -> Path:
    path = folder / "bad.safetensors"
    path.write_bytes(data)
    return path


def test_a_file_that_is_cut_short_anywhere(tmp_path):
    for length in [*range(0, HEADER, 37), HEADER, *range(HEADER + 1, len(BYTES), 101), len(BYTES) - 1]:
        path = write(tmp_path, BYTES[:length])
        with refused(path, "damaged"):
            load_model(path)


def test_a_flipped_bit_in_any_tensor(tmp_path):
    for place in range(HEADER, len(BYTES), 29):
        data = bytearray(BYTES)
        data[place] ^= 1 << place % 8
        path = write(tmp_path, bytes(data))
        with refused(path, "checksum does not match"):
            load_model(path)


@settings(max_examples=300)
@given(changes=st.lists(st.tuples(st.integers(0, len(BYTES) - 1), st.integers(1, 255)), min_size=1, max_size=4))
def test_any_flipped_bytes_are_a_model_error_or_leave_a_model(folder, changes):
    data = bytearray(BYTES)
    for place, flip in changes:
        data[place] ^= flip
    _model_or_refused(write(folder, bytes(data)))


header_text = st.text('0123456789eE+-.[]{}",: nulltrefasNI', max_size=12)


@settings(max_examples=300)
@given(place=st.integers(8, HEADER - 1), length=st.integers(0, 12), insert=header_text)
def test_any_change_of_the_header_is_a_model_error_or_leaves_a_model(folder, place, length, insert):
    header = BYTES[8:place] + insert.encode() + BYTES[min(place + length, HEADER) : HEADER]
    _model_or_refused(write(folder, struct.pack("<Q", len(header)) + header + BYTES[HEADER:]))


@given(st.binary(max_size=200))
@example(struct.pack("<Q", 2**63) + b"{}")
@example(struct.pack("<Q", 2) + b"{}")
@example(struct.pack("<Q", 2) + b"[]")
@example(struct.pack("<Q", 90_000_000) + b"{")
def test_any_bytes(folder, data):
    path = write(folder, data)
    with refused(path):
        load_model(path)


def _model_or_refused(path: Path) -> None:
    try:
        model = load_model(path)
    except ModelError as why:
        if str(path) not in str(why):
            raise
        return
    assert np.isfinite(model.network.vector).all()
    model.network(np.zeros((1, *model.network.input_shape), np.float32))


# What is no model at all.


def test_what_is_no_model_file(tmp_path):
    for data in (b"", b"\0" * 5000, b"GIF89a" * 100, pickle.dumps({"weights": [1, 2]}), pickle.dumps(print, 0)):
        path = write(tmp_path, data)
        with refused(path, "damaged, or is no model"):
            load_model(path)


@pytest.mark.parametrize("kind", ["F8_E4M3", "F8_E5M2", "F8_E8M0"])
def test_numbers_of_a_type_that_numpy_lacks(tmp_path, kind):
    tensor = {"dtype": kind, "shape": [1], "data_offsets": [0, 1]}
    header = json.dumps({"__metadata__": metadata_of(BYTES), "0.weight": tensor}).encode()
    path = write(tmp_path, struct.pack("<Q", len(header)) + header + b"\0")
    with refused(path, "damaged, or is no model file"):
        load_model(path)


@pytest.mark.parametrize("count, told", [(12_000, "12,000 tensors"), (200_000, "a header of")])
@pytest.mark.parametrize("metadata", [{}, {"format": "x"}, metadata_of(BYTES)], ids=["none", "another", "ours"])
def test_empty_tensors_take_no_time(tmp_path, count, told, metadata):
    empty = {f"{i:x}": {"dtype": "U8", "shape": [0], "data_offsets": [0, 0]} for i in range(count)}
    header = json.dumps({"__metadata__": metadata, **empty}).encode()
    path = write(tmp_path, struct.pack("<Q", len(header)) + header)
    del header, empty
    with refused(path, told if metadata.get("sha256") or count > 100_000 else "not a Digitscope", 4, 0.2):
        load_model(path)


def test_what_is_missing_says_what_to_give(tmp_path):
    with refused(tmp_path / "none", "does not exist: give a model file, as `digitscope train --out` writes it"):
        load_model(tmp_path / "none")


def test_what_is_no_file(tmp_path):
    for path in (tmp_path, tmp_path / "none.safetensors", tmp_path / ("long" * 200), tmp_path / "a\0b"):
        with refused(path):
            load_model(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="POSIX only")
def test_what_is_no_regular_file_is_not_waited_for(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    for path in (tmp_path / "pipe", Path("/dev/zero"), Path("/dev/stdin")):
        with refused(path):
            load_model(path)


def test_a_file_of_two_gigabytes(tmp_path):
    path = write(tmp_path, BYTES)
    os.truncate(path, 2 << 30)  # with a hole: it takes no room on the disk
    with refused(path, "2,147,483,648 bytes"):
        load_model(path)


def test_someone_elses_safetensors(tmp_path):
    path = write(tmp_path, save({"0.weight": np.zeros((2, 2), np.float32)}))
    with refused(path, "not a Digitscope model"):
        load_model(path)
    path = write(tmp_path, tampered(BYTES, metadata={"format_version": "2"}))
    with refused(path, "format version 2; this program reads 1"):
        load_model(path)


def test_a_network_that_diverged_is_not_written_over_one_that_did_not(tmp_path):
    path, model = write(tmp_path, BYTES), make_model("blog-cnn", 0)
    model.network.vector[3] = np.nan
    with pytest.raises(ModelError, match=r"is not written: it holds values that are not finite numbers"):
        save_model(path, model)
    assert path.read_bytes() == BYTES


# Files that somebody has made on purpose, the checksum right.

NAN = np.array([math.nan, 1], np.float32)
TENSORS = {
    "a weight of another shape": ({"0.weight": np.zeros((2, 1, 5, 5), np.float32)}, r"\(2, 1, 5, 5\)"),
    "a bias of another shape": ({"0.bias": np.zeros(3, np.float32)}, "0.bias has the shape"),
    "a weight missing": ({"6.weight": None}, "layer 6"),
    "a bias missing": ({"6.bias": None}, "6.bias is missing"),
    "a tensor too many": ({"2.weight": np.zeros(3, np.float32)}, "2.weight is unknown"),
    "not a number": ({"0.bias": NAN}, "not finite"),
    "infinity": ({"0.bias": np.array([np.inf, 1], np.float32)}, "not finite"),
    "too large for float32": ({"0.bias": np.array([1e300, 1])}, "0.bias|not finite"),
    "complex numbers": ({"0.bias": np.array([1j, 1], np.complex64)}, "0.bias holds complex64"),
    "whole numbers": ({"0.bias": np.array([1, 2])}, "0.bias holds int64"),
    "no tensors": (dict.fromkeys(load(BYTES)), "layer 0"),
    "infinite with ink alone": ({"6.weight": np.full_like(load(BYTES)["6.weight"], 3e38)}, "it answers with"),
    "a spread below zero": ({"1.running_var": np.array([-1, 1], np.float32)}, "it answers with"),
}


@pytest.mark.parametrize("tensors, told", TENSORS.values(), ids=TENSORS)
def test_tensors_that_cannot_be(tmp_path, tensors, told):
    path = write(tmp_path, tampered(BYTES, tensors=tensors))
    with refused(path, told):
        load_model(path)


def entry(index, **values):
    """An architecture in which one layer is described otherwise."""

    def change(config):
        config[index] = {**config[index], **values}
        return config

    return change


def without(index, name):
    def change(config):
        del config[index][name]
        return config

    return change


HUGE = 10**9
ARCHITECTURES = {
    "huge channels": entry(0, out_channels=HUGE),
    "huge channels both": entry(0, out_channels=HUGE, in_channels=HUGE),
    "beyond any number": entry(0, out_channels=10**400),
    "huge kernel": entry(0, kernel_size=[HUGE, HUGE]),
    "huge kernel as one number": entry(0, kernel_size=HUGE),
    "huge padding": entry(0, padding=10**6),
    "padding just too large": entry(0, padding=3000),
    "huge padding, replicated": entry(0, padding=[0, 10**7], padding_mode="replicate"),
    "huge stride": entry(0, stride=10**30),
    "huge pool": entry(3, kernel_size=10**30),
    "huge pool stride": entry(3, stride=10**30),
    "huge features": entry(6, out_features=HUGE),
    "huge norm": entry(1, num_features=HUGE),
    "huge eps": entry(1, eps=10**400),
    "infinite eps": entry(1, eps=math.inf),
    "float channels": entry(0, out_channels=2.0),
    "float kernel": entry(0, kernel_size=[3.0, 3.0]),
    "float padding": entry(0, padding=0.5),
    "negative channels": entry(0, out_channels=-2),
    "negative padding": entry(0, padding=-1),
    "zero kernel": entry(3, kernel_size=0),
    "text for a number": entry(0, out_channels="2"),
    "nothing for a number": entry(0, out_channels=None),
    "a list for a number": entry(6, in_features=[18]),
    "a table for a kernel": entry(0, kernel_size={"h": 3, "w": 3}),
    "text for a kernel": entry(0, kernel_size="33"),
    "three for two": entry(3, kernel_size=[4, 4, 4]),
    "nan for a share": entry(5, p=math.nan),
    "text for a share": entry(5, p="half"),
    "unknown padding": entry(0, padding_mode="reflect"),
    "unknown argument": entry(0, dilation=2),
    "unknown layer": entry(2, type="GELU"),
    "the base of all layers": entry(2, type="Layer"),
    "a layer that is a list": entry(2, type=["ReLU"]),
    "no type": without(0, "type"),
    "no channels": without(0, "out_channels"),
    "no kernel": without(0, "kernel_size"),
    "no features": without(6, "in_features"),
    "layers that do not fit": entry(3, stride=2),
    "no layers": lambda config: [],
    "a layer less": lambda config: config[:-1],
    "a layer more": lambda config: [*config, {"type": "Linear", "in_features": 10, "out_features": 10}],
    "a table of layers": lambda config: dict(enumerate(config)),
    "text": lambda config: "Conv2d",
    "a number": lambda config: 7,
    "nothing": lambda config: None,
    "a list of numbers": lambda config: [1, 2, 3],
    "a thousand layers and one": lambda config: [{"type": "ReLU"}] * 1001,
    "a million layers": lambda config: config + [{"type": "ReLU"}] * 10**6,
    "growing and growing": lambda config: [
        {"type": "Conv2d", "in_channels": 1, "out_channels": 1, "kernel_size": 1, "padding": 4000}
    ] * 900,
    "patches upon patches": lambda config: [
        {"type": "Conv2d", "in_channels": 1, "out_channels": 1, "kernel_size": [1, 4095], "padding": [0, 2047]}
    ] * 900,
}  # fmt: skip


OVERLAPPING = {
    "pools": {"type": "MaxPool2d", "kernel_size": [64, 64], "stride": [1, 1]},
    "means": {"type": "AvgPool2d", "kernel_size": 1024, "stride": 1},
    "responses": {"type": "LocalResponseNorm", "size": 4096},
}


@pytest.mark.parametrize("layer", OVERLAPPING.values(), ids=OVERLAPPING)
def test_few_bytes_do_not_keep_the_program_busy(tmp_path, layer):
    shape = "[4096, 16, 16]" if layer is OVERLAPPING["responses"] else "[1, 1024, 1024]"
    said = {"architecture": json.dumps([layer]), "input_shape": shape}
    path = write(tmp_path, tampered(BYTES, metadata=said, tensors=dict.fromkeys(load(BYTES))))
    with refused(path, "(stack of windows|kernel_size) of the shape", seconds=2):
        load_model(path)


def test_what_reads_no_digits_is_refused_before_it_runs(tmp_path):
    spoilt = {"1.running_var": np.array([-1, 1], np.float32)}
    path = write(tmp_path, tampered(BYTES, tensors=spoilt))
    with refused(path, "reads no digits"):
        load_reading_model(path)


@pytest.mark.parametrize("change", ARCHITECTURES.values(), ids=ARCHITECTURES)
def test_architectures_that_cannot_be(tmp_path, change):
    path = write(tmp_path, tampered(BYTES, architecture=change))
    megabytes = 64 if change is ARCHITECTURES["a million layers"] else 4
    with refused(path, megabytes=megabytes, seconds=2) as raised:
        load_model(path)
    assert_in_our_words(raised.value)


METADATA = {
    "no architecture": {"architecture": None},
    "broken architecture": {"architecture": "[{"},
    "deeply nested architecture": {"architecture": "[" * 100_000},
    "nested within limits": {"architecture": '[{"type":"Conv2d","out_channels":1,"in_channels":1,"kernel_size":'
                             + "[" * 900 + "]" * 900 + "}]"},
    "no input shape": {"input_shape": None},
    "huge input": {"input_shape": "[1, 1000000000, 1000000000]"},
    "huge input of vectors": {"input_shape": "[10000000000000]"},
    "negative input": {"input_shape": "[1, -14, -14]"},
    "float input": {"input_shape": "[1, 14.0, 14]"},
    "an input of other dimensions": {"input_shape": "[14, 14]"},
    "an input that is a number": {"input_shape": "14"},
    "an input that is text": {"input_shape": '"aaa"'},
    "an input that is a table": {"input_shape": "{}"},
    "another input": {"input_shape": "[1, 28, 28]"},
    "no normalisation": {"normalization": None},
    "a spread of 0": {"normalization": '{"mean": 0, "std": 0}'},
    "a mean that is no number": {"normalization": '{"mean": NaN, "std": 1}'},
    "a mean beyond any number": {"normalization": '{"mean": 1' + "0" * 400 + ', "std": 1}'},
    "a mean of more digits than Python reads": {"normalization": '{"mean": 1' + "0" * 5000 + ', "std": 1}'},
    "a mean that is text": {"normalization": '{"mean": "0", "std": 1}'},
    "a normalisation with more to it": {"normalization": '{"mean": 0, "std": 1, "max": 2}'},
    "a normalisation that is a list": {"normalization": "[0, 1]"},
    "a curve that nobody knows": {"normalization": '{"mean": 0, "std": 1, "curve": "__import__"}'},
    "a curve that is a number": {"normalization": '{"mean": 0, "std": 1, "curve": 7}'},
    "a curve that is a list": {"normalization": '{"mean": 0, "std": 1, "curve": ["logarithm"]}'},
    "broken training": {"training": "{"},
    "training that is a list": {"training": "[]"},
    "deeply nested training": {"training": '{"a":' * 100_000},
    "another checksum": {"sha256": "0" * 64},
    "no checksum": {"sha256": None},
    "no format": {"format": None},
    "no version": {"format_version": None},
}  # fmt: skip


FOREIGN = ["line 1", "recursion", "__init__", "object", "int too", "not supported", "Expecting"]


@pytest.mark.parametrize("metadata", METADATA.values(), ids=METADATA)
def test_metadata_that_cannot_be(tmp_path, metadata):
    path = write(tmp_path, tampered(BYTES, metadata=metadata))
    with refused(path) as raised:
        load_model(path)
    assert_in_our_words(raised.value)


def assert_in_our_words(why):
    """What is refused is not told as Python tells it, nor at any length."""
    assert not [word for word in FOREIGN if word in str(why)]
    assert len(str(why)) < 600


layer_values = plain | st.lists(st.integers(-1, 5), max_size=3) | st.integers(-2, 40) | st.just(math.inf)


@settings(max_examples=300)
@given(index=st.integers(0, 6), name=st.sampled_from(
    ["type", "in_channels", "out_channels", "kernel_size", "stride", "padding", "padding_mode", "num_features", "eps",
     "momentum", "p", "in_features", "out_features", "rng"]), value=layer_values)  # fmt: skip
def test_any_value_in_an_architecture_is_a_model_error_or_leaves_a_model(folder, index, name, value):
    _model_or_refused(write(folder, tampered(BYTES, architecture=entry(index, **{name: value}))))


# Writing.


def test_what_cannot_be_written_is_a_model_error_with_its_path(tmp_path):
    path = tmp_path / "none" / "m.safetensors"
    with refused(path, "No such file or directory"):
        save_model(path, small_model())
    with refused(tmp_path):
        save_model(tmp_path, small_model())


def test_the_same_model_is_the_same_file_every_time(tmp_path):
    files = set()
    for number in range(8):
        save_model(tmp_path / f"{number}.safetensors", small_model())
        files.add((tmp_path / f"{number}.safetensors").read_bytes())
    assert len(files) == 1
