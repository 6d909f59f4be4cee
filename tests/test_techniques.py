"""The table of systems and techniques: what it names is there, and its figures are those that were recorded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.labs.contents import ENTRIES
from cli.arguments import parse
from nn_core.recipes import RECIPES, load_reached
from resources import RECIPES_REACHED

TABLE = (Path(__file__).parents[1] / "docs" / "techniques.md").read_text("utf-8")
ROWS = [line for line in TABLE.splitlines() if line.startswith("| ") and not line.startswith("|---")]


def test_every_page_of_the_labs_is_in_it_by_its_name():
    named = set(re.findall(r"Labs, ([A-Z][\w-]*(?: [a-z]\w*)*)", TABLE))
    assert named == {entry.title for entry in ENTRIES}


def test_every_row_has_its_four_cells():
    assert {len(re.split(r"(?<!\\)\|", row)) for row in ROWS} == {6}


@pytest.mark.parametrize("command", ["train", "search", "gradcheck", "info", "predict", "teach", "strokes", "doubt"])
def test_every_option_that_it_names_is_one_of_the_command(command, capsys):
    spans = re.findall(rf"`{command} ([^`]+)`", TABLE)
    assert spans
    with pytest.raises(SystemExit):
        parse([command, "--help"])
    offered = set(re.findall(r"--[a-z0-9-]+", capsys.readouterr().out))
    assert {option for span in spans for option in re.findall(r"--[a-z0-9-]+", span)} <= offered


def test_every_recipe_has_the_figure_that_was_recorded():
    reached = load_reached(RECIPES_REACHED)
    for name in set(RECIPES) - {"digitscope", "digitscope-mnist", "digitscope-taught"}:  # which are in no text
        (row,) = [row for row in ROWS if f"`train --recipe {name}`" in row]
        if name in reached:
            share = 100 * reached[name].test_accuracy
            assert f"{share:.2f} %" in row or f"{share:.1f} %" in row, name
