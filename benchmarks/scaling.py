"""Training speed against the size of the batch, the number of threads and the width of the layers.

Prints {"preset", "batch", "threads", "width"}: a list of points for each of the last three, {"x", "images_per_s"} with
rounds, and for width also "multiplications" of one image forwards. `--plot F` draws the curves as SVG.
"""

from __future__ import annotations

import os
import statistics
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.common import Found, Row, data_dir, parser, run, say
from benchmarks.ours import mnist, multiplications, network, training_rate
from nn_core.data import Split
from nn_core.presets import DEFAULT_PRESET, PRESETS

BATCHES, THREADS, WIDTHS = (16, 32, 64, 128, 256, 512, 1024), (1, 2, 4), (0.5, 1.0, 2.0)
BATCH, TWO = 128, 2  # where they are not what is varied
TOLERANCE = 1.1  # for noise: a cost counts as worse than proportional from here on


def measure(
    preset: str,
    seconds: float,
    rounds: int,
    images: Split,
    batches: Sequence[int] = BATCHES,
    threads: Sequence[int] = THREADS,
    widths: Sequence[float] = WIDTHS,
) -> Found:
    """Three curves; the rounds go over all points in turn."""
    nets = {width: network(preset, width) for width in widths}
    plain = network(preset)
    found: Found = {
        "preset": preset,
        "batch": _curve(
            "batch", batches, rounds, lambda x: training_rate(plain, images, int(x), TWO, seconds)
        ),
        "threads": _curve(
            "threads", threads, rounds, lambda x: training_rate(plain, images, BATCH, int(x), seconds)
        ),
        "width": _curve(
            "width", widths, rounds, lambda x: training_rate(nets[x], images, BATCH, TWO, seconds)
        ),
    }  # fmt: skip
    for point in found["width"]:
        point["multiplications"] = multiplications(nets[point["x"]])
    found["cores"] = os.cpu_count()
    return found


def _curve(name: str, places: Sequence[float], rounds: int, speed: Callable[[float], float]) -> list[Found]:
    found: dict[float, list[float]] = {x: [] for x in places}
    for _ in range(rounds):
        for x in places:
            found[x].append(speed(x))
    points = [{"x": x, "images_per_s": statistics.median(r), "rounds": [round(v) for v in r]} for x, r in found.items()]
    say(f"{name}: " + ", ".join(f"{point['x']:g} → {point['images_per_s']:,.0f} images/s" for point in points))
    return points


def costs(found: Found) -> dict[str, float]:
    """How the cost of an image grows along each curve, against what would be proportional; 1 is proportional.

    batch: the most that an image costs in a larger batch beyond a smaller one. width: the same for a multiplication in
    a wider network. threads: time with more threads ÷ with fewer, at worst; more than there are cores may not help, but
    must not cost.
    """
    batch = [1 / point["images_per_s"] for point in found["batch"]]
    threads = [1 / point["images_per_s"] for point in found["threads"]]
    width = [1 / (point["images_per_s"] * point["multiplications"]) for point in found["width"]]
    return {name: _worst(curve) for name, curve in (("batch", batch), ("threads", threads), ("width", width))}


def _worst(cost: Sequence[float]) -> float:
    """The largest ratio of a later cost to an earlier one."""
    return max((cost[j] / cost[i] for i in range(len(cost)) for j in range(i + 1, len(cost))), default=1.0)


def rows(found: Found) -> list[Row]:
    """The rows of the table."""
    table = []
    meaning = {"batch": "an image's cost", "threads": "time of more ÷ fewer", "width": "a multiplication's cost"}
    for name, cost in costs(found).items():
        points = " · ".join(f"{point['x']:g}: {point['images_per_s']:,.0f}" for point in found[name])
        what = f"{found['preset']}: images/s against {name} ({meaning[name]} at worst: {cost:.2f} of proportional)"
        table.append(Row(what, f"≤ {TOLERANCE}", points, cost <= TOLERANCE))
    return table


def main() -> int:
    """Run from the command line."""
    options = parser(__doc__, seconds=0.6, rounds=4, threads=False)
    options.add_argument("--preset", choices=PRESETS, default=DEFAULT_PRESET)
    options.add_argument("--plot", type=Path, help="an SVG file to draw the curves into")
    a = options.parse_args()

    def measured() -> Found:
        found = measure(a.preset, a.seconds, a.rounds, mnist(data_dir(a.data_dir)))
        if a.plot:
            from benchmarks.plot import curves

            a.plot.write_text(curves(found), "utf-8")
        return found

    return run(measured)


if __name__ == "__main__":
    sys.exit(main())
