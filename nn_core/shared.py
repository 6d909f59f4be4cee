"""Arrays that several processes of this program read and write."""

from __future__ import annotations

import mmap
import os
import secrets
import sys
import tempfile
import weakref
from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike

from nn_core.errors import TrainingError
from nn_core.layers import Array, Shape


class SharedArray:
    """`array`, zeros at first, in memory that other processes map too: pickling hands over its name, not its values.

    Others can come in for as long as the one who made it keeps it; the memory lasts as long as an array anywhere does.

    Raises:
        TrainingError: there is no room for it.
    """

    def __init__(self, shape: Shape, dtype: DTypeLike, name: str = "") -> None:
        self.shape, self.dtype, self._name = shape, np.dtype(dtype), name
        count = int(np.prod(shape))
        size = max(1, count * self.dtype.itemsize)
        try:
            mapped = _mapped(name, size) if name else self._make(size)
        except (OSError, MemoryError) as why:
            raise TrainingError(f"there is no room for {size:,} bytes that processes share: {why}") from why
        self.array: Array = np.frombuffer(mapped, self.dtype, count).reshape(shape)

    @classmethod
    def of(cls, values: Array) -> SharedArray:
        """A copy of `values`.

        Raises:
            TrainingError: there is no room for it.
        """
        shared = cls(values.shape, values.dtype)
        shared.array[...] = values
        return shared

    def __reduce__(self) -> tuple[type[SharedArray], tuple[Shape, str, str]]:
        return SharedArray, (self.shape, self.dtype.str, self._name)

    def _make(self, size: int) -> mmap.mmap:
        word = f"digitscope-{secrets.token_hex(8)}"
        if sys.platform == "win32":
            self._name = word  # which goes when nobody has the memory any more
            return mmap.mmap(-1, size, tagname=word)
        elif sys.platform == "linux":  # a file without a name: nothing is left when this process is killed
            file = os.memfd_create(word)
            self._name = f"/proc/{os.getpid()}/fd/{file}"
            weakref.finalize(self, os.close, file)
            os.ftruncate(file, size)
            return mmap.mmap(file, size)
        else:
            path = Path(tempfile.gettempdir()) / word
            self._name = str(path)
            path.touch(0o600, exist_ok=False)
            weakref.finalize(self, path.unlink)
            os.truncate(path, size)
            return _mapped(self._name, size)


def _mapped(name: str, size: int) -> mmap.mmap:
    if sys.platform == "win32":
        return mmap.mmap(-1, size, tagname=name)
    file = os.open(name, os.O_RDWR)
    try:
        return mmap.mmap(file, size)
    finally:
        os.close(file)
