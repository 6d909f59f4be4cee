"""What people draw that is no digit: letters, signs, figures and scribbles, for a reader to learn when to be unsure.

In the notation of `nn_core.pen.skeletons`. Letters that are written as a digit is are left out: O, I, l, Z, S, g, q, b.
So are two bars and three, which are numbers.
What nobody thought of is stood for by scribbles and by doodles, which are lines, bows and rings put together anyhow.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from nn_core.errors import SettingsError
from nn_core.fitting import digit_images
from nn_core.pen.doodles import doodle, scribble
from nn_core.pen.generator import BLOCK, HAND, SPACING, pen_widths, pieces_of_lines
from nn_core.pen.hand import write
from nn_core.pen.skeletons import Way
from nn_core.pieces import Pieces, pieces_of

_NO_DIGIT = -1

_THIN = 2.0  # hundredths of a drawing: points nearer to each other than this are left out

_LETTERS = """
A                   | 0,100! 30,0! 60,100 ; 10,62! 52,62
A, wide             | 34,0! 0,100 ; 34,0! 76,100 ; 14,64! 60,62
A, unlifted         | 0,100! 30,0! 58,100! 50,64! 10,62
A, round            | 4,100 6,40 30,2 54,40 58,100 ; 6,60! 56,60
a                   | 50,30 26,18 4,44 6,80 28,92 48,66 50,22! 52,80 66,98
B                   | 4,0! 4,100 ; 4,2! 40,4 48,24 36,44 6,48! 44,52 58,74 44,98 4,99
B, unlifted         | 4,100! 4,2! 40,4 46,24 30,46 8,48! 46,54 54,78 36,98 4,100
B, open             | 8,4! 8,98 ; 0,6! 36,2 46,20 30,42 12,48! 40,52 52,72 40,96 2,100
d                   | 44,54 22,42 4,62 8,90 28,98 44,80 48,0! 46,98
E                   | 56,2! 4,2! 4,98! 58,98 ; 4,50! 46,50
E, four strokes     | 4,0! 4,100 ; 4,2! 56,2 ; 4,50! 44,50 ; 4,98! 58,98
E, round            | 54,12 30,2 10,18 16,40 36,48! 10,56 4,80 26,98 56,90
e                   | 6,56! 56,48 50,16 26,8 6,34 6,74 28,96 60,84
F                   | 4,0! 4,100 ; 4,2! 56,2 ; 4,46! 44,46
F, two strokes      | 56,2! 4,2! 4,100 ; 4,48! 42,48
f                   | 50,12 36,0 24,16 22,100 ; 4,44! 46,42
H                   | 4,0! 4,100 ; 56,0! 56,100 ; 4,50! 56,50
H, unlifted         | 4,0! 4,100! 4,52! 56,48! 56,0! 56,100
H, narrow           | 4,0! 2,100 ; 36,0! 38,100 ; 4,48! 36,46
h                   | 4,0! 4,100! 6,60 24,44 44,56 46,100
K                   | 4,0! 4,100 ; 54,2! 6,54! 58,100
K, three strokes    | 6,0! 6,100 ; 54,10! 8,52 ; 20,46! 58,98
k                   | 6,0! 6,100 ; 44,36! 8,66! 50,100
L                   | 4,0! 4,98! 60,98
M                   | 0,100! 8,0! 38,60! 68,0! 76,100
M, straight         | 4,100! 4,0! 40,50! 76,0! 76,100
m                   | 0,20! 2,100! 6,40 24,20 38,40 38,100! 44,40 60,20 76,40 78,100
N                   | 4,100! 4,0! 56,100! 56,0
N, three strokes    | 4,0! 4,100 ; 4,2! 56,98 ; 56,0! 56,100
n                   | 4,20! 6,100! 8,50 30,22 50,40 52,100
P                   | 4,0! 4,100 ; 4,4! 44,4 54,26 40,50 4,54
P, unlifted         | 6,100! 6,4! 40,2 54,26 38,50 8,54
R                   | 4,0! 4,100 ; 4,4! 42,4 52,26 40,48 6,52! 56,100
R, unlifted         | 6,100! 6,4! 44,2 52,26 36,46 8,52! 58,100
r                   | 4,20! 8,100! 10,50 26,28 46,26
T                   | 0,2! 64,2 ; 32,2! 32,100
T, stem first       | 32,0! 30,100 ; 0,4! 62,0
t                   | 26,0! 24,80 34,98 52,90 ; 2,30! 54,28
U                   | 4,0 4,60 14,92 34,98 54,88 60,50 60,0
u                   | 2,20 4,70 18,96 42,84 52,20! 52,80 66,98
V                   | 0,0! 30,100! 60,0
W                   | 0,0! 18,100! 38,30! 58,100! 78,0
W, round            | 2,0 4,70 20,98 36,70 38,20! 42,76 58,98 74,66 78,0
X                   | 4,0! 58,100 ; 56,0! 2,100
X, wide             | 0,4! 90,96 ; 88,0! 4,100
Y                   | 0,0! 32,48 ; 64,0! 32,48! 32,100
Y, two strokes      | 0,0! 30,50! 60,0 ; 30,50! 30,100
"""
_SIGNS = """
check mark        | 0,56! 24,98! 84,0
check mark, short | 0,40! 20,80! 100,0
plus              | 50,0! 50,100 ; 0,50! 100,50
times, dotted     | 0,50! 100,50 ; 50,10! 50,16 ; 50,84! 50,90
equals            | 0,30! 90,30 ; 0,66! 90,66
dash              | 0,50! 100,48
dash, rising      | 0,70! 100,40
colon             | 20,10! 24,14 ; 20,90! 24,94
dots              | 0,50! 2,52 ; 50,50! 52,52 ; 100,50! 102,52
arrow             | 0,50! 100,50 ; 70,20! 100,50! 70,80
arrow, left       | 100,50! 0,50 ; 30,20! 0,50! 30,80
arrow up          | 50,100! 50,0 ; 20,34! 50,0! 80,34
arrow down        | 50,0! 50,100 ; 20,66! 50,100! 80,66
arrow, unlifted   | 0,100! 90,10! 50,14! 90,10! 84,50
grid              | 30,0! 26,100 ; 70,0! 66,100 ; 0,32! 100,30 ; 0,68! 100,66
window            | 2,2! 2,98! 98,98! 98,2! 2,2 ; 50,2! 50,98 ; 2,50! 98,50
question mark     | 4,24 20,2 46,6 54,28 34,46 30,70 ; 30,94! 32,98
exclamation mark  | 30,0! 30,70 ; 30,94! 32,98
percent           | 18,4 4,16 16,30 30,18 18,4 ; 84,0! 8,100 ; 74,68 60,82 74,96 88,82 74,68
hash, leaning     | 40,0! 20,100 ; 76,0! 56,100 ; 10,36! 94,32 ; 4,70! 88,66
asterisk          | 50,0! 50,100 ; 6,24! 94,76 ; 94,24! 6,76
ampersand         | 80,96! 20,30 30,4 50,8 48,30 10,66 14,94 44,96 78,56
greater           | 4,4! 80,50! 4,96
less              | 80,4! 4,50! 80,96
"""
_FIGURES = """
triangle          | 44,0! 0,90! 90,90! 44,0
triangle, falling | 0,4! 92,4! 46,96! 0,4
star              | 50,0! 80,95! 2,36! 98,36! 20,95! 50,0
star, upside down | 20,4! 50,98! 80,4! 2,62! 98,62! 20,4
star of two       | 50,0! 8,74! 92,74! 50,0 ; 50,98! 8,24! 92,24! 50,98
heart             | 50,24 38,4 16,2 2,22 10,50 50,98! 90,50 98,22 84,2 62,4 50,24
heart, narrow     | 30,24 20,4 6,8 2,30 12,60 30,98! 50,60 60,30 54,8 40,4 30,24
smiley            | 50,0 10,18 2,56 22,90 52,98 86,84 98,46 80,12 50,0 ; 34,32! 34,40 ; 66,32! 66,40 ; 26,62 50,78 74,62
sad face          | 50,0 10,18 2,56 22,90 52,98 86,84 98,46 80,12 50,0 ; 34,34! 36,38 ; 66,34! 68,38 ; 28,78 50,60 72,78
face without eyes | 50,0 10,18 2,56 22,90 52,98 86,84 98,46 80,12 50,0 ; 26,56 50,74 74,56
wave              | 0,50 12,20 26,50 40,80 54,50 68,20 82,50 96,80
zigzag            | 0,80! 16,20! 32,80! 48,20! 64,80! 80,20! 96,80
zigzag, upright   | 20,0! 80,16! 20,34! 80,52! 20,70! 80,88
stairs            | 0,0! 0,32! 32,32! 32,64! 64,64! 64,96! 96,96
spiral            | 50,50 60,44 64,58 48,66 36,50 46,32 70,34 80,60 56,84 24,74 16,40 40,12 84,16
spiral, to left   | 50,50 42,42 36,56 50,66 66,54 58,32 32,32 20,58 42,86 76,78 86,44 64,12 22,12
loops             | 0,80 20,20 34,6 26,40 20,80 44,30 58,6 50,40 44,80 68,30 82,6 74,40 70,80 96,60
house             | 10,100! 10,44! 50,0! 90,44! 90,100! 10,100! ; 10,44! 90,44
sun               | 50,30 32,42 34,64 54,72 70,56 64,36 50,30 ; 50,0! 50,16 ; 50,86! 50,100 ; 0,50! 16,50 ; 86,50! 99,50
stick man         | 50,0 38,10 44,26 58,24 60,8 50,0 ; 50,28! 50,66! 26,100 ; 50,66! 74,100 ; 20,44! 80,44
fish              | 0,50 30,20 66,40 100,76! 100,24! 66,60 30,80 0,50
tree              | 50,100! 50,40 ; 50,40 20,44 14,16 46,0 84,14 80,42 50,40
lightning, filled | 60,0! 20,54! 50,50! 34,100! 84,36! 52,40! 60,0
"""


def _ways(table: str) -> list[Way]:
    rows = [row.split("|") for row in table.strip().splitlines()]
    return [Way(_NO_DIGIT, name.strip(), 1.0, strokes.strip()) for name, strokes in rows]


OTHERS: tuple[Way, ...] = tuple(_ways(_LETTERS) + _ways(_SIGNS) + _ways(_FIGURES))


def other_blocks(count: int, *, rng: np.random.Generator) -> Iterator[NDArray[np.uint8]]:
    """Yield `count` drawings that are no digits as uint8 images (N, 28, 28), in blocks of at most `BLOCK`.

    Two in three are ways of `OTHERS`, each as common as any other; the rest are scribbles and doodles. One number is
    taken from `rng`, as `nn_core.pen.pen_blocks` does.

    Raises:
        SettingsError: the count is not positive.
    """
    if count < 1:
        raise SettingsError(f"count of other drawings (={count}) must be at least 1")
    seed = int(rng.integers(2**63))
    for number, first in enumerate(range(0, count, BLOCK)):
        yield _block(np.random.default_rng([seed, number]))[: count - first]


def _block(rng: np.random.Generator) -> NDArray[np.uint8]:
    written = BLOCK * 2 // 3
    chosen = np.sort(rng.integers(len(OTHERS), size=written))
    parts, first = [], 0
    for way in np.unique(chosen):
        lines = write(OTHERS[way], int((chosen == way).sum()), rng=rng, hand=HAND, spacing=SPACING)
        parts.append(pieces_of_lines(lines, first))
        first += len(lines[0])
    for owner in range(first, BLOCK):
        drawn = scribble(rng) if rng.random() < 0.5 else doodle(rng)
        made = pieces_of([line.astype(np.float32) for line in drawn], [1.0] * len(drawn), _THIN)
        parts.append(made._replace(owner=made.owner + owner))
    images = digit_images(Pieces(*map(np.concatenate, zip(*parts, strict=True))), BLOCK, pen_widths(BLOCK, rng))
    mixed: NDArray[np.uint8] = np.rint(images * 255.0).astype(np.uint8)[rng.permutation(BLOCK)]
    return mixed
