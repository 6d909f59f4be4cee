"""Models and pictures in files: opened, dropped, saved, exported; damage and full disks told in a sentence."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QFileDialog, QMenu

from app.phase import Phase
from nn_core.layers import Conv2d, Flatten, Linear
from nn_core.model import Model
from nn_core.modelfile import load_model, save_model
from nn_core.network import Sequential
from nn_core.presets import make_model
from tests.app.driver import SEVEN, Driver, a_full_disk


def choose_file(window: Driver, action: str, path: Path) -> None:
    """Use a menu's file dialog."""
    window.window.menu[action].trigger()
    (dialog,) = [each for each in window.window.findChildren(QFileDialog, "fileDialog") if each.isVisible()]
    dialog.selectFile(str(path))
    dialog.fileSelected.emit(str(path))
    dialog.reject()


@pytest.fixture
def lenet(tmp_path: Path) -> Path:
    model = make_model("lenet5", 9)
    card = {**model.card, "accuracy": 0.5}
    save_model(tmp_path / "mine.safetensors", Model(model.network, model.normalization, card))
    return tmp_path / "mine.safetensors"


def test_a_trained_model_is_saved_and_opened_again(window: Driver, tmp_path: Path):
    window.choose(epochs=1, seed=4)
    window.draw(SEVEN)
    with window.qtbot.waitSignal(window.window.session.finished, timeout=60_000) as told:
        window.press("start")
    trained, answer = window.weights(), window.bars.probabilities()
    choose_file(window, "Save model…", tmp_path / "trained.safetensors")
    card = load_model(tmp_path / "trained.safetensors").card
    assert card["accuracy"] == told.args[0].accuracy
    assert card["settings"]["seed"] == 4
    assert card["steps"] == 6
    window.press("reset")
    assert not np.array_equal(window.weights(), trained)
    choose_file(window, "Open model…", tmp_path / "trained.safetensors")
    np.testing.assert_array_equal(window.weights(), trained)
    window.until(lambda: np.array_equal(window.bars.probabilities(), answer))
    assert window.window.findChild(QComboBox, "presetCombo").currentText() == "blog-cnn"


def test_what_is_saved_is_what_is_shown(window: Driver, tmp_path: Path):
    window.choose()
    window.train(1)
    window.until(lambda: window.slider.maximum() >= 3)
    window.pause()
    window.slider.setValue(1)
    shown = window.weights()
    choose_file(window, "Save model…", tmp_path / "then.safetensors")
    model = load_model(tmp_path / "then.safetensors")
    np.testing.assert_array_equal(model.network.vector, shown)
    assert model.card["steps"] == window.window.session.timeline.shown.step
    assert "accuracy" not in model.card


def test_a_model_is_dropped(window: Driver, lenet: Path):
    window.draw(SEVEN)
    window.drop(lenet)
    np.testing.assert_array_equal(window.weights(), make_model("lenet5", 9).network.vector)
    assert window.window.findChild(QComboBox, "presetCombo").currentText() == "lenet5"
    assert "50.00 %" in window.window.statusBar().currentMessage()


def test_the_model_that_was_shown_is_shown_again(open_window, lenet: Path):
    window = open_window()
    window.drop(lenet)
    shown = window.weights()
    window.window.close()
    again = open_window()
    np.testing.assert_array_equal(again.weights(), shown)
    again.window.close()
    lenet.unlink()
    third = open_window()
    assert "mine.safetensors" in third.messages()[0]
    third.draw(SEVEN)


def test_a_model_dropped_while_training_ends_the_run_and_loses_nothing(window: Driver, lenet: Path):
    window.choose()
    window.train(3)
    window.drop(lenet)
    window.until_state(Phase.IDLE)
    np.testing.assert_array_equal(window.weights(), make_model("lenet5", 9).network.vector)
    window.message_button("Go on").click()
    window.run_until(4)
    assert window.window.session.settings.preset == "blog-cnn"


def test_a_model_dropped_while_a_run_is_loaded_that_goes_on_ends_it_and_loses_nothing(open_window, lenet: Path):
    window = open_window()
    window.choose()
    window.train(3)
    window.window.close()
    again = open_window()
    again.until(lambda: bool(again.messages()))
    again.message_button("Go on").click()
    assert again.window.session.state is Phase.LOADING
    again.drop(lenet)
    again.until_state(Phase.IDLE)
    again.message_button("Go on").click()
    again.run_until(4)


def asked(window: Driver, entry: str) -> QFileDialog:
    """The dialog of a menu entry."""
    window.window.menu[entry].trigger()
    (dialog,) = [each for each in window.window.findChildren(QFileDialog, "fileDialog") if each.isVisible()]
    return dialog


def test_a_dialog_begins_where_the_last_one_was_and_a_new_window_where_the_newest_file_is(
    window: Driver, open_window, lenet: Path
):
    places = lenet.parent / "models", lenet.parent / "pictures"
    for place in places:
        place.mkdir()
    choose_file(window, "Save model…", places[0] / "one.safetensors")
    dialog = asked(window, "Export kernels as picture…")
    assert Path(dialog.directory().path()) == places[0]
    dialog.reject()
    choose_file(window, "Export kernels as picture…", places[1] / "kernels.png")
    dialog = asked(window, "Open model…")
    assert Path(dialog.directory().path()) == places[1]
    dialog.reject()
    window.window.close()
    assert Path(asked(open_window(), "Open model…").directory().path()) == places[0]


def test_a_chain_is_no_name_for_a_file(window: Driver):
    def proposed() -> str:
        dialog = asked(window, "Save model…")
        (path,) = dialog.selectedFiles()
        dialog.reject()
        return Path(path).name

    assert proposed() == "digitscope.safetensors"
    window.window.runs.choose_network("conv 5x5x4 -> relu -> flatten -> linear 10")
    assert proposed() == "my-network.safetensors"


def test_of_several_files_the_first_is_opened_and_that_is_said(window: Driver, lenet: Path):
    dropped = window.drop(lenet, lenet.with_name("other.png"))
    assert dropped.dropAction() == Qt.DropAction.CopyAction
    np.testing.assert_array_equal(window.weights(), make_model("lenet5", 9).network.vector)
    assert window.messages() == ["One file at a time: mine.safetensors is opened, 1 more are not."]


def test_the_network_of_a_file_that_was_trained_anew_is_no_trouble_the_next_time(open_window, tmp_path: Path):
    window = open_window()
    chain = "conv 5x5x4 -> relu -> flatten -> linear 10"
    model = make_model(chain, 0)
    save_model(tmp_path / "own.safetensors", Model(model.network, model.normalization, {}))
    window.drop(tmp_path / "own.safetensors")
    window.choose("own")
    window.train(2)
    window.window.close()
    again = open_window()
    again.until(lambda: bool(again.messages()))
    assert len(again.messages()) == 1
    assert again.messages()[0].startswith("A run of own on tiny stands at epoch")


def test_recent_files_are_opened_again(window: Driver, lenet: Path):
    window.drop(lenet)
    window.choose("blog-cnn")
    menu = window.window.findChild(QMenu, "recentMenu")
    menu.aboutToShow.emit()
    assert menu.actions()[0].text() == "mine.safetensors"
    menu.actions()[0].trigger()
    np.testing.assert_array_equal(window.weights(), make_model("lenet5", 9).network.vector)
    menu.actions()[-1].trigger()
    menu.aboutToShow.emit()
    assert not menu.actions()[0].isEnabled()


def test_an_architecture_of_its_own_becomes_a_choice_and_can_be_trained(window: Driver, tmp_path: Path):
    rng = np.random.default_rng(0)
    network = Sequential(Conv2d(1, 3, 7, stride=3, rng=rng), Flatten(), Linear(192, 10, rng=rng))
    save_model(tmp_path / "odd.safetensors", Model(network))
    window.drop(tmp_path / "odd.safetensors")
    np.testing.assert_array_equal(window.weights(), network.vector)
    window.choose("odd", epochs=1)
    with window.qtbot.waitSignal(window.window.session.finished, timeout=60_000):
        window.press("start")
    assert len(window.window.reading.model.network.layers) == 3


@pytest.mark.parametrize("damage", ["cut", "text", "other", "gone"])
def test_a_broken_model_is_refused_and_the_old_one_kept(window: Driver, lenet: Path, damage: str):
    data = lenet.read_bytes()
    if damage == "cut":
        lenet.write_bytes(data[: len(data) // 2])
    elif damage == "text":
        lenet.write_text("no model")
    elif damage == "other":
        rng = np.random.default_rng(0)
        save_model(lenet, Model(Sequential(Flatten(), Linear(784, 7, rng=rng))))
    else:
        lenet.unlink()
    before = window.weights()
    window.drop(lenet)
    assert "mine.safetensors" in window.messages()[0]
    np.testing.assert_array_equal(window.weights(), before)
    window.draw(SEVEN)


def test_a_full_disk_leaves_the_old_file_and_is_told(window: Driver, lenet: Path):
    before = lenet.read_bytes()
    with a_full_disk():
        choose_file(window, "Save model…", lenet)
    assert str(lenet) in window.messages()[0]
    assert lenet.read_bytes() == before
    choose_file(window, "Save model…", lenet)
    assert lenet.read_bytes() != before


def test_training_goes_on_where_the_run_cannot_be_kept(window: Driver):
    window.choose(batch_size=300)
    window.train(1)
    with a_full_disk(100):
        window.until(lambda: bool(window.messages()))
        assert "cannot be kept" in window.messages()[0]
        step = window.window.session.step_number
        window.run_until(step + 3)
    assert len(window.messages()) == 1


def test_a_folder_that_is_gone_is_told(window: Driver, tmp_path: Path):
    choose_file(window, "Save model…", tmp_path / "nowhere" / "model.safetensors")
    assert "nowhere" in window.messages()[0]


def test_the_kernels_are_exported_as_a_picture(window: Driver, tmp_path: Path):
    choose_file(window, "Export kernels as picture…", tmp_path / "kernels.png")
    picture = QImage(str(tmp_path / "kernels.png"))
    assert picture.height() >= window.kernel_view.height()
    choose_file(window, "Export kernels as picture…", tmp_path / "nowhere" / "kernels.png")
    assert "nowhere" in window.messages()[0]


def test_the_model_is_exported_for_other_programs(window: Driver, tmp_path: Path, monkeypatch):
    reference = pytest.importorskip("onnx.reference")
    window.draw(SEVEN)
    answer = window.window.reading.answer
    path = tmp_path / "digits.onnx"
    choose_file(window, "Export as ONNX…", path)
    window.until(path.exists)
    model = reference.ReferenceEvaluator(str(path))
    (found,) = model.run(None, {"image": answer.image[None, None].astype(np.float32)})
    np.testing.assert_allclose(found[0], answer.probabilities, atol=1e-4)
    choose_file(window, "Export as ONNX…", tmp_path / "nowhere" / "digits.onnx")
    window.until(lambda: bool(window.messages()))
    assert "nowhere" in window.messages()[0]
    monkeypatch.setitem(sys.modules, "onnx", None)
    choose_file(window, "Export as ONNX…", tmp_path / "other.onnx")
    window.until(lambda: any("python -m pip install onnx" in message for message in window.messages()))
    assert len(window.messages()) == 1  # of the last one that was tried


def test_a_file_that_is_neither_is_told(window: Driver, tmp_path: Path):
    shutil.copy(__file__, tmp_path / "notes.txt")
    window.drop(tmp_path / "notes.txt")
    window.until(lambda: bool(window.messages()))
    assert "notes.txt" in window.messages()[0]
