"""Datasets in folders: where they are looked for, which are there, and how one is read."""

from __future__ import annotations

import hashlib
import logging
import os
import re
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

import numpy as np

from nn_core.data.dataset import Dataset, Split, image_fault, label_fault
from nn_core.data.idx import read_idx
from nn_core.errors import DataError

VARIABLE = "DIGITSCOPE_DATA_DIR"
REMEDY = (
    "fetch MNIST with `digitscope data --fetch`, name another folder with --data-dir, or take --dataset strokes, which"
    " needs no files"
)

_Role = tuple[str, str]  # ("train" or "test", "images" or "labels")
_Files = Mapping[_Role, Path]
_Sets = Mapping[str, _Files]

_ROLES: tuple[_Role, ...] = tuple(product(("train", "test"), ("images", "labels")))
_FILE_NAME = re.compile(
    r"(?:(?P<set>.+)[-_.])?(?P<split>train|t10k|test)[-_.](?P<kind>images|labels)[-_.]idx\d[-_.]ubyte(?P<packed>\.gz)?",
    re.IGNORECASE,
)
_EMBEDDED = "strokes"  # the dataset that the program draws itself; no folder may take its name
_MORE_THAN_DIGITS = {"emnist-byclass", "emnist-bymerge", "emnist-balanced", "emnist-letters"}
# SHA-256 of the labels in MNIST's two splits, without header: known whatever the files are called and packed with.
_MNIST_LABELS = {
    "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
    "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
}
_LARGEST_LABELS = 60_008  # bytes of MNIST's training labels as a plain file


class _MissingFolder(DataError):
    """There is no such folder: an error for who loads from it, an answer for who looks around."""


_log = logging.getLogger(__name__)


def data_folder(argument: str | Path | None = None) -> Path:
    """The folder that datasets are looked for in: the argument, else $DIGITSCOPE_DATA_DIR, else the user's data folder.

    It need not exist.

    Raises:
        DataError: it is named as `~user`, and there is no such user.
    """
    named = str(argument or os.environ.get(VARIABLE, ""))
    if named:
        try:
            return Path(named).expanduser()
        except RuntimeError as why:
            raise DataError(f"the data folder {named} is that of a user who does not exist; name another one") from why
    import platformdirs  # here, because a window that is told its folder need not wait for it

    return Path(platformdirs.user_data_dir("digitscope", appauthor=False)) / "data"


def find_datasets(folder: Path) -> dict[str, Path]:
    """The complete datasets in a folder and in its direct subfolders: name to the folder that holds the four files.

    MNIST itself is called "mnist", another set by its files' prefix ("emnist-digits") or its folder's name, with - for
    the + that joins names. Of two sets with one name the later is called "subfolder/name". A folder that does not exist
    holds none.

    Raises:
        DataError: the folder is there and cannot be listed.
    """
    found: dict[str, Path] = {}
    for place, sets in _places(folder):
        for prefix, files in sets.items():
            if prefix in _MORE_THAN_DIGITS or len(files) < len(_ROLES):
                continue
            name = prefix or ("mnist" if _is_mnist(files) else place.resolve().name.replace("+", "-"))
            if name in found or name == _EMBEDDED:
                name = f"{place.resolve().name}/{name}"
            found[name] = place
    return found


def load_dataset(folder: Path, name: str) -> Dataset:
    """The dataset of that name out of those that `find_datasets` finds.

    Raises:
        DataError: there is none of that name, or its files are damaged or mislabelled.
    """
    found = find_datasets(folder)
    if name in found:
        return load_folder(found[name], name)
    if found:
        raise DataError(f"{folder} has no dataset {name!r}, but {', '.join(map(repr, found))}: choose one, or {REMEDY}")
    return load_folder(folder, name)  # which knows best what is missing


def load_folder(folder: Path, name: str) -> Dataset:
    """The dataset in the four IDX files of one folder; of several with different prefixes, the one called `name`.

    EMNIST's images are stored transposed and are turned upright.

    Raises:
        DataError: the folder or a file is missing, unreadable, damaged or mislabelled, or images and labels do not
            belong together.

    Source: Cohen et al., "EMNIST: an extension of MNIST to handwritten letters", 2017, for names and orientation.
    """
    sets = _sets_in(folder)
    if not sets:
        raise DataError(f"{folder} holds no IDX files such as train-images-idx3-ubyte.gz; {REMEDY}")
    own = name.rpartition("/")[2]
    prefix = own if own in sets else "" if "" in sets or len(sets) > 1 else next(iter(sets))
    if prefix not in sets:
        raise DataError(f"{folder} has no dataset {name!r}, but {', '.join(map(repr, sets))}: choose one, or {REMEDY}")
    files = sets[prefix]
    for split, kind in _ROLES:
        if (split, kind) not in files:
            raise DataError(f"{folder} lacks the {split} {kind} of its dataset {prefix or name!r}; {REMEDY}")
    transposed = prefix.startswith("emnist")
    return Dataset(name, _load_split(files, "train", transposed), _load_split(files, "test", transposed))


def _load_split(files: _Files, split: str, transposed: bool) -> Split:
    labels_path, images_path = files[split, "labels"], files[split, "images"]
    labels = read_idx(labels_path)
    images = read_idx(images_path)
    if fault := image_fault(images):
        raise DataError(f"{images_path} {fault}; get it again or exchange it for the right file")
    if fault := label_fault(labels, len(images)):
        raise DataError(f"{labels_path} {fault}, those of {images_path.name}; put files there that belong together")
    return Split(np.ascontiguousarray(images.swapaxes(1, 2)) if transposed else images, labels)


def _places(folder: Path) -> Iterator[tuple[Path, _Sets]]:
    """The folder and its direct subfolders in order of their names, each with the sets in it."""
    try:
        yield folder, _sets_in(folder)
    except _MissingFolder:
        return
    for path in sorted(Path(entry.path) for entry in _entries(folder) if os.path.isdir(entry.path)):
        try:
            yield path, _sets_in(path)
        except DataError as error:
            _log.info("passed over a subfolder: %s", error)  # a neighbour's secret must not hide the datasets


def _sets_in(folder: Path) -> _Sets:
    """The IDX files of a folder by the prefix of their names, "" where there is none.

    Of two files for one role the compressed one counts, because that is the one which a fetch repairs.
    """
    names = [_FILE_NAME.fullmatch(entry.name) for entry in _entries(folder) if os.path.isfile(entry.path)]
    sets: dict[str, dict[_Role, Path]] = {}
    for name in sorted((name for name in names if name), key=lambda name: (not name["packed"], name.string)):
        role = ("train" if name["split"].lower() == "train" else "test", name["kind"].lower())
        sets.setdefault((name["set"] or "").lower().replace("+", "-"), {}).setdefault(role, folder / name.string)
    return sets


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except FileNotFoundError as error:
        raise _MissingFolder(f"the data folder {folder} does not exist; {REMEDY}") from error
    except OSError as error:
        raise DataError(f"the data folder {folder} cannot be listed ({error.strerror or error}); {REMEDY}") from error


def _is_mnist(files: _Files) -> bool:
    """Whether one of the label files has MNIST's labels; one is enough, so that a damaged set keeps its name."""
    return any(_labels_digest(files[split, "labels"]) in _MNIST_LABELS for split in ("train", "test"))


def _labels_digest(path: Path) -> str:
    try:
        small = os.stat(path).st_size <= _LARGEST_LABELS
        return hashlib.sha256(read_idx(path).tobytes()).hexdigest() if small else ""
    except (DataError, OSError):
        return ""  # a damaged file gives no name; the damage is told when the set is loaded
