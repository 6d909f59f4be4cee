"""The page of the initialisers: measured in the background, drawn by layer, and told in words."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QComboBox

from app.labs.initialisers import InitialisersPage
from app.labs.spread_words import ABOUT, tale
from app.theme import DARK
from nn_core.initializers import INITIALIZERS
from nn_core.labs.spread import Stack, measure, noise
from tests.app.labs.using import rests, using

BIG = 20_000  # milliseconds


@pytest.fixture
def user(qtbot, tiny):
    page = InitialisersPage()
    page.setDataFolder(tiny)
    with using(page, qtbot) as found:
        found.qtbot = qtbot
        found.type("initialisersWidthSpin", "20")
        found.type("initialisersDepthSpin", "8")
        yield found


def wait(user):
    """Until everything that is ticked has been measured."""

    def measured():
        assert user.reads("initialisersProgress") == ""
        assert user.reads("initialisersHeNormalValue")

    user.qtbot.waitUntil(measured, timeout=BIG)


def test_what_is_ticked_is_measured_on_real_digits(user):
    wait(user)
    assert user.reads("initialisersHeNormalValue").startswith("×")
    assert user.reads("initialisersSparseValue") == ""
    user.tick("initialisersSparseCheck")
    wait(user)
    assert user.reads("initialisersSparseValue").startswith("×")


def test_a_closer_look_tells_what_was_found(user):
    wait(user)
    assert "Units differ" in user.reads("initialisersWords")
    user.choose("initialisersCloserCombo", "constant")
    assert "Symmetry" in user.reads("initialisersWords")
    user.choose("initialisersCloserCombo", "normal")
    assert "Activations vanish" in user.reads("initialisersWords")
    assert "Gradients vanish" in user.reads("initialisersWords")


def test_the_closer_look_stays_when_something_is_changed(user):
    wait(user)
    user.choose("initialisersCloserCombo", "constant")
    user.choose("initialisersActivationCombo", "tanh")
    user.choose("initialisersInputCombo", "normal noise")
    wait(user)
    assert user.find(QComboBox, "initialisersCloserCombo").currentText() == "constant"


def test_with_nothing_ticked_it_says_what_to_do(user):
    for name in ("Normal", "XavierNormal", "HeNormal", "Constant"):
        if user.ticked(f"initialisers{name}Check"):
            user.tick(f"initialisers{name}Check")
    user.qtbot.waitUntil(lambda: "Tick an initialiser" in user.reads("initialisersProgress"), timeout=BIG)


def test_a_page_left_before_it_has_measured_does_so_when_it_is_back(user):
    user.page.leave()
    assert rests(user.page)
    assert user.reads("initialisersHeNormalValue") == ""
    user.page.enter()
    wait(user)


def test_another_theme_repaints(user):
    wait(user)
    before = user.page.grab().toImage()
    user.page.setTheme(DARK)
    assert user.page.grab().toImage() != before


def told(init, **stack):
    return tale(measure(Stack(**stack), init, noise(40, rng=np.random.default_rng(0))))


def test_words_for_what_is_measured():
    deep = {"depth": 12, "width": 60}
    assert "Activations are gone" in told("zeros", **deep, activation="relu")
    assert "No gradient" in told("zeros", **deep, activation="relu")
    assert "Activations explode" in told("sparse", **deep, activation="relu")
    assert "Gradients explode" in told("sparse", **deep, activation="relu")
    assert "Activations keep their spread" in told("he-normal", **deep, activation="relu")
    assert "Gradients keep their size" in told("he-normal", **deep, activation="relu")
    assert "Flat parts" in told("constant:1", **deep, activation="tanh")


def test_every_initialiser_has_a_tool_tip():
    assert set(ABOUT) == set(INITIALIZERS)
