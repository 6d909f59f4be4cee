"""What is said of a convolution by hand: the sum of one value, the size of the answer, the number of parameters."""

from __future__ import annotations

from app.views.wording import MINUS, number
from nn_core.labs.hand_convolution import HandConvolution, Window


def term_words(window: Window, row: int, column: int, terms: int) -> str:
    """The sum after its first `terms` products, a line a channel, the newest product in bold, as rich text."""
    channels, each = len(window.patch), window.products[0].size
    lines = []
    for channel, (patch, kernel) in enumerate(zip(window.patch, window.kernel, strict=True)):
        head = f"channel {channel + 1}: " if channels > 1 else ""
        count = min(max(terms - channel * each, 0), each)
        added = list(zip(patch.ravel(), kernel.ravel(), strict=True))[:count]
        words = [f"{_factor(x)}·{_factor(w)}" for x, w in added]
        if 0 < terms - channel * each <= each:
            words[-1] = f"<b>{words[-1]}</b>"
        total = number(float(window.products[channel].ravel()[:count].sum()), 5)
        lines.append(head + (f"{' + '.join(words)} = {total}" if words else "–"))
    so_far = number(float(window.products.ravel()[:terms].sum()), 5)
    rest = window.products.size - terms
    end = f"{rest} to come, and the bias" if rest else "the bias to come"
    return "<br>".join([*lines, f"value ({row}, {column}): <b>{so_far}</b> so far, {end}"])


def sum_words(window: Window, row: int, column: int) -> str:
    """Every product of one value of the answer, their sum, the bias, and what comes of it, as rich text."""
    channels = len(window.patch)
    lines = []
    for channel, (patch, kernel) in enumerate(zip(window.patch, window.kernel, strict=True)):
        pairs = zip(patch.ravel(), kernel.ravel(), strict=True)
        terms = " + ".join(f"{_factor(x)}·{_factor(w)}" for x, w in pairs)
        head = f"channel {channel + 1}: " if channels > 1 else ""
        lines.append(f"{head}{terms} = {number(float(window.products[channel].sum()), 5)}")
    sums = " + ".join(_factor(products.sum()) for products in window.products)
    end = f"value ({row}, {column}) = {sums} + {_factor(window.bias)} <i>(bias)</i> = "
    if window.value == window.total:
        end += f"<b>{number(window.total, 5)}</b>"
    else:
        end += f"{number(window.total, 5)}, and ReLU makes it <b>{number(window.value, 5)}</b>"
    return "<br>".join([*lines, end])


def _factor(value: float) -> str:
    """A number in a sum: negative ones in brackets."""
    words = number(float(value), 4)
    return f"({words})" if words.startswith(MINUS) else words


def size_words(case: HandConvolution) -> str:
    """The output-size formula with the numbers put in."""
    filters, side = len(case.kernels), case.side
    of = f"{side} × {side}" + (f" × {filters}" if filters > 1 else "")
    return f"Size of the answer: ⌊(n + 2p − k) / s⌋ + 1 = {case.size_arithmetic()}, so {of} values."


def parameter_words(case: HandConvolution) -> str:
    """The parameters of the convolution, beside those of a fully connected layer of the same sizes."""
    channels, n, _ = case.image.shape
    units = case.side**2 * len(case.kernels)
    connected = (n * n * channels + 1) * units
    return (
        f"Parameters: (k·k·c + 1)·f = {case.parameter_arithmetic()}, however large the image is. "
        f"A fully connected layer of these sizes has ({n}·{n}·{channels} + 1)·{units} = {connected}."
    )


def unread_words(case: HandConvolution) -> str:
    """What a stride that does not fit leaves unread; nothing where it fits."""
    rest = case.unread
    if not rest:
        return ""
    what = "The last row and column are" if rest == 1 else f"The last {rest} rows and columns are"
    reach = f"{case.image.shape[1]} + 2·{case.padding} − {case.kernels.shape[2]}"
    return f"{what} never under the window: {reach} is no multiple of the stride {case.stride}, and ⌊ ⌋ rounds down."
