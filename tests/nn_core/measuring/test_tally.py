"""Figures over answers, against ones worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.measuring.tally import NOTHING, Tally, figures_of_numbers

FIVE = Tally(
    labels=np.array([0, 0, 1, 1, 9]),
    digits=np.array([0, 6, 1, 1, NOTHING]),
    confidence=np.array([0.95, 0.55, 0.95, 0.45, 0.0]),
    sure=np.array([True, True, True, False, False]),
)


def test_what_is_right_counts_whether_it_is_sure_or_not():
    assert FIVE.accuracy() == pytest.approx(3 / 5)
    assert FIVE.unsure() == 2


def test_the_confusion_has_a_column_for_nothing():
    confusion = FIVE.confusion()
    assert confusion.shape == (10, 11)
    assert (confusion[0, 0], confusion[0, 6], confusion[1, 1], confusion[9, 10], confusion.sum()) == (1, 1, 2, 1, 5)


def test_groups_leave_out_what_has_no_name():
    assert FIVE.groups(["b", "b", "", "a", "a"]) == {"a": (1, 2), "b": (1, 2)}


def test_the_calibration_error_adds_up_the_gaps_of_the_bins():
    # 15 bins: 0.95 twice, both right; 0.55 wrong; 0.45 right; 0.0 wrong.
    expected = (2 * 1 - 1.9) / 5 + 0.55 / 5 + 0.55 / 5 + 0.0
    assert FIVE.calibration_error() == pytest.approx(expected)


def test_gaps_within_a_bin_cancel():
    one_bin = Tally(np.zeros(4, int), np.array([0, 0, 0, 1]), np.full(4, 0.75), np.ones(4, bool))
    assert one_bin.calibration_error() == pytest.approx(0.0)
    assert one_bin.calibration_error(bins=1) == pytest.approx(0.0)


def test_a_number_is_right_as_a_whole_and_its_digits_where_there_are_as_many():
    found = figures_of_numbers(["407", "11", "12"], ["407", "117", "1?"])
    assert found["accuracy"] == pytest.approx(1 / 3)
    assert found["right_count"] == 2
    assert found["by_digit"]["1"] == {"accuracy": pytest.approx(1 / 3), "right": 1, "n": 3}
    assert found["by_digit"]["2"]["right"] == 0
    assert found["mistakes"] == [["11", "117"], ["12", "1?"]]
