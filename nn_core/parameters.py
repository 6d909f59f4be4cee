"""Where each parameter of a network lies in the one vector that holds them all."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from nn_core.errors import ModelError
from nn_core.layers import Array, Layer, Shape


@dataclass(frozen=True, slots=True)
class Place:
    """One parameter: which layer's, its name there, its shape, and where it starts."""

    layer: int
    name: str
    shape: Shape
    start: int

    @property
    def key(self) -> str:
        """torch's name for it."""
        return f"{self.layer}.{self.name}"

    @property
    def stop(self) -> int:
        return self.start + math.prod(self.shape)


@dataclass(frozen=True, slots=True)
class ParameterLayout:
    """The order of a network's vector: what is learnt first, `learnt` values, then the running averages."""

    places: tuple[Place, ...]
    layers: int
    learnt: int
    size: int

    @classmethod
    def of(cls, layers: Sequence[Layer]) -> ParameterLayout:
        """The layout for these layers."""
        places: list[Place] = []
        position = learnt = 0
        for attribute in ("parameter_names", "buffer_names"):
            for i, layer in enumerate(layers):
                for name in getattr(layer, attribute):
                    places.append(Place(i, name, layer.parameters[name].shape, position))
                    position = places[-1].stop
            learnt = learnt or position
        return cls(tuple(places), len(layers), learnt, position)

    def runs(self, without: Collection[int] = ()) -> list[tuple[int, int]]:
        """Start and stop of what is learnt, but for these layers, in as few pieces as there are."""
        runs: list[tuple[int, int]] = []
        for place in self.places:
            if place.stop <= self.learnt and place.layer not in without:
                joined = runs and runs[-1][1] == place.start
                runs[-1:] = [(runs[-1][0], place.stop)] if joined else [*runs[-1:], (place.start, place.stop)]
        return runs

    def gather(self, layers: Sequence[Layer]) -> Array:
        """A new vector with what the layers hold now."""
        if not self.places:
            return np.zeros(0, np.float32)
        return np.concatenate([layers[place.layer].parameters[place.name].ravel() for place in self.places])

    def views(self, vector: Array) -> list[dict[str, Array]]:
        """For each layer its parameters as views of `vector` (which may end after what is learnt)."""
        views: list[dict[str, Array]] = [{} for _ in range(self.layers)]
        for place in self.places:
            if place.stop <= len(vector):
                views[place.layer][place.name] = vector[place.start : place.stop].reshape(place.shape)
        return views

    def named(self, vector: Array) -> dict[str, Array]:
        """torch's key → view of `vector`, in torch's order."""
        ordered = sorted(self.places, key=lambda place: place.layer)
        return {place.key: vector[place.start : place.stop].reshape(place.shape) for place in ordered}

    def vector_of(self, state: Mapping[str, Array], dtype: DTypeLike) -> Array:
        """A new vector from values under torch's keys.

        Raises:
            ModelError: keys are missing or unknown, or a shape or type differs: every one is named.
        """
        expected = {place.key: place.shape for place in self.places}
        wrong = [f"{key} is missing" for key in expected if key not in state]
        wrong += [f"{key} is unknown" for key in state if key not in expected and not _counts_batches(key)]
        wrong += [
            f"{key} has the shape {state[key].shape}, not {shape}"
            for key, shape in expected.items()
            if key in state and state[key].shape != shape
        ]
        wrong += [
            f"{key} holds {state[key].dtype} where floating-point numbers are expected"
            for key in expected
            if key in state and state[key].dtype.kind != "f"
        ]
        if wrong:
            raise ModelError(f"the parameters are for another architecture: {'; '.join(wrong[:6])}")
        vector = np.empty(self.size, dtype)
        for place in self.places:
            vector[place.start : place.stop] = np.asarray(state[place.key]).ravel()
        return vector


def _counts_batches(key: str) -> bool:
    """torch's batch normalisation also counts its batches, which nothing here reads."""
    return key.endswith(".num_batches_tracked")
