"""Which layers training leaves as they are: by the locks in the network, or by one choice for all of them."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QObject

from app.reading import Reading
from app.session import Session
from app.views.network_view import NetworkView
from app.views.train_panel import TrainPanel
from nn_core.description import LayerInfo

ALL, LAST, NONE = "all layers", "the last one", "none: predict only"
CHOSEN = "some layers"
STATES = (ALL, LAST, NONE)


class Freezing(QObject):
    """Hands the session what is frozen, and shows it in the network and in the train panel.

    Another network begins with all its layers learning.
    """

    def __init__(self, session: Session, reading: Reading, network: NetworkView, panel: TrainPanel) -> None:
        super().__init__(session)
        self._session, self._network, self._panel = session, network, panel
        self._layers: list[LayerInfo] = []
        panel.setLearning(list(STATES), ALL)
        network.freezeToggled.connect(self.toggle)
        panel.learningChosen.connect(self.choose)
        session.frozenChanged.connect(self._show)
        reading.networkChanged.connect(self._take_network)
        self._take_network(reading.layers())

    def toggle(self, layer: int) -> None:
        """Freeze a layer, or let it learn again."""
        if layer in self._learnable():
            self._session.freeze(self._session.frozen ^ {layer})

    def choose(self, state: str) -> None:
        """Let all layers learn, the last one alone, or none."""
        learnable = self._learnable()
        frozen = {ALL: [], LAST: learnable[:-1], NONE: learnable}.get(state)
        if frozen is not None:
            self._session.freeze(frozen)

    def _learnable(self) -> list[int]:
        return [info.index for info in self._layers if info.parameters]

    def _take_network(self, layers: list[LayerInfo]) -> None:
        same = [(info.title, info.output_shape) for info in layers]
        if same != [(info.title, info.output_shape) for info in self._layers]:
            self._layers = layers
            self._session.freeze(())
        self._show(self._session.frozen)

    def _show(self, frozen: Collection[int]) -> None:
        self._network.setFrozen(frozenset(frozen))
        learnable = self._learnable()
        states = {tuple(learnable): NONE, tuple(learnable[:-1]): LAST, (): ALL}  # of one layer alone the last is all
        self._panel.setLearning(list(STATES), states.get(tuple(sorted(frozen)), CHOSEN))
