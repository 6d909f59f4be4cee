"""The chain rule of one weight of the worked example, in symbols and in numbers."""

from __future__ import annotations

from app.views.wording import number
from nn_core.labs.worked_example import Backward, Example, Forward

_DIGITS = 9


def forward_words(example: Example, there: Forward) -> str:
    """How the first neuron of each layer gets its output, and the error."""
    x, w, b = example.inputs, example.weights, example.biases
    h, o = there.out_hidden, there.out_output
    return "<br>".join(
        (
            f"net<sub>h1</sub> = w<sub>1</sub>·i<sub>1</sub> + w<sub>2</sub>·i<sub>2</sub> + b<sub>1</sub> = "
            f"{_n(w[0])}·{_n(x[0])} + {_n(w[1])}·{_n(x[1])} + {_n(b[0])} = {_n(there.net_hidden[0], alone=True)}",
            f"out<sub>h1</sub> = 1 / (1 + e<sup>−net</sup>) = {_n(h[0])}",
            f"net<sub>o1</sub> = w<sub>5</sub>·out<sub>h1</sub> + w<sub>6</sub>·out<sub>h2</sub> + b<sub>2</sub> = "
            f"{_n(w[4])}·{_n(h[0])} + {_n(w[5])}·{_n(h[1])} + {_n(b[1])} = {_n(there.net_output[0], alone=True)}",
            f"out<sub>o1</sub> = {_n(o[0])}, out<sub>o2</sub> = {_n(o[1])}",
            f"E = ½ (target<sub>1</sub> − out<sub>o1</sub>)² + ½ (target<sub>2</sub> − out<sub>o2</sub>)² = "
            f"{_n(there.errors[0])} + {_n(there.errors[1])} = <b>{_n(there.total)}</b>",
        )
    )


def chain_rule(example: Example, there: Forward, back: Backward, place: int) -> str:
    """∂E/∂w of the weight number `place` (0 to 7), factor by factor."""
    return _to_hidden(example, back, place) if place < 4 else _to_output(there, back, place - 4)


def _to_output(there: Forward, back: Backward, place: int) -> str:
    neuron, source = divmod(place, 2)
    o, h, w = f"o{neuron + 1}", f"h{source + 1}", f"w<sub>{place + 5}</sub>"
    factors = back.error_by_out[neuron], back.slope_output[neuron], there.out_hidden[source]
    return (
        f"∂E/∂{w} = ∂E/∂out<sub>{o}</sub> · ∂out<sub>{o}</sub>/∂net<sub>{o}</sub> · ∂net<sub>{o}</sub>/∂{w}<br>"
        f"= (out<sub>{o}</sub> − target<sub>{neuron + 1}</sub>) · out<sub>{o}</sub> (1 − out<sub>{o}</sub>) · "
        f"out<sub>{h}</sub><br>"
        f"= {' · '.join(_n(each) for each in factors)} = <b>{_n(back.weights[place + 4], alone=True)}</b>"
    )


def _to_hidden(example: Example, back: Backward, place: int) -> str:
    neuron, source = divmod(place, 2)
    h, i, w = f"h{neuron + 1}", f"i<sub>{source + 1}</sub>", f"w<sub>{place + 1}</sub>"
    first, second = back.shares[neuron]
    outgoing = [f"w<sub>{5 + neuron}</sub>", f"w<sub>{7 + neuron}</sub>"]
    return (
        f"∂E/∂{w} = (∂E<sub>1</sub>/∂out<sub>{h}</sub> + ∂E<sub>2</sub>/∂out<sub>{h}</sub>) · "
        f"∂out<sub>{h}</sub>/∂net<sub>{h}</sub> · ∂net<sub>{h}</sub>/∂{w}<br>"
        f"= (∂E/∂net<sub>o1</sub> · {outgoing[0]} + ∂E/∂net<sub>o2</sub> · {outgoing[1]}) · "
        f"out<sub>{h}</sub> (1 − out<sub>{h}</sub>) · {i}<br>"
        f"= ({_n(first)} + {_n(second)}) · {_n(back.slope_hidden[neuron])} · {_n(example.inputs[source])} = "
        f"<b>{_n(back.weights[place], alone=True)}</b>"
    )


def _n(value: float, *, alone: bool = False) -> str:
    """A number within a formula; a negative one in brackets, unless it stands alone."""
    text = number(float(value), _DIGITS)
    return f"({text})" if value < 0 and not alone else text
