"""From the log of a run to the series that its plots show."""

from __future__ import annotations

from app.curve_log import CurveLog
from app.views.run_curves import Curves
from app.views.wording import short
from nn_core.recipes import recipe_of
from nn_core.settings import TrainSettings

_LONGEST = 14  # letters of a run's name beside its curve


def curves_of(log: CurveLog, settings: TrainSettings | None) -> Curves:
    """What is known of the run with these settings, as the view of the curves takes it."""
    train, test, held_out = log.tables()
    return Curves(
        train_step=train[log.STEP],
        train_epoch=train[log.EPOCH],
        train_loss=train[log.LOSS],
        train_loss_smooth=train[log.SMOOTH_LOSS],
        train_accuracy=train[log.ACCURACY],
        train_accuracy_smooth=train[log.SMOOTH_ACCURACY],
        test_epoch=test[log.EPOCH],
        test_loss=test[log.LOSS],
        test_accuracy=test[log.ACCURACY],
        held_out_epoch=held_out[log.EPOCH],
        held_out_loss=held_out[log.LOSS],
        held_out_accuracy=held_out[log.ACCURACY],
        name="" if settings is None else recipe_of(settings) or short(settings.preset, _LONGEST),
    )
