"""The network, a row a layer: kernels on the left, feature maps of what is on the canvas on the right."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.theme import Theme
from app.views.feature_map_view import FeatureMapView
from app.views.kernel_view import KernelView
from app.views.layer_column import ABOVE, BELOW, CAPTION, HEADER, SIDE
from app.views.mosaic import Scope
from nn_core.description import LayerInfo

_KERNEL_SHARE = 0.44  # of the width
_WIDE = 560  # logical pixels, from which on the combo box has its caption
_NOTHING_DRAWN = "Draw a digit to see its feature maps"
_NO_NETWORK = "Choose a network to see its layers"


class NetworkView(QWidget):
    """Two aligned columns in one scroll area; one unit can be chosen, by mouse or by arrow keys."""

    unitSelected = Signal(int, int)  # layer, channel: chosen by the user
    freezeToggled = Signal(int)  # the layer whose lock was clicked, or the selected one's by a key

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._layers: list[LayerInfo] = []
        self._selection = (-1, -1)
        self._kernels, self._maps = KernelView(), FeatureMapView()
        self._maps_shown = False
        self._arranged: object = None
        self._free: list[tuple[int, int, int]] = []  # of each row's maps: the top, the end and the row's end
        self._kernel_title, self._map_title = QLabel("Kernels"), QLabel("Feature maps")
        self._caption = QLabel("Colour scale")
        self._scope = QComboBox()
        self._scope.setObjectName("scaleCombo")
        self._scope.setAccessibleName("Colour scale")
        self._scope.setToolTip(_SCOPE_HELP)
        for scope in Scope:
            self._scope.addItem(scope.value, scope)
        self._scope.setCurrentText(Scope.LAYER.value)
        self._content = QWidget()
        self._scroll = QScrollArea()
        self._hint = QLabel(_NO_NETWORK, self._content, alignment=Qt.AlignmentFlag.AlignCenter)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        for label in (self._kernel_title, self._map_title):
            label.setProperty("role", "title")
        self._caption.setProperty("role", "caption")
        self._caption.setBuddy(self._scope)
        self._top = QHBoxLayout()
        self._top.setContentsMargins(SIDE, 8, SIDE, 8)
        self._top.setSpacing(8)
        self._top.addWidget(self._kernel_title)
        self._top.addWidget(self._map_title)
        self._top.addStretch(1)
        self._top.addWidget(self._caption)
        self._top.addWidget(self._scope)
        columns = QHBoxLayout(self._content)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        for column in (self._kernels, self._maps):
            columns.addWidget(column, alignment=Qt.AlignmentFlag.AlignTop)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._hint.setProperty("role", "panel")
        self._hint.setMargin(10)
        self._hint.setWordWrap(True)
        self._scroll.setObjectName("networkScroll")
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(0)
        whole.addLayout(self._top)
        whole.addWidget(self._scroll, 1)
        self.setMinimumSize(390, 160)

    def _connect(self) -> None:
        self._scroll.viewport().installEventFilter(self)
        self._scope.currentIndexChanged.connect(self._scope_chosen)
        self._kernels.freezeToggled.connect(self.freezeToggled)
        for column in (self._kernels, self._maps):
            column.unitChosen.connect(self._unit_chosen)
            column.stepped.connect(self._step)
            column.lockTurned.connect(self._toggle_selected)

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._kernels.setTheme(theme)
        self._maps.setTheme(theme)

    def setLayers(self, layers: list[LayerInfo]) -> None:
        """Show another network; its kernels and maps come by the methods below."""
        self._layers = list(layers)
        self._selection = (-1, -1)
        self._maps_shown = False
        for column in (self._kernels, self._maps):
            column.setLayers(self._layers)
        self._arrange(anew=True)

    def setFrozen(self, layers: frozenset[int]) -> None:
        """Show which layers training leaves as they are."""
        self._kernels.setFrozen(layers)

    def _toggle_selected(self) -> None:
        if self._selection[0] >= 0:
            self.freezeToggled.emit(self._selection[0])

    def showKernels(self, kernels: Mapping[int, np.ndarray]) -> None:
        """Show kernels (O, I, kh, kw) by layer index; the arrays must not be written to afterwards.

        Raises:
            ValueError: a layer or a shape that the network does not have.
        """
        if self._kernels.showKernels(kernels):
            self._arrange(anew=True)

    def showMaps(self, maps: Mapping[int, np.ndarray] | None) -> None:
        """Show what the layers put out, (C, H, W) or (F,) by layer index; None while nothing is drawn.

        Raises:
            ValueError: a layer or a shape that the network does not have.
        """
        self._maps.showMaps(maps)
        if self._maps_shown is not (maps is not None):
            self._maps_shown = maps is not None
            self._place_hint()

    def setSelection(self, layer: int, channel: int) -> None:
        """Mark one unit in both columns, without a signal; (-1, -1) marks none."""
        self._selection = (layer, channel)
        self._kernels.setSelection(layer, channel)
        self._maps.setSelection(layer, channel)

    def selection(self) -> tuple[int, int]:
        """The layer and the channel that are marked."""
        return self._selection

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.DevicePixelRatioChange, QEvent.Type.Show):
            self._arrange()
        return super().eventFilter(watched, event)

    def _arrange(self, anew: bool = False) -> None:
        """Give both columns their widths and every row one height for both."""
        width, ratio = self._scroll.viewport().width(), self._scroll.viewport().devicePixelRatioF()
        if not anew and (width, ratio) == self._arranged:
            self._place_hint()
            return
        self._arranged = (width, ratio)
        self._free.clear()
        left = round(width * _KERNEL_SHARE)
        wanted = self._kernels.heights(left, ratio), self._maps.heights(width - left, ratio)
        places, top = {}, 0
        for info in self._layers:
            height = max(each[info.index] for each in wanted)
            places[info.index] = (top, height)
            begin = top + ABOVE + HEADER
            self._free.append((begin, max(begin, top + wanted[1][info.index] - CAPTION - BELOW), top + height))
            top += height
        for column, space in ((self._kernels, left), (self._maps, width - left)):
            column.setFixedSize(space, top)
            column.place(places)
        self._caption.setVisible(width >= _WIDE)
        self._kernel_title.setFixedWidth(max(0, left - self._top.spacing()))
        self._place_hint()

    def _place_hint(self) -> None:
        self._hint.setText(_NOTHING_DRAWN if self._layers else _NO_NETWORK)
        self._hint.setVisible(not self._maps_shown)
        room = self._scroll.viewport().rect().adjusted(self._kernels.width() if self._layers else 0, 0, 0, 0)
        wide = self._hint.fontMetrics().horizontalAdvance(self._hint.text()) + 2 * self._hint.margin() + 4
        wide = min(wide, room.width() - SIDE)
        place = QRect(0, 0, wide, self._hint.heightForWidth(wide))
        place.moveCenter(self._nothing_at(room, place.height()).center())
        self._hint.setGeometry(place)
        self._hint.raise_()

    def _nothing_at(self, room: QRect, height: int) -> QRect:
        """Where a hint of this height hides no words: below the maps of a row, if it is seen there, or else on them."""
        below, on = [(end, bottom) for _, end, bottom in self._free], [(top, end) for top, end, _ in self._free]
        for top, end in below + on:
            space = room & QRect(room.left(), top, room.width(), end - top)
            if space.height() >= height:
                return space
        return room

    def _scope_chosen(self) -> None:
        for column in (self._kernels, self._maps):
            column.setScope(self._scope.currentData())

    def _unit_chosen(self, layer: int, channel: int) -> None:
        if (layer, channel) != self._selection:
            self.setSelection(layer, channel)
            self.unitSelected.emit(layer, channel)

    def _step(self, channels: int, layers: int) -> None:
        """Go to a neighbour of the chosen unit, from nothing to the first unit of all."""
        if not self._layers:
            return
        indices = [info.index for info in self._layers]
        layer, channel = self._selection
        if layer not in indices:
            position, channel = 0, 0
        else:
            position = min(max(indices.index(layer) + layers, 0), len(indices) - 1)
            channel += channels
        units = self._layers[position].output_shape[0]
        self._unit_chosen(indices[position], min(max(channel, 0), units - 1))
        seen = self._maps.unitRect(*self._selection)
        self._scroll.ensureVisible(self._maps.x() + seen.center().x(), seen.center().y(), 0, seen.height() // 2 + 48)


_SCOPE_HELP = "Over which values a colour scale reaches: every map by itself, all of a layer, or all layers alike"
