"""The datasets that were trained on last, kept in memory so that the next run on one of them begins at once."""

from __future__ import annotations

from nn_core.data.dataset import Dataset
from nn_core.settings import TrainSettings

_KEPT = 2


class DatasetCache:
    """Datasets by name and by how many images they hold out of training."""

    def __init__(self) -> None:
        self._datasets: dict[tuple[str, int], Dataset] = {}

    def get(self, settings: TrainSettings) -> Dataset | None:
        """The dataset of a run, if it is here."""
        return self._datasets.get((settings.dataset, settings.validation))

    def put(self, dataset: Dataset) -> None:
        """Keep a dataset; the one that was put longest ago goes."""
        key = (dataset.name, 0 if dataset.validation is None else len(dataset.validation))
        self._datasets.pop(key, None)
        self._datasets[key] = dataset
        while len(self._datasets) > _KEPT:
            del self._datasets[next(iter(self._datasets))]

    def clear(self) -> None:
        """Forget all, because the files have changed."""
        self._datasets.clear()
