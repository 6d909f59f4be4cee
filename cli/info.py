"""`info`: the layer table of a preset or a model file."""

from __future__ import annotations

import argparse
from pathlib import Path

from cli.output import named_model, record
from nn_core.chain import is_chain
from nn_core.errors import SettingsError
from nn_core.presets import PRESETS, make_model


def run(arguments: argparse.Namespace) -> int:
    """Type, output shape and parameters of every layer."""
    what = arguments.what
    if what in PRESETS or is_chain(what):
        model = make_model(what, 0)
    elif what == "default" or Path(what).exists():
        model = named_model(what)
    else:
        raise SettingsError(f"{what!r} is neither a preset ({', '.join(PRESETS)}) nor a model file")
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
        print(f"{name}: {value}")
    return 0
