"""Digitscope's one entry: no arguments open the window, a subcommand runs without one."""

import sys

from cli import main

if __name__ == "__main__":
    sys.exit(main())
