"""One step in the history of a drawing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand

from nn_core.ink import Marks


class DrawingStep(QUndoCommand):
    """A step from one drawing to another; drawings are immutable, so that keeping both costs two tuples."""

    def __init__(self, text: str, before: Marks, after: Marks, show: Callable[[Marks], None]) -> None:
        super().__init__(text)
        self._before, self._after, self._show = before, after, show

    def undo(self) -> None:
        """Show the drawing before the step."""
        self._show(self._before)

    def redo(self) -> None:
        """Show the drawing after the step."""
        self._show(self._after)
