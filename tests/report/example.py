"""Analyses made by hand, of a runner drawn with sines; small enough to reason about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from formcheck.domain import (
    LANDMARKS,
    Analysis,
    Band,
    Choice,
    ClipVerdict,
    Criterion,
    Finding,
    FloatArray,
    FootStrike,
    Gait,
    GaitEvents,
    Grade,
    Legs,
    Limb,
    LimbTrack,
    Measurement,
    ModelInfo,
    Motion,
    Person,
    Point,
    PoseSequence,
    Provenance,
    Reason,
    RgbImage,
    Rule,
    Scale,
    Side,
    Source,
    Stride,
    StrikeClass,
    Summary,
    TimeBase,
    TimeStatus,
    TrackingReport,
    Verdict,
    VideoInfo,
    View,
    ViewEstimate,
)
from formcheck.guidance.plan import make_plan
from formcheck.reasons import reason

FPS = 30
WIDTH, HEIGHT = 320, 400
DURATION_S = 4.0
STRIDE_S, STANCE_S, FIRST_CONTACT_S = 0.70, 0.24, 0.30
LEG_PX = 130.0
TRUNK_DEG = 9.0
ARTICLE = "Avoid leaning too far forward or backward"
PARTS = (("hip", 0), ("knee", 1), ("ankle", 2), ("heel", 3), ("foot_index", 4))


def direction(angle_deg: FloatArray) -> FloatArray:
    """Unit vectors (forward, up) of a segment hanging at an angle, + = end in front."""
    angle = np.radians(angle_deg)
    return np.stack([np.sin(angle), -np.cos(angle)], axis=-1)


def position_ll(time_s: FloatArray) -> FloatArray:
    """Landmarks of the runner in leg lengths (forward, up), hip at 0, 1."""
    points = np.full((len(time_s), len(LANDMARKS), 2), np.nan)

    def put(name: str, where: FloatArray) -> None:
        points[:, LANDMARKS.index(name)] = where

    hip = np.tile([0.0, 1.0], (len(time_s), 1))
    lean = np.full(len(time_s), 180.0 - TRUNK_DEG)
    shoulder = hip + 0.6 * direction(lean)
    for side, shift in ((Side.RIGHT, 0.0), (Side.LEFT, 0.5)):
        phase = 2 * np.pi * ((time_s - FIRST_CONTACT_S) / STRIDE_S + shift)
        thigh, bend = 10 + 25 * np.cos(phase), 45 - 30 * np.cos(phase - 0.3)
        knee = hip + 0.46 * direction(thigh)
        ankle = knee + 0.48 * direction(thigh - bend)
        pitch = 90 + 12 * np.cos(phase)
        elbow = shoulder + 0.36 * direction(-15 - 25 * np.cos(phase))
        wrist = elbow + 0.3 * direction(75 - 25 * np.cos(phase))
        heel = ankle + np.array([-0.06, -0.06])
        toe = heel + 0.27 * direction(pitch)
        for part, where in (
            ("hip", hip), ("shoulder", shoulder), ("knee", knee), ("ankle", ankle), ("heel", heel),
            ("foot_index", toe), ("elbow", elbow), ("wrist", wrist),
            ("ear", shoulder + np.array([0.08, 0.24])),
        ):  # fmt: skip
            put(f"{side.value}_{part}", where)
    put("nose", shoulder + np.array([0.19, 0.22]))
    return points


def to_px(points_ll: FloatArray, facing: Side) -> FloatArray:
    turn = 1.0 if facing is Side.RIGHT else -1.0
    x = WIDTH / 2 + turn * LEG_PX * points_ll[..., 0]
    y = HEIGHT - 60 - LEG_PX * points_ll[..., 1]
    return np.stack([x, y], axis=-1)


def contacts_s(side: Side) -> FloatArray:
    first = FIRST_CONTACT_S + (0.0 if side is Side.RIGHT else STRIDE_S / 2)
    return np.arange(first, DURATION_S - STANCE_S, STRIDE_S)


def strides(*sides: Side) -> tuple[Stride, ...]:
    made = [
        Stride(side, at, at + STANCE_S / 2, at + STANCE_S, end, at + STRIDE_S / 2)
        for side in sides
        for at, end in zip(contacts_s(side)[:-1], contacts_s(side)[1:], strict=True)
    ]
    return tuple(sorted(made, key=lambda stride: stride.initial_contact_s))


def video_info() -> VideoInfo:
    return VideoInfo(
        path="clip.mp4", width_px=WIDTH, height_px=HEIGHT, fps=float(FPS),
        n_frames=round(DURATION_S * FPS), duration_s=DURATION_S, rotation_deg=0, time_scale=1.0,
        is_variable_rate=False, codec="h264", sha256="ab" * 32,
    )  # fmt: skip


def frame_times_s() -> FloatArray:
    return np.arange(round(DURATION_S * FPS)) / FPS


def people() -> tuple[Person, ...]:
    """Somebody who stands at the left, and the runner."""
    return (
        Person(1, (10, 60, 60, 330), 2.0, "left", 0.0, 4.0, Legs.REST, 0.01, is_followed=False),
        Person(2, (100, 50, 220, 350), 2.0, "middle", 0.0, 4.0, Legs.CYCLE, 0.41, is_followed=True),
    )


def pose(facing: Side = Side.RIGHT) -> PoseSequence:
    time_s = frame_times_s()
    shape = len(time_s), len(LANDMARKS)
    model = ModelInfo("full", "cd" * 32, "built", "mediapipe")
    return PoseSequence(
        time_s, to_px(position_ll(time_s), facing), np.zeros(shape), np.ones(shape),
        video_info(), model, people(), Choice.RUNS,
    )  # fmt: skip


def gait(
    facing: Side = Side.RIGHT,
    scale: float = 1.0,
    sides: tuple[Side, ...] = (Side.LEFT, Side.RIGHT),
    withheld: Mapping[str, Reason] | None = None,
) -> Gait:
    time_s = np.arange(round(DURATION_S * 60)) / 60
    status = TimeStatus.REAL if scale == 1.0 else TimeStatus.SLOW_MOTION
    return Gait(
        motion=Motion(time_s, position_ll(time_s), np.zeros((len(time_s), len(LANDMARKS)), bool)),
        events=GaitEvents(
            initial_contact_s={side: contacts_s(side) for side in Side},
            toe_off_s={side: contacts_s(side) + STANCE_S for side in Side},
            mid_stance_s={side: contacts_s(side) + STANCE_S / 2 for side in Side},
            heel_lead_s={side: np.full(len(contacts_s(side)), 0.02) for side in Side},
            ground_speed_ll_s=dict.fromkeys(Side, 3.0),
            runner_speed_ll_s=dict.fromkeys(Side, 3.0),
        ),
        strides=strides(*sides),
        near_side=facing,
        view=ViewEstimate(View.SIDE, facing, facing, 0.1, 1.5, True),
        time_base=TimeBase(status, scale, True, "The clip runs in real time."),
        scale=Scale(LEG_PX, 0.9, 3.1, "given", 3.1, 0.1),
        frame_rate_hz=FPS * scale,
        foot_flat_deg=dict.fromkeys(Side, 2.0),
        withheld=withheld or {},
    )


def measurement(
    metric: str,
    unit: str,
    value: float,
    instant: str,
    *keys: Side | None,
    not_measured: str | None = None,
    of: tuple[Stride, ...] = (),
) -> Measurement:
    values = [
        value + 0.3 * (k % 3) if None in keys or stride.side in keys else np.nan
        for k, stride in enumerate(of)
    ]
    summary = Summary(value, value - 3 * abs(value) / 10, value + 3 * abs(value) / 10, 1.0, 4)
    label = metric.rsplit("_", 1)[0].replace("_", " ").capitalize()
    return Measurement(
        metric, unit, label, f"The {label} of the runner.", instant, np.array(values),
        dict.fromkeys(keys, summary), not_measured,
    )  # fmt: skip


def measurements(of: tuple[Stride, ...], near: Side = Side.RIGHT) -> tuple[Measurement, ...]:
    sides = sorted({stride.side for stride in of})
    return (
        measurement("cadence_spm", "steps/min", 171.0, "stride", None, of=of),
        measurement("trunk_lean_deg", "deg", TRUNK_DEG, "stride", None, of=of),
        measurement("elbow_flexion_deg", "deg", 90.0, "stride", near, of=of),
        measurement("foot_strike_angle_deg", "deg", 12.0, "initial_contact", *sides, of=of),
        measurement("contact_time_s", "s", STANCE_S, "stride", *sides, of=of),
        measurement("duty_factor", "", 0.34, "stride", *sides, of=of),
        measurement(
            "stride_length_m", "m", np.nan, "stride", of=of,
            not_measured="not measurable: give speed or height",
        ),
    )  # fmt: skip


SOURCES = (
    Source("article", "The article <on back pain>", "section 2", "opinion"),
    Source("teng2015", "Teng & Powers 2015", "Table 2", "laboratory study", "10.1249/x.1"),
)


def rule(name: str, metric: str, good: Band, order: int, pack: str = "evidence") -> Rule:
    point = Point(
        name, name.replace("_", " ").capitalize(), order, 0.5, ARTICLE,
        "A moderate lean is common among runners.",
        "Try a slightly taller posture for a few minutes.",
    )  # fmt: skip
    criterion = Criterion(metric, good, None, Grade.WATCH, compared=False, when=(), messages={})
    return Rule(f"{pack}_{name}", pack, point, (criterion,), 4, {}, SOURCES)


def finding(
    of: Rule, side: Side | None, grade: Grade | None, observed: Summary | None, reason: str | None
) -> Finding:
    return Finding(
        rule=of,
        side=side,
        metric=of.criteria[0].metric,
        observed=observed,
        band=of.criteria[0].good,
        verdict=verdict_of(grade),
        grade=grade,
        probability_outside=None if observed is None else 0.4,
        message=f"{of.point.title}: what was seen.",
        reason=reason,
    )


def verdict_of(grade: Grade | None) -> Verdict:
    if grade is None:
        return Verdict.UNDETERMINED
    return Verdict.WITHIN if grade is Grade.GOOD else Verdict.OUTSIDE


def findings(known: tuple[Measurement, ...], near: Side) -> tuple[Finding, ...]:
    by_name = {m.metric: m for m in known}
    lean = by_name["trunk_lean_deg"].summaries[None]
    elbow = by_name["elbow_flexion_deg"].summaries.get(near)
    foot = by_name["foot_strike_angle_deg"].summaries.get(near)
    unclear, not_yet = "the interval crosses the edge of the range", "not measured yet"
    strike = "foot_strike_angle_deg"
    return (
        finding(rule("trunk_lean", "trunk_lean_deg", (2.0, 14.0), 2), None, Grade.GOOD, lean, None),
        finding(
            rule("arm_bend", "elbow_flexion_deg", (65.0, 75.0), 3), near, Grade.WATCH, elbow, None
        ),
        finding(rule("foot_strike", strike, (-1.6, 8.0), 4), near, None, foot, unclear),
        finding(
            rule("foot_strike", strike, (-1.6, 8.0), 4, "article"), near, Grade.INFO, foot, None
        ),
        finding(rule("head_up", "head_pitch_deg", (0.0, np.inf), 5), None, None, None, not_yet),
    )


def foot_strikes(sides: tuple[Side, ...]) -> dict[Side, FootStrike]:
    chances = {StrikeClass.REARFOOT: 0.85, StrikeClass.MIDFOOT: 0.14, StrikeClass.FOREFOOT: 0.01}
    return {side: FootStrike(StrikeClass.REARFOOT, chances, "by angle") for side in sides}


def tracking() -> TrackingReport:
    """Six frames exchanged back, the left leg not seen in two others, all limbs 98 % sure."""
    frames = len(frame_times_s())
    swapped, hidden, seen = (np.zeros(frames, dtype=bool) for _ in range(3))
    swapped[10:16], hidden[40:42] = True, True
    sure = np.full(frames, 0.98)
    tracks = {limb: LimbTrack(swapped if limb.kind == "leg" else seen, seen, sure) for limb in Limb}
    tracks[Limb.LEFT_LEG] = LimbTrack(swapped, hidden, np.where(hidden, np.nan, sure))
    return TrackingReport(frame_times_s(), tracks, is_judged=True, side_confidence=0.99)


def analysis(facing: Side = Side.RIGHT, scale: float = 1.0) -> Analysis:
    """A clip with everything measured but the stride length, seen from the facing side."""
    made = gait(facing, scale)
    known = measurements(made.strides, facing)
    return Analysis(
        video=video_info(),
        verdict=ClipVerdict.ANALYSED,
        reasons=(),
        recorded_pose=pose(facing),
        pose=pose(facing),
        analysed_s=(0.5, 3.5),
        tracking=tracking(),
        gait=made,
        measurements=known,
        foot_strikes=foot_strikes((Side.LEFT, Side.RIGHT)),
        findings=findings(known, facing),
        plan=make_plan(findings(known, facing), None),
        provenance=Provenance(
            "0.1.0", pose().model, {"model": "full", "sides": {"penalty": 0.05}, "rules": None}
        ),
    )


def undetermined() -> Analysis:
    """The same clip where nothing could be judged."""
    base = analysis()
    unclear = tuple(
        replace(f, verdict=Verdict.UNDETERMINED, grade=None, reason="too few strides: 3 of 4")
        for f in base.findings
    )
    return replace(base, findings=unclear)


def far_side_missing() -> Analysis:
    """A partial result: nothing of the far leg may be measured."""
    why = reason("far_leg_hidden", side="left", missing_share=0.5)
    made = gait(sides=(Side.RIGHT,), withheld={"far_leg": why})
    known = measurements(made.strides)
    return replace(
        analysis(),
        verdict=ClipVerdict.PARTIAL,
        reasons=(why,),
        gait=made,
        measurements=known,
        findings=findings(known, Side.RIGHT),
        foot_strikes=foot_strikes((Side.RIGHT,)),
    )


def picture(xy_px: FloatArray) -> RgbImage:
    """A dark figure before a light wall."""
    rgb = np.full((HEIGHT, WIDTH, 3), (214, 222, 228), np.uint8)
    cv2.rectangle(rgb, (0, HEIGHT - 50), (WIDTH, HEIGHT), (120, 124, 130), -1)

    def stroke(width: int, *names: str) -> None:
        points = np.array([xy_px[LANDMARKS.index(name)] for name in names])
        cv2.polylines(rgb, [np.round(points).astype(np.int32)], False, (52, 60, 84), width)

    for side in Side:
        leg = [f"{side.value}_{part}" for part, _ in PARTS]
        stroke(15, *leg[:3])
        stroke(9, *leg[2:])
        stroke(10, *(f"{side.value}_{part}" for part in ("shoulder", "elbow", "wrist")))
    stroke(26, "right_hip", "right_shoulder")
    head = np.round(xy_px[LANDMARKS.index("right_ear")]).astype(int)
    cv2.circle(rgb, (int(head[0]), int(head[1])), 17, (190, 150, 126), -1)
    return rgb


def write_clip(path: Path, facing: Side = Side.RIGHT, repeat: int = 1) -> Path:
    """Film the runner into a real file with the frame times of the example."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.time_base = Fraction(1, FPS)
        for index, xy_px in enumerate(np.tile(pose(facing).xy_px, (repeat, 1, 1))):
            frame = av.VideoFrame.from_ndarray(picture(xy_px), format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
