from __future__ import annotations

import pytest

from app.views.wording import duration, number, shape, short, thousands


@pytest.mark.parametrize(
    "value, written",
    [
        (0.0, "0"),
        (-0.0, "0"),
        (0.12345, "0.123"),
        (-0.312, "\N{MINUS SIGN}0.312"),
        (12.0, "12"),
        (3216.4, "3216"),
        (2.5e-7, "2.5e\N{MINUS SIGN}07"),
        (1e7, "1e+07"),
    ],
)
def test_numbers_have_three_digits_and_a_true_minus(value, written):
    assert number(value) == written


def test_more_digits_where_asked_for():
    assert number(0.123456, 5) == "0.12346"


@pytest.mark.parametrize(
    "seconds, written",
    [(-1, "0 s"), (0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (185, "3 min 05 s"), (7800, "2 h 10 min")],
)
def test_durations_have_the_two_units_that_matter(seconds, written):
    assert duration(seconds) == written


def test_long_names_are_cut():
    assert short("digitscope") == "digitscope"
    assert short("a" * 24) == "a" * 24
    assert short("abcdef", 3) == "abc…"


def test_shapes_and_thousands():
    assert shape((16, 8, 8)) == "16 × 8 × 8"
    assert thousands(1234567.4) == "1\N{NARROW NO-BREAK SPACE}234\N{NARROW NO-BREAK SPACE}567"
