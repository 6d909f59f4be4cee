"""`export`: a model for other programs."""

from __future__ import annotations

import argparse

from cli.output import check_target, named_model, record, say
from nn_core.errors import DataError
from nn_core.files import write_atomically
from nn_core.onnx_export import onnx_bytes


def run(arguments: argparse.Namespace) -> int:
    """Write the ONNX file."""
    check_target(arguments.onnx)
    data = onnx_bytes(named_model(arguments.model))
    try:
        write_atomically(arguments.onnx, data)
    except OSError as why:
        raise DataError(f"{arguments.onnx} could not be written: {why.strerror or why}. Choose another place.") from why
    if arguments.json:
        record({"onnx": str(arguments.onnx), "bytes": len(data)})
    else:
        say(f"wrote {arguments.onnx}: {len(data):,} bytes")
    return 0
