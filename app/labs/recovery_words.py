"""What is said of the search for a kernel: how far it is, how steep the way is, and what noise leaves."""

from __future__ import annotations

import math

from app.views.wording import number
from nn_core.labs.kernel_recovery import Curvature, KernelRecovery

#: A kernel counts as found when no weight is further off.
FOUND = 1e-3


def state_words(recovery: KernelRecovery) -> str:
    """Steps, loss, and the largest difference to the unknown kernel."""
    if not recovery.steps:
        return "Step 0: the learned kernel begins at zero. Press Run, or take single steps."
    found = next((step for step, error in enumerate(recovery.errors) if error < FOUND), None)
    words = f"Step {recovery.steps} · loss {number(recovery.losses[-1])} · largest difference {number(recovery.error)}"
    return words if found is None else f"{words} · below {FOUND:g} since step {found}"


def slope_words(curvature: Curvature) -> str:
    """What the image says of the way down."""
    if not math.isfinite(curvature.condition):
        return (
            "This image leaves some directions of the kernel open: many kernels give the same answer, "
            "and the one that is found depends on where the descent begins."
        )
    return (
        f"The loss is a bowl, {number(curvature.condition)} times as steep one way as another. Plain gradient descent "
        f"stays in it below a rate of {number(curvature.highest_rate)}, and is slow where it is flat."
    )


def noise_words(recovery: KernelRecovery) -> str:
    """What noise does to the result; nothing without noise."""
    if not recovery.noise:
        return ""
    return (
        f"With this noise the right kernel has a loss of about σ² = {number(recovery.noise**2)}; the descent ends a "
        "little below, at the kernel that fits the noise too, and so a little beside the right one."
    )
