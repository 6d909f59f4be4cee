"""What a run starts from."""

from __future__ import annotations

from nn_core.model import Model
from nn_core.presets import make_model
from nn_core.settings import TrainSettings


def start_model(settings: TrainSettings) -> Model:
    """The network of these settings, freshly drawn from their seed.

    Raises:
        SettingsError: there is no such network, initialiser or normalisation.
    """
    s = settings
    return make_model(s.preset, s.seed, init=s.init, bias=s.bias, normalization=s.normalization)
