"""How well digits are read off pictures, by how the picture was taken: `python -m benchmarks.photographs`.

The digits are the last 10,000 of MNIST's training split; `--length 3` takes rows of three. Each picture
is drawn from the seed, written as a file (a JPEG with the turn that a camera notes in it, or a PNG where something is
transparent), and read as the window reads it. The first row has the same digits without a picture around them. Prints
one JSON object; a table for people goes to stderr, row by row: a picture takes half a second.
"""

from __future__ import annotations

import struct
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks import common
from benchmarks.common import Found, say
from nn_core.measuring.photographed import CONDITIONS, Pixels, photographed
from nn_core.model import Model

HELD_OUT = 10_000
AS_THEY_ARE = "as they are"
_FAINT = 0.2  # of full ink: what is paler keeps no neighbour away
#: EXIF's orientation, and by how many quarters to the left a picture lies in the file then.
TURNS = {1: 0, 3: 2, 6: 1, 8: 3}


def measure(folder: Path, name: str, count: int, seed: int, length: int = 1) -> Found:
    """The share read right under each condition; and of how many pictures it was said that they show no digit."""
    from cli.output import load_named_dataset, named_model

    split = load_named_dataset("mnist", folder, hold_out=HELD_OUT).test
    reading = _Reading(named_model(name))
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(split), (count, length), replace=False)
    digits = split.images[chosen] / np.float32(255)
    wanted = ["".join(map(str, row)) for row in split.labels[chosen].tolist()]
    rows = [_in_a_row(row, rng) for row in digits]
    found: Found = {}

    def note(condition: str, read: list[str]) -> None:
        figures = found[condition] = _share(read, wanted)
        say(f"{condition:<16}{figures['accuracy']:>8.1%}{figures['refused']:>6} refused")

    note(AS_THEY_ARE, ["".join(map(reading.digit, row)) for row in digits])
    with tempfile.TemporaryDirectory(prefix="digitscope-pictures-") as place:
        for number, condition in enumerate(CONDITIONS):
            streams = np.random.default_rng([seed, number]).spawn(count)
            read = [
                reading.file(_written(Path(place), photographed(row, condition, stream), stream))
                for row, stream in zip(rows, streams, strict=True)
            ]
            note(condition, read)
    return {"n": count, "length": length, "seed": seed, "model": name, "conditions": found}


def _in_a_row(digits: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return digits (N, 28, 28) in a row (28, W), 1 to 5 pixels apart and not quite level; one stays as it is."""
    if len(digits) == 1:
        found: np.ndarray = digits[0]
        return found
    parts = []
    for digit in digits:
        (columns,) = np.nonzero(digit.max(axis=0) > _FAINT)
        moved = np.roll(digit, rng.integers(-2, 3), axis=0)
        parts += [moved[:, columns[0] : columns[-1] + 1], np.zeros((len(digit), rng.integers(1, 6)), digit.dtype)]
    return np.concatenate([parts[-1], *parts], axis=1)


def _share(read: list[str], wanted: list[str]) -> Found:
    right = sum(text == each for text, each in zip(read, wanted, strict=True))
    return {"accuracy": right / len(wanted), "refused": read.count("")}


class _Reading:
    """Reads pictures as the window does."""

    def __init__(self, model: Model) -> None:
        from app.opening import shipped_doubt
        from nn_core.numbers import Splitter

        doubt = shipped_doubt()
        if doubt is None:
            raise common.BenchmarkError("the network that tells digits from other drawings is missing")
        self._reader, self._splitter = model.reader(), Splitter(model, doubt)

    def file(self, path: Path) -> str:
        """The digits in a picture; empty where there is none."""
        from app.answer import look_at
        from app.pictures import read_picture
        from nn_core.errors import DataError

        try:
            sights = look_at((read_picture(path),), self._splitter)
        except DataError:
            return ""
        return "".join(self.digit(sight.image) for sight in sights)

    def digit(self, image: np.ndarray) -> str:
        """The likeliest digit of an image."""
        return str(int(self._reader.probabilities(image).argmax()))


def _written(folder: Path, pixels: Pixels, rng: np.random.Generator) -> Path:
    """Write a picture as a camera or a program would."""
    from PySide6.QtGui import QImage

    orientation = int(rng.choice(list(TURNS)))
    opaque = pixels[..., 3].min() == 255
    lying = np.ascontiguousarray(np.rot90(pixels, TURNS[orientation]) if opaque else pixels)
    height, width = lying.shape[:2]
    image = QImage(lying.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
    path = folder / ("picture.jpg" if opaque else "picture.png")
    if not image.save(str(path), quality=int(rng.integers(60, 95)) if opaque else -1):
        raise common.BenchmarkError(f"{path} could not be written")
    if opaque:
        _note_turn(path, orientation)
    return path


def _note_turn(path: Path, orientation: int) -> None:
    """Put an EXIF segment with one entry, the orientation, into a JPEG file."""
    data = path.read_bytes()
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0) + b"\0\0\0\0"
    path.write_bytes(data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + data[2:])


def main() -> int:
    """Measure, and print what was found."""
    parser = common.parser(__doc__, threads=False)
    parser.add_argument("--model", default="default", help="a model file, or 'default' (%(default)s)")
    parser.add_argument("--count", type=int, default=50, help="pictures under each condition (%(default)s)")
    parser.add_argument("--length", type=int, default=1, help="digits in a picture (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="(%(default)s)")
    a = parser.parse_args()
    return common.run(lambda: measure(common.data_dir(a.data_dir), a.model, a.count, a.seed, a.length))


if __name__ == "__main__":
    sys.exit(main())
