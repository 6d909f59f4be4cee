"""`train --pretrain`: the layers learn what digits look like before they are told which is which."""

from __future__ import annotations

from dataclasses import asdict, replace

from threadpoolctl import threadpool_limits

from cli.output import end_progress, progress, record
from nn_core.data import Split
from nn_core.events import Working
from nn_core.model import Model
from nn_core.pretraining import Pretraining, pretrain


def pretrained(model: Model, split: Split, plan: Pretraining, *, as_json: bool) -> Model:
    """The model, pre-trained on the images of a split, which its card tells; a line an epoch of each layer."""
    with threadpool_limits(1, "blas"):  # the bits must not depend on the machine's cores
        for event in pretrain(model, split.images, plan):
            if isinstance(event, Working):
                progress(f"{event.what} {event.done} of {event.total}")
                continue
            end_progress()
            if as_json:
                record({"pretrained_layer": event.layer, "epoch": event.epoch, "reconstruction_loss": event.loss})
            else:
                print(f"layer {event.layer}, epoch {event.epoch}: reconstruction loss {event.loss:.4f}", flush=True)
    return replace(model, card={**model.card, "pretraining": {**asdict(plan), "images": len(split)}})
