"""How fast a run is, over the last few seconds."""

from __future__ import annotations

import pytest

from app.progress import Speed


def test_nothing_is_known_at_first():
    speed = Speed()
    assert speed.images_per_s() is None
    speed.add(0.0, 1, 64)
    assert speed.images_per_s() is None
    speed.add(0.1, 2, 64)
    assert speed.images_per_s() is None


def test_speed_is_that_of_the_last_seconds():
    speed = Speed()
    for tick in range(100):
        speed.add(tick * 0.1, tick * 2, 128)
    assert speed.images_per_s() == pytest.approx(1280)
    assert speed.steps_per_s() == pytest.approx(20)
    for tick in range(100, 140):
        speed.add(tick * 0.1, 198 + (tick - 99), 64)
    assert speed.images_per_s() == pytest.approx(640)
    assert speed.steps_per_s() == pytest.approx(10)


def test_a_pause_does_not_count():
    speed = Speed()
    for tick in range(20):
        speed.add(tick * 0.1, tick, 64)
    speed.restart()
    speed.add(1000.0, 20, 64)
    assert speed.images_per_s() is None
    speed.add(1000.5, 25, 320)
    assert speed.images_per_s() == pytest.approx(640)
