"""The phases that a training run passes through, as the window shows them."""

from __future__ import annotations

from enum import Enum


class Phase(Enum):
    """What a run is doing; the transport bar offers exactly what makes sense in it."""

    IDLE = "idle"  # nothing runs; the next start begins or goes on
    LOADING = "loading"  # data or a network is being prepared; the run can be stopped, not paused
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"  # asked to stop, the last batch is still being finished
    FINISHED = "finished"  # the last epoch is done
