"""Which leg is which: the repair against hand labels of phone clips and against rendered truth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from formcheck.config import AnalysisConfig
from formcheck.domain import PoseSequence, Side
from formcheck.gait.view import estimate_view
from formcheck.pose.sides import resolve_sides
from formcheck.validation import rendered
from formcheck.validation.hand_labels import load_leg_labels
from formcheck.validation.legs import LegCount, score_labels, score_truth, total
from formcheck.validation.poses import cached_pose
from formcheck.validation.tables import SuiteResult, Table

Counts = Mapping[str, LegCount]
"""Of the ``near`` and the ``far`` leg."""
LEGS = ("near", "far")
HEAD = (
    "clip", "frames", "near leg raw", "near leg repaired", "far leg raw", "far leg repaired",
)  # fmt: skip


def leg_suite(labels: Path, clips: Path, rendered_folders: Iterable[Path]) -> SuiteResult:
    """Score both; the phone clips only where they lie beside the project."""
    made = list(_rendered_counts(rendered_folders))
    tables = [_table("Rendered side clips", made)]
    facts = _facts("legs/rendered", made)
    facts["legs/rendered/exchanged_clips"] = float(
        sum(_is_exchanged(after) for _, _, after in made)
    )
    seen = list(_labelled_counts(labels, clips))
    if seen:
        tables.append(_table("Hand-labelled phone clips", seen))
        facts |= _facts("legs/labels", seen)
    return SuiteResult(
        "Which leg is which",
        "A drawn leg is right, wrong (on the other leg or on something else) or masked: right / "
        "wrong / masked in percent of the frames. On rendered clips the projected knee and ankle "
        "decide, on phone clips people who looked at every frame. Masked legs are not measured.",
        tuple(tables),
        facts,
    )


def _rendered_counts(folders: Iterable[Path]) -> Iterator[tuple[str, Counts, Counts]]:
    """Name, raw and repaired counts of every rendered side clip."""
    for clip in rendered.side_clips(*folders):
        truth, raw = rendered.load_truth(clip), cached_pose(clip, AnalysisConfig())
        repaired, _ = resolve_sides(raw, AnalysisConfig().sides)
        yield clip.stem, score_truth(truth, raw), score_truth(truth, repaired)


def _labelled_counts(labels: Path, clips: Path) -> Iterator[tuple[str, Counts, Counts]]:
    """The same for every hand-labelled clip that is there, under a number."""
    for index, file in enumerate(sorted(labels.glob("*.csv")), start=1):
        clip = clips / f"{file.stem}.mp4"
        if clip.exists():
            raw = cached_pose(clip, AnalysisConfig())
            repaired, _ = resolve_sides(raw, AnalysisConfig().sides)
            known = load_leg_labels(file)
            near = _near_side(repaired)
            before = score_labels(known, raw, raw, near)
            yield f"clip {index}", before, score_labels(known, raw, repaired, near)


def _near_side(pose: PoseSequence) -> Side:
    """The side towards the camera.

    Raises ValueError when it cannot be told: such a clip is not worth labelling.
    """
    near = estimate_view(pose, AnalysisConfig().view).near_side
    if near is None:
        raise ValueError("the running direction of a labelled clip cannot be told")
    return near


def _is_exchanged(counts: Counts) -> bool:
    """Whether a clip's legs are on the wrong leg more often than not."""
    both = total(counts.values())
    return both.wrong > both.right


def _table(title: str, rows: Iterable[tuple[str, Counts, Counts]]) -> Table:
    """Every clip and all together."""
    known = list(rows)
    raw = {leg: total(before[leg] for _, before, _ in known) for leg in LEGS}
    repaired = {leg: total(after[leg] for _, _, after in known) for leg in LEGS}
    cells = [_cells(*row) for row in (*known, ("all", raw, repaired))]
    return Table(title, HEAD, tuple(cells))


def _cells(name: str, raw: Counts, repaired: Counts) -> tuple[str, ...]:
    parts = [_shares(counts[leg]) for leg in LEGS for counts in (raw, repaired)]
    return (name, str(repaired["near"].n), *parts)


def _shares(count: LegCount) -> str:
    return " / ".join(f"{100 * count.share(what):.1f}" for what in ("right", "wrong", "masked"))


def _facts(name: str, rows: Iterable[tuple[str, Counts, Counts]]) -> dict[str, float]:
    """Shares over all clips."""
    known = list(rows)
    facts = {}
    for leg in LEGS:
        count = total(after[leg] for _, _, after in known)
        facts[f"{name}/{leg}/right"] = count.share("right")
        facts[f"{name}/{leg}/wrong"] = count.share("wrong")
    return facts
