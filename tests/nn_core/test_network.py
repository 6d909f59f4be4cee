"""A network as a whole: its keys, its memory, its two orders of an image, and what it refuses."""

from __future__ import annotations

import mmap
import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from nn_core.errors import ModelError, SettingsError
from nn_core.initializers import he_uniform
from nn_core.layers import BatchNorm2d, Conv2d, Flatten, Linear, ReLU, Scratch
from nn_core.network import Pass, Sequential
from nn_core.presets import PRESETS, make_network, network_of
from tests.reference.values import spread

CHAIN = (
    "conv 5×5×8 → batch-norm → relu → max-pool 2 → conv 3×3×16 stride 2 pad 1 → tanh → avg-pool 2"
    " → flatten → dropout 0.2 → linear 24 → sigmoid → linear 10"
)


def network(seed=0, chain=CHAIN):
    return network_of(chain, init=he_uniform, rng=np.random.default_rng(seed), input_shape=(1, 28, 28))


def images(count, seed=0):
    return spread((count, 1, 28, 28), seed)


def run(net, memory, x, seed=0):
    """Outputs and gradient of a training pass, copied."""
    y = net.forward(x, memory, training=True, rng=np.random.default_rng(seed)).copy()
    net.backward(spread(y.shape, 3), memory)
    return y, memory.gradient.copy()


def test_keys_are_torchs_in_torchs_order():
    rng = np.random.default_rng(0)
    net = Sequential(Conv2d(1, 2, 3, rng=rng), BatchNorm2d(2), ReLU(), Flatten(), Linear(8, 3, rng=rng),
                     input_shape=(1, 4, 4))  # fmt: skip
    assert {key: values.shape for key, values in net.state_dict().items()} == {
        "0.weight": (2, 1, 3, 3), "0.bias": (2,),
        "1.weight": (2,), "1.bias": (2,), "1.running_mean": (2,), "1.running_var": (2,),
        "4.weight": (3, 8), "4.bias": (3,),
    }  # fmt: skip
    assert list(net.state_dict()) == [
        "0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var", "4.weight", "4.bias",
    ]  # fmt: skip


SHARING = {
    **{name: preset.chain for name, preset in PRESETS.items()},
    "all sorts": CHAIN,
    "relus around a pooling": "conv 3×3×4 → relu → relu → max-pool 3 → relu → max-pool 2 → flatten → linear 10",
    "relu on the images": "relu → max-pool 2 → softplus → flatten → linear 10 → softmax",
    "poolings alone": "max-pool 2 → relu → avg-pool 2 → relu → max-pool 2 → tanh → flatten → linear 10",
    "norms": "conv 3×3×4 → group-norm 2 → relu → local 3×3×2 → sigmoid → flatten → linear 9 → batch-norm → relu",
}


@pytest.mark.parametrize("chain", SHARING.values(), ids=SHARING)
def test_layers_that_share_memory_do_bit_for_bit_what_each_does_in_memory_of_its_own(chain):
    net = network(chain=chain)
    x = np.rint(images(6) * 3) / 3  # of few values: many are equal, and many sums are 0
    scratch, apart = [Scratch() for _ in net.layers], Pass(net)
    rng, value = np.random.default_rng(0), np.ascontiguousarray(x.transpose(2, 1, 3, 0))
    for layer, own in zip(net.layers, scratch, strict=True):
        value = layer.forward(value, own, training=True, rng=rng)
    dy = spread(value.T.shape, 3).T
    for i in range(len(net.layers) - 1, -1, -1):
        dy = net.layers[i].backward(dy, scratch[i], apart.gradients[i], need_dx=True)

    memory = Pass(net)
    for _ in range(2):  # and the second time as the first
        y, gradient = run(net, memory, x)
        assert np.array_equal(y, value.T)
        assert np.array_equal(gradient, apart.gradient)
    dx = net.backward(spread(y.shape, 3), memory, need_dx=True)
    assert np.array_equal(dx, dy.transpose(3, 1, 0, 2))


@pytest.mark.peers
@pytest.mark.parametrize("chain", [*(preset.chain for preset in PRESETS.values()), CHAIN], ids=[*PRESETS, "all sorts"])
def test_keys_shapes_and_answers_are_torchs(chain):
    import torch

    from tests.reference.torch_peer import loaded_twin

    net, x = network(chain=chain), images(3)
    twin = loaded_twin(net).eval()
    theirs = {key: tuple(value.shape) for key, value in twin.state_dict().items() if "num_batches" not in key}
    assert [(key, values.shape) for key, values in net.state_dict().items()] == list(theirs.items())

    memory = Pass(net)
    y = net.forward(x, memory).copy()
    dy = spread(y.shape, 3)
    dx = net.backward(dy.copy(), memory, need_dx=True)
    tensor = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    out = twin(tensor)
    out.backward(torch.tensor(dy, dtype=torch.float64))
    pairs = {"y": (y, out.detach()), "dx": (dx, tensor.grad)}
    for i, views in enumerate(memory.gradients):
        pairs |= {f"{i}.{name}": (values, twin[i].get_parameter(name).grad) for name, values in views.items()}
    for name, (ours, reference) in pairs.items():
        reference = reference.numpy()
        assert np.abs(ours - reference).max() <= 2e-5 * np.abs(reference).max(), name


@pytest.mark.parametrize("first, second", [(5, 3), (1, 64), (3, 1)])
def test_a_pass_used_again_for_another_number_of_images_answers_as_a_new_one(first, second):
    net = network()
    memory = Pass(net)
    for count in (first, second, first):
        used, fresh = run(net, memory, images(count, count)), run(net, Pass(net), images(count, count))
        assert np.array_equal(used[0], fresh[0])
        assert np.array_equal(used[1], fresh[1])


@pytest.mark.parametrize("count", [6, 4])
@pytest.mark.parametrize("chain", SHARING.values(), ids=SHARING)
def test_passes_one_after_the_other_share_arrays_and_each_remembers_what_it_measured(chain, count):
    net, other = network(chain=chain), network(chain=chain)
    first, apart = Pass(net), (Pass(other), Pass(other))
    passes = first, Pass(net, after=first)
    for memory, own, x in zip(passes, apart, (images(6, 1), images(count, 2)), strict=True):
        used, fresh = run(net, memory, x), run(other, own, x)
        assert np.array_equal(used[0], fresh[0])
        assert np.array_equal(used[1], fresh[1])
    assert not np.shares_memory(passes[0].gradient, passes[1].gradient)
    assert np.shares_memory(net.forward(images(6), passes[0]), net.forward(images(6), passes[1]))
    for memory, own, x in zip(passes, apart, (images(6, 3), images(count, 4)), strict=True):
        run(net, memory, x)
        run(other, own, x)
    for memory, own in zip(passes, apart, strict=True):
        net.settle(memory)
        other.settle(own)
    assert np.array_equal(net.vector, other.vector)


def test_an_image_alone_answers_as_among_others():
    net, x = network(), images(6)
    together = net(x)
    for i in range(6):
        assert np.allclose(net(x[i : i + 1])[0], together[i], rtol=1e-5, atol=1e-6)


def test_neither_pass_writes_into_what_it_was_given():
    net, x = network(), images(4)
    memory, given, vector = Pass(net), x.copy(), net.vector.copy()
    y = net.forward(x, memory, training=True, rng=np.random.default_rng(0))
    net.backward(np.ones(y.shape, np.float32), memory, need_dx=True)
    assert np.array_equal(x, given)
    assert np.array_equal(net.vector, vector)


def test_the_order_in_memory_of_the_images_changes_nothing():
    net, x = network(), images(4)
    images_last = np.ascontiguousarray(x.transpose(1, 2, 3, 0)).transpose(3, 0, 1, 2)
    backwards = x[::-1].copy()[::-1]
    assert np.array_equal(net(x), net(images_last))
    assert np.array_equal(net(x), net(backwards))
    assert np.array_equal(net(x), net(x.astype(np.float64)))


def replicating():
    conv = Conv2d(1, 8, 3, padding=1, padding_mode="replicate", rng=np.random.default_rng(0))
    second = Conv2d(8, 4, 3, padding=1, padding_mode="replicate", rng=np.random.default_rng(0))
    return Sequential(conv, ReLU(), second, Flatten(), Linear(28 * 28 * 4, 10, rng=np.random.default_rng(0)))


@pytest.mark.parametrize(
    "make, count", [(network, 64), (lambda: network(chain=PRESETS["mlp-300"].chain), 256), (replicating, 64)]
)
def test_a_pass_allocates_nothing_after_its_first_run(make, count, monkeypatch):
    monkeypatch.delattr(mmap, "MADV_HUGEPAGE", raising=False)  # of memory in large pages tracemalloc knows nothing
    net, x = make(), images(count)
    memory, rng, dy = Pass(net), np.random.default_rng(0), np.ones((count, 10), np.float32)

    def once():
        net.forward(x, memory, training=True, rng=rng)
        net.backward(dy, memory)

    first, second = peak(once), peak(once)
    assert first > 1_500_000
    # NumPy's own buffers of 8192 values, a row at the edge of an image; the arrays of maps are larger.
    assert second < 150_000


def peak(call):
    """The most bytes that a call held at once beyond those held before it."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_threads_run_one_network_at_the_same_time():
    net, threads, rounds = network(), 3, 5
    wanted = [run(net, Pass(net), images(16, i), seed=i) for i in range(threads)]
    start = threading.Barrier(threads)

    def work(i):
        memory = Pass(net)
        start.wait(10)
        return [run(net, memory, images(16, i), seed=i) for _ in range(rounds)]

    with ThreadPoolExecutor(threads) as pool:
        for (y, gradient), found in zip(wanted, pool.map(work, range(threads)), strict=True):
            assert all(np.array_equal(y, again) and np.array_equal(gradient, its) for again, its in found)


def test_activations_are_what_each_layer_answers():
    net, x = network(), images(2)
    found = net.activations(x, Pass(net))
    assert [values.shape for values in found] == [(2, *shape) for shape in net.shapes]
    assert np.array_equal(found[-1], net(x))
    for i in range(1, len(net.layers)):  # the front part of the network answers the same
        front = Sequential(*net.layers[:i], input_shape=net.input_shape)
        assert np.array_equal(front(x), found[i - 1])


def test_activations_stay_as_they_were_when_the_pass_is_used_again():
    net = network()
    memory = Pass(net)
    found = net.activations(images(2, 1), memory)
    copies = [values.copy() for values in found]
    net.activations(images(2, 2), memory)
    assert all(np.array_equal(a, b) for a, b in zip(found, copies, strict=True))


def test_layers_read_the_vector_and_a_clone_has_its_own():
    net, x = network(), images(2)
    before, twin = net(x), net.clone()
    net.vector *= 0.5
    assert not np.allclose(net(x), before)
    assert np.array_equal(twin(x), before)
    net.bind(twin.vector)
    assert np.array_equal(net(x), before)
    assert net.over(net.vector).vector is net.vector
    with pytest.raises(ModelError, match=f"{net.vector.size} values, not \\(3,\\)"):
        net.bind(np.zeros(3, np.float32))


def test_in_float64_it_answers_the_same_more_exactly():
    net, x = network(), images(2)
    exact = net.clone(np.float64)(x)
    assert exact.dtype == np.float64
    assert np.abs(net(x) - exact).max() < 1e-5


def test_state_goes_from_one_network_to_another():
    one, other, x = network(1), network(2), images(2)
    other.load_state_dict({key: values.copy() for key, values in one.state_dict().items()})
    assert np.array_equal(one(x), other(x))


def test_every_mismatch_of_a_state_is_named_and_nothing_is_changed():
    net = network()
    state, before = dict(net.state_dict()), net.vector.copy()
    state["0.weight"] = np.zeros((8, 1, 3, 3), np.float32)
    del state["1.running_var"]
    state["9.gain"] = np.zeros(1, np.float32)
    state["11.bias"] = np.ones(10, np.float32)
    state["1.num_batches_tracked"] = np.array(5)  # torch has it
    with pytest.raises(ModelError) as told:
        net.load_state_dict(state)
    assert "0.weight has the shape (8, 1, 3, 3), not (8, 1, 5, 5)" in str(told.value)
    assert "1.running_var is missing" in str(told.value)
    assert "9.gain is unknown" in str(told.value)
    assert "num_batches" not in str(told.value)
    assert np.array_equal(net.vector, before)


def test_images_of_another_size_are_refused():
    with pytest.raises(SettingsError, match=r"\(N, 1, 28, 28\), not \(2, 1, 27, 28\)"):
        network()(np.zeros((2, 1, 27, 28), np.float32))
    with pytest.raises(SettingsError, match=r"not \(28, 28\)"):
        network()(np.zeros((28, 28), np.float32))


def test_layers_that_do_not_fit_are_named():
    rng = np.random.default_rng(0)
    with pytest.raises(SettingsError, match=r"layer 2: .*not \(1458,\)"):
        Sequential(Conv2d(1, 2, 2, rng=rng), Flatten(), Linear(5, 10, rng=rng))


@pytest.mark.parametrize(
    "entry, told",
    [
        ({"type": "Conv3d"}, "no layer type 'Conv3d'"),
        ({}, "no layer type None"),
        ({"type": "Linear", "in_features": 784}, "out_features"),
        ({"type": "ReLU", "inplace": True}, "inplace"),
        ({"type": "Linear", "in_features": "784", "out_features": 10}, "Linear does not take"),
    ],
)
def test_a_config_that_is_none_is_named(entry, told):
    with pytest.raises(ModelError, match=told):
        Sequential.from_config([entry], (1, 28, 28))


@pytest.mark.parametrize("name", PRESETS)
def test_a_network_is_made_again_from_its_config(name):
    net = make_network(name, rng=np.random.default_rng(0))
    again = Sequential.from_config(net.config(), net.input_shape)
    again.load_state_dict(net.state_dict())
    assert again.describe() == net.describe()
    assert np.array_equal(again(images(1)), net(images(1)))
