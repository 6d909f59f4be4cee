"""The curves, looked at and touched."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QBoxLayout, QCheckBox, QLabel
from pytestqt.qtbot import QtBot

from app.theme import DARK, LIGHT
from app.views.curves import CurvesView
from app.views.run_curves import Curves

BATCHES = 400
LEFT = Qt.MouseButton.LeftButton


def run(batches: int = 10 * BATCHES) -> Curves:
    steps = np.arange(1, batches + 1)
    epochs = steps / BATCHES
    tests = np.arange(1, int(epochs[-1]) + 1, dtype=float)
    loss = 2.0 / (1 + epochs)
    noise = 1 + 0.2 * np.sin(steps * 12.9)
    accuracy = 1 - 0.4 * loss
    return Curves(
        train_step=steps,
        train_epoch=epochs,
        train_loss=loss * noise,
        train_loss_smooth=loss,
        train_accuracy=accuracy,
        train_accuracy_smooth=accuracy,
        test_epoch=tests,
        test_loss=2.2 / (1 + tests),
        test_accuracy=1 - 0.9 / (1 + tests),
    )


@pytest.fixture
def view(qtbot: QtBot) -> CurvesView:
    view = CurvesView()
    qtbot.addWidget(view)
    view.setTheme(LIGHT)
    view.resize(1000, 260)
    view.show()
    QApplication.processEvents()
    return view


@pytest.fixture
def plots(view: CurvesView) -> list[pg.PlotWidget]:
    return [view.findChild(pg.PlotWidget, name) for name in ("lossPlot", "accuracyPlot")]


def hint(view):
    return next(label for label in view.findChildren(QLabel) if label.text().startswith("Press Start"))


def test_while_the_first_batch_is_waited_for_nothing_is_to_be_pressed(view):
    label = hint(view)
    view.setBegun(True)
    assert label.isVisible()
    assert label.text() == "The curves begin with the first batch"
    view.setBegun(False)
    assert label.text().startswith("Press Start")


def legend(view, name):
    return view.findChild(QLabel, f"{name}Legend").text().replace("&nbsp;", " ")


def ranges(plot):
    return plot.getPlotItem().vb.viewRange()


def points(plot):
    """How many points the plot draws, once both plots have had their turn."""
    QApplication.processEvents()
    items = plot.getPlotItem().items
    return sum(len(item.xData) for item in items if isinstance(item, pg.PlotCurveItem) and item.xData is not None)


def spot(plot, epoch):
    """Where in the plot's viewport an epoch is, half way up."""
    view = plot.getPlotItem().vb
    height = sum(view.viewRange()[1]) / 2
    return plot.mapFromScene(view.mapViewToScene(QPointF(epoch, height)))


def test_curves_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="train_loss has 2 values, train_epoch has 3"):
        Curves(train_step=np.arange(3), train_epoch=np.arange(3), train_loss=np.zeros(2))


def test_an_empty_run_says_what_to_do(view):
    assert hint(view).isVisible()
    view.setCurves(run())
    assert not hint(view).isVisible()
    view.setCurves(Curves())
    assert hint(view).isVisible()
    assert "–" in legend(view, "loss")


def test_one_batch_is_a_dot_and_two_are_a_line(view, plots):
    for batches, dots in ((1, 1), (2, 0)):
        view.setCurves(run(batches))
        QApplication.processEvents()
        for plot in plots:
            items = plot.getPlotItem().items
            assert sum(len(item.data) for item in items if isinstance(item, pg.ScatterPlotItem)) == dots


@pytest.mark.parametrize("size", [(1000, 260), (520, 130), (400, 500)])
def test_the_hint_lies_between_the_axes_of_the_first_plot(view, plots, size):
    view.resize(*size)
    QApplication.processEvents()
    inside = plots[0].getPlotItem().vb.sceneBoundingRect()
    place = hint(view).geometry().translated(-plots[0].mapTo(view, QPoint()))
    assert QRectF(place).center().x() == pytest.approx(inside.center().x(), abs=2)
    assert inside.left() - 1 <= place.left()
    assert place.right() <= inside.right() + 1
    assert inside.adjusted(0, 0, 0, 1).contains(QRectF(place).center())


def test_the_axes_hold_the_curves(view, plots):
    view.setCurves(run())
    (left, right), (low, high) = ranges(plots[0])
    assert left == 0
    assert 10 <= right <= 12.5
    assert low == 0
    assert 2.0 <= high <= 2.6
    (_, right_too), (low, high) = ranges(plots[1])
    assert right_too == right
    assert low <= 20
    assert 100 <= high <= 102


def test_the_newest_values_are_in_the_legends(view):
    view.setCurves(run())
    assert "0.182" in legend(view, "loss")  # 2 / 11
    assert "0.2<" not in legend(view, "loss")
    assert legend(view, "loss").rstrip().endswith("0.2")  # test, 2.2 / 11
    assert "92.73 %" in legend(view, "accuracy")
    assert "91.82 %" in legend(view, "accuracy")


def test_however_long_the_run_what_is_drawn_fits_the_pixels(view, plots):
    view.setCurves(run(200_000))
    for plot in plots:
        assert 100 < points(plot) < 6 * plot.width()


def test_the_values_under_the_mouse_are_told_in_both_plots(view, plots):
    view.setCurves(run())
    QTest.mouseMove(plots[0].viewport(), spot(plots[0], 4.0))
    assert "0.4" in legend(view, "loss")  # 2 / 5
    assert "84.0" in legend(view, "accuracy")
    items = [item for plot in plots for item in plot.getPlotItem().items]
    words = [item.toPlainText() for item in items if isinstance(item, pg.TextItem)]
    assert len(words) == 2
    assert all(word.startswith("epoch 4.0") or word.startswith("epoch 3.9") for word in words)
    assert "batch 1" in words[0]


def test_a_click_picks_the_epoch(view, plots, qtbot):
    view.setCurves(run())
    told = []
    view.epochPicked.connect(told.append)
    QTest.mouseClick(plots[1].viewport(), LEFT, pos=spot(plots[1], 6.0))
    assert told == [pytest.approx(6.0, abs=0.1)]


def wheel(plot, epoch, turns):
    place = QPointF(spot(plot, epoch))
    event = QWheelEvent(
        place,
        plot.viewport().mapToGlobal(place),
        QPoint(),
        QPoint(0, 120 * turns),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(plot.viewport(), event)


def test_the_wheel_zooms_both_plots_until_a_double_click(view, plots):
    view.setCurves(run())
    whole = ranges(plots[0])[0]
    wheel(plots[0], 5.0, 8)
    zoomed = ranges(plots[0])[0]
    assert zoomed[1] - zoomed[0] < 0.7 * (whole[1] - whole[0])
    assert ranges(plots[1])[0] == pytest.approx(zoomed)
    assert ranges(plots[0])[1][1] < 1.5  # the values fit what is seen
    view.setCurves(run(12 * BATCHES))
    assert ranges(plots[0])[0] == zoomed  # new points do not take the view away
    QTest.mouseDClick(plots[1].viewport(), LEFT, pos=spot(plots[1], 5.0))
    for plot in plots:
        left, right = ranges(plot)[0]
        assert left == 0
        assert right >= 12


def test_a_logarithmic_loss(view, plots):
    view.setCurves(run())
    QTest.mouseClick(view.findChild(QCheckBox, "logLossCheck"), LEFT, pos=QPoint(8, 8))
    low, high = ranges(plots[0])[1]
    assert 10**low <= 0.19
    assert 10**high >= 2.0
    zero, one = np.array([0.0]), np.array([1])
    view.setCurves(Curves(one, one / 10, zero, zero, zero))
    QTest.mouseClick(view.findChild(QCheckBox, "logLossCheck"), LEFT, pos=QPoint(8, 8))
    assert ranges(plots[0])[1][0] == 0


def test_the_moment_of_the_timeline_is_marked(view, plots):
    view.setCurves(run())
    before = [plot.grab().toImage() for plot in plots]
    view.setMoment(3.2)
    assert all(plot.grab().toImage() != image for plot, image in zip(plots, before, strict=True))
    view.setMoment(None)
    assert [plot.grab().toImage() for plot in plots] == before


def test_hidden_it_does_no_work_and_shown_it_has_the_newest(view, plots):
    view.hide()
    view.setCurves(run())
    assert points(plots[0]) == 0
    view.show()
    assert points(plots[0]) > 100
    assert not hint(view).isVisible()


def test_a_curve_that_is_not_a_number_has_a_gap(view, plots):
    curves = run(300)
    curves.train_loss[100:] = np.nan
    curves.train_loss_smooth[100:] = np.inf
    view.setCurves(curves)
    QApplication.processEvents()
    assert np.isfinite(ranges(plots[0])).all()


def test_there_is_no_menu_that_leads_to_an_export_dialog(view, plots):
    view.setCurves(run())
    QTest.mouseClick(plots[0].viewport(), Qt.MouseButton.RightButton, pos=spot(plots[0], 5.0))
    assert QApplication.activePopupWidget() is None


@pytest.mark.parametrize("width", [1000, 800, 690])
def test_the_legends_leave_out_what_does_not_fit(view, width):
    view.setCurves(run())
    QTest.keyClick(keep(view), Qt.Key.Key_Space)
    view.resize(width, 216)
    QApplication.processEvents()
    for name in ("loss", "accuracy"):
        label = view.findChild(QLabel, f"{name}Legend")
        assert label.sizeHint().width() <= label.width()
    assert ("test" in legend(view, "loss")) is (width == 1000)
    assert legend(view, "loss").endswith(" 0.2")
    assert "91.82 %" in legend(view, "accuracy")


def test_plots_stand_above_each_other_where_it_is_narrow(view):
    view.resize(500, 420)
    assert view.layout().direction() == QBoxLayout.Direction.TopToBottom
    view.resize(1000, 260)
    assert view.layout().direction() == QBoxLayout.Direction.LeftToRight


def test_the_images_held_out_have_a_curve_where_there_are_some(view, plots):
    view.setCurves(run())
    assert "held out" not in legend(view, "accuracy")
    drawn = points(plots[1])
    tests = np.arange(1, 11, dtype=float)
    view.setCurves(replace(run(), held_out_epoch=tests, held_out_loss=1 / tests, held_out_accuracy=tests / 20))
    assert "held out" in legend(view, "accuracy")
    assert "50.00 %" in legend(view, "accuracy")
    assert points(plots[1]) == drawn + 10


def keep(view) -> QCheckBox:
    return view.findChild(QCheckBox, "keepCurvesCheck")


def test_an_earlier_run_stays_beside_the_present_one_until_it_is_cleared(view, plots):
    assert not keep(view).isVisible()
    view.setCurves(replace(run(), name="<lenet5>"))
    drawn = points(plots[1])
    QTest.keyClick(keep(view), Qt.Key.Key_Space)
    view.setCurves(replace(run(2 * BATCHES), name="other"))
    assert "&lt;lenet5&gt;" in legend(view, "accuracy")
    assert "91.82 %" in legend(view, "accuracy")  # the kept run's last test
    assert "0.2" in legend(view, "loss")
    assert ranges(plots[0])[0][1] >= 10
    QTest.keyClick(keep(view), Qt.Key.Key_Space)
    assert "lenet5" not in legend(view, "accuracy")
    assert ranges(plots[0])[0][1] < 10
    view.setCurves(run())
    assert points(plots[1]) == drawn


def test_loss_and_both_accuracies_can_be_in_one_plot(view, plots):
    view.setCurves(run())
    alone, across = points(plots[0]), plots[0].width()
    view.togetherAction.trigger()
    QApplication.processEvents()
    assert not plots[1].isVisible()
    assert plots[0].width() > 1.8 * across
    assert points(plots[0]) > alone + 10 + 100  # ten tests, and the accuracy of training
    for words in ("0.182", "92.73 %", "91.82 %", "dashed"):
        assert words in legend(view, "loss")
    curves = run()
    view.setCurves(replace(curves, test_loss=0 * curves.test_loss, train_loss=0 * curves.train_loss,
                           train_loss_smooth=0 * curves.train_loss))  # fmt: skip
    assert 0.9 < ranges(plots[0])[1][1] < 1.3
    view.togetherAction.trigger()
    assert plots[1].isVisible()
    view.setCurves(run())
    assert "%" not in legend(view, "loss")


def test_in_one_plot_an_earlier_run_keeps_its_accuracy_too(view, plots):
    view.togetherAction.trigger()
    view.setCurves(replace(run(), name="lenet5"))
    QTest.keyClick(keep(view), Qt.Key.Key_Space)
    view.setCurves(Curves())
    assert points(plots[0]) >= 10 + 10  # tests: losses and accuracies
    assert legend(view, "loss").count("lenet5") == 2


def test_a_theme_changes_the_colours(view, plots):
    view.setCurves(run())
    light = plots[0].grab().toImage()
    view.setTheme(DARK)
    dark = plots[0].grab().toImage()
    assert light.pixelColor(2, 2).name() == LIGHT.panel
    assert dark.pixelColor(2, 2).name() == DARK.panel
    assert DARK.test in legend(view, "loss")
