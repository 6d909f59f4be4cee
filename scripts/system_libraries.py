"""Sees to the system libraries that Qt's wheels expect: asks apt for the missing ones, names them elsewhere.

Run by the Makefile with the virtual environment's Python. Does nothing, quickly, where nothing is missing.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

# Debian's and Ubuntu's package for each library that Qt 6.10 links to and does not bring along.
PACKAGES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libOpenGL.so.0": "libopengl0",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}


def wanted() -> list[Path]:
    """Qt's own libraries that must load here: always the off-screen ones, and those of the screens there are."""
    spec = importlib.util.find_spec("PySide6")
    if spec is None or spec.origin is None:
        sys.exit("PySide6 is not installed in this environment: run make.")
    qt = Path(spec.origin).parent / "Qt"
    names = ["lib/libQt6Widgets.so.6", "lib/libQt6Svg.so.6", "lib/libQt6OpenGLWidgets.so.6", "lib/libQt6Test.so.6"]
    names.append("plugins/platforms/libqoffscreen.so")
    if os.environ.get("DISPLAY"):
        names.append("plugins/platforms/libqxcb.so")
    if os.environ.get("WAYLAND_DISPLAY"):
        names.append("plugins/platforms/libqwayland.so")
    return [qt / name for name in names]


def missing(libraries: list[Path]) -> list[str]:
    """The sonames that the dynamic linker cannot find for `libraries`, sorted."""
    found: set[str] = set()
    for library in libraries:
        answer = subprocess.run(["ldd", str(library)], capture_output=True, text=True, check=True)
        found |= {line.split()[0] for line in answer.stdout.splitlines() if line.endswith("not found")}
    return sorted(found)


def apt_commands(sonames: list[str]) -> list[list[str]]:
    """The commands that install what is missing, as root or through sudo."""
    packages = sorted({PACKAGES[soname] for soname in sonames if soname in PACKAGES})
    prefix = [] if os.geteuid() == 0 else ["sudo"]
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    return [[*apt, "update"], [*apt, "install", "-y", "--no-install-recommends", *packages]]


def main() -> int:
    """Returns 0 when every library can be loaded, at the end if not at the start."""
    if not sys.platform.startswith("linux"):
        return 0
    libraries = wanted()
    sonames = missing(libraries)
    if not sonames:
        return 0
    print(f"Qt needs system libraries that are missing here: {', '.join(sonames)}", file=sys.stderr)
    if not shutil.which("apt-get"):
        print("Install the packages of your distribution that hold them, then run make again.", file=sys.stderr)
        return 1
    commands = apt_commands(sonames)
    by_hand = "  ".join(" ".join(command) for command in commands[1:])
    if commands[0][0] == "sudo" and not shutil.which("sudo"):
        print(f"Only root may install them. As root: {by_hand.removeprefix('sudo ')}", file=sys.stderr)
        return 1
    for command in commands:
        print("+", " ".join(command), file=sys.stderr, flush=True)
        subprocess.run(command, check=False)  # a failing foreign source fails `update`, yet not what follows
    still = missing(libraries)
    if still:
        print(f"Still missing: {', '.join(still)}. Install what holds them, then run make again.", file=sys.stderr)
    return 1 if still else 0


if __name__ == "__main__":
    sys.exit(main())
