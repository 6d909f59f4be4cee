"""The demo: the real window, drawn on, trained and photographed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from app import demo
from nn_core.errors import DataError


def test_the_demo_draws_trains_and_saves_a_picture(qapp, tiny: Path, tmp_path: Path):
    told = demo.run(tmp_path / "window.png", 1.0, tiny)
    assert len(told["probabilities"]) == 10
    assert sum(told["probabilities"]) == pytest.approx(1, abs=1e-4)
    assert told["predicted"] == max(range(10), key=lambda digit: told["probabilities"][digit])
    assert told["steps"] > 0
    assert told["dataset"] == "tiny"
    picture = QImage(str(tmp_path / "window.png"))
    assert picture.width() >= 1000
    assert len({picture.pixel(x, y) for x in range(0, 1000, 7) for y in range(0, 600, 7)}) > 50


def test_a_picture_that_cannot_be_written_is_told(qapp, tiny: Path, tmp_path: Path):
    with pytest.raises(DataError, match="nowhere"):
        demo.run(tmp_path / "nowhere" / "window.png", 0.1, tiny)
