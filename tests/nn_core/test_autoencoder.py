"""The denoising autoencoder: its gradient against differences, and against torch."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.autoencoder import DenoisingAutoencoder, damage
from nn_core.layers import Linear, Sigmoid, Tanh

CASES = [(bounded, tied, kind) for bounded in (True, False) for tied in (True, False) for kind in (Sigmoid, Tanh)]


def coder(bounded, tied, kind):
    rng = np.random.default_rng(1)
    linear = Linear(7, 4, rng=rng)
    linear.parameters = {name: values.astype(np.float64) for name, values in linear.parameters.items()}
    found = DenoisingAutoencoder(linear, [kind()], bounded=bounded, tied=tied, rng=rng)
    found.vector += rng.normal(0, 0.1, found.vector.shape)
    return found


def batch():
    rng = np.random.default_rng(2)
    clean = rng.random((7, 5))
    return clean, damage(clean, 0.3, rng=rng)


@pytest.mark.parametrize("bounded, tied, kind", CASES)
def test_the_gradient_is_that_of_central_differences(bounded, tied, kind):
    one, (clean, damaged) = coder(bounded, tied, kind), batch()
    _, gradient = one.gradient(clean, damaged)
    assert gradient.dtype == np.float64
    for i in range(len(one.vector)):
        kept, losses = one.vector[i], []
        for moved in (kept + 1e-5, kept - 1e-5):
            one.vector[i] = moved
            losses.append(one.gradient(clean, damaged)[0])
        one.vector[i] = kept
        assert gradient[i] == pytest.approx((losses[0] - losses[1]) / 2e-5, rel=1e-6, abs=1e-10)


@pytest.mark.peers
@pytest.mark.parametrize("bounded, tied, kind", CASES)
def test_it_agrees_with_torch(bounded, tied, kind):
    torch = pytest.importorskip("torch")
    one, (clean, damaged) = coder(bounded, tied, kind), batch()
    loss, gradient = one.gradient(clean, damaged)
    vector = torch.tensor(one.vector, requires_grad=True)
    weight, bias, visible = vector[:28].reshape(4, 7), vector[28:32], vector[32:39]
    decoder = weight.T if tied else vector[39:].reshape(7, 4)
    squash = torch.sigmoid if kind is Sigmoid else torch.tanh
    answer = squash(torch.tensor(damaged.T) @ weight.T + bias) @ decoder.T + visible
    functional = torch.nn.functional
    judge = functional.binary_cross_entropy_with_logits if bounded else functional.mse_loss
    found = judge(answer, torch.tensor(clean.T))
    found.backward()
    assert loss == pytest.approx(found.item(), rel=1e-12)
    assert np.allclose(gradient, vector.grad.numpy(), rtol=1e-10, atol=1e-14)


def test_damage_sets_its_share_to_0_and_leaves_the_rest():
    clean = np.random.default_rng(0).random((100, 200)) + 0.5
    damaged = damage(clean, 0.3, rng=np.random.default_rng(1))
    assert (damaged == 0).mean() == pytest.approx(0.3, abs=0.01)
    assert np.array_equal(damaged[damaged != 0], clean[damaged != 0])
    assert (clean > 0).all()
    assert np.array_equal(damage(clean, 0, rng=np.random.default_rng(1)), clean)


def test_bounded_answers_are_shares():
    one, (clean, _) = coder(True, True, Sigmoid), batch()
    found = one.decode(one.encode(clean))
    assert found.shape == clean.shape
    assert 0 < found.min() < found.max() < 1
