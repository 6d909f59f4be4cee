"""What a search varies: read, written, put into the settings of a run, and refused where it makes no sense."""

from __future__ import annotations

import math

import pytest

from nn_core.errors import SettingsError
from nn_core.search.description import Search
from nn_core.search.space import format_space, parse_space, settings_with
from nn_core.settings import TrainSettings

CHAIN = "flatten -> linear {width} -> relu -> dropout {p} -> linear 10"


def test_a_space_is_read_and_written():
    text = "lr=1e-4..1e-1 log, batch=32|64, optimizer=adam|sgd, weight-decay=0..0.01, balanced=on|off"
    axes = parse_space(text)
    assert [axis.name for axis in axes] == ["learning_rate", "batch_size", "optimizer", "weight_decay", "balanced"]
    assert (axes[0].low, axes[0].high, axes[0].log, axes[0].whole) == (1e-4, 0.1, True, False)
    assert axes[1].values == (32, 64)
    assert axes[4].values == (True, False)
    assert parse_space(format_space(axes)) == axes


def test_values_go_into_settings_and_into_the_chain():
    found = settings_with(TrainSettings(preset=CHAIN), {"width": 30, "p": 0.25, "learning_rate": 0.02})
    assert found.preset == "flatten -> linear 30 -> relu -> dropout 0.25 -> linear 10"
    assert found.learning_rate == 0.02


def test_a_grid_takes_points_of_a_range_evenly_on_its_scale():
    rate, size = parse_space("lr=1e-4..1 log, batch=1..9")
    assert rate.points() == (1e-4, 1e-3, 1e-2, 1e-1, 1.0)
    assert size.points() == (1, 3, 5, 7, 9)
    grid = Search(space=(rate, size), sampler="grid").grid()
    assert len({tuple(point.items()) for point in grid}) == len(grid) == 25


def test_a_value_of_a_range_has_three_digits_and_stays_inside():
    (rate,) = parse_space("lr=0.0012345..0.1 log")
    assert rate.rounded(0.0123456) == 0.0123
    assert rate.rounded(0.0012345) == 0.0012345
    for wrong in (0.2, math.nan, "x", True):
        with pytest.raises(SettingsError, match="learning_rate"):
            rate.rounded(wrong)


@pytest.mark.parametrize(
    "text, words",
    [
        ("", "must name 1 to 12"),
        ("lr", "is not understood"),
        ("lr=", "is not understood"),
        ("lr=1e-1..1e-4", "must begin below its end"),
        ("lr=0..1 log", "above 0"),
        ("lr=1..2 linear", "is not understood"),
        ("lr=a|b", "must be a number"),
        ("lr=inf|1", "must be a number"),
        ("batch=1.5|2", "whole number"),
        ("optimizer=1..2", "is not understood"),
        ("balanced=yes", "on or off"),
        ("lr=1|2, lr=3|4", "named twice"),
        ("epochs=1|2", "cannot vary"),
        ("dataset=mnist|strokes", "cannot vary"),
        ("teachers=digitscope|lenet5", "cannot vary"),
    ],
)
def test_nonsense_is_refused_in_a_sentence(text, words):
    with pytest.raises(SettingsError, match=words):
        parse_space(text)


@pytest.mark.parametrize(
    "space, preset, words",
    [
        ("optimizer=adam|adamm", "blog-fc", "adamm"),
        ("lr=1..5000", "blog-fc", "learning rate"),
        ("banana=1|2", "blog-fc", "banana is no setting"),
        ("lr=1..2", CHAIN, "has a place {width}"),
        ("width=8|0, p=0.5", CHAIN, "linear 0"),
        ("schedule=cosine|often", "blog-fc", "often"),
        ("init=he-normal|hee", "blog-fc", "hee"),
        ("augmentation=usual|rotaton=5", "blog-cnn", "rotaton"),
        ("batch=2|64", "flatten -> linear 8 -> batch-norm -> linear 10", "batches of 2 are too small"),
    ],
)
def test_a_run_that_could_not_begin_is_found_before_the_first_trial(space, preset, words):
    with pytest.raises(SettingsError, match=words):
        Search(TrainSettings(preset=preset), parse_space(space)).check()


def test_a_description_survives_being_kept_and_a_strange_one_is_refused():
    search = Search(TrainSettings(preset=CHAIN, epochs=2), parse_space("lr=1e-4..1 log, width=3|5, p=0..0.5"), "random")
    assert Search.from_plain(search.plain()) == search
    for wrong in (None, {}, search.plain() | {"hold_out": True}, search.plain() | {"more": 1}):
        with pytest.raises(SettingsError):
            Search.from_plain(wrong)
    with pytest.raises(SettingsError, match="at most 1,000"):
        Search(space=parse_space(", ".join(f"{name}=0..1.5" for name in "abcde")), sampler="grid")
