"""PySide unpickles Python objects that it finds in Qt's data, in a settings file too: not in this program."""

from __future__ import annotations

import pickle
import struct
from functools import cache

from PySide6.QtCore import QByteArray, QDataStream

_NAME = b"PySide::PyObjectWrapper\0"
_OBJECT = b"\0"
#: How Qt's oldest data streams begin a value of a type that a program has added, and how long its name is.
_VALUE = struct.pack(">II", 0x7F, len(_NAME)) + _NAME + struct.pack(">I", len(_OBJECT)) + _OBJECT


@cache
def refuse_pickles() -> None:
    """Let PySide give None for every pickled object, from now on until the process ends.

    To unpickle runs whatever the one who wrote it wanted, and `QSettings` decodes a whole section of its file as soon
    as one value is asked for. PySide looks up `pickle.loads` once, with the first object that it meets, and keeps what
    it finds; so the first one is met here. Python's own `pickle` stays as it is.
    """
    loads, pickle.loads = pickle.loads, _nothing
    try:
        stream = QDataStream(QByteArray(_VALUE))
        stream.setVersion(QDataStream.Version.Qt_4_0)
        stream.readQVariant()
    finally:
        pickle.loads = loads


def _nothing(*_data: object, **_how: object) -> None:
    return None
