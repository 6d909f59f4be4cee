"""The networks that can be chosen: presets, and those that came from files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from nn_core.chain import is_chain
from nn_core.errors import SettingsError
from nn_core.model import Model
from nn_core.network import Config, Sequential
from nn_core.normalization import find_normalization
from nn_core.presets import PRESETS, make_network, start_of
from nn_core.randomness import Purpose, generator
from nn_core.settings import TrainSettings
from nn_core.start import start_model


class Networks:
    """Names of networks (presets, chains as they were typed, architectures from files), and fresh ones by name."""

    def __init__(self) -> None:
        self._others: dict[str, tuple[Config, tuple[int, ...]]] = {}
        self._chains: list[str] = []

    def choices(self) -> list[tuple[str, str]]:
        """Name and a line about each."""
        presets = [(name, f"{preset.about}: {preset.chain}") for name, preset in PRESETS.items()]
        others = [(name, "the architecture of a model file") for name in self._others]
        return presets + others + [(chain, chain) for chain in self._chains]

    def fresh(self, settings: TrainSettings) -> Model:
        """A network with the parameters that a run with these settings starts from; a chain is a choice from then on.

        Raises:
            SettingsError: there is no network of that name, or no such initialiser or normalisation.
        """
        name = settings.preset
        if name in self._others:
            return self._fresh_other(settings)
        model = start_model(settings)
        if name not in PRESETS and name not in self._chains:
            self._chains.append(name)
        return model

    def _fresh_other(self, settings: TrainSettings) -> Model:
        config, shape = self._others[settings.preset]
        rng, start = generator(settings.seed, Purpose.INITIAL), start_of(settings.init, settings.bias)
        network = Sequential.from_config(config, shape, rng=rng, **start)
        return Model(network, find_normalization(settings.normalization), {"preset": settings.preset})

    def name_of(self, model: Model, suggestion: str) -> str:
        """The preset that a model has the architecture of; else it becomes a choice of its own, named as suggested."""
        config, shape = model.network.config(), model.network.input_shape
        said = _preset_of(model.card)
        for name in dict.fromkeys([said, *PRESETS] if said else PRESETS):
            if shape == (1, 28, 28) and config == _config(name):
                return name
        name = suggestion if suggestion not in PRESETS else f"{suggestion} (file)"
        if _is_chain_of(name, config):
            self._chains += [] if name in self._chains else [name]
        else:
            self._others[name] = (config, shape)
        return name


def _preset_of(card: Mapping[str, object]) -> str | None:
    said = card.get("preset")
    return said if isinstance(said, str) and said in PRESETS else None


def _is_chain_of(name: str, config: Config) -> bool:
    try:
        return is_chain(name) and _config(name) == config
    except SettingsError:
        return False


@cache
def _config(preset: str) -> Config:
    return make_network(preset, rng=np.random.default_rng(0)).config()


def accuracy_of(model: Model) -> str:
    """How much of its test images a model reads right, as its file says, or nothing."""
    accuracy = model.card.get("accuracy")
    return f"{100 * accuracy:.2f} %" if isinstance(accuracy, float) and 0 <= accuracy <= 1 else ""
