"""What can go wrong at the border: files, arguments, settings, and a run that diverges."""

from __future__ import annotations


class DigitscopeError(Exception):
    """An error whose message is a sentence for the user: what happened, to which name and value, and what to do."""


class DataError(DigitscopeError):
    """A dataset, an image or a download is missing, damaged, or not of the kind that its name says."""


class ModelError(DigitscopeError):
    """A model file or a checkpoint is damaged, too large, or made for another architecture."""


class SettingsError(DigitscopeError):
    """An argument or a setting is out of its range or names something that does not exist."""


class TrainingError(DigitscopeError):
    """A run cannot go on, for example because its loss is no longer a finite number."""
