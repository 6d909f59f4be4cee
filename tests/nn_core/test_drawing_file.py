"""Drawings in files: the same again, and no harm from damaged ones."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core.drawing_file import Drawing, load_drawing, save_drawing
from nn_core.errors import DataError
from nn_core.ink import Marks, Picture, Stroke
from nn_core.mark_tensors import pack_marks
from nn_core.tensorfile import FileKind, tensor_bytes

RNG = np.random.default_rng(4)
MARKS = (
    Picture(RNG.integers(0, 256, (7, 5)).astype(np.float32) / np.float32(255), 10.0, 20.0, 100.0, 140.0),
    Stroke(RNG.uniform(0, 280, (9, 2)), 20.5),
    Stroke([[3.0, 4.0]], 12.0, erase=True),
)
ANSWER = np.full(10, 0.1, np.float32)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("drawings") / "kept.drawing"
    save_drawing(path, Drawing(MARKS, ANSWER, "lenet5", "?"))
    return path


def test_a_drawing_comes_back_as_it_was(kept: Path) -> None:
    drawing = load_drawing(kept)
    picture, *strokes = drawing.marks
    np.testing.assert_array_equal(picture.ink, MARKS[0].ink)
    assert (picture.left, picture.top, picture.width, picture.height) == (10, 20, 100, 140)
    for stroke, before in zip(strokes, MARKS[1:], strict=True):
        np.testing.assert_array_equal(stroke.points, before.points)
        assert (stroke.width, stroke.erase) == (before.width, before.erase)
    np.testing.assert_array_equal(drawing.probabilities, ANSWER)
    assert (drawing.model, drawing.text) == ("lenet5", "?")


def test_a_drawing_without_an_answer(tmp_path: Path) -> None:
    save_drawing(tmp_path / "it.drawing", Drawing(MARKS))
    assert load_drawing(tmp_path / "it.drawing").probabilities is None


@given(at=st.integers(0, 10_000), flip=st.integers(1, 255), length=st.integers(0, 2000))
def test_a_damaged_file_is_refused(kept: Path, at: int, flip: int, length: int) -> None:
    data = bytearray(kept.read_bytes())
    data[at % len(data)] ^= flip
    path = kept.with_name("damaged.drawing")
    path.write_bytes(bytes(data[: len(data) - length] if length < len(data) else data))
    with contextlib.suppress(DataError):
        assert len(load_drawing(path).marks) == 3


@pytest.mark.parametrize(
    ("name", "values", "reason"),
    [
        ("rasters", np.array([[1 << 40, 1 << 40], [0, 0], [0, 0]]), "rasters"),
        ("rasters", np.array([[-7, -5], [0, 0], [0, 0]]), "rasters"),
        ("rasters", np.array([[7, 5], [1 << 62, 0], [0, 0]]), "rasters"),
        ("rasters", np.array([[7, 5], [0, 3], [0, 0]]), "rasters .one is 0 × 3. must have sides from 1 to 2,000"),
        ("point_ends", np.array([2, 1, 12]), "point_ends"),
        ("points", np.full((12, 2), np.nan, np.float32), "points|rectangle"),
        ("widths", np.array([0.0, -1.0, 12.0]), "width"),
        ("mark_ends", np.array([1, 3]), "mark_ends"),
        ("answers", np.full((1, 10), 7, np.float32), "ten probabilities"),
        ("answers", np.zeros((1 << 20, 10), np.float32), "answers"),
        ("ink", np.zeros(35, np.float32), "ink"),
    ],
)
def test_a_file_that_lies_is_refused_by_name(tmp_path: Path, name: str, values: np.ndarray, reason: str) -> None:
    named = {**pack_marks([MARKS]), "answers": ANSWER[None], name: values}
    (tmp_path / "lie.drawing").write_bytes(tensor_bytes(KIND, named, {}))
    with pytest.raises(DataError, match=reason) as refusal:
        load_drawing(tmp_path / "lie.drawing")
    assert "lie.drawing" in str(refusal.value)


KIND = FileKind("digitscope-drawing", "1", "drawing file", "as the window saves it", 1 << 30, DataError)


def lines(marks: int, points: int) -> tuple[Stroke, ...]:
    return (Stroke(np.full((points, 2), 9.0), 4.0),) * marks


def scrubbed(times: int) -> tuple[Stroke, ...]:
    """Lines from edge to edge, under an eraser of so many points."""
    there_and_back = np.tile(np.array([(9.0, 9.0), (270.0, 270.0)], np.float32), (5_000, 1))
    return Stroke(there_and_back, 4.0), Stroke(np.full((times, 2), 9.0), 4.0, erase=True)


def pictures(rows: int, columns: int) -> tuple[Picture, ...]:
    return (Picture(np.ones((rows, columns)), 0.0, 0.0, 280.0, 280.0),)


@pytest.mark.parametrize(
    ("marks", "more", "reason"),
    [
        (lines(2_000, 50), lines(2_001, 1), "2,001 marks"),
        (lines(2, 50_000), lines(1, 100_001), "100,001 points"),
        (scrubbed(300), scrubbed(3_000), "more is erased"),
        (pictures(1, 2_000), pictures(1, 2_001), "1 × 2,001"),
        (pictures(2_000, 1), pictures(2_001, 1), "2,001 × 1"),
        (pictures(2, 3) * 100, pictures(2, 3) * 101, "101 pictures"),
    ],
)
def test_a_drawing_that_would_take_minutes_is_refused(tmp_path: Path, marks: Marks, more: Marks, reason: str) -> None:
    save_drawing(tmp_path / "much.drawing", Drawing(marks))
    assert len(load_drawing(tmp_path / "much.drawing").marks) == len(marks)
    tensors = {**pack_marks([more]), "answers": np.empty((0, 10), np.float32)}
    (tmp_path / "more.drawing").write_bytes(tensor_bytes(KIND, tensors, {}))
    with pytest.raises(DataError, match=f"more.drawing cannot be used as a drawing: .*{reason}"):
        load_drawing(tmp_path / "more.drawing")


def test_what_could_not_be_opened_again_is_not_saved(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="2,001 marks"):
        save_drawing(tmp_path / "more.drawing", Drawing(lines(2_001, 1)))
    assert not list(tmp_path.iterdir())


def test_nothing_is_no_drawing() -> None:
    with pytest.raises(DataError, match="at least one stroke"):
        Drawing(())
