"""`gradcheck`: the gradients of a network beside central differences."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import numpy as np

from cli.output import end_progress, model_of, progress, record, say
from nn_core.gradcheck import TOLERANCE, Entry, Findings, GradientCheck, random_batch
from nn_core.losses import make_loss
from nn_core.settings import TrainSettings
from nn_core.workers import one_blas_thread

WORST = 10


def run(arguments: argparse.Namespace) -> int:
    """A line for each array that was checked, the worst values of all, and the verdict."""
    one_blas_thread()
    settings = TrainSettings(loss=arguments.loss, seed=arguments.seed)
    rng = np.random.default_rng(settings.seed)
    network = model_of(arguments.what, settings.seed).network.clone(np.float64)
    images, targets = random_batch(network, rng)
    check = GradientCheck(network, images, targets, make_loss(settings.loss), seed=settings.seed)
    layers = None if arguments.layer is None else [arguments.layer]
    plan = check.plan(layers, most=arguments.entries, rng=rng)
    findings = Findings()
    for number, entry in enumerate(check.entries(plan), 1):
        findings.entries.append(entry)
        progress(f"Checking layer {entry.layer}, {entry.name}: {number} of {len(plan)} values …")
    end_progress()
    _tell(arguments, check, findings)
    if not findings.passed:
        say(f"digitscope: {_verdict(findings)}")
    return 0 if findings.passed else 1


def _tell(arguments: argparse.Namespace, check: GradientCheck, findings: Findings) -> None:
    arrays = list(_by_array(findings))
    worst = findings.worst(WORST)
    if arguments.json:
        for part in arrays:
            record({"layer": part.entries[0].layer, "name": part.entries[0].name, **_figures(part)})
        summary = {"network": arguments.what, "loss": arguments.loss, **_figures(findings), "passed": findings.passed}
        record({**summary, "worst": [_entry(entry) for entry in worst]})
        return
    titles = [layer.title() for layer in check.network.layers]
    print(f"{'':3} {'layer':22} {'array':12} {'values':>7} {'at kinks':>9} {'relative error':>15}")
    for part in arrays:
        first = part.entries[0]
        where = f"{first.layer:3} {titles[first.layer]:22} {first.name:12}"
        error = f"{part.error:>15.1e}" if part.judged else f"{'–':>15}"
        print(f"{where} {len(part.judged):>7} {part.kinks or '·':>9} {error}")
    print(f"\n{'worst values':26} {'analytic':>22} {'numeric':>22} {'relative error':>15}")
    for entry in worst:
        print(f"{entry.key:26} {entry.analytic:>22.14e} {entry.numeric:>22.14e} {entry.error:>15.1e}")
    if findings.passed:
        print(f"\n{_verdict(findings)}")


def _by_array(findings: Findings) -> Iterator[Findings]:
    """The findings, array by array."""
    parts: dict[tuple[int, str], Findings] = {}
    for entry in findings.entries:
        parts.setdefault((entry.layer, entry.name), Findings()).entries.append(entry)
    yield from parts.values()


def _figures(findings: Findings) -> dict[str, object]:
    return {"values": len(findings.judged), "at_kinks": findings.kinks, "relative_error": findings.error}


def _entry(entry: Entry) -> dict[str, object]:
    return {
        "layer": entry.layer,
        "name": entry.name,
        "index": entry.index,
        "analytic": entry.analytic,
        "numeric": entry.numeric,
        "relative_error": entry.error,
        "step": entry.step,
    }


def _verdict(findings: Findings) -> str:
    if not findings.judged:
        return "nothing could be compared: every value lies at a kink; try another --seed"
    if findings.passed:
        return f"passed: the largest relative error is {findings.error:.1e}, below {TOLERANCE:g}"
    wrong = sum(entry.error >= TOLERANCE for entry in findings.judged)
    worst = findings.worst(1)[0]
    return (
        f"failed: {wrong} of {len(findings.judged)} values differ by {TOLERANCE:g} or more, most of all {worst.key}:"
        f" {worst.analytic:.6g} by the backward pass, {worst.numeric:.6g} by central differences"
    )
