"""The search page: trials run, held, shown, chosen, kept, and handed over."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QProgressBar, QSpinBox, QTableWidget

from app.labs import search as pages
from app.labs.parallel_plot import ParallelPlot
from app.labs.search import SearchPage
from app.theme import DARK, LIGHT
from nn_core.search.description import Search
from nn_core.search.space import parse_space
from nn_core.search.study import Study
from nn_core.search.trials import DONE, PRUNED, Trial
from nn_core.settings import TrainSettings
from tests.app.labs.using import using

BIG = 30_000  # milliseconds
CHAIN = "flatten → linear {width} → relu → dropout {dropout} → linear 10"


def retype(user, name, text):
    edit = user.find(QLineEdit, name)
    edit.selectAll()
    QTest.keyClicks(edit, text)


def opened(qtbot, tiny, own):
    page = SearchPage()
    page.setDataFolder(tiny)
    page.setOwnFolder(own)
    return using(page, qtbot)


@pytest.fixture
def user(qtbot, tiny, tmp_path):
    with opened(qtbot, tiny, tmp_path) as found:
        found.qtbot = qtbot
        line = found.find(QComboBox, "searchNetworkCombo").lineEdit()
        line.selectAll()
        QTest.keyClicks(line, "flatten -> linear 10")
        for name, text in (("Trials", "4"), ("Epochs", "1"), ("Images", "200"), ("Held", "60")):
            found.type(f"search{name}Spin", text)
        yield found


def until(user, words):
    user.qtbot.waitUntil(lambda: words in user.reads("searchWords"), timeout=BIG)


def column(user, name):
    table = user.find(QTableWidget, "searchTable")
    heads = [table.horizontalHeaderItem(i).text() for i in range(table.columnCount())]
    return [table.item(row, heads.index(name)).text() for row in range(table.rowCount())]


def head(user, name):
    """Click the head of a column."""
    header = user.find(QTableWidget, "searchTable").horizontalHeader()
    names = [user.find(QTableWidget, "searchTable").horizontalHeaderItem(i).text() for i in range(header.count())]
    at = names.index(name)
    place = QPoint(header.sectionViewportPosition(at) + header.sectionSize(at) // 2, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)


@pytest.fixture
def needs_optuna():
    pytest.importorskip("optuna")


def test_trials_run_are_sorted_and_the_best_is_handed_over(needs_optuna, user):
    user.press("searchRunButton")
    until(user, " of 4 trials ended.")
    until(user, "4 trials. Trial")
    assert column(user, "trial") == ["0", "1", "2", "3"]
    bar = user.find(QProgressBar, "searchProgress")
    assert bar.value() == bar.maximum() == 400
    assert sorted(column(user, "state"))[0] == "best"
    head(user, "accuracy")
    shares = [float(text.split()[0]) for text in column(user, "accuracy")]
    assert shares == sorted(shares)
    with user.qtbot.waitSignal(user.page.settingsChosen) as handed:
        user.press("searchUseButton")
    best = column(user, "state").index("best")
    assert f"{handed.args[0].learning_rate:g}" == column(user, "learning rate")[best]
    assert handed.args[0].train_images == 0
    table = user.find(QTableWidget, "searchTable")
    other = 0 if best else 1
    QTest.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualItemRect(table.item(other, 1)).center()
    )
    assert f"Trial {column(user, 'trial')[other]}" in user.reads("searchAbout")
    with user.qtbot.waitSignal(user.page.settingsChosen) as handed:
        user.press("searchUseButton")
    assert f"{handed.args[0].learning_rate:g}" == column(user, "learning rate")[other]


def test_a_kept_study_is_shown_again_and_gone_on_with(needs_optuna, user, qtbot, tiny, tmp_path):
    user.press("searchRunButton")
    until(user, "4 trials. Trial")
    before = column(user, "learning rate")
    with opened(qtbot, tiny, tmp_path) as later:
        later.qtbot = qtbot
        until(later, "4 trials")
        assert column(later, "learning rate") == before
        assert later.find(QComboBox, "searchNetworkCombo").currentText() == "flatten -> linear 10"
        later.type("searchTrialsSpin", "5")
        later.press("searchRunButton")
        until(later, "5 trials. Trial")
        assert column(later, "learning rate")[:4] == before
        later.press("searchResetButton")
        assert later.find(QTableWidget, "searchTable").rowCount() == 0
        later.press("searchRunButton")
        qtbot.waitUntil(lambda: later.find(QTableWidget, "searchTable").rowCount() > 0, timeout=BIG)
        assert len(column(later, "trial")) < 5


def named(user, address):
    retype(user, "searchStorageEdit", str(address))
    QTest.keyClick(user.find(QLineEdit, "searchStorageEdit"), Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("images", "space", "prune"), [(200, "lr=1e-3..1 log", True), (0, "l1=0.0|1e-5, lr=1e-3..1 log", False)]
)
def test_a_study_of_another_process_is_joined_by_its_address(needs_optuna, user, tmp_path, images, space, prune):
    there = tmp_path / "theirs.journal"
    base = TrainSettings(preset="flatten -> linear 10", dataset="tiny", epochs=1, train_images=images)
    theirs = Study(Search(base, parse_space(space), "random", hold_out=60, prune=prune), there)
    claim = theirs.claim(2)
    claim.report(1, 0.25)
    claim.end(DONE, 0.25, 1.0)
    named(user, there)
    until(user, "1 trial. Trial 0")
    assert column(user, "accuracy") == ["25.00 %"]
    others = user.find(QLabel, "searchOthersLabel")
    assert others.isHidden() == ("l1" not in space)
    assert others.isHidden() or others.text() == "Also varies: l1=0.0|1e-05"
    user.type("searchTrialsSpin", "2")
    user.press("searchRunButton")
    until(user, "2 trials. Trial")
    assert [trial.number for trial in theirs.trials()] == [0, 1]
    assert not (tmp_path / "searches.journal").exists()


def test_a_storage_that_cannot_be_is_told_in_a_sentence(needs_optuna, user, tmp_path):
    for address, words in (
        (tmp_path / "none" / "s.journal", "does not exist; make it first"),
        ("redis://somewhere", "must be a file, or the URL of"),
        (tmp_path / "new.journal", "Choose what varies"),
    ):
        named(user, address)
        if "none" in str(address):
            until(user, "Choose what varies")
            user.qtbot.waitUntil(user.find(QLineEdit, "searchStorageEdit").isEnabled)
            user.press("searchRunButton")
        until(user, words)
        user.qtbot.waitUntil(user.find(QLineEdit, "searchStorageEdit").isEnabled)


def test_a_search_is_held_and_goes_on(needs_optuna, user):
    user.type("searchTrialsSpin", "12")  # so many that it cannot be over before it is held
    user.press("searchRunButton")
    user.qtbot.waitUntil(lambda: user.find(QTableWidget, "searchTable").rowCount() > 0, timeout=BIG)
    assert not user.find(QSpinBox, "searchTrialsSpin").isEnabled()
    user.press("searchRunButton")
    assert user.find(QAbstractButton, "searchRunButton").text() == "Run"
    until(user, "Held: Run goes on, Reset lets the settings be changed.")
    user.press("searchRunButton")
    until(user, "12 trials. Trial")
    assert user.find(QSpinBox, "searchTrialsSpin").isEnabled()


def test_places_in_the_chain_may_vary(user):
    assert not user.find(QLineEdit, "searchWidthEdit").isVisible()
    line = user.find(QComboBox, "searchNetworkCombo").lineEdit()
    line.setText(CHAIN)
    assert user.find(QLineEdit, "searchWidthEdit").isVisible()
    assert user.ticked("searchDropoutCheck")


@pytest.mark.parametrize("text, words", [("5..1", "must begin below"), ("much", "must be a number")])
def test_nonsense_is_told_in_a_sentence(user, text, words):
    retype(user, "searchLearningRateEdit", text)
    user.press("searchRunButton")
    until(user, words)


def test_without_optuna_the_page_says_how_to_get_it(qtbot, tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "is_installed", lambda: False)
    monkeypatch.setitem(sys.modules, "optuna", None)
    with opened(qtbot, tiny, tmp_path) as user:
        assert "needs Optuna: python -m pip install" in user.reads("searchWords")
        assert not user.find(QAbstractButton, "searchRunButton").isEnabled()


def test_the_line_under_the_mouse_is_told(qtbot):
    plot = ParallelPlot("plot")
    qtbot.addWidget(plot)
    plot.resize(600, 300)
    with qtbot.waitExposed(plot):
        plot.show()
    axes = parse_space("lr=1e-4..1 log, batch=16|32")
    qtbot.waitUntil(lambda: plot.getPlotItem().vb.width() > 300)
    values = [{"learning_rate": 1e-4, "batch_size": 16}, {"learning_rate": 1.0, "batch_size": 32}]
    trials = [Trial(3, values[0], DONE, 0.5), Trial(4, values[1], PRUNED, 0.9), Trial(5, values[0])]
    plot.showTrials(axes, trials)
    plot.grab()
    view = plot.getPlotItem().vb
    told = []
    plot.hovered.connect(told.append)
    for number, height in ((3, 0.02), (4, 0.98)):
        spot = plot.mapFromScene(view.mapViewToScene(QPointF(0.01, height)))

        def points(spot=spot, number=number):  # pyqtgraph leaves out moves that follow each other too soon
            QTest.mouseMove(plot.viewport(), spot + QPoint(1, 0))
            QTest.mouseMove(plot.viewport(), spot)
            return told and told[-1] == number

        qtbot.waitUntil(points)
    before = plot.grab().toImage()
    plot.mark(3)
    marked = plot.grab().toImage()
    assert marked != before
    plot.setTheme(DARK if plot._theme == LIGHT else LIGHT)
    assert plot.grab().toImage() != marked
