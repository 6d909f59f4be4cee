"""A network of one's own, typed as a chain."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.run_actions import RunActions
from app.views.chain_dialog import ChainDialog
from app.views.transport import TransportBar
from app.views.wording import thousands
from nn_core.chain import is_chain
from nn_core.errors import SettingsError
from nn_core.layers import Softmax
from nn_core.presets import PRESETS, make_network

_TWICE = " Cross-entropy has a softmax of its own: leave this one out, or choose another loss under More."
_EXAMPLE = "conv 5×5×8 → relu → max-pool 2 → flatten → linear 10"


def ask_for_chain(parent: QWidget, transport: TransportBar, runs: RunActions) -> ChainDialog:
    """Open the dialog; when a chain is chosen there, it is the network from then on."""
    dialog = ChainDialog(chain_of(runs.shown), explain, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.chosen.connect(runs.choose_network)
    dialog.rejected.connect(lambda: transport.setPreset(runs.shown))
    dialog.open()
    return dialog


def chain_of(name: str) -> str:
    """The chain to begin with: that of the network shown, if it has one."""
    if name in PRESETS:
        return PRESETS[name].chain
    return name if is_chain(name) else _EXAMPLE


def explain(chain: str) -> tuple[bool, str]:
    """Whether a chain is a network for digits, and how large it is or what is wrong with it."""
    if not is_chain(chain):
        return False, f"A chain has an arrow between its layers, as in {_EXAMPLE}."
    try:
        network = make_network(chain, rng=np.random.default_rng(0), init="zeros")  # nothing is drawn: quick
    except SettingsError as why:
        return False, f"{str(why)[:1].upper()}{str(why)[1:]}."
    if network.shapes[-1] != (10,):
        return False, f"It gives {network.shapes[-1]}, not the ten digits: end it with linear 10."
    size = f"{len(network.layers)} layers, {thousands(network.layout.learnt)} parameters."
    return True, f"{size}{_TWICE if isinstance(network.layers[-1], Softmax) else ''}"
