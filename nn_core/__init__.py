"""The network, its data and its training: NumPy, no Qt."""

__version__ = "0.1.0"
