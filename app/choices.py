"""What there is to choose from in the settings of a run."""

from __future__ import annotations

import logging

from app.views.train_panel import TrainPanel
from nn_core.errors import SettingsError
from nn_core.initializers import INITIALIZERS
from nn_core.losses import LOSSES
from nn_core.normalization import NORMALIZATIONS
from nn_core.optimizers import OPTIMIZERS
from nn_core.presets import OWN_INIT
from nn_core.recipes import RECIPES, load_reached
from nn_core.schedules import SCHEDULES
from resources import RECIPES_REACHED

_log = logging.getLogger(__name__)


def offer_choices(panel: TrainPanel) -> None:
    """Offer all that there is."""
    panel.setOptimizers(list(OPTIMIZERS))
    panel.setSchedules(list(SCHEDULES))
    teachers = sorted({"", *(recipe.settings.teachers for recipe in RECIPES.values())})
    panel.setFurther(list(LOSSES), [OWN_INIT, *INITIALIZERS], list(NORMALIZATIONS), teachers)
    panel.setRecipes(recipe_lines())


def recipe_lines() -> list[tuple[str, str]]:
    """The name of each recipe, and what it is and has reached."""
    try:
        reached = load_reached(RECIPES_REACHED)
    except SettingsError as why:
        _log.error("%s", why)
        reached = {}
    lines = []
    for name, recipe in RECIPES.items():
        found = reached.get(name)
        figure = f" · reads {100 * found.test_accuracy:.2f} % of the test images" if found else ""
        lines.append((name, f"{recipe.about}{figure}"))
    return lines
