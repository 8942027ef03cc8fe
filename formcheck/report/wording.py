"""Numbers, sides and instants in words a runner reads."""

from __future__ import annotations

import math

from formcheck.domain import Band, CameraEstimate, CameraWork, Grade, PoseSequence, Side, Summary

_UNITS: dict[str, tuple[int, str]] = {
    "deg": (0, "°"),
    "s": (3, "\u202fs"),
    "ms": (0, "\u202fms"),
    "steps/min": (0, " steps/min"),
    "m": (2, "\u202fm"),
    "cm": (1, "\u202fcm"),
    "leg lengths": (2, " leg lengths"),
    "body heights": (2, " body heights"),
    "%": (1, "\u202f%"),
    "kN/m/kg": (2, "\u202fkN/m/kg"),
    "SD of similar runners": (1, " SD"),
    "": (2, ""),
}
"""Decimals shown, which uncertainty justifies, and how the unit is written after the number."""

_INSTANTS = {
    "initial_contact": "at initial contact",
    "mid_stance": "at mid-stance",
    "toe_off": "at toe-off",
    "stance": "in stance",
    "swing": "in swing",
    "stride": "during the stride",
}

_GRADES = {
    Grade.GOOD: "Within the range",
    Grade.INFO: "Different, for information",
    Grade.WATCH: "Worth watching",
    Grade.FIX: "Worth working on",
}

_PACKS = {
    "article": "The article",
    "evidence": "What research supports",
    "own": "Your own rule",
}


_CAMERAS = {
    CameraWork.STILL: "fixed",
    CameraWork.HAND_HELD: "held in the hand; its sway was taken out",
    CameraWork.FOLLOWING: "follows the runner: speed is that of the foot against the ground",
    CameraWork.PANNING: "moves, but not evenly with the runner: no lengths",
}


def style(unit: str) -> tuple[int, str]:
    """Return the decimals that mean something in a unit, and what is written after the number."""
    return _UNITS.get(unit, (2, f"\u202f{unit}"))


def amount(value: float, unit: str, *, signed: bool = False) -> str:
    """Return a number with its unit, with as many decimals as mean something."""
    decimals, suffix = style(unit)
    if not math.isfinite(value):
        return "\u2013"
    text = f"{value:{'+' if signed else ''}.{decimals}f}"
    if float(text) == 0.0:
        text = text.lstrip("+-")
    return text.replace("-", "\u2212") + suffix


def plus_minus(summary: Summary, unit: str) -> str:
    """Return the median with half its 95 % interval: ``8 ± 3°``."""
    decimals, suffix = style(unit)
    middle = amount(summary.median, unit).removesuffix(suffix)
    half = 0.5 * (summary.high - summary.low)
    if not math.isfinite(half):
        return middle + suffix
    return f"{middle}\u202f±\u202f{half:.{decimals}f}{suffix}"


def interval(summary: Summary, unit: str) -> str:
    """Return the 95 % interval in words: ``5° to 11°``."""
    return f"{amount(summary.low, unit)} to {amount(summary.high, unit)}"


def between(limits: Band, unit: str) -> str:
    """Return two numbers with the unit after the second: ``151 to 177 steps/min``."""
    _, suffix = _UNITS.get(unit, (2, f"\u202f{unit}"))
    low, high = (amount(limit, unit) for limit in limits)
    return f"{low.removesuffix(suffix)} to {high}"


def band(limits: Band, unit: str) -> str:
    """Return a range in words."""
    low, high = limits
    if math.isinf(low):
        return f"up to {amount(high, unit)}"
    if math.isinf(high):
        return f"{amount(low, unit)} or more"
    return f"{amount(low, unit)} to {amount(high, unit)}"


def grade(value: Grade | None) -> str:
    """Return the outcome of a comparison in words; None: undetermined."""
    return "Cannot tell" if value is None else _GRADES[value]


def pack(name: str) -> str:
    """Return who speaks in a rule pack."""
    return _PACKS[name]


def instant(name: str) -> str:
    """Return when in the stride something was measured, in words."""
    return _INSTANTS.get(name, name.replace("_", " "))


def side(value: Side | None, near: Side | None) -> str:
    """Return a side with its place before the camera: ``right side, near the camera``.

    ``near`` is None where both sides are seen alike, from behind.
    """
    if value is None:
        return "whole body"
    if near is None:
        return f"{value.value} side"
    return f"{value.value} side, {camera_side(value, near)} the camera"


def camera_side(value: Side, near: Side) -> str:
    """Return whether a side is near or far from the camera."""
    return "near" if value is near else "far from"


def count(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural unless it is one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def followed(pose: PoseSequence, part_s: tuple[float, float]) -> str:
    """Return who was followed, why, when, and who else was there."""
    when = f"analysed from {part_s[0]:.1f} to {part_s[1]:.1f}\u202fs of the clip"
    if len(pose.people) < 2:
        return f"the only person found, {when}"
    number = next(person.number for person in pose.people if person.is_followed)
    others = "; ".join(
        f"person {person.number} ({person.where}, {person.first_s:.1f} to {person.last_s:.1f}"
        f"\u202fs): {person.legs.value}"
        for person in pose.people
        if not person.is_followed
    )
    why = "" if pose.choice is None else f", {pose.choice.value}"
    return (
        f"person {number} of {len(pose.people)}, counted from the left{why}, {when}. "
        f"Not followed: {others}. Choose another with --person"
    )


def camera(estimate: CameraEstimate | None) -> str:
    """Return how the camera was held, in words."""
    if estimate is None:
        return "not known: the background has nothing to go by"
    return _CAMERAS[estimate.work]
