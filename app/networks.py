"""The networks that can be chosen: presets, and those that came from files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np

from nn_core.errors import ModelError
from nn_core.model import Model
from nn_core.modelfile import load_model
from nn_core.network import Config, Sequential
from nn_core.normalization import Normalization
from nn_core.presets import PRESETS, make_model, make_network
from nn_core.randomness import Purpose, generator


class Networks:
    """Names of networks, and fresh ones by name."""

    def __init__(self) -> None:
        self._others: dict[str, tuple[Config, tuple[int, ...], Normalization]] = {}

    def choices(self) -> list[tuple[str, str]]:
        """Name and a line about each."""
        presets = [(name, f"{preset.about}: {preset.chain}") for name, preset in PRESETS.items()]
        return presets + [(name, "the architecture of a model file") for name in self._others]

    def fresh(self, name: str, seed: int) -> Model:
        """A network with the parameters that a run with `seed` starts from.

        Raises:
            SettingsError: there is none of that name.
        """
        if name not in self._others:
            return make_model(name, seed)
        config, shape, normalization = self._others[name]
        network = Sequential.from_config(config, shape, rng=generator(seed, Purpose.INITIAL))
        return Model(network, normalization, {"preset": name})

    def name_of(self, model: Model, suggestion: str) -> str:
        """The preset that a model has the architecture of; else it becomes a choice of its own, named as suggested."""
        config, shape = model.network.config(), model.network.input_shape
        said = _preset_of(model.card)
        for name in dict.fromkeys([said, *PRESETS] if said else PRESETS):
            if shape == (1, 28, 28) and config == _config(name):
                return name
        name = suggestion if suggestion not in PRESETS else f"{suggestion} (file)"
        self._others[name] = (config, shape, model.normalization)
        return name


def _preset_of(card: Mapping[str, object]) -> str | None:
    said = card.get("preset")
    return said if isinstance(said, str) and said in PRESETS else None


@cache
def _config(preset: str) -> Config:
    return make_network(preset, rng=np.random.default_rng(0)).config()


def open_model(path: Path) -> Model:
    """The model in a file, if it can read what is drawn here.

    Raises:
        ModelError: it cannot, or the file is damaged or none of ours.
    """
    model = load_model(path)
    takes, gives = model.network.input_shape, model.network.shapes[-1]
    if takes != (1, 28, 28) or gives != (10,):
        raise ModelError(
            f"{path.name} takes {takes} and gives {gives}; here a model must take (1, 28, 28) and give (10,)."
        )
    return model


def accuracy_of(model: Model) -> str:
    """How much of its test images a model reads right, as its file says, or nothing."""
    accuracy = model.card.get("accuracy")
    return f"{100 * accuracy:.2f} %" if isinstance(accuracy, float) and 0 <= accuracy <= 1 else ""
