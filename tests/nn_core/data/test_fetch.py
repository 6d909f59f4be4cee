"""Fetching, against real servers on this machine that behave, fail, lie and stall."""

from __future__ import annotations

import dataclasses
import errno
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest

from nn_core.data import load_folder
from nn_core.data.fetch import MIRRORS, MNIST_FILES, FetchProgress, RemoteFile, fetch_mnist
from nn_core.errors import DataError
from tests.nn_core.data import mirror as answers
from tests.nn_core.data.idx_files import MNIST_NAMES, write_set
from tests.nn_core.data.mirror import Answer, Mirror

BIG, SMALL = MNIST_NAMES[0], MNIST_NAMES[1]


class Serve(Protocol):
    def __call__(self, **named: Answer) -> Mirror: ...


@pytest.fixture
def origin(tmp_path: Path) -> dict[str, bytes]:
    """What the mirrors hold: a small set with MNIST's file names."""
    write_set(tmp_path / "origin")
    return {name: (tmp_path / "origin" / name).read_bytes() for name in MNIST_NAMES}


@pytest.fixture
def files(origin: dict[str, bytes]) -> list[RemoteFile]:
    return [RemoteFile(name, len(held), hashlib.sha256(held).hexdigest()) for name, held in origin.items()]


@pytest.fixture
def serve(origin: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Starts a mirror; `big` and `small` are its answers for these two files where it should not just give them."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    names = {"big": BIG, "small": SMALL}
    with ExitStack() as running:
        yield lambda **named: running.enter_context(
            Mirror(origin, {names[key]: answer for key, answer in named.items()})
        )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "not" / "there" / "yet"


def assert_whole(folder: Path, origin: dict[str, bytes]) -> None:
    """All the files, and nothing beside them."""
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == origin


# --- when all goes well


def test_brings_all_files_and_tells_how_far_it_is(
    serve: Serve, folder: Path, files: list[RemoteFile], origin: dict[str, bytes]
) -> None:
    first, second = serve(), serve()
    steps = list(fetch_mnist(folder, (first.url, second.url), files))
    assert_whole(folder, origin)
    assert first.requests == list(origin)
    assert second.requests == []
    done = [step.done for step in steps]
    assert done == sorted(done)
    assert done[-1] == sum(map(len, origin.values()))
    assert {step.total for step in steps} == {done[-1]}
    assert {(step.mirror, step.problem) for step in steps} == {(first.url, "")}
    assert list(dict.fromkeys(step.file for step in steps)) == list(origin)
    assert len(load_folder(folder, "mnist").train) > 0


def test_progress_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        FetchProgress("a", "b", 0, 1).done = 1  # type: ignore[misc]


def test_what_is_right_already_is_not_fetched_again(
    serve: Serve, folder: Path, files: list[RemoteFile], origin: dict[str, bytes]
) -> None:
    mirror = serve()
    list(fetch_mnist(folder, [mirror.url], files))
    mirror.requests.clear()
    steps = list(fetch_mnist(folder, [mirror.url], files))
    assert mirror.requests == []
    assert [step.file for step in steps] == list(origin)
    assert steps[-1].done == steps[-1].total


@pytest.mark.parametrize("damage", [b"", b"<html>404</html>", None])
def test_a_damaged_file_is_replaced(
    serve: Serve, folder: Path, files: list[RemoteFile], origin: dict[str, bytes], damage: bytes | None
) -> None:
    mirror = serve()
    list(fetch_mnist(folder, [mirror.url], files))
    mirror.requests.clear()
    (folder / SMALL).write_bytes(origin[SMALL][:-3] if damage is None else damage)
    list(fetch_mnist(folder, [mirror.url], files))
    assert mirror.requests == [SMALL]
    assert_whole(folder, origin)


def test_follows_a_redirection_to_http(
    serve: Serve, folder: Path, files: list[RemoteFile], origin: dict[str, bytes]
) -> None:
    there = serve()
    here = serve(big=answers.redirect(there.url + BIG))
    list(fetch_mnist(folder, [here.url], files))
    assert_whole(folder, origin)
    assert there.requests == [BIG]


# --- when a mirror fails


@pytest.mark.parametrize(
    "answer, problem",
    [
        (answers.refuse(404), "answers 404 Not Found"),
        (answers.refuse(503), "answers 503 Service Unavailable"),
        (answers.cut, "ends after "),
        (answers.reset, "fails with "),
        (answers.other_bytes, "gives other bytes (SHA-256 "),
        (answers.page, "ends after 26 of "),
        (answers.announce_more, "announces 1000000000000 bytes for a file of "),
        (answers.send_more, "sends more than the "),
        (answers.redirect("file:///etc/hostname"), "answers 302 Found - Redirection to url 'file:"),
        (answers.redirect("ftp://127.0.0.1/x"), "fails with unknown url type: ftp"),
        (answers.redirect(f"/mnist/{BIG}"), "answers 302 The HTTP server returned a redirect error"),
        (answers.babble, "fails with SSH-2.0"),
        (answers.silent, "silent for 0.3 s"),
        (answers.stall, "silent for 0.3 s"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_next_mirror_takes_over(
    serve: Serve, folder: Path, files: list[RemoteFile], origin: dict[str, bytes], answer: Answer, problem: str
) -> None:
    bad, good = serve(big=answer), serve()
    steps = list(fetch_mnist(folder, (bad.url, good.url), files, timeout=0.3))
    assert_whole(folder, origin)
    told = {step.problem for step in steps if step.file == BIG and step.mirror == good.url}
    assert len(told) == 1
    assert told.pop().startswith(f"{bad.url} {problem}")
    # The one that failed is not troubled again while another answers.
    assert set(bad.requests) == {BIG}
    assert good.requests == list(origin)


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/", "nonsense", "ftp://127.0.0.1/", "http://[::1", ""])
def test_an_address_that_leads_nowhere_is_passed_over(
    serve: Serve, folder: Path, files: list[RemoteFile], origin: dict[str, bytes], address: str
) -> None:
    list(fetch_mnist(folder, (address, serve().url), files))
    assert_whole(folder, origin)


def test_both_mirrors_down_is_one_sentence_with_both_reasons(
    serve: Serve, folder: Path, files: list[RemoteFile], origin: dict[str, bytes]
) -> None:
    first, second = serve(small=answers.refuse(404)), serve(small=answers.cut)
    with pytest.raises(DataError) as caught:
        list(fetch_mnist(folder, (first.url, second.url), files))
    message = str(caught.value)
    assert message.startswith(f"{SMALL} cannot be fetched ({first.url} answers 404 Not Found; {second.url} ends after ")
    assert "check the connection and try again" in message
    assert str(folder) in message
    assert "\n" not in message
    assert_whole(folder, {BIG: origin[BIG]})  # what came before is kept

    list(fetch_mnist(folder, [serve().url], files))  # and the next try goes on from there
    assert_whole(folder, origin)


# --- when one stops it


def test_closing_amid_a_file_leaves_whole_files_only(
    serve: Serve, folder: Path, files: list[RemoteFile], origin: dict[str, bytes]
) -> None:
    mirror = serve(small=answers.stall)
    steps = fetch_mnist(folder, [mirror.url], files, timeout=600)
    step = next(step for step in steps if step.done > len(origin[BIG]))
    assert step.file == SMALL
    assert len(list(folder.glob("*.part"))) == 1
    steps.close()
    assert_whole(folder, {BIG: origin[BIG]})


@pytest.mark.parametrize("answer", [answers.silent, answers.stall])
def test_a_dead_line_can_be_left_at_once(serve: Serve, folder: Path, files: list[RemoteFile], answer: Answer) -> None:
    steps = fetch_mnist(folder, [serve(big=answer).url], files, timeout=600)
    started = time.monotonic()
    for _ in range(5):  # a step comes though nothing else does
        next(steps)
    steps.close()
    assert time.monotonic() - started < 5.0
    assert list(folder.iterdir()) == []


# --- when the folder is the trouble


def test_another_datasets_files_are_not_overwritten(serve: Serve, folder: Path, files: list[RemoteFile]) -> None:
    mirror = serve()
    write_set(folder, seed=9)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(DataError, match=f"{BIG} is a sound file but not MNIST's own; move it"):
        list(fetch_mnist(folder, [mirror.url], files))
    assert_whole(folder, before)
    assert mirror.requests == []


def test_a_folder_that_cannot_be_made_is_told(serve: Serve, tmp_path: Path, files: list[RemoteFile]) -> None:
    mirror = serve()
    (tmp_path / "file").write_bytes(b"")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(DataError, match=r"cannot be (read|written) \(.+\); "):
            list(fetch_mnist(path, [mirror.url], files))
    assert mirror.requests == []


def test_a_full_disk_is_told_and_not_blamed_on_the_mirror(
    serve: Serve, folder: Path, files: list[RemoteFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    first, second = serve(), serve()
    with pytest.raises(DataError, match=rf"{BIG} cannot be written \(No space left on device\); make room"):
        list(fetch_mnist(folder, (first.url, second.url), files))
    assert second.requests == []
    assert list(folder.iterdir()) == []


def test_what_a_killed_fetch_left_is_swept_and_what_a_live_one_writes_is_not(
    serve: Serve, folder: Path, files: list[RemoteFile], origin: dict[str, bytes]
) -> None:
    folder.mkdir(parents=True)
    old, live = folder / f"{BIG}.00000000.part", folder / f"{BIG}.11111111.part"
    old.write_bytes(b"half")
    live.write_bytes(b"half")
    os.utime(old, (1e9, 1e9))
    list(fetch_mnist(folder, [serve().url], files))
    assert_whole(folder, origin | {live.name: b"half"})


def test_what_another_fetch_takes_away_meanwhile_stops_nothing(
    serve: Serve, folder: Path, files: list[RemoteFile]
) -> None:
    folder.mkdir(parents=True)
    gone = folder / f"{BIG}.22222222.part"
    gone.symlink_to(folder / "gone")  # listed, and not there when it is looked at
    list(fetch_mnist(folder, [serve().url], files))
    assert (folder / BIG).exists()


# --- MNIST itself


def test_the_table_is_mnists() -> None:
    assert [file.name for file in MNIST_FILES] == list(MNIST_NAMES)
    assert all(url.startswith("https://") for url in MIRRORS)


def test_mnist_itself_comes_through(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not (data_dir / BIG).exists():
        pytest.skip("needs MNIST's files as they are on the mirrors, compressed")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Mirror({name: (data_dir / name).read_bytes() for name in MNIST_NAMES}) as mirror:
        steps = list(fetch_mnist(tmp_path, [mirror.url]))
    assert steps[-1].done == steps[-1].total == 11_594_722
    assert np.bincount(load_folder(tmp_path, "mnist").test.labels).tolist() == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]  # fmt: skip
