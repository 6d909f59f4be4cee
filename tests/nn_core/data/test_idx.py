"""The IDX reader: what was written comes back, what is damaged is told, and nothing takes memory on a file's word."""

from __future__ import annotations

import gzip
import os
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nn_core.data import read_idx
from nn_core.errors import DataError
from tests.nn_core.data.idx_files import header, idx_bytes, write

pack = partial(gzip.compress, mtime=0)  # the same bytes at every run
LABELS = idx_bytes(np.arange(10, dtype=np.uint8))
ARRAYS = hnp.arrays(np.uint8, hnp.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=9))


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("idx") / "file"


@given(array=ARRAYS, packed=st.booleans())
def test_gives_back_what_was_written(scratch: Path, array: np.ndarray, packed: bool) -> None:
    read = read_idx(write(scratch, idx_bytes(array), packed=packed))
    assert read.dtype == np.uint8
    assert read.shape == array.shape
    np.testing.assert_array_equal(read, array)


@given(content=st.binary(max_size=200), packed=st.booleans())
def test_random_bytes_parse_or_raise(scratch: Path, content: bytes, packed: bool) -> None:
    _parses_or_raises(write(scratch, content, packed=packed))


@given(array=ARRAYS, packed=st.booleans(), data=st.data())
def test_mutilated_files_parse_or_raise(scratch: Path, array: np.ndarray, packed: bool, data: st.DataObject) -> None:
    whole = bytearray(pack(idx_bytes(array)) if packed else idx_bytes(array))
    for _ in range(data.draw(st.integers(0, 3))):
        whole[data.draw(st.integers(0, min(len(whole), 40) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    scratch.write_bytes(bytes(whole[:cut]) + data.draw(st.binary(max_size=9)))
    _parses_or_raises(scratch)


def _parses_or_raises(path: Path) -> None:
    try:
        assert read_idx(path).dtype == np.uint8
    except DataError as error:
        _is_one_sentence(error, path)


def _is_one_sentence(error: DataError, path: Path) -> None:
    assert str(path) in str(error)
    assert "\n" not in str(error)


@pytest.mark.parametrize("packed", [False, True])
def test_nobody_can_write_into_what_was_read(tmp_path: Path, packed: bool) -> None:
    read = read_idx(write(tmp_path / "labels", LABELS, packed=packed))
    with pytest.raises(ValueError, match="read-only"):
        read[0] = 1
    with pytest.raises(ValueError, match="WRITEABLE"):
        read.flags.writeable = True


def test_content_decides_not_the_name(tmp_path: Path) -> None:
    """Some browsers unpack what they download and leave the name."""
    path = write(tmp_path / "labels.gz", LABELS, packed=False)
    np.testing.assert_array_equal(read_idx(path), np.arange(10))


def test_gzip_of_several_members(tmp_path: Path) -> None:
    path = tmp_path / "labels.gz"
    path.write_bytes(pack(LABELS[:9]) + pack(LABELS[9:]))
    np.testing.assert_array_equal(read_idx(path), np.arange(10))


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "cut short: its header has 0 of 4 bytes"),
        (LABELS[:3], "cut short: its header has 3 of 4 bytes"),
        (LABELS[:6], "cut short: its header has 6 of 8 bytes"),
        (LABELS[:-1], "10 bytes after a header of 8 but is cut short, at 17 bytes"),
        (LABELS + b"\0", "10 bytes after a header of 8 but goes on too long, at 19 bytes"),
        (pack(LABELS[:-1]), "cut short: 9 of the 10 bytes"),
        (pack(LABELS + b"\0"), "goes on after the 10 bytes"),
        (pack(LABELS)[:-4], "damaged gzip file"),
        (pack(LABELS)[:-8] + b"\0\0\0\0\x12\0\0\0", "damaged gzip file .CRC"),
        (pack(LABELS)[:10] + b"\xff" * 20, "damaged gzip file"),
        (b"<!DOCTYPE html>", "not an IDX file of bytes: it starts with 3c 21 44 4f"),
        (header(10, kind=0x0D) + bytes(40), "not an IDX file of bytes: it starts with 00 00 0d 01"),
        (header() + bytes(10), "not an IDX file of bytes: it starts with 00 00 08 00"),
        (header(1, 1, 1, 1, 1) + bytes(1), "not an IDX file of bytes: it starts with 00 00 08 05"),
    ],
    ids=str,
)
def test_damage_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "labels"
    path.write_bytes(content)
    with pytest.raises(DataError, match=words) as caught:
        read_idx(path)
    _is_one_sentence(caught.value, path)
    assert str(caught.value).endswith("get it again")


def _symlink_to_itself(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize(
    "make, words",
    [
        (lambda path: None, "cannot be read .No such file or directory"),
        (Path.mkdir, "is not a file"),
        (lambda path: os.mkfifo(path), "is not a file"),
        (_symlink_to_itself, "cannot be read .Too many levels"),
    ],
    ids=["missing", "folder", "pipe", "loop"],
)
def test_what_is_no_file_is_told(tmp_path: Path, make: Callable[[Path], None], words: str) -> None:
    make(tmp_path / "labels")
    with pytest.raises(DataError, match=words):
        read_idx(tmp_path / "labels")


@pytest.mark.parametrize(
    "content, words",
    [
        (header(60_000, 28, 28), "47040000 bytes"),
        (header(4_000_000_000), "4000000000 bytes, more than the 1073741824 allowed"),
        (header(2**32 - 1, 2**32 - 1, 2**32 - 1, 2**32 - 1), "more than the 1073741824 allowed"),
        (header(0, 2**32 - 1, 2**32 - 1), "= 0 bytes, more than the 1073741824 allowed"),
        (pack(header(60_000, 28, 28)), "47040000 bytes, more than its .. compressed bytes can hold"),
        (pack(header(2**32 - 1, 28, 28)), "more than the 1073741824 allowed"),
        (pack(header(1000) + bytes(50_000_000)), "goes on after the 1000 bytes"),
    ],
    ids=["plain", "plain gigabytes", "plain overflow", "nothing by gigabytes", "gzip", "gzip gigabytes", "gzip bomb"],
)
def test_memory_is_not_taken_on_a_claim(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "images"
    path.write_bytes(content)
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match=words):
            read_idx(path)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()
