"""What `make` does before it starts Python: finds the screen, and the system libraries that Qt needs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what the scripts look for is Linux's own")


def tool(folder: Path, name: str, script: str) -> Path:
    """A program in `folder` that stands for the real one."""
    path = folder / name
    path.write_text("#!/bin/sh\n" + script + "\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    "environment, starts",
    [
        ({}, "demo"),
        ({"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}, "demo"),
        ({"DISPLAY": ":0"}, "window"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "window"),
        ({"QT_QPA_PLATFORM": "vnc"}, "window"),
    ],
)
def test_make_run_opens_the_window_or_says_that_there_is_no_screen(tmp_path, environment, starts):
    python = tool(tmp_path, "python", 'echo "${QT_QPA_PLATFORM:-} $*"')
    environment = {"PATH": os.environ["PATH"]} | environment
    done = subprocess.run([SCRIPTS / "run", python], env=environment, capture_output=True, text=True, check=True)
    if starts == "demo":
        assert done.stdout == "offscreen main.py demo --screenshot digitscope-demo.png\n"
        assert "no screen" in done.stderr
    else:
        assert (done.stdout.split(), done.stderr) == ([*environment.get("QT_QPA_PLATFORM", "").split(), "main.py"], "")


@pytest.fixture
def bare(tmp_path):
    """A path on which libEGL is missing until the package that holds it is asked for."""
    for name in ("env", "sh"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    tool(tmp_path, "sudo", 'exec "$@"')
    tool(tmp_path, "ldd", f'[ -e {tmp_path}/libegl1 ] || echo "\tlibEGL.so.1 => not found"')
    return tmp_path


def see_to_libraries(path: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPTS / "system_libraries.py")]
    return subprocess.run(command, env={"PATH": str(path)}, capture_output=True, text=True)


def test_missing_libraries_are_asked_of_apt_once(bare):
    tool(bare, "apt-get", f'echo "$@" >> {bare}/asked; for package; do : > {bare}/$package; done')
    assert see_to_libraries(bare).returncode == 0
    assert (bare / "asked").read_text().splitlines()[1].split()[-1] == "libegl1"
    (bare / "asked").unlink()
    assert see_to_libraries(bare).returncode == 0
    assert not (bare / "asked").exists()


def test_missing_libraries_are_named_where_there_is_no_apt(bare):
    done = see_to_libraries(bare)
    assert done.returncode == 1
    assert "libEGL.so.1" in done.stderr


def test_what_apt_does_not_have_is_an_error(bare):
    tool(bare, "apt-get", "exit 100")
    done = see_to_libraries(bare)
    assert done.returncode == 1
    assert "Still missing: libEGL.so.1" in done.stderr


@pytest.mark.parametrize(
    "present, answer, status",
    [
        ({"python3.11": 0, "python3": 0}, "python3.11\n", 0),
        ({"python3.11": 127, "python3": 0}, "python3\n", 0),
        ({"python3": 1}, "", 1),
        ({}, "", 1),
    ],
)
def test_the_python_chosen_is_one_that_starts(tmp_path, present, answer, status):
    (tmp_path / "sh").symlink_to(str(shutil.which("sh")))
    for name, code in present.items():
        tool(tmp_path, name, f"exit {code}")
    done = subprocess.run([SCRIPTS / "find-python"], env={"PATH": str(tmp_path)}, capture_output=True, text=True)
    assert (done.stdout, done.returncode) == (answer, status)
    assert ("Python 3.11 or newer" in done.stderr) == bool(status)
