"""Ten bars."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from app.theme import LIGHT
from app.views.probability_bars import ProbabilityBars
from app.views.wording import percent

SURE = np.array([0.001, 0.02, 0.01, 0.004, 0.03, 0.001, 0.0004, 0.91, 0.0036, 0.02])


@pytest.fixture
def bars(qtbot: QtBot) -> ProbabilityBars:
    view = ProbabilityBars()
    qtbot.addWidget(view)
    view.resize(300, 200)
    return view


def _count(image: QImage, digit: int, color: str) -> int:
    """Return how many pixels in the middle line of a digit's row have a colour."""
    wanted = QColor(color)
    line = round((digit + 0.5) * image.height() / 10)
    return sum(image.pixelColor(x, line) == wanted for x in range(image.width()))


def test_bars_are_as_long_as_the_digits_are_probable(bars: ProbabilityBars) -> None:
    bars.showProbabilities(SURE)
    image = bars.grab().toImage()
    track = _count(image, 5, LIGHT.raised)
    assert _count(image, 7, LIGHT.accent) == pytest.approx(0.91 * track, abs=4)
    assert _count(image, 4, LIGHT.muted) > 0


def test_only_the_winner_has_the_accent(bars: ProbabilityBars) -> None:
    bars.showProbabilities(SURE)
    image = bars.grab().toImage()
    assert [digit for digit in range(10) if _count(image, digit, LIGHT.accent)] == [7]


def test_without_probabilities_the_tracks_are_empty(bars: ProbabilityBars) -> None:
    empty = bars.grab().toImage()
    bars.showProbabilities(SURE)
    assert bars.grab().toImage() != empty
    bars.showProbabilities(None)
    assert bars.grab().toImage() == empty
    assert bars.probabilities() is None
    assert not any(_count(empty, digit, LIGHT.accent) for digit in range(10))


def test_those_who_cannot_see_are_told(bars: ProbabilityBars) -> None:
    assert bars.objectName() == "probabilityBars"
    assert bars.accessibleDescription() == "Nothing is drawn."
    bars.showProbabilities(SURE)
    assert bars.accessibleDescription() == "7: 91.0 %, 4: 3.0 %, 1: 2.0 %"


def test_it_keeps_a_copy(bars: ProbabilityBars) -> None:
    mine = SURE.copy()
    bars.showProbabilities(mine)
    mine[:] = 0
    shown = bars.probabilities()
    assert shown is not None
    shown[:] = 0
    assert bars.probabilities() == pytest.approx(SURE)


def test_a_network_gone_astray_is_shown_as_such(bars: ProbabilityBars) -> None:
    bars.showProbabilities(np.full(10, np.nan))
    image = bars.grab().toImage()
    assert not any(_count(image, digit, LIGHT.accent) for digit in range(10))
    assert bars.accessibleDescription().startswith("0: ?")


@pytest.mark.parametrize("shape", [(9,), (1, 10), ()])
def test_ten_are_asked_for(bars: ProbabilityBars, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="shape"):
        bars.showProbabilities(np.zeros(shape))


@pytest.mark.parametrize(
    ("share", "words"), [(0.0, "0.0 %"), (0.0004, "0.0 %"), (0.9996, "100.0 %"), (0.456, "45.6 %")]
)
def test_per_cent(share: float, words: str) -> None:
    assert percent(share) == words


@pytest.mark.parametrize(("width", "height"), [(10, 10), (130, 130), (600, 900)])
def test_any_size_can_be_painted(bars: ProbabilityBars, width: int, height: int) -> None:
    bars.showProbabilities(SURE)
    bars.resize(width, height)
    assert not bars.grab().isNull()
    assert bars.testAttribute(Qt.WidgetAttribute.WA_Resized)
