"""The digit read, in large; of a number all digits, one of which is selected."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.answer import NOTHING, UNSURE
from app.theme import theme_of

_PIXELS = (60, 96)  # logical pixels of a single digit, the least and the most
_SHARE, _WHOLE = 0.2, 0.5  # of the panel's width: a digit's letters, and a number's times their count
_LINE = 3.0  # logical pixels: the thickness of the line under the selected digit
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_TIP = "What the network reads: – while nothing is drawn, ? when it is unsure"
_NUMBER_TIP = "What the network reads. Click a digit, or use the arrow keys, to look at it"


class DigitLabel(QLabel):
    """Shows – for nothing, ? for unsure, a digit, or a number with a line under the digit that is looked at."""

    selected = Signal(int)  # the place of a digit, counted from the left

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("predictedDigit")
        self.setAccessibleName("Digit read")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # a number moves nothing beside it
        self._place = 0
        self._panel_width = 0
        self.showDigits(NOTHING, 0)

    def showDigits(self, text: str, place: int) -> None:
        """Show what was read, and which of its digits is selected."""
        if (text, place) == (self.text(), self._place):
            return
        self._place = place
        number = len(text) > 1
        self.setText(text)
        self.setEnabled(text not in (NOTHING, UNSURE))
        said = {NOTHING: "Nothing is drawn.", UNSURE: "Unsure."}.get(text, text)
        self.setAccessibleDescription(f"{text}, digit {place + 1} of {len(text)} selected" if number else said)
        self.setToolTip(_NUMBER_TIP if number else _TIP)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if number else Qt.FocusPolicy.NoFocus)
        if number:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()
        self._fit()
        self.update()

    def fitInto(self, width: int) -> None:
        """Choose the size of letters for a panel so many logical pixels wide."""
        self._panel_width = width
        self._fit()

    def digitRects(self) -> list[QRectF]:
        """Return where the digits are in the label, from left to right."""
        metrics, text = QFontMetricsF(self.font()), self.text()
        start = (self.width() - metrics.horizontalAdvance(text)) / 2
        edges = [start + metrics.horizontalAdvance(text[:count]) for count in range(len(text) + 1)]
        return [
            QRectF(left, 0.0, right - left, self.height()) for left, right in zip(edges[:-1], edges[1:], strict=True)
        ]

    def _fit(self) -> None:
        most = min(max(round(_SHARE * self._panel_width), _PIXELS[0]), _PIXELS[1])
        pixels = min(most, round(_WHOLE * self._panel_width / max(1, len(self.text()))))
        # A style sheet, since with a new theme the application's one brings back the first font that was set.
        weight = 600 if self.isEnabled() else 400
        self.setStyleSheet(f"QLabel {{ font-size: {max(1, pixels)}px; font-weight: {weight}; }}")
        self.setFixedHeight(round(1.1 * most))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the digits, and the line under the one that is selected."""
        super().paintEvent(event)
        if len(self.text()) < 2:
            return
        theme, metrics = theme_of(self.palette()), QFontMetricsF(self.font())
        digit = self.digitRects()[self._place]
        below = self.height() / 2 + metrics.capHeight() / 2 + 2 * _LINE
        thick = 1.5 * _LINE if self.hasFocus() else _LINE
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.accent))
        painter.drawRoundedRect(digit.adjusted(2, below, -2, below + thick - digit.height()), _LINE / 2, _LINE / 2)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the digit that is clicked."""
        hit = [place for place, rect in enumerate(self.digitRects()) if rect.contains(event.position())]
        if len(self.text()) > 1 and hit and event.button() == Qt.MouseButton.LeftButton:
            self.selected.emit(hit[0])
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Select the digit beside, the first or the last."""
        last = len(self.text()) - 1
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}
        key = Qt.Key(event.key())
        if last > 0 and (key in _STEPS or key in ends):
            place = ends.get(key, self._place + _STEPS.get(key, 0))
            self.selected.emit(min(max(place, 0), last))
        else:
            super().keyPressEvent(event)
