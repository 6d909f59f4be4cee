"""Where a logarithmic axis has its labels."""

from __future__ import annotations

import pytest

from app.views.plot_axis import PlotAxis


@pytest.fixture
def axis(qapp):
    axis = PlotAxis("left")
    axis.setLogMode(True, True)
    return axis


def test_labels_over_many_decades_do_not_cover_each_other(axis):
    ((_, places),) = axis.tickValues(-24.3, 21.2, 180.0)
    gaps = [(b - a) * 180 / 45.5 for a, b in zip(places, places[1:], strict=False)]
    assert min(gaps) >= 18
    assert 0 in places
    assert len(places) >= 4


def test_a_few_decades_have_a_label_each(axis):
    ((_, places),) = axis.tickValues(-3.0, 1.0, 180.0)
    assert places == [-3, -2, -1, 0, 1]


def test_less_than_three_decades_have_labels_between(axis):
    ((_, places),) = axis.tickValues(0.0, 1.0, 180.0)
    assert axis.tickStrings(places, 1.0, 1.0) == ["1", "2", "5", "10"]


def test_a_linear_axis_writes_a_minus_as_all_numbers_do():
    axis = PlotAxis("bottom")
    assert axis.tickStrings([-0.5, 0.0], 1.0, 0.5) == ["−0.5", "0"]
