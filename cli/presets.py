"""`presets`: the networks that have a name."""

from __future__ import annotations

import argparse

from cli.output import record
from nn_core.presets import PRESETS, make_model


def run(arguments: argparse.Namespace) -> int:
    """A line a preset."""
    for name, preset in PRESETS.items():
        parameters = make_model(name, 0).network.layout.learnt
        if arguments.json:
            record({"preset": name, "parameters": parameters, "chain": preset.chain, "about": preset.about})
        else:
            print(f"{name:14} {parameters:>10,} parameters   {preset.about}\n{'':14} {preset.chain}")
    return 0
