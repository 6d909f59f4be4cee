"""`doubt`: the small network that tells digits from other drawings, trained anew."""

from __future__ import annotations

import argparse

from cli.output import check_target, followed, record, say
from nn_core.data import data_folder
from nn_core.doubt_training import SETTINGS, train_doubt
from nn_core.modelfile import save_model


def run(arguments: argparse.Namespace) -> int:
    """Train it, write it, and tell how many drawings of either kind that were held out it doubts."""
    check_target(arguments.out)
    model = followed(train_doubt(data_folder(getattr(arguments, "data_dir", None)), SETTINGS))
    save_model(arguments.out, model)
    card = model.card
    if arguments.json:
        record({name: card[name] for name in ("limit", "digits_doubted", "others_doubted")})
    else:
        print(f"doubted: {card['digits_doubted']:.2%} of the digits, {card['others_doubted']:.1%} of other drawings")
    say(f"wrote {arguments.out}")
    return 0
