"""`search`: trial after trial, the best of them, and how to train it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cli.output import counted, end_progress, followed, progress, record, say
from cli.terminal import visible
from cli.train_options import command_of, settings_of
from nn_core.data import data_folder
from nn_core.errors import SettingsError
from nn_core.events import Working
from nn_core.search.description import MOST_TRIALS, Search
from nn_core.search.run import run_search, search_data
from nn_core.search.space import Value, parse_space
from nn_core.search.study import DEFAULT_NAME, Study, kept_search
from nn_core.search.trials import RUNNING, SearchEvent, Trial, TrialBegun, TrialEnded, TrialEpoch, best_of
from nn_core.settings import TrainSettings

TRIALS = 20


def run(arguments: argparse.Namespace) -> int:
    """A line for each thing that happens; at the end a table, and the command line of the best run."""
    name = arguments.study or DEFAULT_NAME
    kept = kept_search(arguments.storage, name) if arguments.storage else None
    search = _search_of(arguments, kept)
    trials = _trials_of(arguments.trials, search)
    study = Study(search, arguments.storage, name)
    dataset = followed(search_data(search, data_folder(getattr(arguments, "data_dir", None))))
    where = f", study {name!r} in {arguments.storage}" if arguments.storage else ""
    work = f"{counted(trials, 'trial')} of {counted(search.base.epochs, 'epoch')}"
    say(f"{search.sampler}: {work} on {search.base.dataset}{where}")
    try:
        for event in run_search(study, trials, dataset, settings_of(arguments).threads):
            _report(event, arguments.json)
    finally:
        end_progress()
        _conclude(study, arguments.json)
    return 0


def _search_of(arguments: argparse.Namespace, kept: Search | None) -> Search:
    """The search of the options; what they leave open is as in the kept study, or as usual."""
    given: dict[str, Any] = {name: getattr(arguments, name) for name in _OWN if hasattr(arguments, name)}
    if "space" in given:
        given["space"] = parse_space(given["space"])
    base = settings_of(arguments, kept.base if kept and not arguments.recipe else None)
    return replace(kept or Search(), base=replace(base, threads=TrainSettings().threads, save_every=1), **given)


def _trials_of(trials: int | None, search: Search) -> int:
    if trials is None:
        return search.points if search.sampler == "grid" else TRIALS
    if not 1 <= trials <= MOST_TRIALS:
        raise SettingsError(f"--trials (={trials}) must lie between 1 and {MOST_TRIALS:,}")
    return trials


def _report(event: SearchEvent, as_json: bool) -> None:
    match event:
        case Working():
            progress(f"{event.what}: batch {event.done} of {event.total}")
        case TrialBegun(trial) | TrialEpoch(trial) | TrialEnded(trial):
            end_progress()
            kind = {TrialBegun: "begun", TrialEpoch: "epoch", TrialEnded: "ended"}[type(event)]
            record({"event": kind, **_plain(trial)}) if as_json else print(_words(kind, trial), flush=True)
        case _:
            pass


def _conclude(study: Study, as_json: bool) -> None:
    """The table of all trials, and the best of them."""
    trials = study.trials()
    best = best_of(trials)
    if not as_json and trials:
        print("\n" + "\n".join(_table(trials, best)))
    running = [trial.number for trial in trials if trial.state == RUNNING]
    if running:
        numbers = ", ".join(map(str, running))
        say(f"trial {numbers}: still running elsewhere; if its process has died, it can be tried again in a minute")
    if best is None:
        say("no trial has come to its end")
        return
    command = f"{command_of(study.search.settings(best.values))} --hold-out {study.search.hold_out}"
    if as_json:
        record({"event": "best", **_plain(best), "command": f"digitscope {command}"})
        return
    print(f"\nThe best is trial {best.number}, {best.accuracy:.2%} on images held out of training. To train it again:")
    print(f"    digitscope {visible(command)}")
    print("Without --hold-out (and --train-images) it learns from all images and is measured on the test split.")


def _table(trials: Sequence[Trial], best: Trial | None) -> Iterator[str]:
    rows = [["trial", *trials[0].values, "accuracy", "epochs", "seconds", "state"]]
    for trial in sorted(trials, key=lambda trial: -(trial.accuracy or 0.0)):
        share = "–" if trial.accuracy is None else f"{trial.accuracy:.2%}"
        state = "best" if trial == best else trial.state
        shown = (_text(value) for value in trial.values.values())
        rows.append([str(trial.number), *shown, share, str(trial.epochs), f"{trial.seconds:.1f}", state])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(text.rjust(width) for text, width in zip(row, widths, strict=True))


def _plain(trial: Trial) -> Mapping[str, object]:
    return {
        "trial": trial.number,
        "values": trial.values,
        "state": trial.state,
        "accuracy": trial.accuracy,
        "epochs": trial.epochs,
        "seconds": trial.seconds,
    }


def _words(kind: str, trial: Trial) -> str:
    values = ", ".join(f"{name} {_text(value)}" for name, value in trial.values.items())
    share = "" if trial.accuracy is None else f", accuracy {trial.accuracy:.2%}"
    match kind:
        case "begun":
            return f"trial {trial.number}: {values}"
        case "epoch":
            return f"trial {trial.number}: epoch {trial.epochs}{share}"
        case _:
            return f"trial {trial.number}: {trial.state} after {trial.seconds:.1f} s{share}"


def _text(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) else visible(str(value))


_OWN = ("sampler", "space", "hold_out", "prune")
