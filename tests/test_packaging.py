"""What is built is what is in the tree: an installed Digitscope misses nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

import nn_core

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ("nn_core", "app", "cli", "resources")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from a copy so that nothing is left in the tree."""
    copy = tmp_path_factory.mktemp("source") / "digitscope"
    copy.mkdir()
    for name in SHIPPED:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("main.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy / name)
    build = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run([sys.executable, "-c", build, str(folder)], cwd=copy, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(next(folder.glob("digitscope-*.whl"))) as archive:
        yield archive


def test_the_wheel_holds_every_module_and_resource(wheel):
    files = [file for name in SHIPPED for file in (ROOT / name).rglob("*") if file.is_file()]
    expected = {file.relative_to(ROOT).as_posix() for file in files if file.suffix != ".pyc"}
    shipped = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert shipped == expected | {"main.py"}


def test_the_wheel_says_who_it_is(wheel):
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    metadata = message_from_bytes(wheel.read(name))
    assert (metadata["Name"], metadata["Version"]) == ("digitscope", nn_core.__version__)
    assert metadata["License-Expression"] == "MIT"


def test_every_pin_lies_in_the_range_that_is_promised():
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    versions = {canonicalize_name(name): version for name, version in pins.items()}
    promised = [*project["dependencies"]]
    for name, extra in project["optional-dependencies"].items():
        promised += [line for line in extra if name != "peers" or line.startswith("torch")]
    for requirement in map(Requirement, promised):
        assert requirement.specifier.contains(versions[canonicalize_name(requirement.name)]), requirement
