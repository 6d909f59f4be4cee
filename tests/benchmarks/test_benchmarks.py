"""Every benchmark, run as shortly as it can be: that it measures, and says what it promises to say."""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from benchmarks import (
    beside_torch,
    busy,
    common,
    layers,
    machine,
    memory,
    object_network,
    ours,
    plot,
    scaling,
    startup,
    time_to_99,
    window,
)
from benchmarks.__main__ import BENCHMARKS, QUICK, printed, share, table
from nn_core.data import Split

SHORT = 0.05
SPREAD = {"median", "rounds"}


@pytest.fixture(scope="module")
def images():
    rng = np.random.default_rng(0)
    return Split(rng.integers(0, 256, (300, 28, 28), np.uint8), rng.integers(0, 10, 300).astype(np.uint8))


def spread(value):
    return {"median": value, "rounds": [value, value + 0.25]}


MADE_UP = {
    "beside_torch": {
        "presets": {
            "lenet5": {
                "batch": {
                    "128": {"train": spread(1.5), "ours_images_per_s": 3e4, "torch_images_per_s": 2e4},
                    "64": {"train": spread(1.1), "ours_images_per_s": 2e4, "torch_images_per_s": 1.8e4},
                },
                "infer": spread(1.25),
                "latency": spread(0.5),
                "ours": {"infer_images_per_s": 1e5, "latency_ms_p50": 0.2},
                "torch": {"infer_images_per_s": 8e4, "latency_ms_p50": 0.1},
            }
        }
    },
    "busy": {
        "batch": 128,
        "ours": {"lenet5": {"share": spread(0.7), "quiet": 3e4, "busy": 2e4}},
        "torch": {"lenet5": {"share": spread(0.1), "quiet": 2e4, "busy": 2e3}},
    },
    "window": {
        "preset": "digitscope",
        "seconds": 60.0,
        "lateness_ms": {"p50": 0.1, "p99": 15.0, "worst": 51.0, "count": 30000},
        "answer_ms": {"p50": 9.0, "p95": 20.0, "worst": 40.0, "count": 1500},
        "newest_ms": {"p50": 7.0, "p95": 15.0, "worst": 40.0, "count": 700},
        "speed": {"share": spread(0.95), "in_window": 7600.0, "by_train": 8000.0},
    },
    "startup": {
        "answered_s": spread(0.5),
        "painted_s": spread(0.4),
        "import_torch_s": spread(1.0),
        "cold_s": {"answered": 2.0, "import_torch": 5.0},
    },
    "memory": {
        "preset": "digitscope",
        "seconds": 60.0,
        "epochs": 5,
        "imports_mb": 40.0,
        "beyond_imports_mb": 110.0,
        "peak_beyond_imports_mb": 120.0,
        "growth_mb": 5.0,
        "mb_per_hour": 300.0,
    },
    "time_to_99": {
        "preset": "digitscope",
        "ours": {"accuracy": spread(0.9901), "seconds": spread(8.0)},
        "torch": {"accuracy": spread(0.99), "seconds": spread(9.0), "layout": "contiguous"},
        "ratio": spread(1.1),
    },
    "layers": {
        "product_gflops": 95.0,
        "copy_gb_s": 18.0,
        "presets": {
            "mlp-300": {
                "us_per_image": 15.0,
                "rest_us": 1.5,
                "layers": [{"layer": "linear 300", "forward_us": 5.5, "backward_us": 6.0, "gflops": 83.0}],
            }
        },
        "reading": {
            "mlp-300": {
                "us_per_image": 4.0,
                "layers": [{"layer": "linear 300", "forward_us": 3.1, "gflops": 152.0}],
            }
        },
        "one_image": {},
    },
    "object_network": {
        "networks": {
            "2-2-1": {"objects_ms": spread(0.02), "vectors_ms": spread(0.05), "ratio": spread(0.4)},
            "784-300-10": {"objects_ms": spread(90.0), "vectors_ms": spread(1.0), "ratio": spread(90.0)},
        }
    },
    "scaling": {
        "preset": "digitscope",
        "batch": [{"x": 16, "images_per_s": 1000.0}, {"x": 32, "images_per_s": 2000.0}],
        "threads": [{"x": 1, "images_per_s": 2000.0}, {"x": 2, "images_per_s": 1000.0}],
        "width": [
            {"x": 1, "images_per_s": 1000.0, "multiplications": 100},
            {"x": 2, "images_per_s": 250.0, "multiplications": 400},
        ],
    },
}
REACHED = {
    "beside_torch": [True, False, True, False],
    "busy": [True, None],
    "window": [True, False, True, None, True],
    "startup": [True],
    "memory": [True, False],
    "time_to_99": [True, True],
    "layers": [None, None, None],
    "object_network": [None, True],
    "scaling": [True, False, True],
}


def test_the_table_tells_what_is_reached_and_on_which_machine():
    assert list(MADE_UP) == list(BENCHMARKS) == list(QUICK)
    results = {name: {**found, "others_at_work": 0.0} for name, found in MADE_UP.items()}
    results["busy"]["others_at_work"] = 1.5
    results["window"]["withheld"], results["startup"]["withheld"] = 0.0123, None
    page = table(results, {"processor": "abacus"})
    told = [line.split("|")[-2].strip() for line in page.splitlines() if line.startswith("| ")][1:]
    words = {True: "yes", False: "**no**", None: "–"}
    assert told == [words[each] for name in BENCHMARKS for each in REACHED[name]]
    assert "- processor: abacus" in page
    assert page.count("do not trust") == 1
    assert "`busy`" in page
    assert "- time at work that the host withheld: window 1.2%\n" in page


def test_the_table_says_what_could_not_be_measured():
    assert "could not be measured" in table({"busy": {"error": "failed", "others_at_work": 0.0}}, {})


def test_what_takes_too_long_is_ended():
    found = printed([sys.executable, "-c", "import threading; threading.Event().wait()"], SHORT)
    assert "no time left" in found["error"]
    assert "failed" in printed([sys.executable, "-c", "raise SystemExit(3)"], 60)["error"]
    assert printed([sys.executable, "-c", "print('{}')"], 60) == {}


def test_each_has_its_share_of_the_time_and_none_takes_that_of_another():
    names, needed = list(BENCHMARKS), sum(BENCHMARKS.values())
    assert needed < 9 * 60
    first = BENCHMARKS[names[0]]
    assert share(names, needed) == pytest.approx((first, first))
    assert share(names, 2 * needed) == pytest.approx((2 * first, first + needed))  # what nobody needs is there to take
    assert share(names, needed / 2) == pytest.approx((first / 2, first / 2))
    assert share(names[-1:], 7.0) == pytest.approx((7.0, 7.0))


def test_rounds_end_with_their_time(monkeypatch, capsys):
    clock = iter([0.0, 0.0, 2.0, 2.0, 6.0, 6.0])  # when it begins, and each of its rounds begins and ends
    monkeypatch.setattr(common.time, "perf_counter", lambda: next(clock))
    assert list(common.rounds_in(3, 9.0)) == [0, 1]
    assert "2 of 3 rounds" in capsys.readouterr().err
    monkeypatch.undo()
    assert list(common.rounds_in(3, common.math.inf)) == [0, 1, 2]
    assert list(common.rounds_in(3, 0.0)) == [0]


@pytest.mark.parametrize(
    ("latency", "layouts"), [(0.7, ["contiguous"]), (0.4, ["contiguous", "channels-last"])], ids=["one", "both"]
)
def test_pytorch_runs_on_in_the_layouts_that_were_best_at_something(monkeypatch, latency, layouts):
    one = {"train_images_per_s": 2.0, "infer_images_per_s": 9.0, "latency_ms_p50": 0.5}
    other = {"train_images_per_s": 1.0, "infer_images_per_s": 8.0, "latency_ms_p50": latency}
    asked = []

    def last_of(*words):
        if "--layouts" not in words:
            return {**one, "train_images_per_s": 4.0}
        asked.append(words[words.index("--layouts") + 1 :])
        names = beside_torch.FIGURES[:1] if "--only-train" in words else beside_torch.FIGURES
        found = {**one, "latency_ms_p50": min(one["latency_ms_p50"], latency)}
        each = {"contiguous": one, "channels-last": other}
        kept = {layout: {name: here[name] for name in names} for layout, here in each.items()}
        return {"layouts": kept, **{name: found[name] for name in names}}

    monkeypatch.setattr(beside_torch, "last_of", last_of)
    found = beside_torch.measure(["lenet5"], [128, 64], 2, SHORT, range(3), Path("data"))["presets"]["lenet5"]
    both = ("contiguous", "channels-last")
    assert asked[0::2] == [both, tuple(layouts), tuple(layouts)]
    assert asked[1::2] == [(*both, "--only-train"), *[("contiguous", "--only-train")] * 2]
    assert found["batch"][64]["train"]["rounds"] == [2.0] * 3
    assert found["infer"]["rounds"] == [1.0] * 3


def test_the_machine_is_named():
    facts = machine.facts()
    assert all(facts.values())
    assert facts["NumPy"] == np.__version__
    others = machine.others_at_work(SHORT)
    assert others is None or others >= 0
    withheld = machine.withheld()
    assert withheld is None or 0 <= withheld[0] <= withheld[1]


def test_what_the_host_withheld_is_a_share_of_the_time_at_work():
    assert machine.share((10, 1000), (13, 1300)) == 0.01
    assert machine.share((10, 1000), (10, 1000)) is None  # nothing was at work
    assert machine.share(None, (10, 1000)) is None


def test_a_folder_without_mnist_is_refused(tmp_path):
    with pytest.raises(common.BenchmarkError, match="there is no MNIST"):
        common.data_dir(tmp_path)


def test_a_process_that_fails_is_no_figure():
    with pytest.raises(common.BenchmarkError, match="ended with 2"):
        common.last_of("main.py", "bench", "--preset", "no-such-net", "--json")


def test_what_cannot_be_measured_ends_with_1(capsys):
    def fail():
        raise common.BenchmarkError("no instrument")

    assert common.run(fail) == 1
    assert common.run(lambda: {"a": 1}) == 0
    assert json.loads(capsys.readouterr().out) == {"a": 1}


def test_training_is_measured(images):
    found = ours.measure("blog-cnn", 32, 1, SHORT, images)
    assert set(found) == {"preset", "batch", "threads", "train_images_per_s"}
    assert found["train_images_per_s"] > 0


def test_multiplications_and_width():
    assert ours.multiplications(ours.network("mlp-300")) == 784 * 300 + 300 * 10
    blog = 24 * 24 * 25 * 8 + 8 * 8 * 25 * 8 * 16 + 256 * 10
    assert ours.multiplications(ours.network("blog-cnn")) == blog
    wide = ours.network("digitscope", 2)
    plain = ours.network("digitscope")
    assert wide.shapes[0][0] == 2 * plain.shapes[0][0]
    assert wide.shapes[-2][0] == 2 * plain.shapes[-2][0]
    assert wide.shapes[-1] == plain.shapes[-1] == (10,)
    assert ours.multiplications(ours.network("mlp-300", 0.5)) == 784 * 150 + 150 * 10


def test_pace_begins_after_the_warm_up_and_ends_with_the_epoch(monkeypatch):
    clock = iter([0.0, 0.5, 1.0, 2.0, 3.0])
    monkeypatch.setattr(ours.time, "perf_counter", lambda: next(clock))
    pace = ours.Pace()
    for step, epoch in [(1, 0.1), (5, 0.2), (10, 0.3), (30, 0.6), (50, 0.9), (60, 1.0), (80, 1.1)]:
        pace.note(step, epoch)
    assert pace.epoch_is_over
    assert pace.seconds == 3.0
    assert pace.steps_per_s() == 20.0


def test_pace_of_too_few_steps_is_unknown():
    with pytest.raises(common.BenchmarkError, match="too few steps"):
        ours.Pace().steps_per_s()


def test_curves_are_measured_and_drawn(images):
    found = scaling.measure("mlp-300", SHORT, 1, images, batches=(16, 64), threads=(1,), widths=(0.5, 1.0))
    assert set(found) == {"preset", "batch", "threads", "width", "cores"}
    assert [point["x"] for point in found["batch"]] == [16, 64]
    assert all(point["images_per_s"] > 0 for name in ("batch", "threads", "width") for point in found[name])
    assert [point["multiplications"] for point in found["width"]] == [119_100, 238_200]
    drawing = ElementTree.fromstring(plot.curves(found))
    lines = drawing.findall("{http://www.w3.org/2000/svg}polyline")
    assert [len(line.attrib["points"].split()) for line in lines] == [2, 1, 2]


def test_objects_are_measured_beside_vectors(data_dir):
    found = object_network.measure(SHORT, 1, data_dir)["networks"]
    assert list(found) == ["2-2-1", "8-3-8", "784-300-10"]
    large = found["784-300-10"]
    assert large["ratio"]["median"] == pytest.approx(
        large["objects_ms"]["median"] / large["vectors_ms"]["median"], rel=1e-3
    )
    assert large["ratio"]["median"] > 1
    pixels, targets = object_network.digits(data_dir, 2)
    assert {len(row) for row in pixels} == {784}
    assert [sorted(row)[-2:] for row in targets] == [[0.1, 0.9]] * 2


def test_the_time_of_a_step_is_told_by_layer(data_dir):
    found = layers.measure(["blog-cnn"], 2, data_dir)
    figures = found["presets"]["blog-cnn"]
    assert [each["layer"] for each in figures["layers"]][0] == "conv 5×5×8"
    assert figures["layers"][0]["gflops"] > 0
    assert figures["layers"][1]["gflops"] is None
    parts = sum(each["forward_us"] + each["backward_us"] for each in figures["layers"])
    assert figures["us_per_image"] == pytest.approx(parts + figures["rest_us"])
    assert found["product_gflops"] > 0
    for way in ("reading", "one_image"):
        figures = found[way]["blog-cnn"]
        assert figures["us_per_image"] > 0
        assert [each["gflops"] is None for each in figures["layers"]] == [False, *[True] * 2, False, *[True] * 3, False]
    assert found["reading"]["blog-cnn"]["us_per_image"] < found["one_image"]["blog-cnn"]["us_per_image"]


def test_costs_beyond_proportional_are_found():
    assert scaling.costs(MADE_UP["scaling"]) == {"batch": 0.5, "threads": 2.0, "width": 1.0}


@pytest.mark.slow
def test_ours_beside_torch(data_dir):
    options = ("--threads", 2, "--seconds", SHORT, "--data-dir", data_dir)
    assert set(beside_torch.FIGURES) <= set(beside_torch.ours("mlp-300", 64, options))


@pytest.mark.slow
def test_a_busy_process_is_measured(data_dir):
    found = busy.measure(["mlp-300"], [], 64, 1, SHORT, range(1), data_dir)
    assert set(found["ours"]["mlp-300"]) == {"share", "quiet", "busy"}
    assert found["torch"] == {}
    assert [row.reached for row in busy.rows(found)] == [found["ours"]["mlp-300"]["share"]["median"] >= busy.GOAL]


@pytest.mark.slow
def test_the_window_is_measured(data_dir):
    found = window.measure(8.0, 2, 1.0, range(0), data_dir)  # enough for some steps after the warm-up on any machine
    assert found["preset"] == "digitscope"
    late = found["lateness_ms"]
    assert 0 <= late["p50"] <= late["p99"] <= late["worst"]
    assert late["count"] > 0
    assert 0 < found["answer_ms"]["p50"] <= found["answer_ms"]["p95"] <= found["answer_ms"]["worst"]
    assert found["answer_ms"]["count"] >= found["newest_ms"]["count"] > 0
    assert found["newest_ms"]["p50"] <= found["answer_ms"]["p50"]
    assert found["speed"]["share"] is None


@pytest.mark.slow
def test_the_start_is_measured(data_dir):
    found = startup.measure(1, data_dir, beside_torch=False)
    assert set(found) == {"painted_s", "answered_s", "cold_s"}
    assert set(found["painted_s"]) == SPREAD
    assert 0 < found["painted_s"]["median"] < found["answered_s"]["median"]


@pytest.mark.slow
def test_memory_is_measured(data_dir):
    found = memory.measure(5.0, 1, "mlp-300", data_dir)
    keys = {"imports_mb", "beyond_imports_mb", "peak_beyond_imports_mb", "growth_mb", "mb_per_hour", "seconds", "curve"}
    assert keys <= set(found)
    assert found["imports_mb"] > 10
    assert 47 < found["peak_beyond_imports_mb"] < 2000  # the images alone are 47 MB
    assert all(a[0] < b[0] for a, b in pairwise(found["curve"]))
    memory.rows(found)


@pytest.mark.slow
def test_an_epoch_is_measured(data_dir):
    found = time_to_99.measure("mlp-300", 2, 1, data_dir, beside_torch=False)
    assert set(found) == {"preset", "ours"}
    assert found["ours"]["seconds"]["median"] > 0
    assert 0.9 < found["ours"]["accuracy"]["median"] < 1


@pytest.mark.peers
def test_torch_is_measured_beside_us(data_dir):
    found = beside_torch.measure(["mlp-300"], [64], 2, SHORT, range(1), data_dir)
    assert set(found["presets"]["mlp-300"]) == {"batch", "infer", "latency", "ours", "torch"}
    assert len(beside_torch.rows(found)) == 3


@pytest.mark.peers
def test_torch_learns_by_the_same_recipe(data_dir):
    found = time_to_99.measure("mlp-300", 2, 1, data_dir)
    assert found["torch"]["accuracy"]["median"] == pytest.approx(found["ours"]["accuracy"]["median"], abs=0.002)
    assert len(time_to_99.rows(found)) == 2


@pytest.mark.peers
def test_torch_is_imported_beside_the_start(data_dir):
    found = startup.measure(1, data_dir)
    assert set(found) == {"painted_s", "answered_s", "import_torch_s", "ratio", "cold_s"}
    assert len(startup.rows(found)) == 1
