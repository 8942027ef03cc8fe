"""From the facts of a quick look to what they mean, one function a side of the clip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from formcheck.checkup.look import LOOK_S, Glance
from formcheck.config import AnalysisConfig
from formcheck.domain import CheckItem, Checkup, Choice, Fitness, Legs, PoseSequence, View
from formcheck.gait.timing import apparent_cadence_spm
from formcheck.gait.view import estimate_view
from formcheck.pose.track import WHOLE_BODY, found_frames, frames_showing
from formcheck.shipped import shipped_table
from formcheck.texts import templates, text

_FITNESS = {"fit": Fitness.FIT, "limited": Fitness.LIMITED, "unfit": Fitness.UNFIT}


@dataclass(frozen=True, slots=True)
class CheckupParams:
    """Limits of the quick look.

    Shares of the pictures, of the picture's height or width; the frame rates, the size and the
    length are those of biomechanics 1.7, 4 and 5.3. Brightness (0-255) and sharpness (variance of
    the Laplacian over the runner) separate the usable from the hard among some forty phone and
    stock clips. ``running_lift`` (leg lengths) lies between walkers (0.15-0.20) and runners
    (0.24-0.9) on real and rendered clips.
    """

    least_found: float = 0.5
    least_whole: float = 0.9
    cut_whole: float = 0.3
    fine_fps: float = 45.0
    least_fps: float = 23.5
    longest_gap_s: float = 0.10
    enough_s: float = 8.0
    least_height_px: float = 250.0
    least_brightness: float = 35.0
    least_sharpness: float = 25.0
    most_shift: float = 0.01
    running_lift: float = 0.22


def judge(glance: Glance, config: AnalysisConfig, params: CheckupParams) -> Checkup:
    """What the facts mean, the most important side first."""
    pose = glance.pose
    found = float(found_frames(pose).mean())
    items = [_people(pose, found, params)]
    if found >= params.least_found:
        items += [_movement(pose, config, params), _upright(glance)]
        items += [_view(pose, config), _feet(pose, config, params)]
    items += [_length(glance, params), _rate(glance, config, params), _regular(glance, params)]
    if found >= params.least_found:
        items += [_speed(glance, config), _size(pose, params), *_pictures(pose, params)]
    return Checkup(str(glance.path), tuple(items))


@cache
def situations() -> Mapping[str, Mapping[str, Fitness]]:
    """How fit a clip is, by side of the clip and situation."""
    table = shipped_table("formcheck.checkup", "situations.toml")
    return {
        side: {name: _FITNESS[fitness] for name, fitness in each.items()}
        for side, each in table.items()
    }


def _item(side: str, situation: str, **facts: object) -> CheckItem:
    """One side of a clip in words."""
    seen = text("checkup", f"{side}.{situation}.seen", **facts)
    advice = templates("checkup", f"{side}.{situation}").get("advice", "")
    return CheckItem(text("checkup", f"{side}.name"), seen, situations()[side][situation], advice)


def _people(pose: PoseSequence, found: float, params: CheckupParams) -> CheckItem:
    if found < params.least_found:
        return _item("people", "nobody", missing=1 - found)
    count = len(pose.people)
    if pose.choice is Choice.UNDECIDED:
        return _item("people", "undecided", count=count)
    return _item("people", "alone") if count <= 1 else _item("people", "others", count=count)


def _movement(pose: PoseSequence, config: AnalysisConfig, params: CheckupParams) -> CheckItem:
    runner = next(person for person in pose.people if person.is_followed)
    if runner.legs is Legs.UNSEEN:
        hips = _inside(pose, "hip", config.track.border_share)
        return _item("movement", "unseen" if hips > params.cut_whole else "bust")
    situations = {Legs.REST: "resting", Legs.MOVE: "restless"}
    steps = "running" if runner.foot_lift_ll > params.running_lift else "walking"
    lift = runner.foot_lift_ll
    return _item("movement", situations.get(runner.legs, steps), lift=lift)


def _inside(pose: PoseSequence, part: str, border_share: float) -> float:
    """Share of the pictures that show the near or far ``part`` of the body."""
    size = np.array([pose.video.width_px, pose.video.height_px])
    place = pose.midpoint_px(part)[found_frames(pose)]
    margin = border_share * size
    return float(np.mean(np.all((place > margin) & (place < size - margin), axis=1)))


def _upright(glance: Glance) -> CheckItem:
    trunk = glance.pose.midpoint_px("shoulder") - glance.pose.midpoint_px("hip")
    across, along = np.nanmedian(np.abs(trunk), axis=0)
    if across > along:
        return _item("upright", "lying")
    if glance.rotation_deg:
        return _item("upright", "turned", rotation=glance.rotation_deg)
    return _item("upright", "yes")


def _view(pose: PoseSequence, config: AnalysisConfig) -> CheckItem:
    seen = estimate_view(pose, config.view)
    if seen.view is View.SIDE and seen.facing is None:
        return _item("view", "unclear")
    return _item("view", seen.view.value, ratio=seen.width_ratio)


def _feet(pose: PoseSequence, config: AnalysisConfig, params: CheckupParams) -> CheckItem:
    seen = found_frames(pose)
    share = float(frames_showing(pose, WHOLE_BODY, config.track.border_share)[seen].mean())
    if share < params.cut_whole:
        return _item("feet", "cut", missing=1 - share)
    return _item("feet", "whole" if share >= params.least_whole else "partly", share=share)


def _length(glance: Glance, params: CheckupParams) -> CheckItem:
    situation = "enough" if glance.duration_s >= params.enough_s else "short"
    return _item("length", situation, duration=glance.duration_s)


def _rate(glance: Glance, config: AnalysisConfig, params: CheckupParams) -> CheckItem:
    fps = config.capture_fps or glance.fps
    situation = "low" if fps < params.least_fps else "medium"
    return _item("rate", "high" if fps >= params.fine_fps else situation, fps=fps)


def _regular(glance: Glance, params: CheckupParams) -> CheckItem:
    interval_s = np.diff(glance.time_s)
    if interval_s.max() > params.longest_gap_s:
        return _item("regular", "gaps", gap=interval_s.max())
    low, high = 1000 * interval_s.min(), 1000 * interval_s.max()
    if high - low < 2.5:  # times are rounded to whole milliseconds at both ends
        return _item("regular", "even")
    return _item("regular", "uneven", low=low, high=high)


def _speed(glance: Glance, config: AnalysisConfig) -> CheckItem:
    apparent = apparent_cadence_spm(glance.pose)
    if apparent is None:
        return _item("speed", "unknown", look=min(LOOK_S, glance.duration_s))
    capture = config.capture_fps
    cadence = apparent if capture is None else apparent * capture / glance.fps
    if cadence < config.time.min_cadence_spm:
        return _item("speed", "slow", cadence=cadence)
    if cadence > config.time.max_cadence_spm:
        return _item("speed", "fast", cadence=cadence)
    if capture is None:
        return _item("speed", "real", cadence=cadence)
    return _item("speed", "given", cadence=cadence, capture=capture)


def _size(pose: PoseSequence, params: CheckupParams) -> CheckItem:
    rows = pose.xy_px[found_frames(pose)][:, :, 1]
    height = float(np.nanmedian(np.nanmax(rows, axis=1) - np.nanmin(rows, axis=1)))
    situation = "large" if height >= params.least_height_px else "small"
    return _item("size", situation, height=height, share=height / pose.video.height_px)


def _pictures(pose: PoseSequence, params: CheckupParams) -> list[CheckItem]:
    """Light, sharpness and camera, from what the pictures themselves show."""
    scene = pose.scene
    if scene is None:
        return []
    brightness = float(np.nanmedian(scene.brightness))
    sharpness = float(np.nanmedian(scene.sharpness))
    shift = np.abs(scene.shift_px[:, 0]) / pose.video.width_px
    light = "bright" if brightness >= params.least_brightness else "dark"
    edges = "sharp" if sharpness >= params.least_sharpness else "blurred"
    return [
        _item("light", light, brightness=brightness),
        _item("sharpness", edges, sharpness=sharpness),
        _camera(float(np.nanmedian(shift)) if np.isfinite(shift).sum() > 1 else None, params),
    ]


def _camera(shift: float | None, params: CheckupParams) -> CheckItem:
    if shift is None:
        return _item("camera", "unknown")
    return _item("camera", "moving" if shift > params.most_shift else "still", shift=shift)
