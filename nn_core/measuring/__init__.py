"""Measuring on real handwriting: files of pen strokes, where they are placed on the canvas, and what comes of it."""
