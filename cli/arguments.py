"""What may stand on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from cli.terminal import visible


class _Parser(argparse.ArgumentParser):
    """argparse whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, visible(f"{self.prog}: {message}; see '{self.prog} --help'") + "\n")


_THREADS, _SEED = "changes the time alone (%(default)s)", "decides all that is random (%(default)s)"


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The arguments, with `run`: the function that does what they ask for."""
    parser = _Parser(prog="digitscope", description="See how a convolutional network learns to read digits.")
    parser.add_argument("--data-dir", type=Path, metavar="D", help="the data folder of the window")
    parser.add_argument("--version", action="version", version=f"digitscope {_version()}")
    parser.set_defaults(command="window")
    commands = parser.add_subparsers(dest="command", title="commands", description="Without one, the window opens.")
    commands.required = False
    for name, (about, add_options) in _COMMANDS.items():
        of_command = commands.add_parser(name, help=about)
        if name in argv:  # the options of the others, with all that their defaults import, are not needed
            add_options(of_command)
    arguments = parser.parse_args(argv)
    command = arguments.command = arguments.command or "window"
    # Only the command that runs is imported: `presets` need not wait for Qt, nor `train` for the window.
    arguments.run = lambda found: import_module(f"cli.{command}").run(found)
    return arguments


def _add_train(train: argparse.ArgumentParser) -> None:
    from cli.train_options import add_keeping, add_settings

    _add_data(train)
    add_settings(train)
    add_keeping(train)
    _add_json(train)


def _add_search(search: argparse.ArgumentParser) -> None:
    from cli.train_options import add_searching, add_settings

    _add_data(search)
    add_settings(search)
    add_searching(search)
    _add_json(search)


def _add_evaluate(evaluate: argparse.ArgumentParser) -> None:
    from cli.train_options import DEFAULTS

    evaluate.add_argument("model", metavar="MODEL", help="a model file, or 'default' for the shipped one")
    evaluate.add_argument("--dataset", default="mnist", metavar="S", help="the images to read (%(default)s)")
    evaluate.add_argument("--threads", type=int, default=DEFAULTS.threads, metavar="T", help=_THREADS)
    _add_data(evaluate)
    _add_json(evaluate)


def _add_predict(predict: argparse.ArgumentParser) -> None:
    predict.add_argument("model", metavar="MODEL", help="a model file, or 'default' for the shipped one")
    predict.add_argument("images", metavar="IMAGE", type=Path, nargs="+", help="a picture of a digit, or of a number")
    _add_json(predict)


def _add_teach(teach: argparse.ArgumentParser) -> None:
    from cli.train_options import DEFAULTS

    teach.add_argument("model", metavar="MODEL", help="a model file, or 'default' for the shipped one")
    teach.add_argument("own", metavar="OWN_FILE", type=Path, help="own digits, as the window exports them")
    teach.add_argument("--out", type=Path, required=True, metavar="M", help="the model file to write")
    teach.add_argument("--layers", choices=("last", "all"), default="all", help="which layers learn (%(default)s)")
    teach.add_argument("--seed", type=int, default=DEFAULTS.seed, metavar="S", help=_SEED)
    teach.add_argument("--threads", type=int, default=DEFAULTS.threads, metavar="T", help=_THREADS)
    _add_data(teach)
    _add_json(teach)


def _add_bench(bench: argparse.ArgumentParser) -> None:
    from cli.train_options import DEFAULTS

    bench.add_argument("--preset", default=DEFAULTS.preset, metavar="P", help="a network: name or chain (%(default)s)")
    bench.add_argument("--batch", type=int, default=128, metavar="B", help="images in a step (%(default)s)")
    bench.add_argument("--threads", type=int, default=DEFAULTS.threads, metavar="T", help=_THREADS)
    bench.add_argument("--seconds", type=float, default=4.0, metavar="N", help="for each measurement (%(default)s)")
    bench.add_argument("--dataset", default="mnist", metavar="S", help="the images (%(default)s)")
    _add_data(bench)
    _add_json(bench)


def _add_info(info: argparse.ArgumentParser) -> None:
    info.add_argument("what", metavar="PRESET-or-MODEL", help="or a chain: 'conv 5x5x8 -> relu -> …'")
    _add_json(info)


def _add_gradcheck(check: argparse.ArgumentParser) -> None:
    from cli.train_options import DEFAULTS

    check.add_argument("what", metavar="PRESET-or-MODEL", help="or a chain: 'conv 5x5x8 -> relu -> …'")
    check.add_argument("--layer", type=int, metavar="N", help="this layer alone, as 'info' counts them (all)")
    check.add_argument("--entries", type=int, default=20, metavar="K", help="of each array, at most (%(default)s)")
    check.add_argument("--loss", default=DEFAULTS.loss, help="mse, binary-cross-entropy … (%(default)s)")
    check.add_argument("--seed", type=int, default=DEFAULTS.seed, metavar="S", help=_SEED)
    _add_json(check)


def _add_fetching(data: argparse.ArgumentParser) -> None:
    data.add_argument("--fetch", action="store_true", help="fetch MNIST (12 MB) into the data folder")
    data.add_argument("--mirror", action="append", metavar="URL", help="fetch from there instead")
    _add_data(data)
    _add_json(data)


def _add_strokes(strokes: argparse.ArgumentParser) -> None:
    strokes.add_argument("file", metavar="FILE", type=Path, help="an .npz file of digits as pen strokes")
    strokes.add_argument("--model", default="default", metavar="M", help="a model file, or 'default' (%(default)s)")
    strokes.add_argument("--seed", type=int, default=0, metavar="S", help="decides size, place and pen (%(default)s)")
    strokes.add_argument("--limit", type=int, metavar="N", help="only N digits, drawn from the seed")
    strokes.add_argument(
        "--others", nargs="?", const="default", metavar="F",
        help="replay drawings that are no digits, too: a JSON file, or the shipped one",
    )  # fmt: skip
    strokes.add_argument(
        "--numbers", type=int, metavar="N", help="replay N three-digit numbers composed of the digits instead"
    )
    strokes.add_argument("--sheet", type=Path, metavar="F", help="a PNG file to write the mistakes to")
    _add_json(strokes)


def _add_doubt(doubt: argparse.ArgumentParser) -> None:
    doubt.add_argument("--out", type=Path, required=True, metavar="M", help="the model file to write")
    _add_data(doubt)
    _add_json(doubt)


def _add_export(export: argparse.ArgumentParser) -> None:
    export.add_argument("model", metavar="MODEL", help="a model file, or 'default' for the shipped one")
    export.add_argument("--onnx", type=Path, required=True, metavar="F", help="the ONNX file to write")
    _add_json(export)


def _add_demo(demo: argparse.ArgumentParser) -> None:
    demo.add_argument("--screenshot", type=Path, required=True, metavar="F", help="the PNG file to write")
    demo.add_argument("--seconds", type=float, default=30.0, metavar="N", help="how long it trains (%(default)s)")
    _add_data(demo)
    _add_json(demo)


def _add_data(parser: argparse.ArgumentParser) -> None:
    # SUPPRESS: an option that a subcommand does not get must not overwrite what stood before it.
    parser.add_argument(
        "--data-dir", type=Path, metavar="D", default=argparse.SUPPRESS,
        help="the data folder (else $DIGITSCOPE_DATA_DIR, else the user's)",
    )  # fmt: skip


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="machine-readable lines on stdout")


def _version() -> str:
    from nn_core import __version__

    return __version__


#: The commands, with a line about each and what adds its options.
_COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "train": ("train a network", _add_train),
    "search": ("try settings of 'train', and find the best", _add_search),
    "evaluate": ("how good a model is on the test split", _add_evaluate),
    "predict": ("read digits in pictures", _add_predict),
    "teach": ("teach a model your own digits", _add_teach),
    "bench": ("measure the speed of training and of reading", _add_bench),
    "info": ("the layers of a preset or a model file", _add_info),
    "gradcheck": ("the gradients beside central differences; status 1 if they differ", _add_gradcheck),
    "presets": ("the networks that have a name", _add_json),
    "recipes": ("complete training runs by name, and what they reached", _add_json),
    "data": ("where the data is, and fetching MNIST", _add_fetching),
    "strokes": ("how well real handwriting is read on the canvas", _add_strokes),
    "doubt": ("train the network that tells digits from other drawings", _add_doubt),
    "export": ("write a model as ONNX, for other programs", _add_export),
    "demo": ("open the window, draw, train a little, save a picture of it", _add_demo),
}
