"""What was measured of an initialiser, in words."""

from __future__ import annotations

from app.views.wording import number
from nn_core.labs.spread import FLAT, Fate, Spread, fate

#: What each initialiser is, for a tool tip.
ABOUT = {
    "zeros": "All weights 0",
    "normal": "Normal numbers, deviation 0.01, whatever the size of the layer",
    "uniform": "Even between −0.1 and 0.1, whatever the size of the layer",
    "xavier-uniform": "Even, variance 2 / (inputs + outputs): Glorot and Bengio 2010",
    "xavier-normal": "Normal, variance 2 / (inputs + outputs): Glorot and Bengio 2010",
    "he-uniform": "Even, variance 2 / inputs: He et al. 2015, made for ReLU",
    "he-normal": "Normal, variance 2 / inputs: He et al. 2015, made for ReLU",
    "lecun-normal": "Normal, deviation 1/√n for n inputs: LeCun et al. 1998",
    "constant": "All weights 0.1",
    "truncated-normal": "Normal, deviation 0.1, without what lies beyond two deviations",
    "sparse": "15 incoming weights of each unit are normal with deviation 1, the others 0: Martens 2010",
    "sparse-columns": "Of each input a tenth of the outgoing weights is normal with deviation 0.01, the others 0",
}


def tale(spread: Spread) -> str:
    """A few sentences in rich text: symmetry, then what happens on the way forwards and backwards."""
    return "<br>".join(part for part in (_symmetry(spread), _forward(spread), _backward(spread), _flat(spread)) if part)


def _symmetry(spread: Spread) -> str:
    first = spread.layers[0]
    if not spread.symmetric:
        return (
            f"<b>Units differ.</b> {first.distinct} of {spread.width} in the first layer answer in ways of their own."
        )
    return (
        f"<b>Symmetry.</b> All {spread.width} units of a layer answer the same, so they get the same gradient and stay"
        " alike for ever: the layer is worth one unit."
    )


def _forward(spread: Spread) -> str:
    kind, factor = fate(spread.forward)
    first, last = (number(float(spread.forward[i])) for i in (0, -1))
    way = f"{first} in layer 1, {last} in layer {len(spread.layers)}: × {number(factor)} a layer"
    match kind:
        case Fate.GONE:
            return "<b>Activations are gone.</b> Every image gives the same answer: nothing of the input gets through."
        case Fate.VANISHES:
            return f"<b>Activations vanish.</b> Deviation {way}. The last layers hardly see the input."
        case Fate.EXPLODES:
            return f"<b>Activations explode.</b> Deviation {way}. The loss is huge or overflows."
        case Fate.STEADY:
            return f"<b>Activations keep their spread.</b> Deviation {way}."


def _backward(spread: Spread) -> str:
    kind, factor = fate(spread.backward[::-1])
    last, first = (number(float(spread.backward[i])) for i in (-1, 0))
    way = f"{last} in layer {len(spread.layers)}, {first} in layer 1: × {number(factor)} a layer back"
    match kind:
        case Fate.GONE:
            return "<b>No gradient</b> reaches the first layer: it cannot learn at all."
        case Fate.VANISHES:
            return f"<b>Gradients vanish.</b> Size {way}. The first layers hardly learn."
        case Fate.EXPLODES:
            return f"<b>Gradients explode.</b> Size {way}. A usual learning rate throws the first layers far off."
        case Fate.STEADY:
            return f"<b>Gradients keep their size.</b> Size {way}. All layers learn at about the same pace."


def _flat(spread: Spread) -> str:
    flat = spread.layers[-1].flat
    if flat < 0.05:
        return ""
    return (
        f"<b>Flat parts.</b> {100 * flat:.0f} % of the values in the last hidden layer lie where the activation's slope"
        f" is below {FLAT:g} and passes no gradient on."
    )
