"""Files of drawings that are no digits."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from nn_core.errors import DataError
from nn_core.measuring.others import read_others
from resources import NOT_DIGITS


def written(path: Path, *drawings: object) -> Path:
    path.write_text(json.dumps({"drawings": drawings}), "utf-8")
    return path


def test_lines_are_scaled_and_a_dot_stays_one(tmp_path: Path):
    cross = {"shows": "cross", "strokes": [[0, 5, 10, 5], [5, 0, 5, 10]]}
    dot = {"shows": "dot", "strokes": [[3, 3]], "size": 0}
    first, second = read_others(written(tmp_path / "x.json", cross, dot))
    assert [line.tolist() for line in first.lines] == [[[0, 0.5], [1, 0.5]], [[0.5, 0], [0.5, 1]]]
    assert (first.shows, first.size, second.shows, second.size) == ("cross", None, "dot", 0)
    assert second.lines[0].tolist() == [[0, 0]]


def test_the_shipped_set_is_large_and_varied():
    found = read_others(NOT_DIGITS)
    assert len(found) >= 140
    assert {f"letter {letter}" for letter in "ABEFHKMNRTWXY"} | {"dot", "scribble", "smiley", "heart", "star"} <= {
        other.shows for other in found
    }
    assert all(np.isfinite(line).all() for other in found for line in other.lines)


GOOD = {"shows": "x", "strokes": [[0, 0, 1, 1]]}


@pytest.mark.parametrize(
    "entry, said",
    [
        (None, "drawing 1 has no list of 'strokes'"),
        ({"shows": "x", "strokes": []}, "no list of 'strokes'"),
        ({"strokes": [[0, 0]]}, "what it shows"),
        ({**GOOD, "shows": "\n"}, "what it shows"),
        ({**GOOD, "shows": "x" * 65}, "what it shows"),
        ({**GOOD, "strokes": [[0, 0, 1]]}, "x, y, x, y"),
        ({**GOOD, "strokes": [[]]}, "x, y, x, y"),
        ({**GOOD, "strokes": ["ab"]}, "x, y, x, y"),
        ({**GOOD, "strokes": [[0, float("nan")]]}, "not a number"),
        ({**GOOD, "strokes": [[0, 1e9]]}, "not a number"),
        ({**GOOD, "strokes": [[0, 10**400]]}, "not a number"),
        ({**GOOD, "strokes": [[0, True]]}, "not a number"),
        ({**GOOD, "size": 2}, "size 2"),
        ({**GOOD, "size": 10**400}, "size 10{39};"),
        ({**GOOD, "size": float("nan")}, "size nan"),
        ({**GOOD, "size": "1"}, "size '1'"),
    ],
)
def test_what_is_no_drawing_is_refused(tmp_path: Path, entry: object, said: str):
    with pytest.raises(DataError, match=said):
        read_others(written(tmp_path / "x.json", GOOD, entry))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"drawings": []}', "[" * 100_000, '{"drawings": 1}'])
def test_what_is_no_such_file_is_refused(tmp_path: Path, text: str):
    (tmp_path / "x.json").write_text(text, "utf-8")
    with pytest.raises(DataError, match="x.json"):
        read_others(tmp_path / "x.json")
    with pytest.raises(DataError, match="none.json does not exist: give a JSON file of drawings"):
        read_others(tmp_path / "none.json")
