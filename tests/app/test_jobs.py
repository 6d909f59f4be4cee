"""The job of training, without a window: what it leaves in its store."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from app.jobs import Training
from app.run_store import RunStore
from app.worker import Control
from nn_core.checkpoint import load_checkpoint
from nn_core.events import EpochDone
from nn_core.presets import make_model
from nn_core.settings import TrainSettings


@pytest.fixture
def store(tmp_path: Path):
    found = RunStore(tmp_path / "runs")
    yield found
    found.close()


def test_what_is_kept_at_the_end_makes_good_what_could_not_be_kept_before(store, tiny):
    settings = TrainSettings(preset="blog-cnn", dataset="tiny", epochs=1, threads=1)
    store.checkpoint.mkdir()  # nothing can be written there
    for event in Training(make_model("blog-cnn", 0), settings, tiny, store)(Control()):
        if isinstance(event, EpochDone):
            for thread in threading.enumerate():
                if thread.name == "checkpoint":
                    thread.join()
            store.checkpoint.rmdir()
    assert load_checkpoint(store.checkpoint)[2].step == 5
