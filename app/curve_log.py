"""What has been measured in a run, in arrays that grow."""

from __future__ import annotations

import copy
import struct
from dataclasses import dataclass

import numpy as np

from nn_core.errors import ModelError
from nn_core.events import BatchDone, Evaluated, Validated

#: More points than any screen has; from here on every second one goes, so that hours take no more memory than minutes.
MOST_POINTS = 1 << 18
#: Share of a new batch in the smoothed curves.
SMOOTHING = 0.05

_OLD_MAGIC, _MAGIC = b"DSCURVE1", b"DSCURVE2"
_HEADER = struct.Struct("<8sIII")


class Columns:
    """A table of float64 that grows by rows and keeps its columns contiguous, each a view that is never written to.

    Beyond `limit` rows every second one is dropped, and from then on only every second one that comes is kept.
    """

    def __init__(self, width: int, limit: int = MOST_POINTS) -> None:
        self._values = np.empty((width, 256))
        self._count, self._limit = 0, limit
        self._stride, self._seen = 1, 0

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, column: int) -> np.ndarray:
        return self._values[column, : self._count]

    def add(self, *row: float) -> None:
        """Add a row, if its turn has come."""
        self._seen += 1
        if (self._seen - 1) % self._stride:
            return
        if self._count == self._limit:
            self._replace(self._values[:, : self._count : 2])
            self._stride *= 2
        if self._count == self._values.shape[1]:
            self._replace(self._values)
        self._values[:, self._count] = row
        self._count += 1

    def extend(self, rows: np.ndarray) -> None:
        """Add many rows, (width, n), as they are."""
        self._values = np.concatenate([self._values[:, : self._count], rows], axis=1)
        self._count = self._seen = self._values.shape[1]

    def table(self) -> np.ndarray:
        """All of it, (width, n)."""
        return self._values[:, : self._count]

    def _replace(self, kept: np.ndarray) -> None:
        """Go on in new memory, twice as much as is kept: views of the old one stay as they are."""
        count = kept.shape[1]
        self._values = np.empty((len(kept), min(max(256, 2 * count), self._limit)))
        self._values[:, :count] = kept
        self._count = count


@dataclass(frozen=True, slots=True)
class WholeTest:
    """What came of an evaluation over the whole test split, after this step and epoch."""

    step: int
    epoch: int
    loss: float
    accuracy: float


class CurveLog:
    """The curves of one run: `train`, `test` and `validation`, tables whose columns the constants below name."""

    STEP, EPOCH, LOSS, ACCURACY, SMOOTH_LOSS, SMOOTH_ACCURACY = range(6)

    def __init__(self) -> None:
        self.train, self.test, self.validation = Columns(6), Columns(4), Columns(4)
        self._smooth = (0.0, 0.0)

    def tables(self) -> tuple[Columns, Columns, Columns]:
        """All of them, in the order in which they are kept."""
        return self.train, self.test, self.validation

    def add(self, event: BatchDone | Evaluated | Validated) -> None:
        """Take in what was measured."""
        if not isinstance(event, BatchDone):
            table = self.test if isinstance(event, Evaluated) else self.validation
            table.add(event.step, event.epoch, event.loss, event.accuracy)
            return
        loss, accuracy = self._smooth
        share = max(SMOOTHING, 1 / event.step)  # at first the mean of all batches, so that no start value lingers
        loss += share * (event.loss - loss)
        accuracy += share * (event.accuracy - accuracy)
        self._smooth = loss, accuracy
        self.train.add(event.step, event.epoch, event.loss, event.accuracy, loss, accuracy)

    def tested(self) -> WholeTest | None:
        """The newest evaluation over the whole test split: at the end of an epoch, between the ends it is samples."""
        rows = np.flatnonzero(self.test[self.EPOCH] % 1 == 0)
        if not len(rows):
            return None
        step, epoch, loss, accuracy = self.test.table()[:, rows[-1]].tolist()
        return WholeTest(int(step), int(epoch), loss, accuracy)

    def copy(self) -> CurveLog:
        """A log of its own with what this one holds."""
        return copy.deepcopy(self)

    def to_bytes(self) -> bytes:
        """The log as it is kept beside a checkpoint: a header with the numbers of rows, then the tables."""
        header = _HEADER.pack(_MAGIC, *map(len, self.tables()))
        return header + b"".join(columns.table().tobytes() for columns in self.tables())

    @classmethod
    def from_bytes(cls, data: bytes, until: int) -> CurveLog:
        """The log in `data`, without what came after step `until`.

        Raises:
            ModelError: the bytes are no log, or damaged.
        """
        if data.startswith(_OLD_MAGIC):  # from before there was a curve of the images held out
            data = _MAGIC + data[8:16] + bytes(4) + data[16:]
        if len(data) < _HEADER.size:
            raise ModelError("the curves of the run are damaged: the file is too short")
        magic, *counts = _HEADER.unpack_from(data)
        log = cls()
        tables = list(zip(log.tables(), counts, strict=True))
        size = _HEADER.size + sum(8 * len(columns.table()) * count for columns, count in tables)
        if magic != _MAGIC or len(data) != size or max(counts) > MOST_POINTS:
            raise ModelError("the curves of the run are damaged: the file is not as long as it says")
        start = _HEADER.size
        for columns, count in tables:
            width = len(columns.table())
            rows = np.frombuffer(data, "<f8", width * count, start).reshape(width, -1)
            start += 8 * width * count
            if not (np.diff(rows[: cls.LOSS]) >= 0).all():
                raise ModelError("the curves of the run are damaged: their steps do not ascend")
            columns.extend(rows[:, rows[cls.STEP] <= until])
        if len(log.train):
            log._smooth = float(log.train[cls.SMOOTH_LOSS][-1]), float(log.train[cls.SMOOTH_ACCURACY][-1])
        return log
