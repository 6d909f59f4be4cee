"""Ctrl-C is noted, and ends at once where it comes twice."""

from __future__ import annotations

import signal

import pytest

from nn_core.interrupts import interrupts_noted


def test_interrupts_are_noted_and_the_second_one_ends_where_it_is_to():
    before = signal.getsignal(signal.SIGINT)
    with interrupts_noted(second_ends=True) as interrupts:
        assert not interrupts
        signal.raise_signal(signal.SIGINT)
        assert interrupts
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    with interrupts_noted() as interrupts:
        for _ in range(3):
            signal.raise_signal(signal.SIGINT)
        assert len(interrupts) == 3
    assert signal.getsignal(signal.SIGINT) is before


def test_who_was_started_to_hear_no_interrupts_hears_none():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interrupts_noted() as interrupts:
            signal.raise_signal(signal.SIGINT)
            assert not interrupts
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
