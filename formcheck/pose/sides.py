"""Left stays left: who is which of the drawn legs and arms, over a whole clip.

In a side view a pose model exchanges the limbs, draws both on one, or throws one onto something
else, and is confident all the while. Method:

1. the family of the runner's own strides (``family.py``): where each leg is at every moment;
2. every frame is kept or exchanged and either leg is good or bad (``identity.py``), by distance
   from the family and by motion; what is bad is hidden, never averaged in;
3. the arms likewise and apart from the legs, at the legs' phases;
4. the names (``naming.py``): the side towards the camera follows from the running direction.

Limits: it needs one and a half strides of running seen from the side or obliquely. Elsewhere
nothing is touched and the report says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from formcheck.domain import (
    BoolArray,
    FloatArray,
    LimbTrack,
    PoseSequence,
    Side,
    TrackingReport,
    limb_of,
    untouched,
)
from formcheck.pose.body import columns, leg_scale_px, shoulder_width_ratio
from formcheck.pose.family import (
    FamilyParams,
    StrideFamily,
    at_phase,
    belongs,
    find_family,
    typical_limbs,
)
from formcheck.pose.identity import Identity, IdentityParams, identify
from formcheck.pose.naming import Naming, name_sides
from formcheck.pose.typical import LEG_PARTS

ARM_PARTS = ("elbow", "wrist")
HAND_PARTS = ("pinky", "index", "thumb")
"""Go where the wrist goes."""
PARTS: Mapping[str, tuple[str, ...]] = {"leg": LEG_PARTS, "arm": ARM_PARTS}
ROOTS: Mapping[str, str] = {"leg": "hip", "arm": "shoulder"}
MOVED: Mapping[str, tuple[str, ...]] = {"leg": LEG_PARTS, "arm": (*ARM_PARTS, *HAND_PARTS)}


@dataclass(frozen=True, slots=True)
class SideParams:
    """Parameters of telling the limbs apart; lengths in thigh plus shank.

    Above ``max_width_ratio`` (shoulders over trunk) the runner comes or goes: legs do not cross.
    A single point farther than ``point_distance`` from its place is hidden.
    """

    max_width_ratio: float = 0.55  # biomechanics 1.3: front and rear views
    point_distance: float = 0.20
    family: FamilyParams = field(default_factory=FamilyParams)
    identity: IdentityParams = field(default_factory=IdentityParams)


@dataclass(frozen=True, slots=True, eq=False)
class _Pair:
    """One kind of limb: what was decided, and which single points are astray."""

    identity: Identity
    hidden: BoolArray  # (n_frames, 2, n_points), left first, after exchange


def resolve_sides(pose: PoseSequence, params: SideParams) -> tuple[PoseSequence, TrackingReport]:
    """Return the pose with every limb under its own name or hidden, and what was done."""
    scale_px = leg_scale_px(pose)
    seen = np.isfinite(pose.midpoint_px("hip")[:, 0]) & np.isfinite(scale_px)
    ratio = shoulder_width_ratio(pose)
    if seen.sum() < 2 or not ratio < params.max_width_ratio:
        return pose, untouched(pose.time_s)
    time_s = pose.time_s[seen]
    legs = limb_points(pose, "leg", scale_px)[seen]
    family = find_family(time_s, legs, params.family)
    if family is None:
        return pose, untouched(pose.time_s)
    found, is_backward = _followed(legs, family.expected(), params)
    family = family.renamed() if is_backward else family
    pairs = {"leg": _decide(legs, family.expected(), found, seen, params)}
    arms = _decided_arms(limb_points(pose, "arm", scale_px)[seen], family, seen, params)
    if arms is not None:
        pairs["arm"] = arms
    repaired = pose
    for kind, pair in pairs.items():
        repaired = _hide(exchange(repaired, MOVED[kind], pair.identity.swapped), kind, pair.hidden)
    naming = name_sides(repaired, family)
    return naming.apply(repaired), _report(pose.time_s, pairs, naming)


def _decided_arms(
    arms: FloatArray, family: StrideFamily, seen: BoolArray, params: SideParams
) -> _Pair | None:
    """What was decided on the arms; None where hardly drawn, or in a time of their own."""
    typical = typical_limbs(family.phase, arms, params.family)
    if typical is None:
        return None
    expected = at_phase(typical, family.phase)
    if not belongs(arms, expected, params.family):
        return None
    found, is_backward = _followed(arms, expected, params)
    return _decide(arms, expected[:, ::-1] if is_backward else expected, found, seen, params)


def _followed(
    points: FloatArray, expected: FloatArray, params: SideParams
) -> tuple[Identity, bool]:
    """Who is which, and whether the search began with the names the other way round.

    Most names are right: where most limbs come out exchanged, the expected ones were.
    """
    found = identify(points, expected, params.identity)
    if found.swapped.mean() <= 0.5:
        return found, False
    return identify(points, expected[:, ::-1], params.identity), True


def limb_points(pose: PoseSequence, kind: str, scale_px: FloatArray) -> FloatArray:
    """Both limbs relative to mid-hip or mid-shoulder, ``(n_frames, 2, n_points, 2)``, left first.

    In lengths of thigh plus shank, x right, y down.
    """
    root = pose.midpoint_px(ROOTS[kind])
    chosen = [pose.xy_px[:, columns(pose, side, PARTS[kind])] for side in Side]
    points: FloatArray = np.stack(chosen, axis=1) - root[:, None, None]
    return points / scale_px[:, None, None, None]


def exchange(pose: PoseSequence, parts: tuple[str, ...], frames: BoolArray) -> PoseSequence:
    """Exchange left and right parts in the chosen frames, ``(n_frames,)``."""
    left, right = columns(pose, Side.LEFT, parts), columns(pose, Side.RIGHT, parts)
    order = np.arange(len(pose.landmarks))
    order[left + right] = right + left

    def exchanged(values: FloatArray) -> FloatArray:
        out = values.copy()
        out[frames] = values[frames][:, order]
        return out

    return replace(
        pose,
        xy_px=exchanged(pose.xy_px),
        depth_px=exchanged(pose.depth_px),
        visibility=exchanged(pose.visibility),
    )


def _decide(
    points: FloatArray,
    expected: FloatArray,
    found: Identity,
    seen: BoolArray,
    params: SideParams,
) -> _Pair:
    """What was found of one kind of limb in the frames seen, said of all frames of the clip."""
    ordered = np.where(found.swapped[:, None, None, None], points[:, ::-1], points)
    apart = np.sqrt(np.sum((ordered - expected) ** 2, axis=-1))
    swapped, bad = np.zeros(len(seen), dtype=bool), np.zeros((len(seen), 2), dtype=bool)
    hidden = np.zeros((len(seen), *apart.shape[1:]), dtype=bool)
    probability = np.full((len(seen), 2), np.nan)
    swapped[seen], bad[seen] = found.swapped, found.bad
    hidden[seen] = (np.nan_to_num(apart) > params.point_distance) | found.bad[:, :, None]
    probability[seen] = np.where(found.bad, np.nan, found.probability)
    return _Pair(Identity(swapped, bad, probability), hidden)


def _hide(pose: PoseSequence, kind: str, hidden: BoolArray) -> PoseSequence:
    """Hide points of a kind of limb, ``hidden`` (n_frames, 2, n_points)."""
    xy = np.array(pose.xy_px)
    for index, side in enumerate(Side):
        for part, column in enumerate(columns(pose, side, PARTS[kind])):
            xy[hidden[:, index, part], column] = np.nan
    return replace(pose, xy_px=xy)


def _report(time_s: FloatArray, pairs: Mapping[str, _Pair], naming: Naming) -> TrackingReport:
    """What was done, under the names the limbs have in the end."""
    limbs = dict(untouched(time_s).limbs)
    for kind, pair in pairs.items():
        for index, side in enumerate(Side):
            identity = pair.identity
            limbs[limb_of(naming.name(side, kind), kind)] = LimbTrack(
                swapped=identity.swapped,
                masked=identity.bad[:, index],
                probability=identity.probability[:, index],
            )
    return TrackingReport(time_s, limbs, True, naming.confidence, naming.notes)
