"""The race: fair, repeatable, and the same as training alone."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nn_core.data import Dataset, Split
from nn_core.errors import SettingsError
from nn_core.labs.race import Course, Dropped, Examined, Runner, Stride, race, rounds, standings
from nn_core.optimizers import OPTIMIZERS
from nn_core.pen import pen_digits
from nn_core.presets import make_model
from nn_core.settings import TrainSettings
from nn_core.trainer import Trainer

CHAIN = "flatten → linear 16 → relu → linear 10"


@pytest.fixture(scope="module")
def data():
    drawn = pen_digits(500, rng=np.random.default_rng(2))
    return Dataset("some", Split(drawn.images[:400], drawn.labels[:400]), Split(drawn.images[400:], drawn.labels[400:]))


def run(runners, data, steps=12, threads=1, **course):
    chosen = Course(CHAIN, batch_size=40, steps=steps, examine_every=5, **course)
    return list(race(chosen, tuple(Runner.usual(name) for name in runners), data, threads))


def losses(events, runner):
    return [event.loss for event in events if isinstance(event, Stride) and event.runner == runner]


def test_all_start_alike_and_see_the_same_batches(data):
    events = run(OPTIMIZERS, data, steps=1)
    starts = {event.accuracy for event in events if isinstance(event, Examined) and event.step == 0}
    assert len(starts) == 1
    assert len({losses(events, place)[0] for place in range(len(OPTIMIZERS))}) == 1


def test_a_runner_goes_as_it_would_alone_and_as_the_trainer_does(data):
    together, alone = run(["sgd", "adam", "ftrl"], data), run(["adam"], data, threads=2)
    assert losses(together, 1) == losses(alone, 0)
    model = make_model(CHAIN, 0)
    settings = TrainSettings(
        CHAIN, optimizer="adam", learning_rate=OPTIMIZERS["adam"].default_lr, batch_size=40, epochs=2,
        schedule="constant", threads=1,
    )  # fmt: skip
    trained = [event.loss for event in Trainer(model, data, settings) if hasattr(event, "images") and event.step <= 12]
    assert [loss for loss in trained if loss in losses(alone, 0)] == losses(alone, 0)


def test_the_seed_decides(data):
    assert run(["momentum"], data, seed=1) == run(["momentum"], data, seed=1)
    assert losses(run(["momentum"], data, seed=1), 0) != losses(run(["momentum"], data, seed=2), 0)


def test_looks_come_at_the_start_every_so_often_and_at_the_end(data):
    looks = [event.step for event in run(["sgd"], data) if isinstance(event, Examined)]
    assert looks == [0, 5, 10, 12]


def test_the_smoothed_loss_begins_as_the_mean(data):
    strides = [event for event in run(["sgd"], data) if isinstance(event, Stride)]
    assert strides[3].smooth == pytest.approx(np.mean([stride.loss for stride in strides[:4]]))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_usual_rate_learns(data, name):
    events = run([name], data, steps=60)
    accuracy = [event.accuracy for event in events if isinstance(event, Examined)]
    assert accuracy[-1] > accuracy[0] + 0.2


def test_who_diverges_is_out_and_the_others_go_on(data):
    course = Course("flatten → linear 16 → linear 10", batch_size=40, steps=20, examine_every=10)
    events = list(race(course, (Runner("sgd", 1000.0), Runner("sgd", 0.01)), data, 1))
    dropped = [event for event in events if isinstance(event, Dropped)]
    assert [event.runner for event in dropped] == [0]
    assert len(losses(events, 0)) < 20
    assert len(losses(events, 1)) == 20


def test_an_exact_l1_ends_in_zeros_and_one_in_the_gradient_does_not(data):
    for names, l1 in ((["sgd", "proximal", "proximal-adagrad", "adagrad-da"], 0.05), (["sgd", "ftrl"], 0.5)):
        events = run(names, data, steps=25, l1=l1)  # FTRL counts it once, and not at every step
        plain, *exact = [event.zeros for event in events if isinstance(event, Examined) and event.step == 25]
        assert plain < 0.05
        assert min(exact) > 0.2


def test_penalties_are_those_of_the_optimiser(data):
    plain, penalised = run(["sgd"], data), run(["sgd"], data, weight_decay=0.5)
    assert losses(plain, 0)[0] == losses(penalised, 0)[0]
    assert losses(plain, 0)[1] != losses(penalised, 0)[1]


def test_more_than_fits_into_memory_is_refused(data):
    course = Course("flatten → linear 8000 → linear 10")
    with pytest.raises(SettingsError, match=r"3 networks of 6,360,010 parameters are too many at once"):
        list(race(course, (Runner.usual("sgd"),) * 3, data, 1))


def test_events_are_gathered_by_their_steps():
    events = [Examined(0, 0, 2.3, 0.1), Stride(0, 1, 2.2, 2.2), Stride(1, 1, 2.2, 2.2), Stride(0, 2, 2.1, 2.15)]
    found = [each for each in rounds(iter(events), 2) if isinstance(each, list)]
    assert found == [events[:3], events[3:]]


def test_the_standings():
    assert standings({0: 0.5, 3: 0.9, 1: math.nan, 2: 0.7}) == [3, 2, 0, 1]


@pytest.mark.parametrize(
    "make, told",
    [
        (lambda: Course(steps=0), r"steps \(=0\)"),
        (lambda: Course(batch_size=100_000), r"batch_size \(=100000\)"),
        (lambda: Course(weight_decay=-1.0), r"weight_decay \(=-1.0\)"),
        (lambda: Course(l1=math.nan), r"l1 \(=nan\)"),
        (lambda: Runner("newton", 1.0), r"optimizer \(='newton'\)"),
        (lambda: Runner("sgd", 0.0), r"learning rate of sgd \(=0.0\)"),
    ],
)
def test_what_is_out_of_range_is_named_with_its_value(make, told):
    with pytest.raises(SettingsError, match=told):
        make()
