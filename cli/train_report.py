"""What `train` says of its events: a line an epoch on stdout, how far it is on stderr."""

from __future__ import annotations

from cli.output import end_progress, progress, record
from nn_core.errors import TrainingError
from nn_core.events import BatchDone, EpochDone, Event, Failed, Restored, Working


def report(event: Event, as_json: bool) -> None:
    """Say what happened.

    Raises:
        TrainingError: the run has failed.
    """
    match event:
        case BatchDone():
            if event.step % 20 == 0:
                progress(f"epoch {event.epoch:.2f}  loss {event.loss:.4f}  accuracy {event.accuracy:.2%}")
        case Working():
            progress(f"{event.what} {event.done} of {event.total}")
        case EpochDone():
            end_progress()
            record(_plain(event)) if as_json else print(_words(event), flush=True)
        case Restored():
            end_progress()
            record(_restored(event)) if as_json else print(_restored_words(event), flush=True)
        case Failed():
            raise TrainingError(event.message)
        case _:
            pass


def report_end(epoch: int, test_accuracy: float, as_json: bool) -> None:
    """Say how good a run is that had come to its end before: nothing else will be said of it."""
    if as_json:
        record({"epoch": epoch, "test_accuracy": test_accuracy})
    else:
        print(f"epoch {epoch}: test accuracy {test_accuracy:.2%}", flush=True)


def _plain(epoch: EpochDone) -> dict[str, float | None]:
    held_out = {} if epoch.validation_accuracy is None else {"validation_accuracy": epoch.validation_accuracy}
    return {
        "epoch": epoch.epoch,
        "train_loss": epoch.train_loss,
        "train_accuracy": epoch.train_accuracy,
        "test_accuracy": epoch.test_accuracy,
        **held_out,
        "seconds": epoch.seconds,
        "images_per_s": epoch.images_per_s,
    }


def _words(epoch: EpochDone) -> str:
    shares = (("validation", epoch.validation_accuracy), ("test", epoch.test_accuracy))
    measured = "".join(f" {name} accuracy {share:.2%}," for name, share in shares if share is not None)
    return (
        f"epoch {epoch.epoch}: loss {epoch.train_loss:.4f}, training accuracy {epoch.train_accuracy:.2%},{measured}"
        f" {epoch.images_per_s:,.0f} images/s"
    )


def _restored(event: Restored) -> dict[str, float]:
    return {
        "best_epoch": event.best_epoch,
        "validation_accuracy": event.validation_accuracy,
        "test_accuracy": event.test_accuracy,
    }


def _restored_words(event: Restored) -> str:
    return (
        f"back to epoch {event.best_epoch}, the best on the images held out ({event.validation_accuracy:.2%}):"
        f" test accuracy {event.test_accuracy:.2%}"
    )
