"""Numbers of several digits: which strokes of a drawing belong to which digit."""

from nn_core.numbers.splitting import Part, Splitter

__all__ = ["Part", "Splitter"]
