"""Reading a drawing: sure, unsure, nothing drawn, and parameters that are no numbers."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.answer import NOTHING, UNSURE, Answer
from app.reading import Reading
from nn_core.ink import Stroke
from nn_core.layers import Flatten, Linear
from nn_core.model import Model
from nn_core.network import Sequential
from nn_core.presets import make_model

LINE = (Stroke(np.array([[140, 40], [140, 240]], np.float32), 20.0),)


def biased(*bias: float) -> Model:
    """A network that gives every image the same outputs."""
    network = Sequential(Flatten(), Linear(784, 10, rng=np.random.default_rng(0)))
    network.vector[...] = 0
    network.vector[7840:] = bias
    return Model(network)


@pytest.fixture
def reading(qtbot: QtBot) -> Reading:
    return Reading(biased(*range(0, 100, 10)))


def answer(reading: Reading, qtbot: QtBot, marks: object) -> Answer:
    answers: list[Answer] = []
    heard = reading.answered.connect(answers.append)
    with qtbot.waitSignal(reading.mapsChanged):
        reading.draw(marks)
    reading.disconnect(heard)
    return answers[-1]


def test_a_sure_answer_is_its_digit(reading: Reading, qtbot: QtBot):
    found = answer(reading, qtbot, LINE)
    assert (found.digit, found.text) == (9, "9")
    assert found.image.shape == (28, 28)


def test_an_empty_sheet_is_no_digit(reading: Reading, qtbot: QtBot):
    found = answer(reading, qtbot, ())
    assert (found.digit, found.text, found.probabilities, found.image) == (-1, NOTHING, None, None)


def test_where_all_others_together_are_likelier_the_answer_is_unsure(reading: Reading, qtbot: QtBot):
    reading.show_model(biased(0, 0, 0, 0, 2, 0, 0, 0, 0, 0))
    found = answer(reading, qtbot, LINE)
    assert (found.digit, found.text) == (4, UNSURE)
    assert found.probabilities[4] < 0.5


def test_what_is_doubted_is_unsure_and_doubted_once_a_drawing(qtbot: QtBot):
    asked: list[float] = []

    def doubts(image: np.ndarray) -> bool:
        asked.append(float(image.sum()))
        return image[:, :8].any()  # ink on the left

    wide = (Stroke(np.array([[40, 140], [240, 140]], np.float32), 20.0),)
    reading = Reading(biased(*range(0, 100, 10)), None, doubts)
    assert answer(reading, qtbot, LINE).text == "9"
    doubted = answer(reading, qtbot, wide)
    assert (doubted.digit, doubted.text) == (9, UNSURE)
    reading.show_parameters(biased(*range(100, 0, -10)).network.vector)
    assert len(asked) == 2
    assert answer(reading, qtbot, ()).text == NOTHING
    reading.stop()


@pytest.mark.parametrize("points, text", [([[9, 9]], UNSURE), ([[9, 9], [25, 9]], UNSURE), ([[9, 9], [9, 40]], "9")])
def test_ink_no_larger_than_the_pen_is_a_dot(reading: Reading, qtbot: QtBot, points: list[list[float]], text: str):
    assert answer(reading, qtbot, (Stroke(np.array(points, np.float32), 20.0),)).text == text


@pytest.mark.parametrize("value", [np.nan, np.inf, 3e38])
def test_parameters_of_a_run_that_diverged_do_no_harm(reading: Reading, qtbot: QtBot, value: float):
    reading.show_model(make_model("blog-cnn", 0))
    vector = np.full(reading.model.network.layout.size, value, np.float32)
    reading.show_parameters(vector)
    assert answer(reading, qtbot, LINE).text == UNSURE


def test_parameters_are_answered_at_once_and_not_copied(reading: Reading, qtbot: QtBot):
    answer(reading, qtbot, LINE)
    vector = biased(50, *[0] * 9).network.vector
    vector.flags.writeable = False
    with qtbot.assertNotEmitted(reading.networkChanged), qtbot.waitSignal(reading.answered) as told:
        reading.show_parameters(vector)
    assert told.args[0].text == "0"
    assert reading.model.network.vector is vector
    reading.stop()
