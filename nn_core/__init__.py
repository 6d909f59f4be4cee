"""The network, its data and its training: NumPy, no Qt."""
