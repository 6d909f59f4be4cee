"""A hand at work: how far a written digit strays from the way that its writer has in mind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn_core.pen.curves import Curve, curves
from nn_core.pen.skeletons import Way

Lines = list[NDArray[np.float64]]  # one (N, P, 2) a stroke: the same stroke of N digits


@dataclass(frozen=True, slots=True)
class Hand:
    """How widely hands differ: standard deviations, lengths in hundredths of a digit's height, angles in radians.

    What shapes a digit as a whole (haste, bend, aspect, slant) strays by two of its deviations at most: further out
    there is nothing left that a person could read.
    """

    haste: float = 0.38  # logarithm of how careless a digit is written: it scales aim, end, hook, lift, wobble and bend
    aim: float = 3.4  # each point aimed for
    end: float = 4.0  # each end of a stroke, along its direction: under- and overshoot
    hook: float = 5.0  # how far the tip of one end in four turns aside, as the pen lands and leaves
    flick: float = 18.0  # how far one downstroke in five is followed upwards again, as the pen flies off
    lift: float = 3.6  # where a stroke lands after a lift: gaps and overlaps
    stretch: float = 0.07  # a stroke's size against the others
    wobble: float = 0.9  # sideways, as the pen slows and hurries along a stroke
    bend: float = 0.09  # smooth distortion of the whole, a share of half its height
    aspect: float = 0.25  # logarithm of width over height
    wide: float = 0.05  # the mean of that logarithm
    slant: float = 0.22  # shear to the right, a share of the height
    upright: float = 0.10  # the mean of that shear
    turn: float = 0.09  # rotation


_FURTHEST = 2.0  # deviations
_WAVE = 70.0  # the length of the slowest wobble along a stroke
_HOOK, _HOOKED = 16.0, 0.25  # the length of a hook, and the share of ends that have one
_WAVES = np.array([1.0, 2.0, 3.5])
_FLICKED, _LONGEST_FLICK = 0.2, 40.0  # the share of downstrokes that are flicked, and the longest flick
FLICK_POINTS = 6  # that every stroke has after its end, most of them all at one place
_FLICK_TURN, _FLICK_SPREAD = 0.45, 0.25  # radians between a downstroke and its flick: mean and standard deviation
_DOWN = 0.7  # cosine of the angle to the vertical within which a stroke ends downwards
_NARROWEST, _WIDEST = {7: 0.92}, {1: 1.15}  # beyond it a 7 would be a 1, and a 1 a 7
_POWERS = ((2, 0), (1, 1), (0, 2), (3, 0), (2, 1), (1, 2), (0, 3))


def write(way: Way, count: int, *, rng: np.random.Generator, hand: Hand, spacing: float) -> Lines:
    """Return `count` different hands' strokes of one way, each about 100 high around (0, 0)."""
    haste = np.exp(hand.haste * _limited(rng, (count, 1, 1)))
    lines = [_stroke(curve, haste, rng, hand) for curve in curves(way, spacing)]
    low = np.min([line.min(axis=1) for line in lines], axis=0)[:, None]
    high = np.max([line.max(axis=1) for line in lines], axis=0)[:, None]
    for line in lines:
        line -= (low + high) / 2
    return _posture(lines, way.digit, haste, rng, hand)


def _stroke(curve: Curve, haste: NDArray[np.float64], rng: np.random.Generator, hand: Hand) -> NDArray[np.float64]:
    count = len(haste)
    aims = curve.aims + rng.normal(0.0, hand.aim, (count, *curve.aims.shape)) * haste
    for tip, before in ((0, 1), (-1, -2)):
        way = curve.aims[tip] - curve.aims[before]
        aims[:, tip] += rng.normal(0.0, hand.end, (count, 1)) * haste[:, 0] * way / max(float(np.hypot(*way)), 1.0)
    line: NDArray[np.float64] = curve.line @ aims
    line += _rounding(line) * rng.uniform(0.0, 1.0, (count, 1, 1))
    phase = rng.uniform(0.0, 2 * np.pi, (count, 1, 2, len(_WAVES)))
    size = rng.normal(0.0, hand.wobble, (count, 1, 2, len(_WAVES))) * haste[..., None] / _WAVES
    line += (size * np.sin(2 * np.pi / _WAVE * curve.run[:, None, None] * _WAVES + phase)).sum(axis=-1)
    line = _with_hooks(line, curve, haste, rng, hand)
    line = np.concatenate([line, _flick(line, rng, hand)], axis=1)
    middle = line.mean(axis=1, keepdims=True)
    line = middle + (line - middle) * np.exp(rng.normal(0.0, hand.stretch, (count, 1, 2)))
    return line + rng.normal(0.0, hand.lift, (count, 1, 2)) * haste


def _with_hooks(
    line: NDArray[np.float64], curve: Curve, haste: NDArray[np.float64], rng: np.random.Generator, hand: Hand
) -> NDArray[np.float64]:
    count = len(haste)
    for run in (curve.run, curve.run[-1] - curve.run):
        size = rng.normal(0.0, hand.hook, (count, 1, 2)) * (rng.random((count, 1, 1)) < _HOOKED)
        line += size * haste * np.maximum(0.0, 1.0 - run / _HOOK)[:, None] ** 2
    return line


def _flick(line: NDArray[np.float64], rng: np.random.Generator, hand: Hand) -> NDArray[np.float64]:
    """Return the points (N, F, 2) by which a pen goes on after its stroke; most of them stay where it ended.

    A fast hand is on its way up and right, to where the next digit begins, before the pen has left the paper.
    """
    count, end = len(line), line[:, -1]
    back = line[:, -4 if line.shape[1] >= 4 else 0] - end
    length = np.hypot(back[:, 0], back[:, 1])
    upright = -back[:, 1] > _DOWN * np.maximum(length, 1e-9)
    flicked = upright & (rng.random(count) < _FLICKED)
    size = np.minimum(np.abs(rng.normal(0.0, hand.flick, count)), _LONGEST_FLICK) * flicked
    angle = np.arctan2(back[:, 1], back[:, 0]) + rng.normal(_FLICK_TURN, _FLICK_SPREAD, count)
    tip = size[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    shares = np.linspace(0.0, 1.0, FLICK_POINTS + 1)[1:, None]
    return np.asarray(end[:, None] + shares * tip[:, None])


def _rounding(line: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the way (N, P, 2) from each point to the mean of those around it: a fast hand cuts corners."""
    smooth = line.copy()
    for _ in range(2):
        smooth[:, 1:-1] = (smooth[:, :-2] + 2 * smooth[:, 1:-1] + smooth[:, 2:]) / 4
    return smooth - line


def _posture(lines: Lines, digit: int, haste: NDArray[np.float64], rng: np.random.Generator, hand: Hand) -> Lines:
    """Bend, stretch, slant and turn whole digits."""
    count = len(haste)
    bends = hand.bend * _limited(rng, (count, len(_POWERS), 2)) * haste
    wide = np.exp(hand.wide + hand.aspect * _limited(rng, (count, 1)))
    wide = np.clip(wide, _NARROWEST.get(digit), _WIDEST.get(digit))
    slant = hand.upright + hand.slant * _limited(rng, (count, 1))
    angle = rng.normal(0.0, hand.turn, (count, 1))
    cosine, sine = np.cos(angle), np.sin(angle)
    placed = []
    for line in lines:
        u = line / 50.0
        terms = np.stack([u[..., 0] ** i * u[..., 1] ** j for i, j in _POWERS], axis=-1)
        bent = line + 50.0 * (terms @ bends)
        x = bent[..., 0] * wide - bent[..., 1] * slant
        y = bent[..., 1]
        placed.append(np.stack([x * cosine - y * sine, x * sine + y * cosine], axis=-1))
    return placed


def _limited(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return numbers of mean 0 and, but for its tails, deviation 1."""
    return np.clip(rng.normal(0.0, 1.0, shape), -_FURTHEST, _FURTHEST)
