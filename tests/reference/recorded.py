"""What `record.py` wrote."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from safetensors.numpy import load_file

FOLDER = Path(__file__).parent


@cache
def recorded(file: str) -> dict[str, NDArray[Any]]:
    """Every array of `layers`, `losses` or `optimizers`."""
    return load_file(FOLDER / f"{file}.safetensors")


def recorded_case(file: str, case: str) -> dict[str, NDArray[Any]]:
    """The arrays of one case, by name."""
    prefix = f"{case}/"
    return {key.removeprefix(prefix): values for key, values in recorded(file).items() if key.startswith(prefix)}
