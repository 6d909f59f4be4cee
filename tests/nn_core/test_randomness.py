"""Streams of random numbers that do not touch each other."""

from __future__ import annotations

from nn_core.randomness import Purpose, generator


def first(*place):
    return generator(*place).integers(2**63)


def test_the_same_place_draws_the_same():
    assert first(3, Purpose.ORDER, 7) == first(3, Purpose.ORDER, 7)


PLACES = {  # what a run asks for: once, for an epoch, for a step and a part
    Purpose.INITIAL: [()],
    Purpose.ORDER: [(epoch,) for epoch in range(20)],
    Purpose.AUGMENT: [(step, part) for step in range(20) for part in range(5)],
    Purpose.DROPOUT: [(step, part) for step in range(20) for part in range(5)],
    Purpose.PEN_TRAIN: [()],
    Purpose.PEN_TEST: [()],
    Purpose.REPLAY: [()],
    Purpose.DOUBT_DIGITS: [()],
    Purpose.DOUBT_OTHERS: [()],
    Purpose.BALANCE: [(epoch,) for epoch in range(20)],
    Purpose.PRETRAIN: [(layer, *epoch) for layer in range(3) for epoch in [(), *((n,) for n in range(1, 20))]],
    Purpose.DOUBT_NUMBERS: [()],
    Purpose.DOUBT_ROWS: [()],
}


def test_seeds_purposes_and_places_have_streams_of_their_own():
    assert set(PLACES) == set(Purpose)
    drawn = [
        first(seed, purpose, *place)
        for seed in (0, 1, 2, 3, 2**32 - 1)
        for purpose, places in PLACES.items()
        for place in places
    ]
    assert len(set(drawn)) == len(drawn)
