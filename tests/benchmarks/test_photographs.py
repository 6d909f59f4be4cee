"""Pictures as the window reads them: one digit stays one, a row of them is a number."""

from __future__ import annotations

import pytest

from benchmarks import photographs
from nn_core.measuring.photographed import CONDITIONS


@pytest.mark.parametrize("length", [1, 3])
def test_pictures_of_digits_and_of_numbers_are_read_under_most_conditions(data_dir, length: int) -> None:
    found = photographs.measure(data_dir, "default", 1, 4, length)
    assert (found["n"], found["length"]) == (1, length)
    assert list(found["conditions"]) == ["as they are", *CONDITIONS]
    assert sum(row["accuracy"] for row in found["conditions"].values()) > 0.8 * len(CONDITIONS)
