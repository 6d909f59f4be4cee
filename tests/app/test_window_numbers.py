"""Numbers drawn in the window: split into digits, read as a number, one digit selected."""

from __future__ import annotations

import pytest

from tests.app import pointing
from tests.app.driver import Driver

Strokes = list[pointing.Places]


def moved(strokes: Strokes, right: float) -> Strokes:
    return [[(x + right, y) for x, y in stroke] for stroke in strokes]


ONE = [[(40.0, 90.0), (40.0, 130.0), (40.0, 190.0)]]
TWO = [[(72, 112), (84, 94), (104, 92), (114, 108), (104, 136), (84, 166), (70, 188), (92, 187), (120, 186)]]
FOUR = [[(34.0, 90.0), (26.0, 146.0), (74.0, 142.0)], [(62.0, 104.0), (58.0, 190.0)]]
ZERO = [[(132, 92), (114, 110), (108, 142), (116, 176), (134, 190), (154, 176), (160, 142), (152, 106), (130, 92)]]
SEVEN = [[(188.0, 94.0), (214.0, 93.0), (246.0, 94.0), (232.0, 126.0), (218.0, 160.0), (210.0, 190.0)]]
BAR = [[(205.0, 140.0), (245.0, 139.0)]]
SLASH = [[(166.0, 84.0), (134.0, 142.0), (100.0, 198.0)]]
FIVE = [
    [(100, 60), (96, 120), (130, 112), (164, 130), (172, 166), (158, 204), (126, 220), (92, 208)],
    [(98, 62), (130, 60), (170, 58)],
]


def draw(window: Driver, strokes: Strokes) -> None:
    for stroke in strokes:
        window.draw(stroke)


@pytest.mark.parametrize(
    "strokes, number",
    [
        (ONE + TWO, "12"),
        (FOUR + ZERO + SEVEN, "407"),
        (ONE + moved(ONE, 50), "11"),
        (FOUR + ZERO + SLASH + SEVEN + BAR, "407"),
        (moved(TWO, 90) + ONE, "12"),  # written from the right
        (FOUR + moved(ZERO, -33), "40"),  # the four's bar reaches into the zero
    ],
)
def test_a_number_is_read_as_a_whole(window: Driver, strokes: Strokes, number: str):
    draw(window, strokes)
    assert window.digit.text() == number


@pytest.mark.parametrize("strokes, digit", [(FIVE, "5"), (ZERO + SLASH, "0"), (FOUR, "4"), (SEVEN + BAR, "7")])
def test_the_strokes_of_one_digit_stay_together(window: Driver, strokes: Strokes, digit: str):
    draw(window, strokes)
    assert window.digit.text() == digit


def test_undo_takes_a_digit_away_and_the_number_follows(window: Driver):
    draw(window, FOUR + ZERO + SEVEN)
    texts = []
    for _ in range(3):
        with window.qtbot.waitSignal(window.window.predictionChanged) as told:
            window.press("undo")
        texts.append(window.digit.text())
    assert texts[0] == "40"
    assert len(texts[2]) == 1
    assert told.args[0] == int(window.bars.probabilities().argmax())


def test_the_digit_drawn_last_is_told(window: Driver):
    draw(window, FOUR + ZERO)
    with window.qtbot.waitSignal(window.window.predictionChanged) as told:
        pointing.drag(window.canvas, SEVEN[0])
    assert told.args[0] == 7
    assert told.args[1].shape == (10,)
