"""Datasets in folders: found under every name they come with, loaded upright, and told of when something is wrong."""

from __future__ import annotations

import gzip
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from nn_core.data import Dataset, data_folder, find_datasets, load_dataset, load_folder
from nn_core.errors import DataError
from tests.nn_core.data.idx_files import MNIST_NAMES, TEST, TRAIN, digits, idx_bytes, write, write_set

ROOT = Path(__file__).resolve().parents[3]
PLAIN = tuple(name.removesuffix(".gz") for name in MNIST_NAMES)
DOTS = ("train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte")


def emnist(which: str) -> tuple[str, str, str, str]:
    train, test = f"emnist-{which}-train", f"emnist-{which}-test"
    return (
        f"{train}-images-idx3-ubyte.gz",
        f"{train}-labels-idx1-ubyte.gz",
        f"{test}-images-idx3-ubyte.gz",
        f"{test}-labels-idx1-ubyte.gz",
    )


def assert_holds(dataset: Dataset, arrays: list[np.ndarray]) -> None:
    splits = (dataset.train.images, dataset.train.labels, dataset.test.images, dataset.test.labels)
    for held, array in zip(splits, arrays, strict=True):
        np.testing.assert_array_equal(held, array)
        assert held.dtype == np.uint8
        assert not held.flags.writeable


# --- which folder


def test_argument_goes_before_variable_before_the_users_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DIGITSCOPE_DATA_DIR", "/from/the/variable")
    assert data_folder("/from/the/argument") == Path("/from/the/argument")
    assert data_folder(Path("~/digits")) == tmp_path / "digits"
    assert data_folder() == Path("/from/the/variable")
    assert data_folder("") == Path("/from/the/variable")
    monkeypatch.setenv("DIGITSCOPE_DATA_DIR", "")
    users = data_folder()
    assert users.is_relative_to(tmp_path)
    assert users.parts[-2:] == ("digitscope", "data")


def test_the_folder_of_a_user_who_does_not_exist_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataError, match="~nosuchuser/x is that of a user who does not exist; name another"):
        data_folder("~nosuchuser/x")
    monkeypatch.setenv("DIGITSCOPE_DATA_DIR", "~nosuchuser/x")
    with pytest.raises(DataError, match="~nosuchuser/x"):
        data_folder()


def test_looking_for_data_does_not_wait_for_libraries_it_may_not_need() -> None:
    code = "import sys, nn_core.data; print({'urllib.request', 'ssl', 'platformdirs'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


# --- which datasets


@pytest.mark.parametrize("names", [MNIST_NAMES, PLAIN, DOTS, tuple(name.upper() for name in PLAIN)])
def test_any_set_of_four_files_is_found_by_its_folders_name(tmp_path: Path, names: tuple[str, str, str, str]) -> None:
    arrays = write_set(tmp_path / "fashion", names)
    assert find_datasets(tmp_path) == {"fashion": tmp_path / "fashion"}
    assert find_datasets(tmp_path / "fashion") == {"fashion": tmp_path / "fashion"}
    dataset = load_folder(tmp_path / "fashion", "fashion")
    assert dataset.name == "fashion"
    assert_holds(dataset, arrays)


def test_a_plus_in_a_name_joins_no_sets(tmp_path: Path) -> None:
    write_set(tmp_path / "my+digits", PLAIN)
    assert find_datasets(tmp_path) == {"my-digits": tmp_path / "my+digits"}
    assert load_dataset(tmp_path, "my-digits").name == "my-digits"
    write_set(tmp_path / "other", tuple(f"A+B-{name}" for name in PLAIN))
    assert find_datasets(tmp_path) == {"my-digits": tmp_path / "my+digits", "a-b": tmp_path / "other"}
    assert load_dataset(tmp_path, "a-b").name == "a-b"


def test_emnist_is_found_by_its_prefix_and_turned_upright(tmp_path: Path) -> None:
    digit_arrays = write_set(tmp_path, emnist("digits"), seed=1)
    mnist_arrays = write_set(tmp_path, emnist("mnist"), seed=2)
    write_set(tmp_path, emnist("letters"), seed=3)
    found = find_datasets(tmp_path)
    assert found == {"emnist-digits": tmp_path, "emnist-mnist": tmp_path}
    for name, (images, labels, test_images, test_labels) in (
        ("emnist-digits", digit_arrays),
        ("emnist-mnist", mnist_arrays),
    ):
        upright = [images.transpose(0, 2, 1), labels, test_images.transpose(0, 2, 1), test_labels]
        dataset = load_dataset(tmp_path, name)
        assert_holds(dataset, upright)
        assert dataset.train.images.flags.c_contiguous


def test_of_two_files_for_one_role_the_compressed_counts(tmp_path: Path) -> None:
    write_set(tmp_path, DOTS, seed=1)
    arrays = write_set(tmp_path, MNIST_NAMES, seed=2)
    assert_holds(load_folder(tmp_path, "any"), arrays)


def test_folders_that_are_called_like_files_are_passed_over(tmp_path: Path) -> None:
    """As in an archive of MNIST that many download."""
    arrays = write_set(tmp_path, DOTS)
    for name in PLAIN:
        (tmp_path / name).mkdir()
    assert_holds(load_folder(tmp_path, "any"), arrays)


def test_two_sets_of_one_name_are_told_apart(tmp_path: Path) -> None:
    own = write_set(tmp_path / "digits", seed=1)
    inner = write_set(tmp_path / "digits" / "digits", seed=2)
    strokes = write_set(tmp_path / "digits" / "strokes", seed=3)
    found = find_datasets(tmp_path / "digits")
    assert list(found) == ["digits", "digits/digits", "strokes/strokes"]
    for name, arrays in zip(found, (own, inner, strokes), strict=True):
        assert_holds(load_dataset(tmp_path / "digits", name), arrays)


def test_nothing_is_found_where_nothing_is_whole(tmp_path: Path) -> None:
    assert find_datasets(tmp_path / "missing") == {}
    assert find_datasets(tmp_path) == {}
    write_set(tmp_path)
    (tmp_path / MNIST_NAMES[3]).unlink()
    assert find_datasets(tmp_path) == {}


def test_only_direct_subfolders_are_looked_into(tmp_path: Path) -> None:
    write_set(tmp_path / "a" / "b")
    assert find_datasets(tmp_path) == {}


def test_a_subfolder_that_leads_nowhere_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    write_set(tmp_path / "digits")
    assert list(find_datasets(tmp_path)) == ["digits"]


# --- what is wrong


def test_missing_folder_is_told_with_what_to_do(tmp_path: Path) -> None:
    for load in (load_folder, load_dataset):
        with pytest.raises(DataError, match=r"missing does not exist; fetch MNIST with `digitscope data --fetch`"):
            load(tmp_path / "missing", "mnist")


def test_empty_folder_is_told_with_what_to_do(tmp_path: Path) -> None:
    for load in (load_folder, load_dataset):
        with pytest.raises(DataError, match=r"holds no IDX files such as train-images-idx3-ubyte.gz; fetch MNIST"):
            load(tmp_path, "mnist")


@pytest.mark.parametrize("kind", ["file", "loop"])
def test_folder_that_cannot_be_listed_is_told(tmp_path: Path, kind: str) -> None:
    path = tmp_path / kind
    path.write_bytes(b"") if kind == "file" else path.symlink_to(path)
    for look in (find_datasets, lambda folder: load_folder(folder, "mnist")):
        with pytest.raises(DataError, match=rf"{kind} cannot be listed \("):
            look(path)


@pytest.mark.parametrize(
    "name, words",
    [*zip(MNIST_NAMES, ("train images", "train labels", "test images", "test labels"), strict=True)],
)
def test_the_file_that_is_missing_is_named(tmp_path: Path, name: str, words: str) -> None:
    write_set(tmp_path)
    (tmp_path / name).unlink()
    for load in (load_folder, load_dataset):
        with pytest.raises(DataError, match=f"lacks the {words} of its dataset 'mnist'; fetch MNIST"):
            load(tmp_path, "mnist")


def test_an_unknown_name_is_answered_with_those_there_are(tmp_path: Path) -> None:
    write_set(tmp_path, emnist("digits"))
    write_set(tmp_path, emnist("mnist"))
    for load in (load_folder, load_dataset):
        with pytest.raises(DataError, match=r"no dataset 'mnist', but 'emnist-(digits|mnist)', 'emnist-"):
            load(tmp_path, "mnist")


@pytest.mark.parametrize(
    "name, content, words",
    [
        (MNIST_NAMES[1], digits(TRAIN, 0)[0], r"train-labels.* holds uint8 of shape \(6, 28, 28\) where labels"),
        (MNIST_NAMES[0], digits(TRAIN, 0)[1], r"train-images.* holds uint8 of shape \(6,\) where images"),
        (MNIST_NAMES[3], digits(TRAIN, 0)[1], f"t10k-labels.* holds {TRAIN} labels for {TEST} images, those of t10k-"),
        (MNIST_NAMES[2], np.zeros((TEST, 32, 32), np.uint8), r"t10k-images.* shape \(3, 32, 32\) where images"),
        (MNIST_NAMES[3], np.array([1, 2, 47], np.uint8), "t10k-labels.* holds the label 47 at place 2"),
        (MNIST_NAMES[2], np.zeros((0, 28, 28), np.uint8), "t10k-images.* holds no image at all"),
    ],
)
def test_mislabelled_files_are_named(tmp_path: Path, name: str, content: np.ndarray, words: str) -> None:
    write_set(tmp_path)
    write(tmp_path / name, idx_bytes(content))
    with pytest.raises(DataError, match=words) as caught:
        load_folder(tmp_path, "mnist")
    assert "\n" not in str(caught.value)


def test_damage_is_told_when_the_set_is_loaded_not_when_it_is_found(tmp_path: Path) -> None:
    write_set(tmp_path / "digits")
    path = tmp_path / "digits" / MNIST_NAMES[3]
    path.write_bytes(path.read_bytes()[:-4])
    assert list(find_datasets(tmp_path)) == ["digits"]
    with pytest.raises(DataError, match=f"{MNIST_NAMES[3]} is a damaged gzip file"):
        load_dataset(tmp_path, "digits")


# --- MNIST itself


def test_mnist_loads_whole_and_fast(data_dir: Path) -> None:
    started = time.process_time()
    dataset = load_dataset(data_dir, "mnist")
    assert time.process_time() - started < 1.0  # 0.2 s is usual; this only catches a reader gone slow
    assert (len(dataset.train), len(dataset.test)) == (60_000, 10_000)
    assert dataset.train.labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert dataset.test.labels[:5].tolist() == [7, 2, 1, 0, 4]
    # The mean that everybody normalises MNIST with.
    assert dataset.train.images.mean(dtype=np.float64) / 255 == pytest.approx(0.1307, abs=5e-5)


def test_mnist_keeps_its_name_wherever_it_lies_and_when_damaged(data_dir: Path, tmp_path: Path) -> None:
    for name in MNIST_NAMES:
        path = data_dir / name
        content = gzip.decompress(path.read_bytes()) if path.exists() else path.with_suffix("").read_bytes()
        write(tmp_path / "raw" / name.removesuffix(".gz"), content[:9] if "t10k-labels" in name else content)
    assert list(find_datasets(data_dir)) == ["mnist"]
    assert find_datasets(tmp_path) == {"mnist": tmp_path / "raw"}
    with pytest.raises(DataError, match="t10k-labels-idx1-ubyte .* is cut short|claims"):
        load_dataset(tmp_path, "mnist")
