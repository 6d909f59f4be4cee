"""`teach`: from a model and own digits to a model that knows them."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from cli.output import check_target, followed, named_model, record, say
from nn_core.data import data_folder
from nn_core.modelfile import save_model
from nn_core.own_digits import load_own_digits
from nn_core.replay import HOLD_BACK_FROM, known_digits
from nn_core.teaching import Score, Taught, teach


def run(arguments: argparse.Namespace) -> int:
    """Teach, and say what was read before and after; write the model at the end."""
    check_target(arguments.out)
    model, digits = named_model(arguments.model), load_own_digits(arguments.own)
    known = followed(known_digits(data_folder(getattr(arguments, "data_dir", None))))
    lesson = teach(model, digits, known, layers=arguments.layers, seed=arguments.seed, threads=arguments.threads)
    taught = followed(lesson)
    save_model(arguments.out, taught.model)
    if arguments.json:
        record({"known": taught.dataset, "before": asdict(taught.before), "after": asdict(taught.after)})
    else:
        _print(taught)
    say(f"wrote {arguments.out}")
    return 0


def _print(taught: Taught) -> None:
    before, after = taught.before, taught.after
    rows = (
        (f"{before.learnt.count:,} own digits taught", before.learnt, after.learnt),
        (f"{before.held.count:,} own digits held back", before.held, after.held),
        (f"{before.known.count:,} test images of {taught.dataset}", before.known, after.known),
    )
    print(f"{'':36}{'before':>10}{'after':>10}")
    for name, first, then in rows:
        if first.count:
            print(f"{name:36}{_percent(first):>10}{_percent(then):>10}")
    if not before.held.count:
        print(f"Own digits are held back from {HOLD_BACK_FROM} on that this model has not been taught before.")


def _percent(score: Score) -> str:
    return "–" if score.share is None else f"{score.share:.2%}"
