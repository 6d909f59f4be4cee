"""`strokes`: how well real handwriting is read, replayed through the window."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cli.handwriting_report import print_figures, print_numbers
from cli.output import check_target, counted, end_progress, named_model, progress, record, say
from nn_core.errors import SettingsError
from nn_core.files import save_bytes
from nn_core.measuring.composing import Composed, composed_numbers
from nn_core.measuring.kinds import kind_of
from nn_core.measuring.others import Other, read_others
from nn_core.measuring.pen_file import PenDigit, read_pen_file
from nn_core.measuring.placing import placed, sample
from nn_core.measuring.tally import Tally, figures_of_numbers

if TYPE_CHECKING:
    from app.replay import Shown
    from nn_core.ink import Stroke
    from nn_core.model import Model


_MOST_NUMBERS = 100_000


def run(arguments: argparse.Namespace) -> int:
    """Replay every digit in a file on the canvas, and tell how the window read them."""
    _check(arguments)
    model = named_model(arguments.model)
    digits = read_pen_file(arguments.file)
    if arguments.numbers is not None:
        return _run_numbers(arguments, model, composed_numbers(digits, arguments.numbers, arguments.seed))
    others = read_others(_others_file(arguments.others)) if arguments.others else []
    numbers = sample(len(digits), arguments.limit, arguments.seed)
    chosen = [digits[number] for number in numbers]
    drawings = [placed(digit.lines, arguments.seed, number) for digit, number in zip(chosen, numbers, strict=True)]
    drawings += [placed(one.lines, arguments.seed, number, one.size) for number, one in enumerate(others)]
    started = time.monotonic()
    replayed = _replayed(model, drawings)
    shown, of_others = replayed[: len(chosen)], replayed[len(chosen) :]
    tally = _tally(chosen, shown)
    found = _figures(chosen, tally) | {"seed": arguments.seed, "seconds": round(time.monotonic() - started, 1)}
    if others:
        found["others"] = _figures_of_others(others, of_others)
    if arguments.json:
        record(found)
    else:
        print_figures(found)
    if arguments.sheet is not None:
        _write_sheet(arguments.sheet, chosen, drawings, shown, tally)
    return 0


def _run_numbers(arguments: argparse.Namespace, model: Model, numbers: Sequence[Composed]) -> int:
    """Replay numbers composed of the digits instead."""
    started = time.monotonic()
    shown = _replayed(model, [number.strokes for number in numbers])
    found = figures_of_numbers([number.text for number in numbers], [each.text for each in shown])
    found |= {"seed": arguments.seed, "seconds": round(time.monotonic() - started, 1)}
    if arguments.json:
        record(found)
    else:
        print_numbers(found)
    return 0


def _check(arguments: argparse.Namespace) -> None:
    if arguments.limit is not None and arguments.limit < 1:
        raise SettingsError(f"--limit (={arguments.limit}) must be at least 1")
    if arguments.numbers is not None:
        if not 1 <= arguments.numbers <= _MOST_NUMBERS:
            raise SettingsError(f"--numbers (={arguments.numbers}) must lie between 1 and {_MOST_NUMBERS:,}")
        if arguments.others is not None or arguments.sheet is not None or arguments.limit is not None:
            raise SettingsError("--numbers goes without --others, --sheet and --limit")
    if arguments.others == "":
        raise SettingsError("--others names no file")
    if arguments.seed < 0:
        raise SettingsError(f"--seed (={arguments.seed}) must be at least 0")
    check_target(arguments.sheet, ".png")


def _others_file(name: str) -> Path:
    from resources import NOT_DIGITS

    return NOT_DIGITS if name == "default" else Path(name)


def _replayed(model: Model, drawings: Sequence[Sequence[Stroke]]) -> list[Shown]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # nobody is to see it, nor to move the mouse over it
    from app.replay import replaying

    shown = []
    try:
        with replaying(model) as replay:
            for number, drawing in enumerate(drawings):
                if number % 20 == 0:
                    progress(f"Replaying {number} of {len(drawings)}")
                shown.append(replay.read(drawing))
    finally:
        end_progress()
    return shown


def _tally(digits: Sequence[PenDigit], shown: Sequence[Shown]) -> Tally:
    return Tally(
        labels=np.array([digit.label for digit in digits]),
        digits=np.array([each.answer.digit for each in shown]),
        confidence=np.array([_confidence(each) for each in shown]),
        sure=np.array([each.text.isdigit() for each in shown]),
    )


def _confidence(shown: Shown) -> float:
    """The probability of the digit read; 0 where nothing is."""
    probabilities = shown.answer.probabilities
    return 0.0 if probabilities is None else float(np.nan_to_num(probabilities).max())


def _figures(digits: Sequence[PenDigit], tally: Tally) -> dict[str, Any]:
    right, sure = tally.right, tally.sure
    return {
        "accuracy": tally.accuracy(),
        "n": len(digits),
        "right": int(right.sum()),
        "unsure": tally.unsure(),
        "right_and_sure": int((right & sure).sum()),
        "calibration_error": tally.calibration_error(),
        "by_digit": _shares(tally.groups([str(digit.label) for digit in digits])),
        "by_provider": _shares(tally.groups([digit.provider for digit in digits])),
        "by_kind": _shares(tally.groups([kind_of(digit) for digit in digits])),
        "confusion": tally.confusion().tolist(),
    }


def _shares(groups: dict[str, tuple[int, int]]) -> dict[str, dict[str, float]]:
    return {name: {"accuracy": right / n, "right": right, "n": n} for name, (right, n) in groups.items()}


def _figures_of_others(others: Sequence[Other], shown: Sequence[Shown]) -> dict[str, Any]:
    """How many drawings that are no digits are answered with unsure or nothing, and what the rest is read as."""
    doubted = np.array([not each.text.isdigit() for each in shown])
    read = [f"{one.shows}: {each.text}" for one, each in zip(others, shown, strict=True) if each.text.isdigit()]
    return {"doubted": float(doubted.mean()), "n": len(others), "read_as": sorted(read)}


def _write_sheet(
    path: Path, digits: Sequence[PenDigit], drawings: Sequence[Sequence[Stroke]], shown: Sequence[Shown], tally: Tally
) -> None:
    """Write the mistakes as a picture, the most confident first."""
    from app.contact_sheet import MOST, Card, contact_sheet
    from app.files import png_bytes

    wrong = sorted(np.flatnonzero(~tally.right).tolist(), key=lambda i: -tally.confidence[i])
    cards = [
        Card(drawings[i], shown[i].answer.image, f"{digits[i].label} → {tally.digits[i]}  {tally.confidence[i]:.1%}"
             f"{'' if tally.sure[i] else '  ?'}")
        for i in wrong
    ]  # fmt: skip
    save_bytes(path, png_bytes(contact_sheet(cards)))
    words = f"{min(len(cards), MOST)} of {counted(len(cards), 'mistake')}, the most confident first"
    say(f"wrote {path}: {words if cards else 'an empty sheet, for there were no mistakes'}")
