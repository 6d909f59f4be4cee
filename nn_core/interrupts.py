"""Ctrl-C, noted instead of raised wherever the program happens to be."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def interrupts_noted(*, second_ends: bool = False) -> Iterator[list[int]]:
    """Until the end Ctrl-C interrupts nothing: the list is empty until it came. With `second_ends` the next one does.

    Between two steps a run can be kept to the bit, in the middle of one it cannot; and what is raised inside a slot,
    Qt drops. Who was started to hear no interrupts, by `nohup` for example, hears none.
    """
    noted: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        noted.append(number)
        if second_ends and len(noted) > 1:
            raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, note)
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, before)
