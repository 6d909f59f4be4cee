"""What `strokes` found, for people."""

from __future__ import annotations

from typing import Any


def print_figures(found: dict[str, Any]) -> None:
    """Print accuracy, calibration and confusion, and what became of drawings that are no digits."""
    print(f"accuracy {found['accuracy']:.2%}: {found['right']:,} of {found['n']:,} digits read right")
    print(f"unsure of {found['unsure']} ({found['unsure'] / found['n']:.2%})")
    print(f"expected calibration error {found['calibration_error']:.2%} (15 bins)")
    for what in ("digit", "provider", "kind"):
        print(f"\nby {what}")
        for name, group in found[f"by_{what}"].items():
            print(f"  {name:<16}{group['accuracy']:>8.2%}{group['right']:>7} of {group['n']}")
    print("\nread as" + "".join(f"{digit:>6}" for digit in [*range(10), "–"]))
    for digit, row in enumerate(found["confusion"]):
        print(f"true {digit} " + "".join(f"{count or '·':>6}" for count in row))
    if "others" in found:
        others = found["others"]
        print(f"\nno digits: unsure of {others['doubted']:.1%} of {others['n']}")
        if others["read_as"]:
            print("read as digits: " + ", ".join(others["read_as"]))


def print_numbers(found: dict[str, Any]) -> None:
    """Print how many numbers are read whole, their digits, and the mistakes."""
    print(f"{found['accuracy']:.2%} read whole: {found['right']:,} of {found['n']:,} numbers")
    print(f"as many digits as were written: {found['right_count'] / found['n']:.2%}")
    print("\nby digit")
    for name, group in found["by_digit"].items():
        print(f"  {name:<16}{group['accuracy']:>8.2%}{group['right']:>7} of {group['n']}")
    if found["mistakes"]:
        print("\nread wrong: " + ", ".join(f"{written} as {read}" for written, read in found["mistakes"]))
