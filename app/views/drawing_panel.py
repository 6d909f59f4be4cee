"""The left side of the window: the canvas, its tools, and what the network reads."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QToolButton, QVBoxLayout, QWidget

from app.digit_key import digit_of
from app.icons import icon
from app.views.canvas import DEFAULT_PEN_WIDTH, PEN_WIDTHS, CanvasView
from app.views.input_preview import InputPreview
from app.views.probability_bars import ProbabilityBars

NOTHING, UNSURE = "–", "?"
_GAP = 8
_STEP = 2.0  # canvas units that one key press makes the pen wider or narrower
_DIGIT = (60, 96)  # logical pixels of the digit read, the least and the most
_NUMBER = 0.55  # of the panel's width: the size of letters with which a number fits beside the bars, over their count
_ICON = QSize(18, 18)
_HINT = "Wrong? Press its key."


class DrawingPanel(QWidget):
    """Canvas, pen width, eraser, undo, redo, clear; the digit that is read, the network's input, ten bars."""

    meant = Signal(int)  # the digit that the user says is drawn, by its key or its bar

    def __init__(self, parent: QWidget | None = None) -> None:
        self._ready = False
        super().__init__(parent)
        self.setObjectName("drawingPanel")
        self.canvas = CanvasView(self)
        self.probabilityBars = ProbabilityBars(self)
        self.inputPreview = InputPreview(self)
        self.predictedDigit = self._make_digit()
        self._hint = self._make_hint()
        self.penWidthSlider = self._make_slider()
        self.eraserAction = self._make_action("Eraser", Qt.Key.Key_E)
        self.eraserAction.setCheckable(True)
        self.narrowerAction = self._make_action("Narrower pen", Qt.Key.Key_BracketLeft)
        self.widerAction = self._make_action("Wider pen", Qt.Key.Key_BracketRight)
        self.addAction(self.canvas.clearAction)
        self.eraserButton = self._make_button("eraserButton", self.eraserAction)
        self.undoButton = self._make_button("undoButton", self.canvas.undoAction)
        self.redoButton = self._make_button("redoButton", self.canvas.redoAction)
        self.clearButton = self._make_button("clearButton", self.canvas.clearAction)
        self._connect()
        self._lay_out()
        self._show_digit(NOTHING)
        self._ready = True
        self._take_icons()

    def showAnswer(self, image: np.ndarray | None, probabilities: np.ndarray | None, digit_text: str) -> None:
        """Show what the network receives (28, 28), its ten probabilities (10,), and the digit read from them."""
        self.inputPreview.showImage(image)
        self.probabilityBars.showProbabilities(probabilities)
        self._hint.setText("" if probabilities is None else _HINT)
        if digit_text != self.predictedDigit.text():
            self._show_digit(digit_text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the digit keys, which nothing in here has a use for."""
        digit = digit_of(event)
        if digit is None:
            super().keyPressEvent(event)
            return
        self.canvas.finishStroke()
        self.meant.emit(digit)

    def _show_digit(self, text: str) -> None:
        label, sure = self.predictedDigit, text not in (NOTHING, UNSURE)
        label.setText(text)
        label.setEnabled(sure)
        label.setAccessibleDescription({NOTHING: "Nothing is drawn.", UNSURE: "Unsure."}.get(text, text))
        self._size_digit()

    def _size_digit(self) -> None:
        label = self.predictedDigit
        most = min(max(round(0.2 * self.width()), _DIGIT[0]), _DIGIT[1])
        pixels = min(most, round(_NUMBER * self.width() / max(1, len(label.text()))))
        # A style sheet, since with a new theme the application's one brings back the first font that was set.
        weight = 600 if label.isEnabled() else 400
        label.setStyleSheet(f"QLabel {{ font-size: {pixels}px; font-weight: {weight}; }}")
        label.setFixedHeight(round(1.1 * most))

    def _make_digit(self) -> QLabel:
        label = QLabel(self)
        label.setObjectName("predictedDigit")
        label.setAccessibleName("Digit read")
        label.setToolTip("What the network reads: – while nothing is drawn, ? when it is unsure")
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return label

    def _make_hint(self) -> QLabel:
        label = QLabel(self)
        label.setObjectName("meantHint")
        label.setProperty("role", "caption")
        label.setFixedHeight(label.fontMetrics().height())  # nothing jumps when it comes
        label.setAlignment(Qt.AlignmentFlag.AlignRight)
        label.setToolTip("Or click its bar: it is kept as your own digit, which the network can be taught")
        return label

    def _make_slider(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal, self)
        slider.setObjectName("penWidthSlider")
        slider.setAccessibleName("Pen width")
        slider.setRange(*(round(width) for width in PEN_WIDTHS))
        slider.setValue(round(DEFAULT_PEN_WIDTH))
        slider.setMinimumWidth(64)
        slider.setMaximumWidth(180)
        return slider

    def _make_action(self, text: str, key: Qt.Key) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{text} ({shown})")
        self.addAction(action)
        return action

    def _make_button(self, name: str, action: QAction) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setProperty("role", "tool")
        button.setDefaultAction(action)
        button.setIconSize(_ICON)
        button.setAccessibleName(action.text())
        return button

    def _connect(self) -> None:
        canvas, slider = self.canvas, self.penWidthSlider
        slider.valueChanged.connect(canvas.setPenWidth)
        canvas.penWidthChanged.connect(self._show_pen_width)
        self._show_pen_width(canvas.penWidth())
        self.narrowerAction.triggered.connect(lambda: canvas.setPenWidth(canvas.penWidth() - _STEP))
        self.widerAction.triggered.connect(lambda: canvas.setPenWidth(canvas.penWidth() + _STEP))
        self.eraserAction.toggled.connect(canvas.setEraser)
        canvas.eraserChanged.connect(self.eraserAction.setChecked)
        self.probabilityBars.digitClicked.connect(self.meant)

    def _show_pen_width(self, width: float) -> None:
        blocked = self.penWidthSlider.blockSignals(True)
        self.penWidthSlider.setValue(round(width))
        self.penWidthSlider.blockSignals(blocked)
        self.penWidthSlider.setToolTip(f"Pen width: {width:.0f} of 280 ([ and ])")

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(4)
        self._pen_sign = QLabel(self)
        tools.addWidget(self._pen_sign)
        tools.addWidget(self.penWidthSlider, 1)
        tools.addWidget(self.eraserButton)
        tools.addStretch(1)
        for button in (self.undoButton, self.redoButton, self.clearButton):
            tools.addWidget(button)
        answer = QHBoxLayout()
        answer.setSpacing(2 * _GAP)
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(self.predictedDigit)
        left.addWidget(self.inputPreview, 1)
        answer.addLayout(left, 2)
        right = QVBoxLayout()
        right.setSpacing(2)
        right.addWidget(self.probabilityBars, 1)
        right.addWidget(self._hint)
        answer.addLayout(right, 3)
        whole = self._whole = QVBoxLayout(self)
        whole.setContentsMargins(_GAP, _GAP, _GAP, _GAP)
        whole.setSpacing(_GAP)
        whole.addWidget(self.canvas, 1)
        whole.addLayout(tools)
        whole.addLayout(answer)

    def _take_icons(self) -> None:
        self._pen_sign.setPixmap(icon("pen", self.palette()).pixmap(_ICON))
        for name, action in (
            ("undo", self.canvas.undoAction),
            ("redo", self.canvas.redoAction),
            ("clear", self.canvas.clearAction),
            ("eraser", self.eraserAction),
        ):
            action.setIcon(icon(name, self.palette()))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._ready:
            self._take_icons()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the height that a square canvas cannot use to the answer."""
        super().resizeEvent(event)
        self._size_digit()
        self.canvas.setMaximumHeight(max(self.canvas.minimumHeight(), self.width() - 2 * _GAP))
        self._whole.activate()  # now, not with the next event: else one frame shows the old places
