"""A field with its word, and a part of a page under its heading."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.labs.flow import FlowLayout
from app.labs.parts import heading


def labelled(words: str, field: QWidget) -> QWidget:
    """A field with its word before it; the field alone where there is no word."""
    if not words:
        return field
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    label = QLabel(words)
    label.setBuddy(field)
    row.addWidget(label)
    row.addWidget(field)
    return box


def control_row(*fields: tuple[str, QWidget]) -> FlowLayout:
    """Fields with their words beside each other, in as many lines as they need."""
    flow = FlowLayout(gap=14, row_gap=6, middle=True)
    for words, field in fields:
        flow.addWidget(labelled(words, field))
    return flow


def titled(words: str, *parts: QWidget, above: int = 0) -> QWidget:
    """Parts under a heading, the first of them `above` logical pixels further down."""
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    column.addWidget(heading(words))
    column.addSpacing(above)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    return box
