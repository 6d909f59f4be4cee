"""The small image that the network receives."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.colors import INK
from app.views.input_preview import InputPreview


@pytest.fixture
def preview(qtbot: QtBot) -> InputPreview:
    view = InputPreview()
    qtbot.addWidget(view)
    view.resize(150, 180)
    return view


@pytest.fixture
def image() -> np.ndarray:
    values = np.random.default_rng(5).random((28, 28), np.float32)
    values[0, 0], values[27, 27] = 0, 1
    return values


def test_every_cell_has_the_color_of_its_value(preview: InputPreview, image: np.ndarray) -> None:
    preview.showImage(image)
    place, shot = preview.imageRect(), preview.grab().toImage()
    cell = place.width() / 28
    assert cell == int(cell) == 4
    for row, column in np.ndindex(28, 28):
        color = shot.pixelColor(int(place.x() + (column + 0.5) * cell), int(place.y() + (row + 0.5) * cell))
        assert color == QColor(*INK[min(int(image[row, column] * 256), 255)].tolist())


@pytest.mark.parametrize(("width", "height"), [(86, 130), (106, 140), (226, 280), (400, 250)])
def test_cells_are_whole_pixels_and_the_words_have_room(preview: InputPreview, width: int, height: int) -> None:
    preview.resize(width, height)
    place = preview.imageRect()
    assert place.width() % 28 == 0
    assert place.width() == place.height() > 0
    assert place.left() >= 1
    assert place.right() <= width - 1
    assert place.bottom() < height - 20


def test_a_grid_helps_where_there_is_room(preview: InputPreview) -> None:
    preview.showImage(np.zeros((28, 28), np.float32))

    def colors() -> int:
        place = preview.imageRect().toRect().adjusted(1, 1, -1, -1)
        shot = preview.grab(place).toImage()
        return len({shot.pixel(x, y) for x in range(shot.width()) for y in range(shot.height())})

    assert colors() == 1
    preview.resize(300, 340)
    assert colors() > 1


def test_least_and_greatest_value_are_told(preview: InputPreview, image: np.ndarray) -> None:
    assert preview.objectName() == "inputPreview"
    assert preview.accessibleName() == "28 × 28, what the network sees"
    assert preview.accessibleDescription() == "Nothing is drawn."
    preview.showImage(image * 0.5)
    assert preview.accessibleDescription() == "Values from 0.00 to 0.50."


def test_nothing_drawn_is_blank_paper(preview: InputPreview, image: np.ndarray) -> None:
    blank = preview.grab().toImage()
    preview.showImage(image)
    assert preview.grab().toImage() != blank
    preview.showImage(None)
    assert preview.grab().toImage() == blank
    assert preview.image() is None


def test_it_keeps_a_copy(preview: InputPreview, image: np.ndarray) -> None:
    preview.showImage(image)
    before = image.copy()
    image[:] = 0
    assert preview.image() == pytest.approx(before)


@pytest.mark.parametrize("shape", [(784,), (1, 28, 28), (27, 28)])
def test_another_shape_is_refused(preview: InputPreview, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="28, 28"):
        preview.showImage(np.zeros(shape, np.float32))
