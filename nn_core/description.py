"""What can be said of a network in words: a line a layer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LayerInfo:
    """One row of the layer table."""

    index: int
    name: str  # the key that its parameters start with, "3" for "3.weight"
    kind: str  # the class, "Conv2d"
    title: str  # "conv 5×5×16"
    output_shape: tuple[int, ...]  # (C, H, W) or (features,)
    parameters: int
    arithmetic: str  # "(5·5·6+1)·16 = 2416", empty for a layer without parameters
