"""Own digits: what goes in comes out, and what is no such file is refused, whatever was done to it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load, save

from nn_core import own_digits
from nn_core.errors import DataError
from nn_core.ink import Picture, Stroke
from nn_core.mark_tensors import check_marks
from nn_core.own_digits import OwnDigit, load_own_digits, own_digits_bytes, save_own_digits
from nn_core.tensorfile import tensors_hash

LINE = Stroke(np.array([(60, 60), (200, 60), (120, 240)]), 20.0)
RUBBED = Stroke(np.array([(100, 60)]), 12.5, erase=True)
SCRAP = Picture(np.array([(0.0, 1.0, 0.2)]), 20.0, 30.5, 200.0, 100.0)
ANSWER = np.array([0.05] * 8 + [0.6, 0.0], np.float32)
SEVEN = OwnDigit((LINE, RUBBED), 7, 1_700_000_000_123, ANSWER)
WHOLE = [SEVEN, OwnDigit((SCRAP, LINE), 1, 5)]
BYTES = own_digits_bytes(WHOLE)


def essence(digit: OwnDigit) -> tuple[object, ...]:
    marks = [
        (mark.points.tobytes(), mark.width, mark.erase)
        if isinstance(mark, Stroke)
        else (np.rint(mark.ink * 255).tolist(), mark.left, mark.top, mark.width, mark.height)
        for mark in digit.marks
    ]
    given = None if digit.probabilities is None else digit.probabilities.tobytes()
    return marks, digit.label, digit.made, given, digit.key


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all the examples of a property."""
    return tmp_path_factory.mktemp("digits")


COORDINATES = st.floats(-300, 600, width=32)
POINTS = st.lists(st.tuples(COORDINATES, COORDINATES), min_size=1, max_size=5)
STROKES = st.builds(Stroke, POINTS.map(np.array), st.floats(0.1, 60), st.booleans())
PICTURES = st.builds(
    lambda shape, place, seed: Picture(np.random.default_rng(seed).random(shape), *place),
    st.tuples(st.integers(1, 4), st.integers(1, 4)),
    st.tuples(st.floats(-50, 300), st.floats(-50, 300), st.floats(1, 300), st.floats(1, 300)),
    st.integers(0, 9),
)
ANSWERS = st.none() | st.lists(st.floats(0, 1, width=32), min_size=10, max_size=10).map(
    lambda values: np.array(values, np.float32)
)
DIGITS = st.builds(
    OwnDigit,
    st.lists(STROKES | PICTURES, min_size=1, max_size=4).map(tuple),
    st.integers(0, 9),
    st.integers(0, 1 << 44),
    ANSWERS,
)


@settings(max_examples=20)
@given(st.lists(DIGITS, max_size=4))
def test_what_is_written_is_read(folder, digits):
    save_own_digits(folder / "some.digits", digits)
    once = load_own_digits(folder / "some.digits")
    assert [(each.label, each.made, each.key) for each in once] == [
        (each.label, each.made, each.key) for each in digits
    ]
    save_own_digits(folder / "again.digits", once)
    assert [essence(each) for each in load_own_digits(folder / "again.digits")] == [essence(each) for each in once]


def test_strokes_come_back_bit_for_bit(tmp_path):
    save_own_digits(tmp_path / "one.digits", [SEVEN])
    (found,) = load_own_digits(tmp_path / "one.digits")
    assert essence(found) == essence(SEVEN)
    np.testing.assert_array_equal(found.image, SEVEN.image)


@settings(max_examples=60)
@given(st.data())
def test_damaged_bytes_are_refused(folder, data):
    """Whatever byte changes, and wherever the file ends, the reader says so in a sentence."""
    spoilt = bytearray(BYTES)
    if data.draw(st.booleans()):
        del spoilt[data.draw(st.integers(0, len(spoilt) - 1)) :]
    else:
        place = data.draw(st.integers(0, len(spoilt) - 1))
        spoilt[place] ^= data.draw(st.integers(1, 255))
    read_or_refused(folder / "spoilt.digits", bytes(spoilt), [essence(digit) for digit in WHOLE])


def read_or_refused(path: Path, content: bytes, wanted: list[tuple[object, ...]] | None) -> None:
    """A file is refused in one sentence with its name, or read as what is wanted: a blank more in it does no harm."""
    path.write_bytes(content)
    said, found = "", []
    try:
        found = load_own_digits(path)
    except DataError as why:
        said = str(why)
    if said:
        assert path.name in said
        assert "\n" not in said
    elif wanted is not None:
        assert [essence(digit) for digit in found] == wanted


NUMBERS = {"labels": np.uint8, "made": np.int64, "answers": np.float32, "mark_ends": np.int64, "point_ends": np.int64}
NUMBERS |= {"points": np.float32, "widths": np.float64, "erases": np.uint8, "rasters": np.int64, "ink": np.uint8}


@settings(max_examples=60)
@given(st.sampled_from(sorted(NUMBERS)), st.data())
def test_tensors_that_do_not_fit_are_refused_or_read(folder, name, data):
    """A stranger's file with a right checksum and any values in it makes no other error than ours."""
    tensors = {each: values.copy() for each, values in load(BYTES).items()}
    values, kind = tensors[name], NUMBERS[name]
    if kind in (np.uint8, np.int64):
        info = np.iinfo(kind)
        drawn = st.integers(int(info.min), int(info.max)) | st.integers(0, 9)
    else:
        drawn = st.floats(width=32)
    if data.draw(st.booleans()) or not values.size:
        shape = tuple(data.draw(st.lists(st.integers(0, 3), min_size=0, max_size=3)))
        tensors[name] = np.zeros(shape, kind)
    else:
        values.flat[data.draw(st.integers(0, values.size - 1))] = data.draw(drawn)
    said = {"format": "digitscope-own-digits", "format_version": "1", "sha256": tensors_hash(tensors)}
    read_or_refused(folder / "odd.digits", save(tensors, said), None)


def test_a_raster_beyond_all_numbers_is_refused(folder):
    tensors = {**load(BYTES), "rasters": np.array([[1 << 62, 0], [0, 0], [1, 3], [0, 0]])}
    said = {"format": "digitscope-own-digits", "format_version": "1", "sha256": tensors_hash(tensors)}
    (folder / "wide.digits").write_bytes(save(tensors, said))
    with pytest.raises(DataError, match="wide.digits cannot be used as own digits: its rasters"):
        load_own_digits(folder / "wide.digits")


def test_limits_are_of_each_digit_and_not_of_the_file(folder):
    busy = [OwnDigit((Stroke(np.full((60_000, 2), float(at)), 4.0),), at) for at in range(3)]
    save_own_digits(folder / "busy.digits", busy)
    assert len(load_own_digits(folder / "busy.digits")) == 3


def test_a_model_is_no_collection(tmp_path):
    from nn_core.modelfile import save_model
    from nn_core.presets import make_model

    save_model(tmp_path / "model.digits", make_model("mlp-300", 0))
    with pytest.raises(DataError, match="is not a Digitscope file of own digits: its metadata"):
        load_own_digits(tmp_path / "model.digits")
    (tmp_path / "none.digits").write_bytes(b"nothing")
    with pytest.raises(DataError, match="is damaged, or is no file of own digits$"):
        load_own_digits(tmp_path / "none.digits")
    (tmp_path / "none.digits").unlink()
    with pytest.raises(DataError, match="does not exist: give a file of own digits, as the window exports it"):
        load_own_digits(tmp_path / "none.digits")


@pytest.mark.parametrize(
    "arguments, said",
    [
        (((LINE,), 10), "label"),
        (((LINE,), -1), "label"),
        (((), 1), "stroke"),
        (((LINE,), 1, -1), "time"),
        (((LINE,), 1, 0, np.zeros(9, np.float32)), "ten probabilities"),
        (((LINE,), 1, 0, np.full(10, np.nan, np.float32)), "ten probabilities"),
    ],
)
def test_what_cannot_be_is_refused(arguments, said):
    with pytest.raises(DataError, match=said):
        OwnDigit(*arguments)


def test_the_key_is_of_the_drawing_alone():
    assert SEVEN.labelled(1).key == SEVEN.key
    assert OwnDigit((LINE, RUBBED), 3, 9).key == SEVEN.key
    assert OwnDigit((LINE,), 7).key != SEVEN.key
    assert OwnDigit((LINE, Stroke(RUBBED.points, 12.5)), 7).key != SEVEN.key


def test_right_and_wrong_follow_from_the_label():
    assert SEVEN.read == 8
    assert SEVEN.was_wrong
    assert not SEVEN.labelled(8).was_wrong
    assert not OwnDigit((LINE,), 3).was_wrong
    assert OwnDigit((LINE,), 3).read is None


def test_a_digit_that_could_not_be_read_again_is_not_kept(tmp_path: Path):
    with pytest.raises(DataError, match="2,001 marks"):
        save_own_digits(tmp_path / "much.digits", [SEVEN, OwnDigit((LINE,) * 2_001, 7)])
    assert not list(tmp_path.iterdir())


def test_more_than_can_be_read_again_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(DataError, match="100,001 digits are too many for one file: at most 100,000"):
        save_own_digits(tmp_path / "many.digits", [SEVEN] * 100_001)
    monkeypatch.setattr(own_digits, "_KIND", replace(own_digits._KIND, largest=len(BYTES) - 1))
    with pytest.raises(DataError, match=f"would have {len(BYTES):,} bytes, .* at most {len(BYTES) - 1:,}"):
        save_own_digits(tmp_path / "large.digits", WHOLE)
    assert not list(tmp_path.iterdir())


def test_more_marks_than_can_be_read_in_a_moment_are_refused():
    marks = 500_001
    tensors = {
        "mark_ends": np.arange(1, marks + 1), "point_ends": np.arange(1, marks + 1),
        "points": np.zeros((marks, 2), np.float32), "widths": np.ones(marks), "erases": np.zeros(marks, np.uint8),
        "rasters": np.zeros((marks, 2), np.int64), "ink": np.zeros(0, np.uint8),
    }  # fmt: skip
    with pytest.raises(DataError, match="500,001 marks; at most 500,000 can be read"):
        check_marks(tensors)
