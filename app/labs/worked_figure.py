"""The worked example as a graph: what is known at each stage stands where it belongs."""

from __future__ import annotations

from app.labs.graph import Edge, Node
from app.labs.number_table import CHOSEN
from app.views.wording import number
from nn_core.labs.worked_example import Backward, Example, Forward

_ASK = "Click to change it"
_PLACES = {
    "i1": (0.0, 0.0),
    "i2": (0.0, 0.66),
    "b1": (0.2, 1.0),
    "h1": (0.38, 0.0),
    "h2": (0.38, 0.66),
    "b2": (0.57, 1.0),
    "o1": (0.76, 0.0),
    "o2": (0.76, 0.66),
    "t1": (1.0, 0.0),
    "t2": (1.0, 0.66),
}
#: The connections in the order of their weights, and where along them the number stands, so that none covers another.
WIRES = (
    ("i1", "h1", 0.5),
    ("i2", "h1", 0.24),
    ("i1", "h2", 0.24),
    ("i2", "h2", 0.5),
    ("h1", "o1", 0.5),
    ("h2", "o1", 0.24),
    ("h1", "o2", 0.3),
    ("h2", "o2", 0.5),
)


def figure(
    example: Example, there: Forward | None, back: Backward | None, chosen: int
) -> tuple[list[Node], list[Edge]]:
    """Nodes and edges: what is not worked out yet is left open; the weight number `chosen` (0 to 7) is marked."""
    return [*_given(example), *_neurons(there, back), *_targets(example, there)], _wires(example, back, chosen)


def _given(example: Example) -> list[Node]:
    """Inputs and biases."""
    values = {"i1": example.inputs[0], "i2": example.inputs[1], "b1": example.biases[0], "b2": example.biases[1]}
    return [
        Node(key, _PLACES[key], number(float(value)), above=_name(key), value=float(value), help=_ASK)
        for key, value in values.items()
    ]


def _neurons(there: Forward | None, back: Backward | None) -> list[Node]:
    found = []
    for place, key in enumerate(("h1", "h2", "o1", "o2")):
        layer, neuron = divmod(place, 2)
        out, below = "?", ""
        if there is not None:
            out = f"{(there.out_hidden, there.out_output)[layer][neuron]:.4f}"
            below = f"net {number(float((there.net_hidden, there.net_output)[layer][neuron]), 4)}"
        if back is not None:
            below += f"\n∂E/∂net {number(float((back.delta_hidden, back.delta_output)[layer][neuron]), 3)}"
        found.append(Node(key, _PLACES[key], out, above=_name(key), below=below, help="Its output is in the circle"))
    return found


def _targets(example: Example, there: Forward | None) -> list[Node]:
    found = []
    for place, key in enumerate(("t1", "t2")):
        value = float(example.targets[place])
        below = "" if there is None else f"E{'₁₂'[place]} {number(float(there.errors[place]), 4)}"
        above = f"target {place + 1}"
        found.append(Node(key, _PLACES[key], number(value), above, below, value=value, help=_ASK, square=True))
    return found


def _wires(example: Example, back: Backward | None, chosen: int) -> list[Edge]:
    found = []
    for place, (start, end, at) in enumerate(WIRES):
        weight = float(example.weights[place])
        below = "" if back is None else number(float(back.weights[place]), 2)
        mark = CHOSEN if place == chosen else ""
        words = f"w{place + 1}: the weight, and under it ∂E/∂w{place + 1}. {_ASK}"
        found.append(Edge(start, end, number(weight, 4), below, at, mark, words, weight))
    plain = (("b1", "h1"), ("b1", "h2"), ("b2", "o1"), ("b2", "o2"))
    return [Edge(start, end) for start, end in plain] + found


def _name(key: str) -> str:
    return key[0] + "₁₂"[int(key[1]) - 1]
