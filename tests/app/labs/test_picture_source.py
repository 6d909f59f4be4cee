"""Pictures of the user's own become channels, bounded and safe."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from app.labs.picture_source import channels_of, reading
from nn_core.errors import DataError
from nn_core.labs.picture_filtering import LONGEST_SIDE


def image(width, height, color):
    made = QImage(width, height, QImage.Format.Format_ARGB32)
    made.fill(QColor(color))
    return made


def test_channels_are_red_green_blue():
    channels = channels_of(image(20, 10, "#ff8000"), "it")
    assert channels.shape == (3, 10, 20)
    np.testing.assert_allclose(channels[:, 4, 4], [1, 128 / 255, 0])


def test_transparent_places_are_white():
    np.testing.assert_allclose(channels_of(image(9, 9, "#00000000"), "it"), 1)


def test_large_pictures_are_reduced():
    channels = channels_of(image(1600, 800, "#204060"), "it")
    assert channels.shape == (3, LONGEST_SIDE // 2, LONGEST_SIDE)
    np.testing.assert_allclose(channels[2], 0x60 / 255, atol=1e-9)


@pytest.mark.parametrize("width, height", [(4, 40), (5000, 40)])
def test_narrow_pictures_are_refused(width, height):
    with pytest.raises(DataError, match="it is too narrow"):
        channels_of(image(width, height, "#000000"), "it")


def test_files_are_read_and_what_is_none_is_refused(tmp_path):
    path = tmp_path / "picture.png"
    assert image(30, 20, "#123456").save(str(path))
    (channels,) = reading(path)
    assert channels.shape == (3, 20, 30)
    path.write_bytes(b"GIF89a nothing")
    with pytest.raises(DataError, match=r"picture\.png"):
        list(reading(path))
