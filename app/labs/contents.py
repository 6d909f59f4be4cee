"""The table of contents of the Labs: a row a page, in the order of the list."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from app.labs.page import LabPage


@dataclass(frozen=True, slots=True)
class Entry:
    """One page, which is imported when it is opened."""

    group: str
    title: str
    about: str  # one sentence
    key: str  # the module's name in app.labs, by which the page is remembered
    name: str  # of the class

    def make(self) -> LabPage:
        """Import the page's module and make the page."""
        page = getattr(import_module(f"app.labs.{self.key}"), self.name)()
        assert isinstance(page, LabPage)
        return page


_NEURON, _NETWORK = "A neuron", "A small network"
_CONVOLUTION, _LEARNING, _DATA = "Convolution", "Learning", "Data"

#: Pages of one group stand together; a group is headed by its name where it begins.
ENTRIES: tuple[Entry, ...] = (
    Entry(
        _NEURON,
        "Perceptron",
        "A neuron that votes: weigh the inputs, compare with a threshold, and learn from mistakes.",
        "perceptron",
        "PerceptronPage",
    ),
    Entry(
        _NETWORK,
        "Worked example",
        "Two inputs, two hidden neurons, two outputs: every number, forwards, backwards and after the update.",
        "worked_example",
        "WorkedExamplePage",
    ),
    Entry(
        _NETWORK,
        "Network of objects",
        "Nodes and connections, each with its output, error term, weight and gradient, stepped by hand or trained.",
        "object_network",
        "ObjectNetworkPage",
    ),
    Entry(
        _NETWORK,
        "Gradient check",
        "Is the backward pass right? Every gradient beside one found by moving a value and looking at the loss.",
        "gradient_check",
        "GradientCheckPage",
    ),
    Entry(
        _CONVOLUTION,
        "Convolution by hand",
        "A kernel walks over a small image: change any number, and follow every product, sum and size.",
        "convolution_by_hand",
        "ConvolutionByHandPage",
    ),
    Entry(
        _CONVOLUTION,
        "Classic kernels",
        "Edges, blurs, sharpening and relief on a picture, yours too, and what pooling leaves of them.",
        "classic_kernels",
        "ClassicKernelsPage",
    ),
    Entry(
        _CONVOLUTION,
        "Recover a kernel",
        "An image and what an unknown kernel made of it: gradient descent finds the kernel in front of you.",
        "kernel_recovery",
        "KernelRecoveryPage",
    ),
    Entry(
        _LEARNING,
        "Activations",
        "What a unit answers to the sum of its inputs, how steep that is, and where it stops passing gradients.",
        "activations",
        "ActivationsPage",
    ),
    Entry(
        _LEARNING,
        "Losses",
        "What a wrong answer costs, and how hard the loss pulls it back.",
        "losses",
        "LossesPage",
    ),
    Entry(
        _LEARNING,
        "Initialisers",
        "How weights are drawn decides whether activations and gradients survive a deep network.",
        "initialisers",
        "InitialisersPage",
    ),
    Entry(
        _LEARNING,
        "Optimiser race",
        "Thirteen ways to take a step: one network, the same start, the same batches.",
        "optimiser_race",
        "OptimiserRacePage",
    ),
    Entry(
        _LEARNING,
        "Batch size",
        "From one image to the whole set: how noisy the gradient is, and what a step costs.",
        "batch_size",
        "BatchSizePage",
    ),
    Entry(
        _LEARNING,
        "Pre-training",
        "Layers that learn digits without labels, by restoring damaged ones, and what that is worth with few labels.",
        "pretraining",
        "PretrainingPage",
    ),
    Entry(
        _LEARNING,
        "Search",
        "Which settings learn best? Grid, random or Bayesian trials, judged by images held out of training.",
        "search",
        "SearchPage",
    ),
    Entry(
        _DATA,
        "Augmentation",
        "One digit in many variants: shifted, turned, bent, cropped, flipped, noisy, as much as you set.",
        "augmentation",
        "AugmentationPage",
    ),
)
