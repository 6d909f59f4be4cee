"""The worker: a thread that iterates a job and puts what it yields into the mailbox."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import closing

from PySide6.QtCore import QObject, QThread

from app.mailbox import Crashed, Ended, Mailbox, Message
from nn_core.errors import DigitscopeError
from nn_core.events import Failed

#: How far the worker's threads, and processes, step back behind the window's (Unix's "nice"): all the way. At 5 the
#: window waited for a core for some milliseconds whenever it woke up, which doubled the time to answer a drawing.
NICENESS = 19

Job = Callable[["Control"], Generator[Message, None, None]]


class Control:
    """What the window wants of a job; the job looks at it between two steps of its work.

    The job holds when it is paused, except for as many steps as have been asked for.
    """

    def __init__(self, paused: bool = False, steps: int = 0) -> None:
        self._changed = threading.Condition()
        self._paused, self._steps, self._stopping = paused, steps, False
        self._learning_rate: float | None = None
        self._frozen: frozenset[int] | None = None

    def pause(self) -> None:
        """Let the job hold after the step that it is taking."""
        with self._changed:
            self._paused = True

    def resume(self) -> None:
        """Let the job go on."""
        with self._changed:
            self._paused, self._steps = False, 0
            self._changed.notify_all()

    def step(self) -> None:
        """Let a job that holds take one step more."""
        with self._changed:
            self._paused, self._steps = True, self._steps + 1
            self._changed.notify_all()

    def stop(self) -> None:
        """Let the job end, holding or not."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def set_learning_rate(self, rate: float) -> None:
        """Let training go on with another learning rate from the next batch on."""
        with self._changed:
            self._learning_rate = rate

    def freeze(self, layers: frozenset[int]) -> None:
        """Let training leave these layers as they are from the next batch on."""
        with self._changed:
            self._frozen = layers

    # What the job asks.

    @property
    def stopping(self) -> bool:
        """Whether the job is to end."""
        return self._stopping

    @property
    def holding(self) -> bool:
        """Whether the job is to hold."""
        with self._changed:
            return self._paused and not self._steps and not self._stopping

    def step_taken(self) -> None:
        """Say that a step is done, so that it counts for one that was asked for."""
        with self._changed:
            self._steps = max(0, self._steps - 1)

    def wait(self) -> bool:
        """Hold for as long as it is wanted; False when the job is to end."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopping or not self._paused or self._steps > 0)
            return not self._stopping

    def new_learning_rate(self) -> float | None:
        """The learning rate that has been set since the last question, None when there is none."""
        with self._changed:
            rate, self._learning_rate = self._learning_rate, None
            return rate

    def new_frozen(self) -> frozenset[int] | None:
        """The layers to freeze that have been set since the last question, None when nothing was said."""
        with self._changed:
            layers, self._frozen = self._frozen, None
            return layers


class Worker(QThread):
    """Runs one job to its end, or until it is stopped; then the job is closed, and its clean-up code runs.

    An error of ours becomes `Failed`, with its sentence; any other `Crashed`. `Ended` is always the last message, and
    comes together with what it ended by.
    """

    def __init__(self, job: Job, control: Control, mailbox: Mailbox, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("worker")
        self.control = control
        self._job, self._mailbox = job, mailbox

    def stop(self) -> None:
        """Ask the job to end, and return at once."""
        self.requestInterruption()
        self.control.stop()

    def run(self) -> None:
        """Iterate the job; this is the thread."""
        _step_back()
        ended_by: list[Message] = []
        try:
            with closing(self._job(self.control)) as messages:
                for message in messages:
                    self._mailbox.put(message)
                    if self.control.stopping or self.isInterruptionRequested():
                        break
        except DigitscopeError as error:
            ended_by = [Failed(str(error))]
        except MemoryError:
            ended_by = [Failed("There is not enough memory for this. Take a smaller batch or a smaller network.")]
        except BaseException as error:  # raised again in the window's thread, where somebody can be told
            ended_by = [Crashed(error)]
        finally:
            self._mailbox.put(*ended_by, Ended())


def _step_back() -> None:
    """Let this thread, and those that it starts, have a core when the window's thread does not want it.

    On Linux a priority belongs to a thread. Elsewhere `QThread.start` is told.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), os.nice(0) + NICENESS)
