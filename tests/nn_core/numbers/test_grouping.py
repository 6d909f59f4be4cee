"""Which strokes may be a digit together, and the best way to share them among digits."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_core.numbers.grouping import Number, candidates
from nn_core.numbers.shapes import box_gap, gap, joined, shapes_of
from nn_core.pieces import pieces_of


def shapes(*lines: list[tuple[float, float]]):
    return shapes_of([pieces_of([np.array(line, np.float32)], [5.0], 1.0) for line in lines])


def stem(x: float) -> list[tuple[float, float]]:
    return [(x, 0.0), (x, 100.0)]


def test_a_bar_or_a_slash_is_no_digit_of_its_own():
    five = shapes([(0, 0), (0, 50), (40, 70), (0, 100)], [(0, 0), (50, 2)])
    assert (1,) not in candidates(five)
    assert not Number(candidates(five), 2).exists()
    zero = shapes([(30, 0), (0, 50), (30, 100), (60, 50), (30, 0)], [(55, 0), (5, 100)])
    assert not Number(candidates(zero), 2).exists()


def test_the_dearest_way_is_found_among_all():
    groups = candidates(shapes(stem(0), stem(30), stem(60), stem(90)))
    worth = {group: float(len(group) == 2) for group in groups}
    value, best = Number(groups, 4).best(worth.__getitem__, lambda one, other: -0.1)
    assert (value, best) == (1.9, ((0, 1), (2, 3)))


def test_neighbours_are_asked_for_from_left_to_right():
    asked = []
    groups = candidates(shapes(stem(60), stem(0)))
    Number(groups, 2).best(lambda group: 0.0, lambda one, other: asked.append((one, other)) or 0.0)
    assert asked == [((1,), (0,))]


def test_gaps_are_measured_where_two_digits_come_nearest():
    one, other = shapes([(0, 0), (60, 100)], [(30, 0), (90, 100)])
    assert box_gap(one, other) < 0 < gap(one, other) < 0.31
    assert joined(shapes(stem(0), stem(40))).hole == 0.4


lines = st.lists(
    st.lists(st.tuples(st.floats(0, 280, width=32), st.floats(0, 280, width=32)), min_size=1, max_size=6),
    min_size=2,
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(lines)
def test_each_stroke_is_in_one_digit_and_digits_go_from_left_to_right(drawing):
    found = shapes(*drawing)
    groups = candidates(found)
    value, best = Number(groups, len(found)).best(lambda group: 1.0, lambda one, other: 0.0)
    if best:
        assert sorted(number for group in best for number in group) == list(range(len(found)))
        middles = [groups[group].middle[0] for group in best]
        assert middles == sorted(middles)
        assert value == len(best)
    else:
        assert value == float("-inf")
