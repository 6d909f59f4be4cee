"""What every test stands on: no screen, no files of the user's, nothing left behind."""

from __future__ import annotations

import gc
import os
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import leftovers

ROOT = Path(__file__).resolve().parents[1]

# Before anything imports Qt: draw off-screen, whatever screen there is.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

# The user's settings and data are neither read nor written, by subprocesses neither.
_home = tempfile.TemporaryDirectory(prefix="digitscope-tests-", ignore_cleanup_errors=True)
for _variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
    _folder = Path(_home.name) / _variable
    _folder.mkdir(mode=0o700)
    os.environ[_variable] = str(_folder)
# The variable is taken from the program and handed on to xdist's workers under a name of the tests' own.
_named_data_dir = os.environ.pop("DIGITSCOPE_DATA_DIR", None) or os.environ.get("DIGITSCOPE_TESTS_DATA_DIR")
if _named_data_dir:
    os.environ["DIGITSCOPE_TESTS_DATA_DIR"] = _named_data_dir

# The same examples at every run; how long one takes says more about the machine than about the code.
settings.register_profile("digitscope", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("digitscope")


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder with MNIST's four files, for the tests that mean MNIST and no other data."""
    folder = Path(_named_data_dir) if _named_data_dir else ROOT.parent / "shared" / "mnist"
    if (folder / "train-images-idx3-ubyte.gz").exists() or (folder / "train-images-idx3-ubyte").exists():
        return folder.resolve()
    if _named_data_dir:
        pytest.fail(f"DIGITSCOPE_DATA_DIR={_named_data_dir} has no MNIST: fetch it, or unset the variable")
    pytest.skip(f"needs MNIST, which is not in {folder}: name its folder in DIGITSCOPE_DATA_DIR")


def pytest_collection_finish() -> None:
    """Set what the imports have made aside: it is no test's, and looking through it after each test takes long."""
    gc.collect()
    gc.freeze()


_blamed: list[object] = []  # what an earlier test has failed for and this one is not to blame for


@pytest.fixture(autouse=True)
def _nothing_outlives_its_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test after which a thread, a timer or a top-level widget is still there."""
    before = threading.enumerate()
    yield
    found: list[object] = [*leftovers.threads(before)]
    if "qapp" in request.fixturenames:
        found += leftovers.qt_objects()
    left = [item for item in found if not any(item is other for other in _blamed)]
    _blamed.extend(left)
    if left:
        pytest.fail("still there after the test: " + ", ".join(map(leftovers.describe, left)))
