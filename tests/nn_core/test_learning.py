"""That it learns: a few images by heart, pen strokes a little, half of MNIST well."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from nn_core.data import Dataset, load_dataset
from nn_core.events import EpochDone, Finished
from nn_core.pen import pen_digits
from nn_core.presets import PRESETS, make_model
from nn_core.settings import TrainSettings
from nn_core.trainer import Trainer

#: Sigmoids are slow to get going.
EPOCHS = {"lenet5": 120, "blog-fc": 120, "fc-sigmoid": 120}
#: What ends with sigmoids answers between 0 and 1, and is asked for that.
LOSSES = {"fc-sigmoid": "squared-error", "blog-fc": "squared-error"}


@pytest.fixture(scope="module")
def few():
    split = pen_digits(64, rng=np.random.default_rng(0))
    assert len(Counter(split.labels.tolist())) == 10
    return Dataset("few", split, split)


@pytest.mark.parametrize("preset", sorted(set(PRESETS) - {"deep-mnist"}))
def test_a_few_images_are_learnt_by_heart(preset, few):
    epochs = EPOCHS.get(preset, 30)
    loss = LOSSES.get(preset, "cross-entropy")
    settings = TrainSettings(preset=preset, loss=loss, batch_size=16, epochs=epochs, learning_rate=5e-3)
    *_, last, _, finished = Trainer(make_model(preset, 0), few, settings)
    assert isinstance(finished, Finished)
    assert isinstance(last, EpochDone)
    assert last.test_accuracy == 1
    assert last.test_loss < 0.1


@pytest.mark.slow
def test_one_epoch_of_half_of_mnist_passes_97_percent(data_dir):
    settings = TrainSettings(preset="blog-cnn", dataset="mnist", epochs=1, train_images=30_000)
    model = make_model("blog-cnn", settings.seed)
    events = list(Trainer(model, load_dataset(data_dir, "mnist"), settings))
    (epoch,) = [event for event in events if isinstance(event, EpochDone)]
    assert epoch.test_accuracy > 0.97
