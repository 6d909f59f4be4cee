"""The selected unit, enlarged: its kernel in numbers, and its feature map."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QSpinBox, QVBoxLayout, QWidget

from app.theme import Theme, tabular
from app.views import wording
from app.views.number_grid import NumberGrid
from nn_core.description import LayerInfo

_NO_UNIT = "Click a kernel or a feature map to see it enlarged"
_NARROW = "\N{NARROW NO-BREAK SPACE}"  # a sum is not broken into lines
_SEQUENTIAL = {"ReLU", "Sigmoid", "Softmax"}
_SIGNED = {"Conv2d", "Linear", "BatchNorm2d", "Tanh", "LeakyReLU", "WeightNormConv2d", "WeightNormLinear"}
_SIGNED |= {"LocallyConnected2d", "GroupNorm", "BatchNorm1d"}
_WITH_KERNEL = {"Conv2d": "Kernel", "WeightNormConv2d": "Kernel: g · v / ‖v‖", "LocallyConnected2d": "Kernels by place"}


class InspectorView(QScrollArea):
    """What is known of one output channel of one layer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layer: LayerInfo | None = None
        self._kernel: np.ndarray | None = None
        self._title, self._about, self._map_heading, self._kernel_heading = QLabel(), QLabel(), QLabel(), QLabel()
        self._kernel_grid, self._map_grid = NumberGrid("kernelGrid", "Kernel"), NumberGrid("mapGrid", "Feature map")
        self._kernel_words, self._map_words = QLabel(), QLabel()
        self._kernel_part, self._map_part = QWidget(), QWidget()
        self._input = QSpinBox()
        self._input.setObjectName("inputChannelSpin")
        self._input.setAccessibleName("Input channel of the kernel")
        self._input.setToolTip("Which input channel's part of the kernel is shown")
        self._input.setPrefix("input ")
        self._input.setWrapping(True)
        self._kernel_grid.setToolTip("Colours mean the same for all input channels of this kernel")
        self._lay_out()
        self._input.valueChanged.connect(self._show_input)
        self._kernel_grid.hovered.connect(lambda words: self._kernel_words.setText(words or self._kernel_facts()))
        self._map_grid.hovered.connect(lambda words: self._map_words.setText(words or self._map_grid.facts()))
        self.setLayer(None)

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(4)
        column.addWidget(self._title)
        column.addWidget(self._about)
        column.addSpacing(8)
        for part, heading, grid, words in (
            (self._kernel_part, self._kernel_heading, self._kernel_grid, self._kernel_words),
            (self._map_part, self._map_heading, self._map_grid, self._map_words),
        ):
            heading.setProperty("role", "title")
            line = QHBoxLayout()
            line.addWidget(heading)
            line.addStretch(1)
            if grid is self._kernel_grid:
                line.addWidget(self._input)
            inner = QVBoxLayout(part)
            inner.setContentsMargins(0, 0, 0, 8)
            inner.setSpacing(6)
            inner.addLayout(line)
            inner.addWidget(grid)
            inner.addWidget(words)
            column.addWidget(part)
        column.addStretch(1)
        for label in (self._about, self._kernel_words, self._map_words):
            label.setProperty("role", "caption")
            label.setFont(tabular(label.font()))
            label.setWordWrap(True)
        self._title.setProperty("role", "title")
        self._title.setWordWrap(True)
        self._map_words.setObjectName("mapFacts")
        self._kernel_words.setObjectName("kernelFacts")
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._kernel_grid.setTheme(theme)
        self._map_grid.setTheme(theme)

    def setLayer(self, layer: LayerInfo | None, channel: int = 0) -> None:
        """Show another unit; its kernel and its map come by the methods below. None is no unit at all."""
        self._layer = layer
        self._title.setVisible(layer is not None)
        self._map_part.setVisible(layer is not None)
        self._kernel_part.setVisible(layer is not None and layer.kind in _WITH_KERNEL)
        self._kernel_heading.setText(_WITH_KERNEL.get(layer.kind, "") if layer is not None else "")
        if layer is None:
            self._about.setText(_NO_UNIT)
        else:
            maps = len(layer.output_shape) == 3
            self._title.setText(f"{layer.title} · {'channel' if maps else 'unit'} {channel}")
            facts = (f"output {wording.shape(layer.output_shape)}", layer.arithmetic)
            self._about.setText(" · ".join(fact.replace(" ", _NARROW) for fact in facts if fact))
            self._map_heading.setText("Feature map" if maps else "Output")
        self.showKernel(None)
        self.showMap(None)

    def showKernel(self, kernel: np.ndarray | None) -> None:
        """Show the kernel (I, kh, kw) of the unit; None if it has none."""
        self._kernel = kernel
        inputs = 0 if kernel is None else len(kernel)
        with QSignalBlocker(self._input):
            self._input.setRange(0, max(0, inputs - 1))
            self._input.setSuffix(f" of {inputs}")
        self._input.setVisible(inputs > 1)
        self._show_input()

    def showMap(self, values: np.ndarray | None) -> None:
        """Show the feature map (H, W) of the unit, or its one value (); None while nothing is drawn."""
        if values is None:
            self._map_grid.showValues(None, signed=True)
            self._map_words.setText("Draw a digit to see what this unit makes of it.")
            return
        grid = values if values.ndim == 2 else values.reshape(1, -1)
        kind = self._layer.kind if self._layer is not None else ""
        signed = kind not in _SEQUENTIAL and (kind in _SIGNED or float(grid.min()) < 0)
        words = self._map_grid.showValues(grid, signed)
        self._map_words.setText(words)

    def _show_input(self) -> None:
        if self._kernel is None:
            self._kernel_grid.showValues(None, signed=True)
            self._kernel_words.setText(self._kernel_facts())
            return
        reach = float(np.abs(self._kernel).max())
        hovered = self._kernel_grid.showValues(self._kernel[self._input.value()], signed=True, reach=reach)
        self._kernel_words.setText(hovered if self._kernel_grid.underMouse() else self._kernel_facts())

    def _kernel_facts(self) -> str:
        if self._kernel is None:
            return "No kernel yet."
        return self._kernel_grid.facts()
