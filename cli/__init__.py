"""The command line: everything that Digitscope does without its window, and the way into it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from cli.arguments import parse
from cli.terminal import take_any_text, visible
from nn_core.errors import DigitscopeError


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; the exit status is 0, 1 when a check fails, 2 after bad input, 130 after Ctrl-C."""
    take_any_text()
    arguments = parse(sys.argv[1:] if argv is None else argv)
    try:
        status: int = arguments.run(arguments)
        sys.stdout.flush()
        return status
    except DigitscopeError as error:
        print(f"digitscope: {visible(' '.join(str(error).split()))}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("digitscope: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader has gone (`digitscope presets | head`): nobody is left to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
