"""The same cases through PyTorch in float64: the judge, recorded by `record.py` and asked live by the `peers` tests."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from nn_core.network import Sequential
from tests.reference.cases import (
    OPTIMIZER_START,
    OPTIMIZER_STEPS,
    LayerCase,
    LossCase,
    OptimizerCase,
    optimizer_gradient,
)
from tests.reference.torch_twins import TWINS

Arrays = dict[str, NDArray[Any]]


def twin(network: Sequential) -> torch.nn.Sequential:
    """The same architecture in torch, made from our names and arguments: they are torch's."""
    modules = []
    for entry in network.config():
        arguments = {name: value for name, value in entry.items() if name != "type"}
        if entry["type"] == "Softmax":
            arguments["dim"] = 1
        kind = TWINS.get(entry["type"]) or getattr(torch.nn, entry["type"])
        modules.append(kind(**arguments))
    return torch.nn.Sequential(*modules)


def tensors(state: Arrays) -> dict[str, torch.Tensor]:
    """A state dict of ours as one of torch's."""
    return {key: torch.tensor(values) for key, values in state.items()}


def loaded_twin(network: Sequential) -> torch.nn.Sequential:
    """The twin with our parameters, in float64."""
    found = twin(network).double()
    missing, unexpected = found.load_state_dict(tensors(network.state_dict()), strict=False)
    assert not unexpected
    assert all(key.endswith(".num_batches_tracked") for key in missing)  # which counts what nothing here reads
    return found


def run_layers(case: LayerCase) -> Arrays:
    """Outputs, the gradients of input and parameters, and the running averages after the pass."""
    module = loaded_twin(case.network()).train(case.training)
    x = torch.tensor(case.input(), dtype=torch.float64, requires_grad=True)
    y = module(x)
    y.backward(torch.tensor(case.output_gradient(tuple(y.shape)), dtype=torch.float64))
    assert x.grad is not None
    found = {"y": y.detach().numpy(), "dx": x.grad.numpy()}
    found |= {f"d {key}": value.grad.numpy() for key, value in module.named_parameters() if value.grad is not None}
    if case.training:
        found |= {key: value.numpy() for key, value in module.named_buffers() if "running" in key}
    return found


def run_loss(case: LossCase) -> Arrays:
    """The loss and its gradient."""
    loss = getattr(torch.nn, case.torch_name)(**case.torch_arguments)
    outputs = torch.tensor(case.outputs, dtype=torch.float64, requires_grad=True)
    targets = torch.tensor(case.targets)
    if targets.dtype != torch.int64:
        targets = targets.double()
    elif case.torch_name in ("MSELoss", "BCEWithLogitsLoss"):
        targets = torch.nn.functional.one_hot(targets, outputs.shape[1]).double()
    value = loss(outputs, targets)
    value.backward()
    assert outputs.grad is not None
    return {"loss": value.detach().numpy().reshape(1), "gradient": outputs.grad.numpy()}


def run_optimizer(case: OptimizerCase) -> NDArray[np.float64]:
    """The parameters after each of the steps, `(OPTIMIZER_STEPS, size)`."""
    p = torch.tensor(OPTIMIZER_START, requires_grad=True)
    kind = getattr(torch.optim, case.torch_name)
    decay = {} if case.name == "rprop" else {"weight_decay": case.weight_decay}
    optimizer = kind([p], lr=case.lr, **decay, **case.torch_arguments)
    path = np.empty((OPTIMIZER_STEPS, p.numel()))
    for step in range(OPTIMIZER_STEPS):
        p.grad = torch.tensor(optimizer_gradient(p.detach().numpy(), step))
        optimizer.step()
        path[step] = p.detach().numpy()
    return path
