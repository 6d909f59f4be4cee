"""The embedded dataset: digits that the program draws itself, with a pen and from skeletons of its own."""

from nn_core.pen.generator import BLOCK, pen_blocks, pen_digits, pen_drawing
from nn_core.pen.skeletons import WAYS, Way

__all__ = ["BLOCK", "WAYS", "Way", "pen_blocks", "pen_digits", "pen_drawing"]
