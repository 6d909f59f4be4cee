"""Lines as straight pieces."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nn_core.pieces import Pieces, cut, pieces_of, within, without

points = st.lists(st.tuples(*[st.floats(-300, 600, width=32)] * 2), min_size=2, max_size=9)


def line(*at: tuple[float, float], radius: float = 5.0) -> Pieces:
    return pieces_of([np.array(at, np.float32)], [radius], 1e-3)


def length(pieces: Pieces) -> float:
    return float(np.hypot(*(pieces.end - pieces.start).T).sum())


def test_a_dot_is_a_piece_without_length() -> None:
    dot = line((3, 4))
    assert len(dot.owner) == 1
    assert np.array_equal(dot.start, dot.end)


def test_thinning_keeps_the_ends_and_the_shape() -> None:
    t = np.linspace(0, 6, 5000)
    curve = np.stack([100 * np.cos(t), 100 * np.sin(t)], axis=1).astype(np.float32)
    pieces = pieces_of([curve], [5.0], 4.0)
    assert 140 < len(pieces.owner) < 160
    assert np.array_equal(pieces.start[0], curve[0])
    assert np.array_equal(pieces.end[-1], curve[-1])
    assert np.array_equal(pieces.start[1:], pieces.end[:-1])


@given(at=points)
def test_what_is_left_within_a_square_is_within_it_and_all_there_is(at: list[tuple[float, float]]) -> None:
    pieces = line(*at)
    seen = within(pieces, 0.0, 280.0)
    ends = np.concatenate([seen.start, seen.end])
    assert ((ends >= 0) & (ends <= 280)).all()
    fine = cut(pieces, np.full(len(pieces.owner), 0.5))
    middle = (fine.start + fine.end) / 2
    inside = ((middle >= 0) & (middle <= 280)).all(axis=1)
    assert abs(length(seen) - length(fine.only(inside))) < 1.5 * len(at)


@given(at=points, longest=st.floats(1, 50))
def test_cutting_changes_neither_length_nor_ends(at: list[tuple[float, float]], longest: float) -> None:
    pieces = line(*at)
    parts = cut(pieces, np.full(len(pieces.owner), longest))
    assert np.abs(parts.end - parts.start).max(initial=0) <= longest * 1.001
    assert np.isclose(length(parts), length(pieces), rtol=1e-3, atol=1e-3)


def test_an_eraser_cuts_a_line_in_two() -> None:
    rest = without(line((0, 50), (100, 50)), line((50, 0), (50, 100), radius=10))
    assert abs(length(rest) - 80) < 3.1
    assert (np.abs((rest.start + rest.end)[:, 0] / 2 - 50) > 9).all()


def test_an_eraser_elsewhere_leaves_the_very_same_pieces() -> None:
    pieces = line((0, 50), (100, 50))
    assert without(pieces, line((50, 90), (90, 90), radius=10)) is pieces


def test_a_dot_is_erased_when_its_middle_is_covered() -> None:
    assert not len(without(line((50, 50)), line((58, 50), radius=10)).owner)
    assert len(without(line((50, 50)), line((62, 50), radius=10)).owner)
