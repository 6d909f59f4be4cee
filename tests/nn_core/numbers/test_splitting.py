"""A drawing split into digits: by what networks make of it, without a stroke lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_core.doubt import Doubt
from nn_core.ink import CANVAS_SIDE, Picture, Stroke, render
from nn_core.layers import Flatten, Linear
from nn_core.measuring.composing import composed_numbers
from nn_core.measuring.pen_file import PenDigit, scaled
from nn_core.model import Model
from nn_core.modelfile import load_model
from nn_core.network import Sequential
from nn_core.numbers import Splitter
from nn_core.pen import pen_drawing
from resources import DOUBT_MODEL


def stroke(*places: tuple[float, float], erase: bool = False) -> Stroke:
    return Stroke(np.array(places, np.float32), 16.0, erase)


ONE, OTHER = stroke((60, 90), (60, 190)), stroke((130, 90), (130, 190))


@pytest.fixture(scope="module")
def splitter() -> Splitter:
    return Splitter(load_model(DOUBT_MODEL.parent / "default.safetensors"), Doubt(load_model(DOUBT_MODEL)))


def test_two_ones_are_two_digits_wherever_they_begin(splitter: Splitter):
    for marks in ((ONE, OTHER), (OTHER, ONE)):
        left, right = splitter(marks)
        assert (left.marks, right.marks) == ((ONE,), (OTHER,))
        assert left.box == (52, 82, 68, 198)


def test_nothing_one_stroke_and_one_piece_of_a_picture_are_not_split(splitter: Splitter):
    picture = Picture(np.eye(9, dtype=np.float32), 0.0, 0.0, 280.0, 280.0)
    assert splitter(()) == splitter((ONE,)) == splitter((picture,)) == []


def as_picture(*marks: Stroke) -> Picture:
    return Picture(render(marks, 280, 0.0, 0.0, 1.0), 0.0, 0.0, CANVAS_SIDE, CANVAS_SIDE)


def test_a_picture_of_two_ones_is_split_as_the_strokes_are(splitter: Splitter):
    for part, own in zip(splitter((as_picture(ONE, OTHER),)), splitter((ONE, OTHER)), strict=True):
        assert part.box == pytest.approx(own.box, abs=9)
        (piece,) = part.marks
        assert isinstance(piece, Picture)
        assert piece.width < 24


def test_a_stroke_beside_a_picture_is_a_digit_and_what_is_rubbed_out_of_it_is_none(splitter: Splitter):
    picture = as_picture(ONE)
    left, right = splitter((picture, OTHER))
    assert (left.marks, right.marks) == ((picture,), (OTHER,))
    assert splitter((as_picture(ONE, OTHER), stroke((130, 80), (130, 200), erase=True))) == []


def test_what_is_rubbed_out_belongs_to_no_digit(splitter: Splitter):
    rubber = stroke((130, 80), (130, 200), erase=True)
    again = stroke((200, 90), (200, 190))
    assert splitter((ONE, OTHER, rubber)) == []
    left, right = splitter((ONE, OTHER, rubber, again))
    assert left.marks == (ONE, rubber)
    assert right.marks == (rubber, again)
    assert right.box[0] == 192


def test_where_the_network_knows_no_digit_strokes_near_each_other_stay_together():
    network = Sequential(Flatten(), Linear(784, 10, rng=np.random.default_rng(0)))
    network.vector[...] = 0
    ignorant = Splitter(Model(network), Doubt(load_model(DOUBT_MODEL)))
    assert ignorant((ONE, stroke((62, 138), (100, 190)))) == []


def test_the_strokes_of_a_letter_are_no_number(splitter: Splitter):
    stem, arms = stroke((100, 60), (100, 200)), stroke((170, 62), (103, 130), (172, 198))
    assert splitter((stem, arms)) == []


def test_stem_and_bow_are_a_letter_where_they_meet_and_a_number_where_they_do_not(splitter: Splitter):
    stem = stroke((90, 60), (90, 200))
    bow = [(92, 64), (130, 62), (150, 80), (148, 105), (128, 122), (94, 126)]
    assert splitter((stem, stroke(*bow))) == []
    seven = [(120, 62), (180, 64), (165, 100), (150, 140), (140, 200)]
    assert len(splitter((stem, stroke(*seven)))) == 2


def test_a_number_too_long_is_none(splitter: Splitter):
    strokes = tuple(stroke((8 * place, 100), (8 * place, 200)) for place in range(30))
    assert splitter(strokes) == []


def test_composed_numbers_are_split_and_single_digits_are_not(splitter: Splitter):
    rng = np.random.default_rng(4)
    drawings = [(label, pen_drawing(label, rng=rng)) for label in list(range(10)) * 3]
    assert sum(bool(splitter(marks)) for _, marks in drawings) == 0
    digits = [PenDigit(scaled([mark.points for mark in marks]), label) for label, marks in drawings]
    right = 0
    for number in composed_numbers(digits, 12, seed=3):
        parts = splitter(number.strokes)
        right += len(parts) == 3
        if parts:
            assert {mark for part in parts for mark in part.marks} == set(number.strokes)
    assert right >= 11


places = st.tuples(st.floats(0, CANVAS_SIDE, width=32), st.floats(0, CANVAS_SIDE, width=32))
strokes = st.builds(
    lambda points, erase: Stroke(np.array(points, np.float32), 12.0, erase),
    st.lists(places, min_size=1, max_size=5),
    st.sampled_from([False, False, False, True]),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(strokes, max_size=7))
def test_no_stroke_is_lost_or_shared_and_boxes_go_from_left_to_right(splitter: Splitter, drawing: list[Stroke]):
    parts = splitter(tuple(drawing))
    pens = [[mark for mark in part.marks if not mark.erase] for part in parts]
    used = [mark for own in pens for mark in own]
    assert len(used) == len(set(used))
    middles = [part.box[0] + part.box[2] for part in parts]
    assert (np.diff(middles) > -0.01).all()
    if parts and not any(mark.erase for mark in drawing):
        assert set(used) == set(drawing)
    assert len(parts) != 1
