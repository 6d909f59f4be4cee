"""`strokes`: real mouse events on the real canvas, from a file to figures."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage

from cli import main
from tests.nn_core.measuring.pen_files import write

LABELS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 3, 3]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve digits that the program draws itself, and reads nearly all of."""
    return write(tmp_path_factory.mktemp("strokes") / "some.npz", LABELS)


def test_every_digit_is_drawn_and_answered(call, qapp, file: Path):
    (told,) = call("strokes", file)
    assert told["n"] == 12
    assert told["accuracy"] == told["right"] / 12 >= 0.75
    confusion = np.array(told["confusion"])
    assert confusion.sum(axis=1).tolist() == np.bincount(LABELS).tolist()
    assert np.trace(confusion) == told["right"]
    assert told["by_digit"]["3"]["n"] == 3
    assert [told["by_provider"][name]["n"] for name in ("a", "b")] == [6, 6]
    assert 0 <= told["calibration_error"] <= 1


def test_the_same_seed_draws_the_same(call, qapp, file: Path):
    told = [call("strokes", file, "--limit", 3, "--seed", seed)[0] for seed in (5, 5, 6)]
    for one in told:
        del one["seconds"]
    assert told[0] == told[1]
    assert told[0]["calibration_error"] != told[2]["calibration_error"]
    assert told[0]["n"] == 3


def test_what_is_no_digit_is_replayed_too(call, qapp, file: Path, tmp_path: Path):
    one = {"shows": "one", "strokes": [[0, 0, 0, 50, 0, 100]]}
    dot = {"shows": "dot", "strokes": [[3, 3]], "size": 0}
    (tmp_path / "others.json").write_text(json.dumps({"drawings": [one, dot]}), "utf-8")
    (told,) = call("strokes", file, "--limit", 2, "--others", tmp_path / "others.json")
    assert told["others"] == {"doubted": 0.5, "n": 2, "read_as": ["one: 1"]}
    assert told["n"] == 2


def test_numbers_are_composed_and_read_whole(call, qapp, file: Path):
    told, same = (call("strokes", file, "--numbers", 8, "--seed", 2)[0] for _ in range(2))
    assert told["n"] == 8
    assert told["accuracy"] == told["right"] / 8 >= 0.5
    assert told["right_count"] >= told["right"]
    assert sum(group["n"] for group in told["by_digit"].values()) == 24
    assert len(told["mistakes"]) == 8 - told["right"]
    assert same["mistakes"] == told["mistakes"]


def test_people_get_a_table(capsys: pytest.CaptureFixture[str], qapp, file: Path):
    assert main(["strokes", str(file), "--limit", "2"]) == 0
    said = capsys.readouterr()
    assert "of 2 digits read right" in said.out
    assert "expected calibration error" in said.out
    assert main(["strokes", str(file), "--numbers", "2"]) == 0
    assert "of 2 numbers" in capsys.readouterr().out


def test_the_mistakes_are_put_on_a_sheet(call, qapp, file: Path, tmp_path: Path):
    wrong = np.array([(label + 1) % 10 for label in LABELS], np.uint8)
    mislabelled = write(tmp_path / "wrong.npz", LABELS, labels=wrong)
    call("strokes", mislabelled, "--limit", 2, "--sheet", tmp_path / "sheet.png")
    sheet = QImage(str(tmp_path / "sheet.png"))
    assert sheet.width() > 1000
    assert len({sheet.pixel(x, y) for x in range(0, 400, 3) for y in range(0, 100, 3)}) > 20


def test_what_cannot_be_done_is_refused_before_a_window_opens(refused, file: Path, tmp_path: Path):
    assert "none.npz" in refused("strokes", tmp_path / "none.npz")
    assert "--limit" in refused("strokes", file, "--limit", 0)
    assert "--seed" in refused("strokes", file, "--seed", -1)
    assert "--numbers" in refused("strokes", file, "--numbers", 0)
    assert "--numbers" in refused("strokes", file, "--numbers", 10**9)
    assert "goes without" in refused("strokes", file, "--numbers", 2, "--others")
    assert "names no file" in refused("strokes", file, "--others", "")
    assert "none.json" in refused("strokes", file, "--others", tmp_path / "none.json")
    assert "nowhere" in refused("strokes", file, "--sheet", tmp_path / "nowhere" / "sheet.png")
    assert "ends in .png" in refused("strokes", file, "--sheet", tmp_path / "sheet.txt")
    assert "bad.safetensors" in refused("strokes", file, "--model", tmp_path / "bad.safetensors")
