"""A settings file from a stranger runs nothing."""

from __future__ import annotations

import os
import pickle
import struct
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

WINDOW = """
import pickle, sys
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from app.window import MainWindow

application = QApplication([])
settings = QSettings(sys.argv[1], QSettings.Format.IniFormat)
window = MainWindow(settings=settings)
print(settings.value(sys.argv[2]), pickle.loads(pickle.dumps("as before")))
window.close()
"""


class Opens:
    """What is unpickled as the answer of `open(path, "w")`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def variant(data: bytes) -> str:
    """A pickled object as `QSettings` keeps it."""
    name = b"PySide::PyObjectWrapper\0"
    value = struct.pack(">II", 0x7F, len(name)) + name + struct.pack(">I", len(data)) + data
    written = "".join(f"\\x{byte:02x}" for byte in value)
    return f"Variant({written})"


@pytest.mark.parametrize("at", ["@", "\\x40"])
@pytest.mark.parametrize("section, key", [("window", "theme"), ("General", "origin"), ("labs", "unheard of")])
def test_a_settings_file_runs_nothing(tmp_path, section, key, at):
    opened, file = tmp_path / "opened", tmp_path / "settings.ini"
    assert pickle.loads(pickle.dumps(Opens(opened))).close() is None
    opened.unlink()  # it would work
    file.write_text(f"[{section}]\n{key}={at}{variant(pickle.dumps(Opens(opened)))}\n")
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    name = key if section == "General" else f"{section}/{key}"
    done = subprocess.run(
        [sys.executable, "-c", WINDOW, file, name], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, "None as before\n"), done.stderr
    assert not opened.exists()
