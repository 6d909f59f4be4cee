"""The judge with other people's digits: what a file says is what is drawn, and a file of another kind is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import pendigits
from benchmarks.common import BenchmarkError


def row(points: np.ndarray, label: int) -> str:
    """Points (8, 2), y downwards, as UCI keeps them: stretched to a square, y upwards."""
    low, high = points.min(axis=0), points.max(axis=0)
    square = np.rint((points - low) / (high - low) * 100).astype(int)
    square[:, 1] = 100 - square[:, 1]
    return ", ".join(map(str, [*square.ravel(), label]))


def evenly(line: np.ndarray) -> np.ndarray:
    """Eight points (8, 2), evenly spaced along a line (P, 2)."""
    run = np.concatenate([[0.0], np.hypot(*np.diff(line, axis=0).T).cumsum()])
    at = np.linspace(0.0, run[-1], 8)
    return np.stack([np.interp(at, run, line[:, axis]) for axis in (0, 1)], axis=1)


def ring() -> np.ndarray:
    turn = np.linspace(0.0, -2 * np.pi, 200)
    return evenly(np.stack([0.6 * np.sin(turn), -np.cos(turn)], axis=1))


def one(width: float) -> np.ndarray:
    """A flag that comes from below, and a stem; `width` of its height wide."""
    return evenly(np.array([[0.0, 0.4], [width, 0.0], [width * 0.6, 1.0]]))


def extent(image: np.ndarray) -> tuple[int, int]:
    rows, columns = np.nonzero(image > 30)
    return int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1


@pytest.mark.parametrize("width", [0.3, 0.5, 0.8])
def test_a_digit_has_the_width_again_in_which_it_was_written(tmp_path: Path, width: float):
    file = tmp_path / "pendigits.tes"
    file.write_text(row(one(width), 1) + "\n")
    split = pendigits.pendigits(file)
    wide, high = extent(split.images[0])
    assert split.labels.tolist() == [1]
    assert abs((wide - 2.4) / (high - 2.4) - width) < 0.1  # the pen is 2.4 pixels wide


def test_digits_that_need_a_second_stroke_are_left_out_and_the_others_counted(tmp_path: Path):
    file = tmp_path / "penbased.dat"
    rows = [row(ring(), digit) for digit in (0, 4, 0, 7, 8)]
    file.write_text("@relation penbased\n@data\n" + "\n".join(rows))
    assert pendigits.pendigits(file).labels.tolist() == [0, 0, 8]
    found = pendigits.measure(file, "default")
    assert found["n"] == 3
    assert (found["of"]["0"], found["wrong"]["0"]) == (2, 0)
    assert found["wrong"]["8"] == 1  # a ring is no 8
    assert found["accuracy"] == pytest.approx(2 / 3)


@given(text=st.text(alphabet="0123456789,- @.x\n", max_size=200))
def test_a_file_of_another_kind_is_refused_by_its_name(tmp_path_factory: pytest.TempPathFactory, text: str):
    file = tmp_path_factory.mktemp("rows") / "other.dat"
    file.write_text(text)
    with pytest.raises(BenchmarkError, match=r"other\.dat"):
        pendigits.pendigits(file)


def test_a_file_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(BenchmarkError, match=r"missing\.dat"):
        pendigits.pendigits(tmp_path / "missing.dat")
