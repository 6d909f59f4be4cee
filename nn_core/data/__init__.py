"""Datasets: IDX files in folders, held as bytes. (`nn_core.data.fetch` is apart: it loads the network libraries.)"""

from __future__ import annotations

from nn_core.data.dataset import CLASSES, SIDE, Dataset, Split
from nn_core.data.folders import data_folder, find_datasets, load_dataset, load_folder
from nn_core.data.idx import read_idx

__all__ = [
    "CLASSES",
    "SIDE",
    "Dataset",
    "Split",
    "data_folder",
    "find_datasets",
    "load_dataset",
    "load_folder",
    "read_idx",
]
