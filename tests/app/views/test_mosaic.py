"""Where the pictures of a mosaic lie."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.views.mosaic import Mosaic, Place, Room, arrange, each_by_itself, limits, scale

shapes = st.tuples(st.integers(1, 70), st.integers(1, 40), st.integers(1, 30), st.integers(1, 30))
rooms = st.builds(
    Room,
    width=st.integers(30, 600),
    height=st.integers(20, 200),
    smallest=st.integers(1, 3),
    largest=st.integers(3, 10),
    single=st.integers(0, 4),
    ratio=st.sampled_from([1.0, 1.25, 1.5, 2.0]),
)


@given(shapes, rooms)
def test_no_mosaic_is_wider_than_its_room_unless_one_picture_is(shape, room):
    mosaic = arrange(shape, room)
    assert mosaic.size[0] <= room.width * room.ratio or mosaic.columns == 1
    assert 1 <= mosaic.units <= shape[0]
    assert 1 <= mosaic.stack <= shape[1]
    assert mosaic.stack == 1 or mosaic.units == shape[0]  # rather fewer inputs than fewer kernels


@given(shapes, rooms, st.randoms(use_true_random=False))
def test_every_cell_is_where_the_mouse_finds_it(shape, room, random):
    mosaic = arrange(shape, room)
    unit, picture = random.randrange(mosaic.units), random.randrange(mosaic.stack)
    row, column = random.randrange(mosaic.height), random.randrange(mosaic.width)
    stack = mosaic.rect(unit)
    x = stack.x() + column * mosaic.cell + random.randrange(mosaic.cell)
    y = stack.y() + picture * mosaic.pitch[1] + row * mosaic.cell + random.randrange(mosaic.cell)
    assert mosaic.at(x, y) == Place(unit, picture, row, column)


@given(
    st.builds(
        Mosaic,
        units=st.integers(1, 9),
        stack=st.integers(1, 3),
        height=st.integers(1, 4),
        width=st.integers(1, 4),
        cell=st.integers(1, 3),
        gap=st.integers(1, 3),
        columns=st.integers(1, 4),
        ratio=st.just(1.0),
    )
)
def test_the_pixels_say_the_same_as_the_mouse(mosaic):
    found = mosaic.gather()
    width, height = mosaic.size
    assert found.shape == (height, width)
    total = mosaic.units * mosaic.stack * mosaic.height * mosaic.width
    for y, x in np.ndindex(found.shape):
        place = mosaic.at(x, y)
        if place is None:
            assert found[y, x] >= total
        else:
            where = (place.unit, place.picture, place.row, place.column)
            sizes = (mosaic.units, mosaic.stack, mosaic.height, mosaic.width)
            assert found[y, x] == np.ravel_multi_index(where, sizes)
    assert np.unique(found[found < total]).size == total


def test_kernels_stand_in_one_band_as_long_as_they_can_be_read():
    room = Room(320, 136, smallest=2, largest=8, single=3)
    assert (arrange((8, 1, 5, 5), room).bands, arrange((8, 1, 5, 5), room).cell) == (1, 7)
    assert arrange((64, 1, 5, 5), room).bands > 1


def test_of_many_input_channels_the_first_are_shown():
    mosaic = arrange((64, 32, 5, 5), Room(320, 136, smallest=2, largest=8, single=3))
    assert (mosaic.units, mosaic.cell) == (64, 2)
    assert 2 <= mosaic.stack < 32
    assert mosaic.size[1] <= 1.25 * 136


def test_a_finer_screen_has_finer_cells_of_the_same_size():
    room = Room(320, 136, smallest=2, largest=8)
    coarse = arrange((16, 8, 5, 5), room)
    fine = arrange((16, 8, 5, 5), Room(320, 136, smallest=2, largest=8, ratio=2.0))
    assert fine.cell >= 2 * coarse.cell
    assert fine.size[0] <= 640


@pytest.mark.parametrize(
    "low, high, signed, ends",
    [
        (-0.5, 2.0, True, (-2.0, 2.0)),
        (-3.0, 2.0, True, (-3.0, 3.0)),
        (0.0, 0.0, True, (-1.0, 1.0)),
        (0.2, 0.9, False, (0.0, 0.9)),
        (0.0, 0.0, False, (0.0, 1.0)),
        (-0.1, 0.9, False, (-0.1, 0.9)),
    ],
)
def test_a_signed_scale_has_zero_in_the_middle(low, high, signed, ends):
    assert scale(low, high, signed) == ends


def test_limits_leave_out_what_is_not_a_number():
    assert limits(np.array([1.0, np.nan, -2.0, np.inf])) == (-2.0, 1.0)
    assert limits(np.array([np.nan])) == (0.0, 0.0)


def test_each_unit_by_itself_reaches_one():
    values = np.array([[[0.5, -0.25]], [[0.0, 0.0]], [[-8.0, 4.0]]])
    assert each_by_itself(values).tolist() == [[[1.0, -0.5]], [[0.0, 0.0]], [[-1.0, 0.5]]]
