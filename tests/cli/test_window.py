"""No command: the window, where there is a screen for it."""

from __future__ import annotations


def test_without_a_screen_one_sentence_says_so(refused, monkeypatch):
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    assert "no screen" in refused()
