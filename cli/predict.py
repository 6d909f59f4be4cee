"""`predict`: read digits in pictures."""

from __future__ import annotations

import argparse
from pathlib import Path

from cli.output import named_model, record
from cli.terminal import complain, visible
from nn_core.errors import DataError
from nn_core.ink import Marks, digit_image
from nn_core.model import Reader


def run(arguments: argparse.Namespace) -> int:
    """A line an image: the same preparation that the canvas uses, then the network; 2 when one cannot be read."""
    reader, status = named_model(arguments.model).reader(), 0
    show = _show_json if arguments.json else _Words()
    for path in arguments.images:
        try:
            show(path, _marks_in(path), reader)
        except DataError as why:  # those that follow may be read
            complain(str(why))
            status = 2
    return status


def _marks_in(path: Path) -> Marks:
    from app.pictures import read_picture  # Qt's readers know every common format; no window is opened

    return (read_picture(path),)


def _show_json(path: Path, marks: Marks, reader: Reader) -> None:
    """What the picture is read as, taken as one digit."""
    image = digit_image(marks)
    if image is None:
        raise DataError(_no_ink(path))
    probabilities = reader.probabilities(image)
    record({"image": str(path), "digit": int(probabilities.argmax()), "probabilities": probabilities.tolist()})


class _Words:
    """Says what the window would show: a digit, a number, or `?` and what it might be."""

    def __init__(self) -> None:
        from app.opening import shipped, shipped_doubt, shipped_splitter

        self._doubts = shipped_doubt()
        self._splits = shipped_splitter(self._doubts, shipped())

    def __call__(self, path: Path, marks: Marks, reader: Reader) -> None:
        from app.answer import UNSURE, answer_to, look_at

        answer = answer_to(look_at(marks, self._splits, self._doubts), 0, reader)
        if answer.probabilities is None:
            raise DataError(_no_ink(path))
        digits = [(one.digit, one.probabilities) for one in answer.number] or [(answer.digit, answer.probabilities)]
        sure = ", ".join(f"{probabilities[digit]:.1%}" for digit, probabilities in digits)
        might = "".join(str(digit) for digit, _ in digits) if UNSURE in answer.text else ""
        print(visible(f"{path}: {answer.text} ({f'perhaps {might}, ' if might else ''}{sure})"))


def _no_ink(path: Path) -> str:
    return f"{path} shows no ink: there is nothing to read"
