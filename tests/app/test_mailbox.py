"""The mailbox keeps every scalar, the newest snapshot, and the last word."""

from __future__ import annotations

import threading

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.mailbox import Ended, Mailbox
from nn_core.events import BatchDone, Failed, Finished, Snapshot, Working


def snapshot(step: int) -> Snapshot:
    return Snapshot(step, step / 10, np.zeros(3))


def batch(step: int) -> BatchDone:
    return BatchDone(step, step / 10, 1.0, 0.5, 64, 0.1)


MAKERS = {"batch": batch, "snapshot": snapshot, "working": lambda n: Working("Loading", n, 100)}


@given(st.lists(st.sampled_from(sorted(MAKERS)), max_size=60))
def test_scalars_are_all_kept_and_of_the_rest_the_newest_in_order(kinds: list[str]):
    mailbox = Mailbox()
    put = [MAKERS[kind](number) for number, kind in enumerate(kinds)]
    for message in put:
        mailbox.put(message)
    newest = {type(message): message for message in put}
    wanted = [each for each in put if isinstance(each, BatchDone) or newest[type(each)] is each]
    found = mailbox.drain()
    assert len(found) == len(wanted)
    assert all(a is b for a, b in zip(found, wanted, strict=True))
    assert mailbox.drain() == []


def test_the_last_word_is_never_dropped():
    mailbox = Mailbox()
    for message in (Failed("why"), Finished(3), Ended()):
        mailbox.put(message)
        for number in range(100):
            mailbox.put(snapshot(number))
    assert [type(each) for each in mailbox.drain() if not isinstance(each, Snapshot)] == [Failed, Finished, Ended]


def test_nothing_is_lost_between_two_threads():
    mailbox, found = Mailbox(), []
    count = 20_000
    writer = threading.Thread(target=lambda: [mailbox.put(batch(number)) for number in range(count)])
    writer.start()
    while len(found) < count:
        found += mailbox.drain()
    writer.join()
    assert [each.step for each in found] == list(range(count))
