"""Colour jitter on a picture in colour."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.labs.fields import decimal_spin
from app.labs.flow import FlowLayout
from app.labs.map_view import Look, MapView
from app.labs.parts import caption, formula, heading
from app.theme import Theme
from nn_core.color_jitter import ColorComponents, color_jitter
from nn_core.labs.sample_pictures import sample_picture

_SIDE, _VARIANTS, _WIDTH = 96, 5, 110
_FORMULA = "I + [p<sub>1</sub> p<sub>2</sub> p<sub>3</sub>] · [α<sub>1</sub>λ<sub>1</sub> α<sub>2</sub>λ<sub>2</sub> "
_FORMULA += "α<sub>3</sub>λ<sub>3</sub>]ᵀ,&nbsp; α ~ N(0, σ)"


class ColorJitterPart(QWidget):
    """A test picture, and variants of its colours along their principal components."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = sample_picture(_SIDE)
        self._views = [MapView(f"colorJitter{i}", f"Variant {i}" if i else "As it is") for i in range(_VARIANTS + 1)]
        self._sigma = decimal_spin("colorJitterSpin", "σ, standard deviation of α", 0, 5, 0.1, 1.0, 1)
        line, flow = QHBoxLayout(), FlowLayout(gap=8, row_gap=8)
        line.addWidget(QLabel("σ"))
        line.addWidget(self._sigma)
        line.addStretch(1)
        for view in self._views:
            view.setWidth(_WIDTH)
            flow.addWidget(view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(heading("Colour jitter (PCA), for pictures in colour"))
        column.addWidget(formula(_FORMULA))
        column.addLayout(line)
        column.addLayout(flow)
        column.addWidget(caption(_EXPLAINED))
        self._sigma.valueChanged.connect(self._show)
        self._show()

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        for view in self._views:
            view.setTheme(theme)

    def _show(self) -> None:
        picture = self._picture[None]
        same = np.repeat(picture, _VARIANTS, axis=0)
        rng = np.random.default_rng(0)
        found = color_jitter(same, ColorComponents.of(picture), deviation=self._sigma.value(), rng=rng)
        for view, each in zip(self._views, [picture[0], *found], strict=True):
            view.setMaps(each, Look.COLOR)


_EXPLAINED = (
    "First as it is, then five variants. p and λ are the directions and variances of the picture's own colours, so the"
    " light changes the way it does in the picture. The paper takes σ = 0.1 with values from 0 to 255; with values from"
    " 0 to 1, as here, the same σ does 255 times less. The digits of this program are grey: runs do not use it."
)
