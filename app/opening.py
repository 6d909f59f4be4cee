"""Which network the window opens with."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from pathlib import Path

from app.networks import accuracy_of
from app.preferences import SHIPPED
from nn_core.chain import is_chain
from nn_core.doubt import Doubt
from nn_core.errors import ModelError, SettingsError
from nn_core.model import Model
from nn_core.modelfile import load_model, load_reading_model
from nn_core.numbers import Splitter
from nn_core.presets import DEFAULT_PRESET, PRESETS, make_model
from nn_core.settings import TrainSettings
from nn_core.start import start_model
from resources import DEFAULT_MODEL, DOUBT_MODEL

INVITATION = " Draw a digit."  # the end of some words, until something is drawn

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opening:
    """A network to begin with, what to call it, the file it came from, and what there is to say."""

    model: Model
    name: str
    origin: Path | None
    words: str
    trouble: str = ""


def opening(origin: str, settings: TrainSettings) -> Opening:
    """The network that was shown last: a file's, a fresh one of the preset chosen, or the shipped one."""
    if origin == SHIPPED:
        return shipped()
    if not origin:
        return _fresh(settings)
    try:
        path = Path(origin)
        model = load_reading_model(path)
    except ModelError as why:
        found = shipped()
        return Opening(found.model, found.name, found.origin, found.words, f"{why} The shipped model is shown instead.")
    return Opening(model, path.stem, path, opened_words(path, model))


def _fresh(settings: TrainSettings) -> Opening:
    """A fresh network by the settings; the shipped model where they name something that is no longer there.

    That is told, but of the network of a file, which is not known before the file is opened again.
    """
    if not (settings.preset in PRESETS or is_chain(settings.preset)):
        return shipped()
    try:
        model = start_model(settings)
    except SettingsError as why:
        found = shipped()
        return replace(found, trouble=f"{why}. The shipped model is shown instead.")
    words = "This network is not trained: press Start, or open the shipped model from the File menu."
    return Opening(model, settings.preset, None, words)


def shipped() -> Opening:
    """The shipped model, or its network untrained where that is missing."""
    try:
        model = load_reading_model(DEFAULT_MODEL)
    except ModelError as why:
        _log.error("the shipped model cannot be used: %s", why)
        words = "The shipped model cannot be used, so this network is not trained: press Start."
        return Opening(make_model(DEFAULT_PRESET, 0), DEFAULT_PRESET, None, words)
    accuracy = accuracy_of(model)
    read = f", which reads {accuracy} of MNIST's test images right" if accuracy else ""
    return Opening(model, DEFAULT_PRESET, DEFAULT_MODEL, f"This is the shipped model{read}.{INVITATION}")


def shipped_doubt() -> Doubt | None:
    """The shipped network that tells digits from other drawings; without it, nothing is doubted."""
    try:
        return Doubt(load_model(DOUBT_MODEL))
    except ModelError as why:
        _log.error("the network that doubts cannot be used: %s", why)
        return None


def shipped_splitter(doubt: Doubt | None, first: Opening) -> Splitter | None:
    """What splits numbers into digits, by the shipped networks whichever one is shown; without them, nothing does.

    The shipped model is not read again if the window opens with it.
    """
    if doubt is None:
        return None
    try:
        return Splitter(first.model if first.origin == DEFAULT_MODEL else load_reading_model(DEFAULT_MODEL), doubt)
    except ModelError as why:
        _log.error("numbers cannot be split into digits: %s", why)
        return None


def opened_words(path: Path, model: Model) -> str:
    """What to say of a model that was opened."""
    accuracy, taught = accuracy_of(model), ", taught your own digits," if "taught" in model.card else ""
    return f"{path.name}{taught} reads {accuracy} of its test images right." if accuracy else f"Opened {path.name}."
