"""`export`: a model for other programs."""

from __future__ import annotations

import argparse

from cli.output import check_target, named_model, record, say
from nn_core.files import save_bytes
from nn_core.onnx_export import onnx_bytes


def run(arguments: argparse.Namespace) -> int:
    """Write the ONNX file."""
    check_target(arguments.onnx)
    data = onnx_bytes(named_model(arguments.model))
    save_bytes(arguments.onnx, data)
    if arguments.json:
        record({"onnx": str(arguments.onnx), "bytes": len(data)})
    else:
        say(f"wrote {arguments.onnx}: {len(data):,} bytes")
    return 0
