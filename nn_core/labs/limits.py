"""How much memory an experiment with several networks at once may take."""

from __future__ import annotations

from nn_core.errors import SettingsError
from nn_core.presets import make_model

#: Parameters of all networks together; each is kept some six times: gradients, and what optimisers remember.
MOST_TOGETHER = 1 << 24


def check_together(preset: str, networks: int) -> None:
    """Make sure that so many networks fit into memory beside each other.

    Raises:
        SettingsError: there is no such preset, or they have too many parameters.
    """
    size = make_model(preset, 0).network.layout.size
    if size * networks > MOST_TOGETHER:
        raise SettingsError(
            f"{networks} networks of {size:,} parameters are too many at once (at most {MOST_TOGETHER:,}):"
            " tick fewer, or take a smaller network"
        )
