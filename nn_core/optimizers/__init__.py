"""Optimisers: how a gradient becomes a step. Each works value by value, so any part of the parameters may go first."""

from nn_core.errors import SettingsError
from nn_core.optimizers.adam import Adam, AdamW
from nn_core.optimizers.adaptive import Adadelta, Adagrad, RMSprop
from nn_core.optimizers.averaging import FTRL, AdagradDA
from nn_core.optimizers.base import Optimizer
from nn_core.optimizers.descent import SGD, Momentum, Nesterov
from nn_core.optimizers.proximal import ProximalAdagrad, ProximalGradientDescent
from nn_core.optimizers.rprop import Rprop

__all__ = [
    "FTRL",
    "OPTIMIZERS",
    "SGD",
    "Adadelta",
    "Adagrad",
    "AdagradDA",
    "Adam",
    "AdamW",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "ProximalAdagrad",
    "ProximalGradientDescent",
    "RMSprop",
    "Rprop",
    "make_optimizer",
]

OPTIMIZERS: dict[str, type[Optimizer]] = {
    optimizer.name: optimizer
    for optimizer in (
        SGD, Momentum, Adam, AdamW, Nesterov, Adagrad, AdagradDA, Adadelta, RMSprop, Rprop, FTRL,
        ProximalGradientDescent, ProximalAdagrad,
    )
}  # fmt: skip


def make_optimizer(name: str, lr: float, weight_decay: float = 0.0, l1: float = 0.0) -> Optimizer:
    """The optimiser of that name.

    Raises:
        SettingsError: there is none.
    """
    if name not in OPTIMIZERS:
        raise SettingsError(f"optimizer (={name!r}) must be one of {', '.join(OPTIMIZERS)}")
    return OPTIMIZERS[name](lr, weight_decay=weight_decay, l1=l1)
