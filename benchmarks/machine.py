"""What the figures were measured on, and what else it was doing."""

from __future__ import annotations

import os
import platform
import time
from importlib import metadata
from pathlib import Path

from benchmarks.common import Found


def facts() -> Found:
    """Processor, cores, memory, system, Python and the libraries, by name."""
    return {
        "processor": _processor(),
        "cores": f"{_cores()} of {os.cpu_count()}",
        "memory": _memory(),
        "system": f"{platform.system()} {platform.release()}",
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "NumPy": _version("numpy"),
        "BLAS": _blas(),
        "PySide6": _version("PySide6-Essentials"),
        "PyTorch": _version("torch"),
    }


def load() -> str:
    """The load averages over 1, 5 and 15 minutes."""
    return " ".join(f"{value:.2f}" for value in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"


def others_at_work(seconds: float = 1.0) -> float | None:
    """How many cores are at work while we wait, which tells how quiet the machine is; None where it cannot be known."""
    before = _ticks()
    time.sleep(seconds)
    found = share(before, _ticks())
    return None if found is None else (os.cpu_count() or 1) * found


def withheld() -> tuple[int, int] | None:
    """Ticks since the system started that our cores waited while their host served others, and of those at work in all.

    None where it cannot be known. What waits so waits for milliseconds, whatever its priority here.
    """
    values = _counters()
    return None if values is None else (values[7], sum(values) - values[3] - values[4])


def share(before: tuple[int, int] | None, after: tuple[int, int] | None) -> float | None:
    """The first of two counts as a share of the second, between two moments."""
    if before is None or after is None or after[1] == before[1]:
        return None
    return (after[0] - before[0]) / (after[1] - before[1])


def _ticks() -> tuple[int, int] | None:
    """(busy, total) ticks of all cores since the system started."""
    values = _counters()
    return None if values is None else (sum(values) - values[3] - values[4], sum(values))


def _counters() -> list[int] | None:
    """Ticks of all cores by what they did: user, nice, system, idle, iowait, irq, softirq, steal."""
    try:
        return [int(word) for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    except OSError:
        return None


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass  # another system than Linux
    return platform.processor() or platform.machine()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory() -> str:
    try:
        return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.1f} GiB"
    except (AttributeError, ValueError, OSError):
        return "unknown"


def _blas() -> str:
    import numpy as np
    from threadpoolctl import threadpool_info

    np.ones((2, 2)) @ np.ones((2, 2))
    found = [info for info in threadpool_info() if info["user_api"] == "blas"]
    words = [f"{info['internal_api']} {info['version']} ({info.get('architecture', 'unknown')})" for info in found]
    return ", ".join(words) or "unknown"


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
