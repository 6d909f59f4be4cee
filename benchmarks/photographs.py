"""How well digits are read off pictures, by how the picture was taken: `python -m benchmarks.photographs`.

The digits are the last 10,000 of MNIST's training split. Each picture is drawn from the seed, written as a file (a JPEG
with the turn that a camera notes in it, or a PNG where something is transparent), and read as `predict` reads it. The
first row has the same digits without a picture around them. Prints one JSON object; a table for people goes to stderr,
row by row: a picture takes half a second.
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
from nn_core.model import Reader

HELD_OUT = 10_000
AS_THEY_ARE = "as they are"
#: EXIF's orientation, and by how many quarters to the left a picture lies in the file then.
TURNS = {1: 0, 3: 2, 6: 1, 8: 3}


def measure(folder: Path, name: str, count: int, seed: int) -> Found:
    """The share read right under each condition; and of how many pictures it was said that they show no digit."""
    from cli.output import load_named_dataset, named_model

    split = load_named_dataset("mnist", folder, hold_out=HELD_OUT).test
    reader = named_model(name).reader()
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(split), count, replace=False)
    digits, labels = split.images[chosen] / np.float32(255), split.labels[chosen].tolist()
    found: Found = {}

    def note(condition: str, read: list[int]) -> None:
        figures = found[condition] = _share(read, labels)
        say(f"{condition:<16}{figures['accuracy']:>8.1%}{figures['refused']:>6} refused")

    note(AS_THEY_ARE, [_digit(reader, digit) for digit in digits])
    with tempfile.TemporaryDirectory(prefix="digitscope-pictures-") as place:
        for number, condition in enumerate(CONDITIONS):
            streams = np.random.default_rng([seed, number]).spawn(count)
            read = [
                _read(reader, _written(Path(place), photographed(digit, condition, stream), stream))
                for digit, stream in zip(digits, streams, strict=True)
            ]
            note(condition, read)
    return {"n": count, "seed": seed, "model": name, "conditions": found}


def _share(read: list[int], labels: list[int]) -> Found:
    right = sum(digit == label for digit, label in zip(read, labels, strict=True))
    return {"accuracy": right / len(labels), "refused": read.count(-1)}


def _read(reader: Reader, path: Path) -> int:
    """The digit in a picture, −1 where there is none."""
    from app.pictures import read_picture
    from nn_core.errors import DataError
    from nn_core.ink import digit_image

    try:
        image = digit_image((read_picture(path),))
    except DataError:
        return -1
    return -1 if image is None else _digit(reader, image)


def _digit(reader: Reader, image: np.ndarray) -> int:
    return int(reader.probabilities(image).argmax())


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
    parser.add_argument("--seed", type=int, default=0, help="(%(default)s)")
    a = parser.parse_args()
    return common.run(lambda: measure(common.data_dir(a.data_dir), a.model, a.count, a.seed))


if __name__ == "__main__":
    sys.exit(main())
