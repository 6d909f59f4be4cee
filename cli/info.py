"""`info`: the layer table of a preset or a model file."""

from __future__ import annotations

import argparse
from contextlib import suppress
from typing import Any

from cli.output import model_of, record
from cli.terminal import visible
from cli.train_options import command_of
from nn_core.errors import SettingsError
from nn_core.settings import TrainSettings


def run(arguments: argparse.Namespace) -> int:
    """Type, output shape and parameters of every layer."""
    model = model_of(arguments.what, 0)
    rows = model.network.describe()
    if arguments.json:
        layers = [
            {
                "index": row.index,
                "type": row.kind,
                "output_shape": row.output_shape,
                "parameters": row.parameters,
                "arithmetic": row.arithmetic,
            }
            for row in rows
        ]
        record({"layers": layers, "parameters": model.network.layout.learnt, "card": dict(model.card)})
        return 0
    print(f"{'':3} {'layer':22} {'output':>14}   parameters")
    for row in rows:
        shape = " × ".join(map(str, row.output_shape))
        print(f"{row.index:3} {row.title:22} {shape:>14}   {row.arithmetic or '–'}")
    print(f"{'':3} {'sum':22} {'':>14}   {model.network.layout.learnt:,}")
    for name, value in model.card.items():
        print(visible(f"{name}: {_words(name, value)}"))
    return 0


def _words(name: str, value: Any) -> str:
    """What a card says under a name, as people write it; whatever it is: the file may be a stranger's."""
    if name == "settings" and isinstance(value, dict):
        with suppress(SettingsError):
            return command_of(TrainSettings.from_plain(value))
    if name == "accuracy" and isinstance(value, float):
        return f"{value:.2%}"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
