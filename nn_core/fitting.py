"""Lines fitted into the image that a network reads: as MNIST was made, but with one pen for everybody.

MNIST's ink boxes are scaled to 20×20 with their aspect kept, and placed by whole pixels so that the centre of mass
comes nearest to the middle (LeCun et al. 1998, section III.A). On paper all pens are much alike; on a canvas a digit is
84 to 238 units large and its pen 14 to 30 units wide, which makes 1 to 7 pixels. As the lines are known, they are drawn
again with the pen that is usual in MNIST. A network trained on MNIST alone reads 96.7 % of pen digits of such sizes and
pens then, against 94.6 % when the pen is scaled as the digit is, and 40 % of the smallest with the widest pen.

The pen's ink is paler than MNIST's. So a network that learns both can tell which of them it reads: what is usual for
the one, a bar through a 7 or a flag on a 1, then misleads it less about the other. One that learnt MNIST alone hardly
minds. A picture may show either hand, and its ink is in between.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nn_core.pieces import Pieces
from nn_core.raster import block_mean, paint

IMAGE_SIDE = 28
BOX_SIDE = 20  # pixels of the longer side of the ink
PEN = 2.4  # pixels: the median stroke of MNIST's training images, twice their ink over the length of its rim
INK = 0.85  # what the pen leaves where it covers a pixel; MNIST's leaves 1
PICTURE_INK = 0.92  # the same of ink in a picture
FINE = 2  # sub-pixels a side that a pixel is averaged from

_MIDDLE = 14  # the row and column whose centre is nearest to the centre of mass of MNIST's images


def digit_images(pieces: Pieces, count: int, pen: NDArray[np.floating] | float = PEN) -> NDArray[np.float32]:
    """Return the images (count, 28, 28), 0..`INK`, of `count` drawings of at least one piece each.

    `pen` (count,) is the width in pixels that lines are drawn with. A drawing smaller than its own pen, as a dot, is
    enlarged no further than one as large as that pen would be.
    """
    return centred(painted(fitted(pieces, count, pen), count))


def fitted(pieces: Pieces, count: int, pen: NDArray[np.floating] | float = PEN) -> Pieces:
    """Return the lines of `count` drawings in pixels of their images: box and pen as they will be, not yet centred."""
    pens = np.broadcast_to(np.asarray(pen, np.float32), (count,))
    first = np.searchsorted(pieces.owner, np.arange(count))
    low = np.minimum.reduceat(np.minimum(pieces.start, pieces.end), first)
    high = np.maximum.reduceat(np.maximum(pieces.start, pieces.end), first)
    extent = np.maximum((high - low).max(axis=1), 2 * np.maximum.reduceat(pieces.radius, first))
    middle, grow = ((low + high) / 2)[pieces.owner], ((BOX_SIDE - pens) / extent)[pieces.owner, None]
    half = np.float32(IMAGE_SIDE / 2)
    start, end = (pieces.start - middle) * grow + half, (pieces.end - middle) * grow + half
    return Pieces(pieces.owner, start, end, (pens * np.float32(0.5))[pieces.owner])


def painted(lines: Pieces, count: int) -> NDArray[np.float32]:
    """Return the images (count, 28, 28), 0..`INK`, of lines in pixels."""
    fine = np.zeros((count, IMAGE_SIDE * FINE, IMAGE_SIDE * FINE), np.float32)
    grow = np.float32(FINE)
    paint(fine, Pieces(lines.owner, lines.start * grow, lines.end * grow, lines.radius * grow))
    images = block_mean(fine, FINE)
    images *= np.float32(INK)
    return images


def centred(images: NDArray[np.float32]) -> NDArray[np.float32]:
    """Move what is in the middle 20×20 of images (N, 28, 28) to where MNIST has its centre of mass."""
    place = np.arange(IMAGE_SIDE)
    columns, rows = (place + move[:, None] for move in -centring(images).T)
    which = np.arange(len(images))[:, None, None]
    moved: NDArray[np.float32] = images[which, rows[:, :, None] % IMAGE_SIDE, columns[:, None, :] % IMAGE_SIDE]
    return moved


def centring(images: NDArray[np.float32]) -> NDArray[np.intp]:
    """Return how far to the right and down (N, 2), in pixels, `centred` moves what is in images (N, 28, 28)."""
    place = np.arange(IMAGE_SIDE)
    mass = np.maximum(images.sum(axis=(1, 2)), 1e-12)
    rim = (IMAGE_SIDE - BOX_SIDE) // 2
    means = (images.sum(axis=axis) @ place / mass for axis in (1, 2))
    return np.stack([np.clip(np.rint(_MIDDLE - mean).astype(np.intp), -rim, rim) for mean in means], axis=1)
