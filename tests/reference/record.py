"""Record what PyTorch answers to every case: `python -m tests.reference.record` writes the files beside this one.

`make test` compares with these files, so that it needs no torch, whose wheel is gigabytes on most machines;
`make test-peers` asks torch itself. Run it again after a change of `cases.py`, with the torch that pyproject.toml pins.
"""

from __future__ import annotations

import numpy as np
import torch
from safetensors.numpy import save_file

from tests.reference import torch_peer
from tests.reference.cases import LAYER_CASES, LOSS_CASES, OPTIMIZER_CASES
from tests.reference.recorded import FOLDER


def main() -> None:
    """Write the reference files."""
    made_by = {"made_by": f"torch {torch.__version__}, float64"}
    # float32 is exact enough to compare float32 with, and half as large.
    layers = {
        f"{case.name}/{name}": np.ascontiguousarray(values, np.float32)
        for case in LAYER_CASES
        for name, values in torch_peer.run_layers(case).items()
    }
    losses = {
        f"{case.name}/{name}": np.ascontiguousarray(values)
        for case in LOSS_CASES
        for name, values in torch_peer.run_loss(case).items()
    }
    optimizers = {case.title: torch_peer.run_optimizer(case) for case in OPTIMIZER_CASES}
    for name, found in (("layers", layers), ("losses", losses), ("optimizers", optimizers)):
        path = FOLDER / f"{name}.safetensors"
        save_file(found, path, made_by)
        print(f"{path}: {len(found)} arrays, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
