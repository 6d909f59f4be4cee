"""Writing a file: the old one or the new one, never half of one, and nothing left lying about."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from nn_core.errors import DataError, ModelError
from nn_core.files import check_writable, save_bytes, write_atomically

ROOT = Path(__file__).resolve().parents[2]
posix = pytest.mark.skipif(os.name != "posix", reason="POSIX only")


def only(path, content):
    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


def test_what_cannot_be_written_is_told_in_a_sentence(tmp_path):
    save_bytes(tmp_path / "a.bin", b"one")
    only(tmp_path / "a.bin", b"one")
    for kind in (DataError, ModelError):
        with pytest.raises(kind, match="a.bin could not be written: .*Choose another place"):
            save_bytes(tmp_path / "none" / "a.bin", b"one", kind)


def test_a_new_file_and_one_over_it(tmp_path):
    path = tmp_path / "a.bin"
    write_atomically(path, b"one")
    only(path, b"one")
    write_atomically(path, b"")
    only(path, b"")


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_disk_that_fails_leaves_the_old_file(tmp_path, monkeypatch, call):
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")

    def full(*arguments):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, call, full)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, b"new")
    only(path, b"old")


@posix
def test_a_folder_that_cannot_be_flushed_makes_no_written_file_unwritten(tmp_path, monkeypatch, caplog):
    path, flush = tmp_path / "a.bin", os.fsync
    path.write_bytes(b"old")

    def files_alone(handle):
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        flush(handle)

    monkeypatch.setattr(os, "fsync", files_alone)
    caplog.set_level("INFO")
    write_atomically(path, b"new")
    only(path, b"new")
    assert "Invalid argument" in caplog.text


@posix
def test_a_name_as_long_as_the_disk_allows(tmp_path):
    path = tmp_path / ("ä" * 127)
    write_atomically(path, b"new")
    only(path, b"new")


@posix
def test_a_write_that_the_system_cuts_short_leaves_the_old_file(tmp_path):
    import resource

    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(OSError, match="too large"):
            write_atomically(path, bytes(100_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    only(path, b"old")


FILL_A_DISK = """
import sys
from pathlib import Path
from nn_core.errors import ModelError
from nn_core.modelfile import load_model, save_model
from nn_core.presets import make_model
path = Path(sys.argv[1], "m.safetensors")
small = make_model("blog-cnn", 0)
save_model(path, small)
try:
    save_model(path, make_model("lenet5", 0))
except ModelError as why:
    print(why)
assert (load_model(path).network.vector == small.network.vector).all()
assert [p.name for p in path.parent.iterdir()] == [path.name]
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="makes a tiny disk with Linux' tmpfs")
def test_a_disk_that_is_really_full_leaves_the_old_model(tmp_path):
    if shutil.which("unshare") is None or not _own_mounts():
        pytest.skip("needs the right to mount a tmpfs in a namespace of its own")
    script = f'mount -t tmpfs -o size=100k none "{tmp_path}" && exec "$0" -c "$1" "{tmp_path}"'
    done = subprocess.run(
        ["unshare", "--mount", "--map-root-user", "sh", "-c", script, sys.executable, FILL_A_DISK],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "m.safetensors could not be written: No space left on device" in done.stdout


def _own_mounts() -> bool:
    """Whether a namespace with mounts of its own may be made here; containers often forbid it."""
    tried = ["unshare", "--mount", "--map-root-user", "sh", "-c", "mount -t tmpfs none /tmp"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


@posix
def test_permissions_stay_and_a_new_file_gets_the_usual_ones(tmp_path):
    path = tmp_path / "a.bin"
    before = os.umask(0o027)
    try:
        write_atomically(path, b"new")
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        path.chmod(0o604)
        write_atomically(path, b"newer")
        assert stat.S_IMODE(path.stat().st_mode) == 0o604
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(before)


@posix
def test_a_link_goes_on_pointing_at_the_file(tmp_path):
    (tmp_path / "real").mkdir()
    path, link = tmp_path / "real" / "a.bin", tmp_path / "link.bin"
    path.write_bytes(b"old")
    link.symlink_to(path)
    write_atomically(link, b"new")
    assert link.is_symlink()
    only(path, b"new")


@posix
def test_a_link_that_leads_to_itself_is_the_callers_affair(tmp_path):
    link = tmp_path / "loop"
    link.symlink_to(link)
    with pytest.raises(OSError, match="symbolic links"):
        write_atomically(link, b"new")
    assert list(tmp_path.iterdir()) == [link]


@posix
@pytest.mark.parametrize("linked", [False, True])
def test_a_pipe_is_not_replaced(tmp_path, linked):
    path, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(path)
    link.symlink_to(path)
    for write in (check_writable, lambda path: write_atomically(path, b"new")):
        with pytest.raises(FileExistsError, match="neither a file nor a link to one"):
            write(link if linked else path)
    assert path.is_fifo()
    assert sorted(tmp_path.iterdir()) == [link, path]


def test_to_look_whether_a_file_can_be_written_leaves_nothing(tmp_path):
    path = tmp_path / "a.bin"
    check_writable(path)
    assert not list(tmp_path.iterdir())
    path.write_bytes(b"old")
    check_writable(path)
    only(path, b"old")


def test_a_folder_that_is_missing_or_in_the_way_is_the_callers_affair(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_atomically(tmp_path / "none" / "a.bin", b"new")
    (tmp_path / "a.bin").mkdir()
    with pytest.raises(OSError):
        write_atomically(tmp_path / "a.bin", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["a.bin"]
