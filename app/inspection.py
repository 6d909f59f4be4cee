"""The one unit that is selected, and what the inspector shows of it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.reading import Reading
from app.views.inspector import InspectorView
from app.views.network_view import NetworkView
from nn_core.description import LayerInfo


class Inspection(QObject):
    """Follows the selection in the network and hands the inspector the newest values of that unit, while it is seen."""

    selected = Signal(int, int)  # layer, channel

    def __init__(self, reading: Reading, network: NetworkView, inspector: InspectorView) -> None:
        super().__init__(inspector)
        self._reading, self._network, self._inspector = reading, network, inspector
        self._layers: list[LayerInfo] = []
        self._maps: Mapping[int, np.ndarray] | None = None
        self._unit = (-1, -1)
        network.unitSelected.connect(self._select)
        reading.networkChanged.connect(self._take_network)
        reading.kernelsChanged.connect(self.refresh)
        reading.mapsChanged.connect(self._take_maps)
        self._take_network(reading.layers())

    def refresh(self) -> None:
        """Show the newest values, if somebody sees them."""
        layer, channel = self._unit
        if layer < 0 or not self._inspector.isVisible():
            return
        kernel = self._reading.kernels().get(layer)
        self._inspector.showKernel(None if kernel is None else kernel[channel])
        found = None if self._maps is None else self._maps.get(layer)
        self._inspector.showMap(None if found is None else found[channel])

    def _select(self, layer: int, channel: int) -> None:
        self._unit = (layer, channel)
        self._inspector.setLayer(self._layers[layer], channel)
        self.selected.emit(layer, channel)
        self.refresh()

    def _take_network(self, layers: list[LayerInfo]) -> None:
        """Keep the selection where the new network is the same as the old one."""
        same = [layer.output_shape for layer in layers] == [layer.output_shape for layer in self._layers]
        self._layers, self._maps = layers, None
        if same and self._unit[0] >= 0:
            self._network.setSelection(*self._unit)
        else:
            self._unit = (-1, -1)
            self._inspector.setLayer(None)

    def _take_maps(self, maps: Mapping[int, np.ndarray] | None) -> None:
        self._maps = maps
        self.refresh()
