"""`predict`: read digits in pictures."""

from __future__ import annotations

import argparse

from cli.output import named_model, record
from cli.terminal import visible
from nn_core.errors import DataError
from nn_core.ink import digit_image


def run(arguments: argparse.Namespace) -> int:
    """A line an image: the same preparation that the canvas uses, then the network."""
    from app.pictures import read_picture  # Qt's readers know every common format; no window is opened

    reader = named_model(arguments.model).reader()
    for path in arguments.images:
        image = digit_image((read_picture(path),))
        if image is None:
            raise DataError(f"{path} shows no ink: there is nothing to read")
        probabilities = reader.probabilities(image)
        digit = int(probabilities.argmax())
        if arguments.json:
            record({"image": str(path), "digit": digit, "probabilities": probabilities.tolist()})
        else:
            print(visible(f"{path}: {digit} ({probabilities[digit]:.1%})"))
    return 0
