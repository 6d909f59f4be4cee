"""The command line: everything that Digitscope does without its window, and the way into it."""

from __future__ import annotations

import errno
import sys
from collections.abc import Sequence

from cli.arguments import parse
from cli.terminal import complain, give_up, take_any_text, tell
from nn_core.errors import DigitscopeError

_NO_MORE = {errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; the exit status is 0, 1 when a check fails, 2 after bad input, 130 after Ctrl-C."""
    take_any_text()
    try:
        return _run(sys.argv[1:] if argv is None else argv)
    except DigitscopeError as error:
        return _refused(str(error))
    except KeyboardInterrupt:
        tell("digitscope: stopped")
        return 130
    except BrokenPipeError:  # the reader has gone (`digitscope presets | head`): nobody is left to tell
        give_up(sys.stdout)
        return 0
    except MemoryError:
        return _refused("there is not enough memory for this")
    except OSError as error:
        if error.errno in _NO_MORE:
            give_up(sys.stdout)
            return _refused(f"the system gives no more processes, files or memory: {error.strerror}")
        if error.filename is not None:  # a file's, and not of stdout
            raise
        give_up(sys.stdout)
        return _refused(f"the output cannot be written: {error.strerror or error}")


def _run(argv: Sequence[str]) -> int:
    try:
        arguments = parse(argv)
        if sys.stdout is None and arguments.command != "window":
            return _refused("the output is closed: there is nowhere to write to")
        status: int = arguments.run(arguments)
        return status
    finally:
        if sys.stdout is not None:  # a window without a console has none
            sys.stdout.flush()


def _refused(why: str) -> int:
    complain(why)
    return 2
