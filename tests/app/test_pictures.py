"""Pictures from files and from the clipboard."""

from __future__ import annotations

import contextlib
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter

from app.pictures import picture_from_image, read_picture
from nn_core import fitting
from nn_core.errors import DataError
from nn_core.ink import Picture, Stroke, digit_image, render

SIDE = 280
_T = np.linspace(0, 1, 60)
DIGIT = (Stroke(np.stack([140 + 60 * np.cos(7 * _T) * (1 - 0.4 * _T), 60 + 165 * _T], axis=1), 24.0),)
INK = render(DIGIT, SIDE, 0, 0, SIDE / 280)
_DRAWN = digit_image(DIGIT)
assert _DRAWN is not None
READ = _DRAWN * np.float32(fitting.PICTURE_INK / fitting.INK)
NEAR_Y, NEAR_X = np.mgrid[0:SIDE, 0:SIDE] / SIDE


def _gray(light: np.ndarray) -> QImage:
    pixels = np.ascontiguousarray(np.rint(light.clip(0, 1) * 255), np.uint8)
    height, width = pixels.shape
    return QImage(pixels.data, width, height, width, QImage.Format.Format_Grayscale8).copy()


def _colored(red: np.ndarray, green: np.ndarray, blue: np.ndarray, alpha: np.ndarray) -> QImage:
    pixels = np.rint(np.stack([red, green, blue, alpha], axis=-1) * 255).astype(np.uint8)
    height, width = red.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()


def _error(picture: Picture) -> float:
    """Return how far what a network reads of the picture is from what it reads of the drawing, on average.

    Centring goes by whole pixels, so a trace of grey may move the image by one: the nearest place counts.
    """
    image = digit_image((picture,))
    assert image is not None
    steps = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    return min(float(np.abs(np.roll(image, step, axis=(0, 1)) - READ).mean()) for step in steps)


def _noise(amount: float) -> np.ndarray:
    return np.random.default_rng(3).normal(0, amount, INK.shape)


PAPERS = {
    "dark on light": 1 - INK,
    "light on dark": INK,
    "faint": 0.9 - 0.25 * INK,
    "dark on grey": 0.5 - 0.35 * INK,
    "light on grey": 0.5 + 0.35 * INK,
    "a photo with a shadow": (0.85 - 0.3 * NEAR_X - 0.1 * NEAR_Y) * (1 - 0.75 * INK) + _noise(0.02),
    "a photo, darker at its corners": 0.9
    - 0.35 * ((NEAR_X - 0.5) ** 2 + (NEAR_Y - 0.5) ** 2)
    - 0.6 * INK
    + _noise(0.01),
}


@pytest.mark.parametrize("light", PAPERS.values(), ids=PAPERS.keys())
@pytest.mark.parametrize("ending", ["png", "jpg", "bmp"])
def test_the_digit_is_read_off_any_paper(tmp_path: Path, light: np.ndarray, ending: str) -> None:
    path = tmp_path / f"digit.{ending}"
    assert _gray(light).save(str(path), quality=90)
    assert _error(read_picture(path)) < 0.01


@pytest.mark.parametrize("ink", [0.0, 1.0], ids=["black", "white"])
def test_ink_on_nothing_is_read_whatever_its_color(ink: float) -> None:
    light = np.full_like(INK, ink)
    assert _error(picture_from_image(_colored(light, light, light, INK))) < 0.01


def test_transparent_corners_are_not_ink() -> None:
    alpha = np.ones_like(INK)
    alpha[:12, :12] = alpha[-12:, :12] = 0
    light = 1 - INK
    assert _error(picture_from_image(_colored(light, light, light, alpha))) < 0.01


def test_colored_ink_on_colored_paper() -> None:
    paper, blue = 1 - 0.9 * INK, 1 - 0.2 * INK
    assert _error(picture_from_image(_colored(paper, paper, blue, np.ones_like(INK)))) < 0.01


def test_an_image_of_mnist_comes_through_unchanged() -> None:
    digit = _DRAWN / fitting.INK
    picture = picture_from_image(_gray(digit))
    assert (picture.left, picture.top, picture.width, picture.height) == (0, 0, 280, 280)
    assert picture.ink == pytest.approx(np.rint(digit * 255) / 255, abs=0.03)


@pytest.mark.parametrize(("width", "height"), [(100, 300), (301, 100), (3000, 1500), (40, 40)])
def test_the_picture_fits_the_canvas_and_keeps_its_proportions(width: int, height: int) -> None:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.fillRect(width // 5, height // 5, width * 3 // 5, height * 3 // 5, QColor("black"))
    painter.end()
    picture = picture_from_image(image)
    assert max(picture.width, picture.height) == pytest.approx(280)
    assert picture.width / picture.height == pytest.approx(width / height, rel=0.02)
    assert picture.left + picture.width / 2 == pytest.approx(140)
    assert picture.top + picture.height / 2 == pytest.approx(140)
    assert max(picture.ink.shape) <= 560


def test_a_camera_that_was_turned_is_turned_back(tmp_path: Path) -> None:
    path = tmp_path / "turned.jpg"
    assert _gray(np.rot90(1 - INK)).save(str(path), quality=95)
    data = path.read_bytes()
    # An EXIF segment with one entry: orientation 6, to be shown turned a quarter to the right.
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0) + b"\0\0\0\0"
    segment = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    path.write_bytes(data[:2] + segment + data[2:])
    assert _error(read_picture(path)) < 0.01


def test_the_ending_of_the_name_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "digit.txt"
    assert _gray(1 - INK).save(str(path), "png")
    assert _error(read_picture(path)) < 0.01


def test_a_large_picture_is_decoded_small(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    assert _gray(np.kron(1 - INK, np.ones((8, 8)))).save(str(path))
    picture = read_picture(path)
    assert picture.ink.shape == (560, 560)
    assert _error(picture) < 0.01


def _png(width: int, height: int) -> bytes:
    """Return a PNG that claims a size and has the pixels of one row at most."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 9)) + chunk(b"IEND", b"")
    )


def _jpeg(scans: int) -> bytes:
    """Return a JPEG of one pixel's worth of data and so many passes over it."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert _gray(np.kron(1 - INK, np.ones((8, 8)))).save(buffer, "JPEG")
    data = buffer.data().data()
    at = data.index(b"\xff\xda")
    return data[:at] + data[at:-2] * scans + data[-2:]


DAMAGED = {
    "passes.jpg": (_jpeg(101), "more than 100 passes"),
    "empty.png": (b"", "not a picture"),
    "words.png": (b"seven\n", "not a picture"),
    "absurd.png": (_png(60_000, 60_000), "60000 × 60000"),
    "nothing.png": (_png(0, 0), "nothing.png"),
    "dot.png": (_png(1, 1), "1 × 1 pixels"),
    "line.png": (_png(30_000, 1), "30000 × 1 pixels"),
    "absurd.bmp": (
        b"BM" + struct.pack("<IIIIiiHHIIiiII", 58, 0, 54, 40, 60_000, 60_000, 1, 24, 0, 0, 0, 0, 0, 0),
        "holds no pixels",
    ),
    "outside.svg": (
        b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/hostname' width='9' height='9'/></svg>",
        "not read here|not a picture",
    ),
    "strip.png": (_png(5_000, 40), "cannot show a digit"),
    "vector.svg": (b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "'svg'"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_what_is_no_picture_is_refused_by_name(tmp_path: Path, name: str) -> None:
    data, reason = DAMAGED[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DataError, match=reason) as refusal:
        read_picture(tmp_path / name)
    assert name in str(refusal.value)


def test_folders_and_missing_files_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.png"):
        with pytest.raises(DataError, match="is not a file"):
            read_picture(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(DataError, match="is not a file"):
        read_picture(tmp_path / "pipe.png")


@pytest.mark.parametrize("color", ["white", "black", "#808080", "transparent"])
def test_one_color_is_no_digit(color: str) -> None:
    image = QImage(50, 50, QImage.Format.Format_ARGB32)
    image.fill(QColor(color))
    with pytest.raises(DataError, match="one colour"):
        picture_from_image(image)


def test_an_empty_clipboard_is_refused() -> None:
    with pytest.raises(DataError, match="The clipboard"):
        picture_from_image(QImage(), "The clipboard")


@pytest.mark.qt_log_level_fail("CRITICAL")  # Qt warns of what it refuses
@given(at=st.integers(0, 60), value=st.integers(0, 255), kind=st.sampled_from(["png", "jpg"]), cut=st.integers(0, 300))
def test_headers_that_lie_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, at: int, value: int, kind: str, cut: int
) -> None:
    path = tmp_path_factory.mktemp("lying") / f"lying.{kind}"
    assert _gray(1 - INK[::14, ::14]).save(str(path))
    data = bytearray(path.read_bytes())
    data[at] = value
    path.write_bytes(bytes(data[: max(1, len(data) - cut)]))
    with contextlib.suppress(DataError):
        assert max(read_picture(path).ink.shape) <= 560


def test_the_first_frame_of_an_animation_is_read(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    frames = [image.fromarray(np.uint8(255 * (1 - ink))) for ink in (INK, np.zeros_like(INK), INK.T)]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:])
    assert _error(read_picture(tmp_path / "moving.gif")) < 0.01


@given(at=st.integers(0, 400), flip=st.integers(1, 255), length=st.integers(1, 500))
def test_damaged_files_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, at: int, flip: int, length: int
) -> None:
    path = tmp_path_factory.mktemp("damaged") / "damaged.bmp"
    writer = QImageWriter(str(path), b"bmp")
    assert writer.write(_gray(1 - INK[::14, ::14]))
    data = bytearray(path.read_bytes())
    data[at % len(data)] ^= flip
    path.write_bytes(bytes(data[: max(1, len(data) - length + 1)]))
    with contextlib.suppress(DataError):
        picture = read_picture(path)
        assert 0 <= picture.ink.min() <= picture.ink.max() <= 1
