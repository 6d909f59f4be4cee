"""What the page of the network of objects says about a node, a connection, a step and a measurement."""

from __future__ import annotations

from app.views.wording import indexed, number, thousands
from nn_core.labs.object_network import Connection, ConstantNode, Node
from nn_core.labs.object_training import Speeds

CHOOSE = "Click a node or a connection: its numbers, and how they come about, are written here."
_MOST_TERMS = 4


def node_words(node: Node, target: float | None, *, fired: bool, blamed: bool, updated: bool) -> str:
    """Output and error term of a node with the sums they come from, as rich text; `target` of an output node.

    Once the weights are `updated`, the sums would no longer add up, and are left out.
    """
    if isinstance(node, ConstantNode):
        return "<b>The constant node.</b> Its output is always 1: the weights of its connections are the biases."
    name = f"<b>{indexed(node.name)}</b>"
    if not node.incoming:
        given = number(node.output) if fired else "–"
        return f"{name}, an input node: output = {given}, handed on as it is. It has no error term."
    if not fired:
        return f"{name}: output –, error term –. Press Forwards."
    if updated:
        values = f"output {number(node.output, 4)}, error term δ {number(node.delta, 4)}"
        return f"{name}: {values}<br>as they were before the update. Press Forwards for the new ones."
    terms = _terms([f"{number(each.weight)}·{number(each.source.output)}" for each in node.incoming])
    output = (
        f"output = σ(Σ w·x) = σ({terms}) = σ({number(node.weighted_input)}) = <b>{number(node.output, 4)}</b>"
        f"<br>error term δ = {_error_term(node, target) if blamed else '–, press Backwards'}"
    )
    return f"{name}: {output}"


def _error_term(node: Node, target: float | None) -> str:
    y = number(node.output)
    slope = f"{y}·(1 − {y})"
    if target is not None:
        return f"y(1 − y)·(t − y) = {slope}·({target:g} − {y}) = <b>{number(node.delta, 4)}</b>"
    terms = _terms([f"{number(each.weight)}·{_bracketed(each.target.delta)}" for each in node.outgoing])
    return f"y(1 − y)·Σ w·δ = {slope}·({terms}) = <b>{number(node.delta, 4)}</b>"


def connection_words(each: Connection, rate: float, *, blamed: bool, updated: bool) -> str:
    """Weight and gradient of a connection, and what an update will make of it, or has made."""
    a = "bias" if isinstance(each.source, ConstantNode) else indexed(each.source.name)
    b = indexed(each.target.name)
    head = f"<b>{a} → {b}</b>: weight w = <b>{number(each.weight, 4)}</b>"
    if not blamed:
        return f"{head}<br>gradient ∂E/∂w = –, press Backwards"
    source, delta = _bracketed(each.source.output), _bracketed(each.target.delta)
    gradient = f"gradient ∂E/∂w = −δ({b})·x = −{delta}·{source} = <b>{number(each.gradient, 4)}</b>"
    if updated:
        return (
            f"{head}<br>{gradient}<br>updated: the weight has moved by −rate·∂E/∂w = {number(-rate * each.gradient, 4)}"
        )
    step = f"{number(each.weight, 4)} − {rate:g}·{_bracketed(each.gradient)}"
    return f"{head}<br>{gradient}<br>update: w − rate·∂E/∂w = {step} = {number(each.weight - rate * each.gradient, 4)}"


def speed_words(own: Speeds, large: Speeds | None) -> str:
    """The measured times of one sample in both forms, and their ratio."""
    lines = [_speed_line(own)]
    lines.append("measuring 784-300-10 …" if large is None else _speed_line(large))
    return "<br>".join(lines)


def _speed_line(speeds: Speeds) -> str:
    name = "-".join(map(str, speeds.sizes))
    times = f"objects {_time(speeds.objects)}, vectors {_time(speeds.vectors)} a sample"
    ratio = f"object : vector = <b>{number(speeds.ratio, 2)} : 1</b>"
    verdict = "vectors are faster" if speeds.ratio > 1 else "so small that calling NumPy costs more than it saves"
    return f"<b>{name}</b>: {times}; {ratio}, {verdict}"


def epoch_words(epoch: int, error: float | None, solved: bool) -> str:
    """Where training stands."""
    if error is None:
        return "Not trained yet: weights are drawn at random by the seed."
    right = "every output within 0.2 of its target" if solved else "not yet every output within 0.2 of its target"
    return f"Epoch {thousands(epoch)} · mean error {number(error)} · {right}"


def _terms(terms: list[str]) -> str:
    shown = terms if len(terms) <= _MOST_TERMS else [*terms[: _MOST_TERMS - 1], "…", terms[-1]]
    return " + ".join(shown).replace("+ −", "− ")


def _bracketed(value: float) -> str:
    return f"({number(value)})" if value < 0 else number(value)


def _time(seconds: float) -> str:
    return f"{number(seconds * 1e3)} ms" if seconds >= 1e-3 else f"{number(seconds * 1e6)} µs"
