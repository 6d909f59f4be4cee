"""Files of pen strokes, good ones and ones that somebody has tampered with."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_core.errors import DataError
from nn_core.measuring.pen_file import UNKNOWN, read_pen_file
from tests.nn_core.measuring.pen_files import arrays_of, write

LABELS = [3, 4, 8]


def test_each_digit_has_its_strokes_label_and_provider(tmp_path: Path):
    points = np.array([[2, 1], [2, 5], [3, 3], [4, 3], [7, 7]], np.float32)
    file = write(
        tmp_path / "x.npz", [7, 1], points=points, stroke_ends=np.array([2, 4, 5]), digit_ends=np.array([2, 3])
    )
    seven, dot = read_pen_file(file)
    assert [line.tolist() for line in seven.lines] == [[[0, 0], [0, 1]], [[0.25, 0.5], [0.5, 0.5]]]
    assert [line.tolist() for line in dot.lines] == [[[0, 0]]]
    assert (seven.label, seven.provider, dot.label, dot.provider) == (7, "a", 1, "b")


def test_a_file_need_not_say_who_provided_it(tmp_path: Path):
    assert {digit.provider for digit in read_pen_file(write(tmp_path / "x.npz", LABELS, provider=None))} == {UNKNOWN}


@pytest.mark.parametrize("order", ["<", ">"])
def test_types_and_orders_are_taken_as_they_come(tmp_path: Path, order: str):
    arrays = arrays_of(LABELS)
    points = np.asfortranarray(arrays["points"].astype(f"{order}f8"))
    ends = {name: arrays[name].astype(f"{order}u4") for name in ("stroke_ends", "digit_ends")}
    found = read_pen_file(write(tmp_path / "x.npz", LABELS, points=points, **ends))
    expected = read_pen_file(write(tmp_path / "y.npz", LABELS))
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(np.concatenate(one.lines), np.concatenate(other.lines))


A_POINT = arrays_of(LABELS)["points"]


@pytest.mark.parametrize(
    "other, said",
    [
        ({"points": None}, "no array named 'points'"),
        ({"points": A_POINT[:, :1]}, "pairs of x and y"),
        ({"points": A_POINT * np.float32(np.nan)}, "not a number"),
        ({"points": A_POINT * np.float32(np.inf)}, "not a number"),
        ({"points": A_POINT[:-1]}, "'stroke_ends' ends at"),
        ({"points": A_POINT.astype("U9")}, "not expected"),
        ({"stroke_ends": np.array([], int)}, "is empty"),
        ({"stroke_ends": np.array([0, len(A_POINT)])}, "begin above 0"),
        ({"stroke_ends": np.array([5, 5, len(A_POINT)])}, "rise"),
        ({"digit_ends": np.array([1.0, 2.0, 4.0])}, "not expected"),
        ({"digit_ends": np.array([3, 2, 4])}, "rise"),
        ({"points": np.zeros((100_004, 2), "f4"), "stroke_ends": np.array([1, 2, 3, 100_004])}, "100,00. points"),
        ({"labels": np.array([1, 2], np.uint8)}, "2 entries for 3 digits"),
        ({"labels": np.array([1, 10, 3], np.uint8)}, "the label of digit 1 is 10"),
        ({"labels": np.array([1, -1, 3])}, "the label of digit 1 is -1"),
        ({"labels": np.array(["1", "2", "3"], object)}, "header"),
        ({"provider": np.array(["a"])}, "1 entries for 3 digits"),
        ({"provider": np.array(["a" * 65] * 3)}, "up to 64 characters"),
        ({"provider": np.array(["a", "b", "\x1b[2J"])}, "cannot be printed"),
        ({"provider": np.full(3, 0x110000, np.uint32).view("U1")}, "no characters"),
    ],
)
def test_what_does_not_fit_together_is_refused(tmp_path: Path, other: dict[str, Any], said: str):
    file = write(tmp_path / "x.npz", LABELS, **other)
    with pytest.raises(DataError, match=said):
        read_pen_file(file)


def test_what_is_no_such_file_is_refused(tmp_path: Path):
    (tmp_path / "x.npz").write_bytes(b"PK\x03\x04nonsense")
    for name, said in (("x.npz", "damaged"), ("none.npz", "does not exist: give an .npz file"), (".", "not a file")):
        with pytest.raises(DataError, match=said):
            read_pen_file(tmp_path / name)


def test_a_million_million_empty_names_are_refused(tmp_path: Path):
    file = write(tmp_path / "x.npz", LABELS)
    header = b"{'descr': '<U0', 'fortran_order': False, 'shape': (999999999999,), }\n"
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("writer.npy", b"\x93NUMPY\1\0" + len(header).to_bytes(2, "little") + header)
    with pytest.raises(DataError, match="'writer' holds texts without characters"):
        read_pen_file(file)


def test_claims_are_checked_before_memory_is_taken(tmp_path: Path):
    file = tmp_path / "x.npz"
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f4", "fortran_order": False, "shape": (1 << 37, 2)})
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("points.npy", header.getvalue())
    with pytest.raises(DataError, match="claims 1,099,511,627,776 bytes"):
        read_pen_file(file)


@settings(max_examples=60)
@given(data=st.data())
def test_a_file_with_changed_bytes_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject):
    file = write(tmp_path_factory.getbasetemp() / "mutated.npz", LABELS)
    content = bytearray(file.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.sampled_from([len(content), len(content) // 2, 30]))
    file.write_bytes(content[:cut])
    with suppress(DataError):
        assert all(0 <= digit.label <= 9 for digit in read_pen_file(file))


@settings(max_examples=60)
@given(data=st.data())
def test_changed_arrays_in_a_sound_archive_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
):
    file = tmp_path_factory.getbasetemp() / "changed.npz"
    with zipfile.ZipFile(file, "w") as archive:
        for name, values in arrays_of(LABELS).items():
            member = io.BytesIO()
            np.save(member, values, allow_pickle=False)
            content = bytearray(member.getvalue())
            for _ in range(data.draw(st.integers(0, 2))):
                content[data.draw(st.integers(0, min(len(content), 200) - 1))] = data.draw(st.integers(0, 255))
            archive.writestr(f"{name}.npy", bytes(content))
    with suppress(DataError):
        assert all(np.isfinite(line).all() for digit in read_pen_file(file) for line in digit.lines)
