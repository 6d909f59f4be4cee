"""Threads for the parts of a batch, each with one BLAS thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from types import TracebackType

import numpy as np
from threadpoolctl import ThreadpoolController

#: Images that go through a network together: training remembers every layer's values, reading only the last one's, so
#: more of them stay in the caches, and the interpreter changes hands less often.
CHUNK, READ_CHUNK = 64, 250


@cache
def one_blas_thread() -> None:
    """Let a matrix product use one thread from now on, in the whole process.

    The parts of a batch already fill the cores; BLAS threads beside them would spin and wait for each other.
    """
    ThreadpoolController().limit(limits=1, user_api="blas")


class Workers:
    """`threads` threads that share the parts of a piece of work; the caller is one of them.

    NumPy lets go of the interpreter during its loops, so they really run side by side.
    """

    def __init__(self, threads: int) -> None:
        one_blas_thread()
        self.threads = threads
        self._pool = ThreadPoolExecutor(threads - 1, thread_name_prefix="part") if threads > 1 else None

    def run(self, work: Callable[[int], None], parts: int) -> None:
        """Call `work(0)` … `work(parts − 1)`, part i always on thread i mod `threads`, and wait for all."""

        def share(thread: int) -> None:
            # A run that diverges overflows on its way; the loss, which the trainer looks at, tells so once and clearly.
            with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
                for part in range(thread, parts, self.threads):
                    work(part)

        helpers = range(1, min(self.threads, parts))
        others = [self._pool.submit(share, thread) for thread in helpers] if self._pool else []
        try:
            share(0)
        finally:
            for other in others:
                other.result()

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._pool:
            self._pool.shutdown()
