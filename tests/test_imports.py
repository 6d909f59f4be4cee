"""Imports run one way, the way of the data: a reader who follows a digit to the screen never turns back."""

from __future__ import annotations

import ast
import graphlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# What each part of the product may import besides the standard library. Torch is in no list: only tests and benchmarks
# have it. Nor is anything that runs code out of a file.
THIRD_PARTY = {
    "nn_core": {"numpy", "safetensors", "threadpoolctl", "platformdirs", "onnx", "optuna"},
    "resources": set(),
    "app": {"numpy", "PySide6", "shiboken6", "pyqtgraph", "PIL", "platformdirs"},
    "cli": {"numpy", "threadpoolctl"},
    "main": set(),
}
NEVER = {"pickle", "marshal", "shelve", "dbm"}
REFUSES_PICKLES = "app.no_pickles"  # and needs the module for that

# What each part may import of the others; `ONLY` narrows this for single modules and packages.
PARTS = {
    "nn_core": {"nn_core"},
    "resources": set(),
    "app": {"app", "nn_core", "resources"},
    "cli": {"cli", "app", "nn_core", "resources"},
    "main": {"cli"},
}
ONLY = {
    "nn_core.errors": set(),
    "nn_core.events": set(),
    "nn_core.description": set(),
    "nn_core.settings": {"nn_core.errors"},
    "nn_core.early_stopping": {"nn_core.layers"},
    "nn_core.recipes": {"nn_core.settings", "nn_core.errors"},
    "nn_core.normalization": {"nn_core.layers", "nn_core.errors"},
    "nn_core.initializers": {"nn_core.errors"},
    # A layer knows no network, optimiser, data or file; a network no optimiser, data or file.
    "nn_core.layers": {"nn_core.layers", "nn_core.initializers", "nn_core.errors"},
    "nn_core.parameters": {"nn_core.layers", "nn_core.errors"},
    "nn_core.network": {"nn_core.layers", "nn_core.parameters", "nn_core.description", "nn_core.errors"},
    "nn_core.losses": {"nn_core.layers", "nn_core.errors"},
    "nn_core.optimizers": {"nn_core.optimizers", "nn_core.layers", "nn_core.errors"},
    "nn_core.tensorfile": {"nn_core.layers", "nn_core.errors"},
    "nn_core.model": {"nn_core.network", "nn_core.normalization", "nn_core.losses", "nn_core.layers", "nn_core.errors"},
    "nn_core.chain": {"nn_core.network", "nn_core.layers", "nn_core.initializers", "nn_core.errors"},
    "nn_core.presets": {
        "nn_core.chain",
        "nn_core.model",
        "nn_core.network",
        "nn_core.layers",
        "nn_core.initializers",
        "nn_core.normalization",
        "nn_core.randomness",
        "nn_core.errors",
    },
    # Data knows nothing of networks; the program's own digits are drawn by the ink of the canvas.
    "nn_core.pieces": {"nn_core.errors"},
    "nn_core.raster": {"nn_core.pieces", "nn_core.errors"},
    "nn_core.fitting": {"nn_core.pieces", "nn_core.raster", "nn_core.errors"},
    "nn_core.ink": {"nn_core.pieces", "nn_core.raster", "nn_core.fitting", "nn_core.errors"},
    "nn_core.mark_tensors": {"nn_core.ink", "nn_core.layers", "nn_core.errors"},
    "nn_core.patches": set(),
    "nn_core.photographs": {"nn_core.ink", "nn_core.patches", "nn_core.raster", "nn_core.errors"},
    "nn_core.data": {"nn_core.data", "nn_core.errors"},
    "nn_core.pen": {
        "nn_core.pen",
        "nn_core.data",
        "nn_core.ink",
        "nn_core.fitting",
        "nn_core.pieces",
        "nn_core.errors",
    },
    # What is measured is handwriting and answers, whoever gave them.
    "nn_core.doubt": {"nn_core.model", "nn_core.layers", "nn_core.errors"},
    "nn_core.numbers": {
        "nn_core.numbers",
        "nn_core.doubt",
        "nn_core.model",
        "nn_core.ink",
        "nn_core.pieces",
        "nn_core.errors",
    },
    "nn_core.measuring": {"nn_core.measuring", "nn_core.ink", "nn_core.errors"},
    # An explanation is of drawings and a model; it knows no run.
    "nn_core.explaining": {
        "nn_core.explaining",
        "nn_core.model",
        "nn_core.network",
        "nn_core.layers",
        "nn_core.normalization",
        "nn_core.ink",
        "nn_core.fitting",
        "nn_core.pieces",
        "nn_core.raster",
        "nn_core.data",
        "nn_core.batches",
        "nn_core.events",
        "nn_core.workers",
        "nn_core.errors",
    },
    "app.mailbox": {"nn_core"},
    "app.worker": {"app.mailbox", "nn_core"},
}
# The session tells whoever listens, not knowing who that is. Only the demo and the replay know the window.
NOT = {
    "app": {"app.window"},
    "app.session": {"app.views", "app.window"},
    "app.application": set(),
    "app.demo": set(),
    "app.replay": set(),
}
NOT |= {name: {"app.views", "app.window"} for name in ("app.jobs", "app.reading", "app.run_store", "app.timeline_log")}
NOT["app.own_digits"] = {"app.views", "app.window"}
# Pages of the Labs are given what they show. A module of app.labs with a class so named is a page, and stands alone.
NOT |= {"app.labs": {"app.session", "app.window", "app.reading", "app.layout", "app.centre", "app.run_actions"}}
PAGE = re.compile(r"^class \w+\(LabPage\)", re.MULTILINE)
# These put the window together: what they know of is not to know of them.
BEHIND_THE_VIEWS = {"app.mailbox", "app.worker", "app.session", "app.window", "app.demo", "app.replay"}
BEHIND_THE_VIEWS |= {"app.jobs", "app.reading", "app.run_actions", "app.run_store", "app.timeline_log"}
BEHIND_THE_VIEWS |= {"app.drawings", "app.own_digits", "app.teaching"}
# A pane is a module of app.views with a class so named. Panes import no panes, but for those that join a few into one;
# what else lies there is a small part that panes are made of.
PANE = re.compile(r"^class \w+(View|Panel|Bars?|Preview)\b", re.MULTILINE)
COMPOSITES = {"app.views.drawing_panel", "app.views.network_view"}


def faults(sources: dict[str, str]) -> list[str]:
    """What is wrong with the imports of `sources` (module name -> text), a line each."""
    found = []
    graph: dict[str, set[str]] = {}
    for module, text in sources.items():
        edges = graph.setdefault(module, set())
        for line, target in imports(module, text, sources):
            reason = objection(module, target, sources)
            if reason:
                found.append(f"{module}:{line} imports {target}: {reason}")
            if target in sources and target != module:
                edges.add(target)
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        found.append("a circle of imports: " + " <- ".join(error.args[1]))
    return found


def imports(module: str, text: str, sources: dict[str, str]) -> Iterator[tuple[int, str]]:
    """Line and full name of every import in `text`, those inside functions and `if TYPE_CHECKING` too."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                yield node.lineno, "." * node.level + (node.module or "")
                continue
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield node.lineno, inner if inner in sources else str(node.module)


def objection(module: str, target: str, sources: dict[str, str]) -> str | None:
    """Why `module` may not import `target`, or None."""
    part, top = module.partition(".")[0], target.partition(".")[0]
    if not top:
        return "imports are written out in full here"
    if top in NEVER and (module, target) != (REFUSES_PICKLES, "pickle"):
        return "a file must not be able to run code"
    if top not in PARTS:
        known = top in sys.stdlib_module_names or top in THIRD_PARTY[part]
        return None if known else f"{part} does not depend on it"
    allowed = next((ONLY[name] for name in prefixes(module) if name in ONLY), PARTS[part])
    denied = next((NOT[name] for name in prefixes(module) if name in NOT), set())
    if not allowed.intersection(prefixes(target)) or denied.intersection(prefixes(target)):
        return "against the way of the data"
    if module.startswith("app.") and target.startswith("app.labs.") and PAGE.search(sources.get(target, "")):
        return "a page is imported by its name when it is opened"
    if module.startswith("app.views."):
        return view_objection(module, target, sources)
    return None


def view_objection(module: str, target: str, sources: dict[str, str]) -> str | None:
    """Why the view `module` may not import `target` of the project, or None."""
    if BEHIND_THE_VIEWS.intersection(prefixes(target)):
        return "a view is given what it shows"
    if target.startswith("app.views.") and PANE.search(sources.get(target, "")) and module not in COMPOSITES:
        return "the window puts panes together"
    return None


def prefixes(name: str) -> Iterator[str]:
    """`a.b.c`, `a.b`, `a`."""
    while name:
        yield name
        name = name.rpartition(".")[0]


def product() -> dict[str, str]:
    """Every module of the product, by its name."""
    files = [ROOT / "main.py"]
    for part in PARTS:
        files += (ROOT / part).rglob("*.py")
    names = {file: ".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files if file.exists()}
    return {name.removesuffix(".__init__"): file.read_text("utf-8") for file, name in names.items()}


def test_every_import_runs_with_the_data():
    sources = product()
    assert len(sources) > 20
    assert faults(sources) == []


@pytest.mark.parametrize(
    "module, line",
    [
        ("nn_core.network", "import PySide6.QtCore"),
        ("nn_core.network", "from app.session import Session"),
        ("nn_core.network", "from nn_core import trainer"),
        ("nn_core.network", "def forward():\n    import torch"),
        ("nn_core.modelfile", "import pickle"),
        ("nn_core.modelfile", "from .network import Sequential"),
        ("nn_core.layers.conv", "from nn_core.optimizers import Adam"),
        ("nn_core.data.idx", "import nn_core.network"),
        ("nn_core.events", "from nn_core.trainer import train"),
        ("app.views.canvas", "from app.session import Session"),
        ("app.views.canvas", "from app import worker"),
        ("app.views.canvas", "from app.views.curves import CurvesView"),
        ("app.labs.perceptron", "from app.session import Session"),
        ("app.labs.perceptron", "from app.labs.gradients import GradientsPage"),
        ("app.layout", "from app.labs import gradients"),
        ("nn_core.labs.perceptron", "from app.labs import parts"),
        ("app.worker", "from app.session import Session"),
        ("app.worker", "from app.views import canvas"),
        ("app.session", "from app.views.canvas import CanvasView"),
        ("app.theme", "from app.window import MainWindow"),
        ("app.theme", "import cli"),
        ("app.theme", "import matplotlib"),
        ("main", "import nn_core"),
    ],
)
def test_an_import_against_the_data_is_found(module, line):
    others = ["app.worker", "app.session", "app.views.canvas", "nn_core.trainer", "nn_core.network"]
    sources = dict.fromkeys([*others, "app.labs.parts"], "")
    sources["app.views.curves"] = "class CurvesView(QWidget): ..."
    sources["app.labs.gradients"] = "class GradientsPage(LabPage): ..."
    sources[module] = line
    assert len(faults(sources)) == 1


def test_a_circle_is_found():
    sources = {"nn_core.trainer": "from nn_core import history", "nn_core.history": "import nn_core.trainer"}
    assert [fault.partition(":")[0] for fault in faults(sources)] == ["a circle of imports"]


BLOCKED = """
import importlib, importlib.abc, pkgutil, sys

class Blocked(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PySide6", "shiboken6", "pyqtgraph", "app", "cli", "torch", "onnx", "PIL"}:
            raise ImportError(name + " is blocked")

sys.meta_path.insert(0, Blocked())
import nn_core
names = [module.name for module in pkgutil.walk_packages(nn_core.__path__, "nn_core.")]
for name in names:
    importlib.import_module(name)
print(*names)
"""


def python(code: str) -> str:
    """What `code` prints in a process of its own."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_whole_core_imports_without_a_window():
    assert "nn_core.network" in python(BLOCKED).split()


def test_the_version_is_read_without_loading_a_library():
    code = "import sys, nn_core; nn_core.__version__; print(*{name.partition('.')[0] for name in sys.modules})"
    assert not THIRD_PARTY["nn_core"] & set(python(code).split())
