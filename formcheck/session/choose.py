"""Which clip of a session a value is taken from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from formcheck.domain import Analysis, Measurement, Side, Summary, View
from formcheck.metrics import METRICS

KEYS: tuple[Side | None, ...] = (None, Side.LEFT, Side.RIGHT)


def best_clip(analyses: Sequence[Analysis], metric: str, key: Side | None) -> int | None:
    """Return the index of the clip a metric of a side (None: whole body) is taken from.

    For a side it is a clip in which that side is near the camera, or one from behind; only where
    there is none, one in which it is far. Among those the smallest uncertainty decides. None when
    no clip measured it.
    """
    found = (
        (not _sees_well(analysis, key), summary.u, index)
        for index, analysis in enumerate(analyses)
        for summary in _summaries(analysis, metric, key)
    )
    best = min(found, default=None)
    return None if best is None else best[2]


def _summaries(analysis: Analysis, metric: str, key: Side | None) -> Iterator[Summary]:
    measured = analysis.measurement(metric)
    if measured is not None and measured.is_of_view and key in measured.summaries:
        yield measured.summaries[key]


def _sees_well(analysis: Analysis, key: Side | None) -> bool:
    view = analysis.gait.view
    return key is None or view.view is View.REAR or view.near_side is key


def is_near(analysis: Analysis, side: Side) -> bool:
    """Whether a clip from the side has that side of the body near the camera."""
    view = analysis.gait.view
    return view.view is not View.REAR and view.near_side is side


def combined_measurements(analyses: Sequence[Analysis]) -> tuple[Measurement, ...]:
    """Return every metric that can be read in a view of the session, each value from one clip."""
    views = {analysis.gait.view.view for analysis in analyses}
    made = (
        _combined(analyses, name) for name, entry in METRICS.items() if views & set(entry.views)
    )
    return tuple(entry for entry in made if entry is not None)


def _combined(analyses: Sequence[Analysis], metric: str) -> Measurement | None:
    known = [analysis.measurement(metric) for analysis in analyses]
    measured = [entry for entry in known if entry is not None and entry.is_of_view]
    chosen = {key: best_clip(analyses, metric, key) for key in KEYS}
    sources = {key: known[index] for key, index in chosen.items() if index is not None}
    found = {key: entry for key, entry in sources.items() if entry is not None}
    first = next(iter([*found.values(), *measured]), None)
    if first is None:
        return None
    missing = dict.fromkeys(entry.not_measured for entry in measured if entry.not_measured)
    return Measurement(
        metric=metric,
        unit=first.unit,
        label=first.label,
        definition=first.definition,
        instant=first.instant,
        values=first.values,
        summaries={key: entry.summaries[key] for key, entry in found.items()},
        not_measured=None if found else next(iter(missing), None),
        comparisons={
            key: entry.comparisons[key] for key, entry in found.items() if key in entry.comparisons
        },
        not_compared=first.not_compared,
        not_judged=next((e.not_judged for e in found.values() if e.not_judged), None),
    )
