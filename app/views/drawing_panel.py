"""The left side of the window: the canvas, its tools, and what the network reads."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QToolButton, QVBoxLayout, QWidget

from app.answer import Answer
from app.digit_key import digit_of
from app.icons import icon
from app.views.canvas import DEFAULT_PEN_WIDTH, PEN_WIDTHS, CanvasView
from app.views.digit_label import DigitLabel
from app.views.input_preview import InputPreview
from app.views.number_boxes import NumberBoxes
from app.views.probability_bars import ProbabilityBars

_GAP = 8
_STEP = 2.0  # canvas units that one key press makes the pen wider or narrower
_ICON = QSize(18, 18)
_HINTS = ("Wrong? Press the right digit.", "Wrong? Press 0 to 9.", "Wrong?")  # the longest for which there is room


class DrawingPanel(QWidget):
    """Canvas, pen width, eraser, undo, redo, clear; the digit that is read, the network's input, ten bars."""

    meant = Signal(int)  # the digit that the user says is drawn, by its key or its bar
    digitSelected = Signal(int)  # the place of a digit in the number that is drawn, counted from the left

    def __init__(self, parent: QWidget | None = None) -> None:
        self._ready = False
        super().__init__(parent)
        self.setObjectName("drawingPanel")
        self.canvas = CanvasView(self)
        self.probabilityBars = ProbabilityBars(self)
        self.inputPreview = InputPreview(self)
        self.predictedDigit = DigitLabel(self)
        self.numberBoxes = NumberBoxes(self.canvas)
        self._hint = self._make_hint()
        self.penWidthSlider = self._make_slider()
        self.eraserAction = self._make_action("Eraser", Qt.Key.Key_E)
        self.eraserAction.setCheckable(True)
        self.narrowerAction = self._make_action("Narrower pen", Qt.Key.Key_BracketLeft)
        self.widerAction = self._make_action("Wider pen", Qt.Key.Key_BracketRight)
        self.addAction(self.canvas.clearAction)
        self.whyAction = self._make_action("Why?", Qt.Key.Key_W)
        self.whyAction.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self.whyAction.setToolTip("How this answer comes about, step by step (W)")
        self.whyAction.setEnabled(False)
        self.whyButton = self._make_button("whyButton", self.whyAction)
        self.whyButton.setStyleSheet("QToolButton { padding: 1px 2px; }")  # there is the hint beside it
        self.whyButton.setFixedWidth(self.whyButton.fontMetrics().horizontalAdvance("Why?") + 8)
        self.eraserButton = self._make_button("eraserButton", self.eraserAction)
        self.undoButton = self._make_button("undoButton", self.canvas.undoAction)
        self.redoButton = self._make_button("redoButton", self.canvas.redoAction)
        self.clearButton = self._make_button("clearButton", self.canvas.clearAction)
        self._connect()
        self._lay_out()
        self._order_focus()
        self._ready = True
        self._take_icons()

    def showAnswer(self, answer: Answer) -> None:
        """Show what is read, what the network receives of it, and its ten probabilities."""
        self.inputPreview.showImage(answer.image)
        self.probabilityBars.showProbabilities(answer.probabilities)
        self._hint.choose(_HINTS if answer.probabilities is not None else ())
        self.whyAction.setEnabled(answer.probabilities is not None)
        self.predictedDigit.showDigits(answer.text, answer.selected)
        self.numberBoxes.showNumber(answer.number, answer.selected)

    def setInvitesKeys(self, on: bool) -> None:
        """Say, or do not, that the key of a digit counts: it does where nothing else has a use for it."""
        self._hint.setVisible(on)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the digit keys, which nothing in here has a use for."""
        if not self.takeKey(event):
            super().keyPressEvent(event)

    def takeKey(self, event: QKeyEvent) -> bool:
        """Let the key of a digit say what was meant; whether it is one."""
        digit = digit_of(event)
        if digit is None:
            return False
        self.canvas.finishStroke()
        self.meant.emit(digit)
        return True

    def _make_hint(self) -> _Fitting:
        label = _Fitting(self)
        label.setObjectName("meantHint")
        label.setProperty("role", "caption")
        label.setFixedHeight(label.fontMetrics().height())  # nothing jumps when it comes
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setRetainSizeWhenHidden(True)
        label.setSizePolicy(policy)
        label.setStyleSheet("QLabel { font-size: 11px; }")
        label.setAlignment(Qt.AlignmentFlag.AlignRight)
        label.setToolTip(
            "Press the key of the digit that you meant, or click its bar: the drawing is kept as your own digit, which"
            " the network can be taught"
        )
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
        canvas.eraserChanged.connect(lambda on: self.numberBoxes.takeClicks(not on))
        self.probabilityBars.digitClicked.connect(self.meant)
        self.predictedDigit.selected.connect(self.digitSelected)
        self.numberBoxes.selected.connect(self._select)

    def _select(self, place: int) -> None:
        """Select a digit, and let the arrow keys go on from there."""
        self.predictedDigit.setFocus(Qt.FocusReason.MouseFocusReason)
        self.digitSelected.emit(place)

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
        right.addWidget(self.probabilityBars, 100)  # as high as it can use
        below = QHBoxLayout()
        below.setSpacing(2)
        below.addWidget(self._hint, 1)
        below.addWidget(self.whyButton)
        right.addLayout(below)
        right.addStretch(1)
        answer.addLayout(right, 3)
        whole = self._whole = QVBoxLayout(self)
        whole.setContentsMargins(_GAP, _GAP, _GAP, _GAP)
        whole.setSpacing(_GAP)
        whole.addWidget(self.canvas, 1)
        whole.addLayout(tools)
        whole.addLayout(answer)

    def _order_focus(self) -> None:
        """Let Tab go as the eye does."""
        parts = (
            self.canvas, self.penWidthSlider, self.eraserButton, self.undoButton, self.redoButton, self.clearButton,
            self.predictedDigit, self.whyButton,
        )  # fmt: skip
        for one, then in pairwise(parts):
            self.setTabOrder(one, then)

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
        self.predictedDigit.fitInto(self.width())
        self.canvas.setMaximumHeight(max(self.canvas.minimumHeight(), self.width() - 2 * _GAP))
        self._whole.activate()  # now, not with the next event: else one frame shows the old places


class _Fitting(QLabel):
    """Shows the first of its texts that fits into its width, or none."""

    _texts: tuple[str, ...] = ()

    def choose(self, texts: tuple[str, ...]) -> None:
        """Take other texts, the longest first."""
        self._texts = texts
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        wide = self.fontMetrics().horizontalAdvance
        self.setText(next((text for text in self._texts if wide(text) <= self.width()), ""))
