"""The mailbox between the worker's thread and the window's."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from nn_core.data.dataset import Dataset
from nn_core.events import Event, Snapshot, Working


@dataclass(frozen=True, slots=True)
class Loaded:
    """The dataset is there, and training begins."""

    dataset: Dataset
    steps: int  # of the whole run
    step: int  # at which it begins, 0 unless it goes on


@dataclass(frozen=True, slots=True)
class Held:
    """The worker waits, as it was asked to, after this step."""

    step: int


@dataclass(frozen=True, slots=True)
class Notice:
    """Something went wrong beside the work, which goes on; one sentence for the user."""

    message: str


@dataclass(frozen=True, slots=True)
class Crashed:
    """The work ended by an error that nobody foresaw."""

    error: BaseException


@dataclass(frozen=True, slots=True)
class Ended:
    """The worker's last word, whatever came before."""


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """What a job beside training has worked out."""

    value: object


@dataclass(frozen=True, slots=True, eq=False)
class Latest:
    """What a job beside training has worked out, worth showing until the next."""

    value: object


Message = Event | Loaded | Held | Notice | Crashed | Ended | Result | Latest

#: Of these only the latest is worth showing: pictures, parameters, how far something is.
_LATEST_ONLY = (Snapshot, Working, Latest)


class Mailbox:
    """Takes messages from one thread and gives them to another, in their order; neither waits for the other.

    Everything is kept but snapshots and progress, of which the newest replaces the one before: however long the window
    is busy, no more than one copy of the parameters lies here.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._messages: list[Message | None] = []
        self._places: dict[type, int] = {}

    def put(self, *messages: Message) -> None:
        """Leave messages, which are taken out together."""
        with self._lock:
            for message in messages:
                if isinstance(message, _LATEST_ONLY):
                    before = self._places.get(type(message))
                    if before is not None:
                        self._messages[before] = None
                    self._places[type(message)] = len(self._messages)
                self._messages.append(message)

    def drain(self) -> list[Message]:
        """Take out all that is there, oldest first."""
        with self._lock:
            messages, self._messages = self._messages, []
            self._places.clear()
        return [message for message in messages if message is not None]


def raise_crash(messages: list[Message]) -> None:
    """Raise in this thread what nobody foresaw in the other one."""
    for message in messages:
        if isinstance(message, Crashed):
            raise message.error
