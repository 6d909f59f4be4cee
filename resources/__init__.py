"""What ships with the program and is not code: icons, the stylesheet, trained models, figures that were measured."""

from pathlib import Path

#: The folder of the resources, in a checkout and in an installed wheel alike.
FOLDER = Path(__file__).resolve().parent

#: The model that the program starts with.
DEFAULT_MODEL = FOLDER / "default.safetensors"

#: What each recipe reached, written by `python -m benchmarks.recipes`.
RECIPES_REACHED = FOLDER / "recipes.json"

#: The network that tells digits from other drawings.
DOUBT_MODEL = FOLDER / "doubt.safetensors"

#: Drawings that are no digits, to measure with.
NOT_DIGITS = FOLDER / "not-digits.json"
