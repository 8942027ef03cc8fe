"""What can be measured and what is advised, for the terminal and as documents."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from formcheck.cli import options
from formcheck.cli.console import exit_codes
from formcheck.cli.language import usual_language
from formcheck.cli.plan_listing import plan_markdown
from formcheck.domain import Band, Criterion, Point, Rule, Source, View
from formcheck.gait.withhold import FORESHORTENED
from formcheck.guidance.load import load_rules, load_sources
from formcheck.metrics import METRICS, ClipMetric, StrideMetric
from formcheck.metrics.described import accuracies, formulas
from formcheck.metrics.registry import Reading
from formcheck.texts import Words, words

_DOCUMENTS = words("terminal")
"""The documents in docs/ are in English."""
_SCALES = {
    "length": "the error of the leg in metres",
    "speed": "the error of the speed in metres",
    "norm_speed": "what the error of the speed makes of similar runners",
}

Markdown = Annotated[bool, typer.Option("--markdown")]


def metrics(markdown: Markdown = False, language: options.ReportLanguage = None) -> None:
    """List what is measured."""
    if markdown:
        typer.echo(metrics_markdown(), nl=False)
        return
    say = words("terminal", language or usual_language())
    for entry in METRICS.values():
        typer.echo(say("listing.metric", name=entry.name, definition=entry.definition))
        facts = {"formula": formulas()[entry.name].formula, "accuracy": _accuracy(entry, say)}
        typer.echo(f"    {say('listing.measured', **facts)}")


def rules(
    file: Annotated[Path | None, typer.Option("--rules")] = None,
    markdown: Markdown = False,
    language: options.ReportLanguage = None,
) -> None:
    """List what is advised, and on whose word."""
    with exit_codes(language):
        loaded = load_rules(file)
    if markdown:
        typer.echo(_rules_markdown(loaded), nl=False)
        return
    say = words("terminal", language or usual_language())
    for rule in loaded:
        sources = ", ".join(source.id for source in rule.sources)
        for criterion in rule.criteria:
            said = _criterion(criterion, say)
            typer.echo(say("listing.rule", rule=rule.id, criterion=said, sources=sources))


def metrics_markdown() -> str:
    """Text of docs/metrics.md."""
    head = (
        "# Metrics\n\n"
        "*Written by `formcheck metrics --markdown`; do not edit.*\n\n"
        "Most metrics have one value per stride. Reported is the median over the strides of a\n"
        "side, or over those of the near side for the whole body, with a 95 % interval; a metric\n"
        "read over the clip has one value with an interval. The uncertainty is that of the near\n"
        "leg, 1 SD, before the spread of the strides is added; no interval reaches beyond the\n"
        "limits. Axes and signs:\n"
        "[conventions.md](conventions.md).\n"
    )
    return head + "".join(_metric_section(entry) for entry in METRICS.values())


def rules_markdown() -> str:
    """Text of docs/guidance.md."""
    return _rules_markdown(load_rules(None))


def _metric_section(entry: StrideMetric | ClipMetric) -> str:
    facts = (
        ("Formula", f"`{formulas()[entry.name].formula}`"),
        ("Unit", entry.unit or "none"),
        ("Positive", formulas()[entry.name].positive),
        ("Limits", _limits(entry)),
        *_how_read(entry),
        ("Topic", entry.topic.value),
        ("Views", ", ".join(view.value for view in _measured_views(entry))),
        ("Uncertainty", _uncertainty(entry)),
        ("Measured accuracy", _accuracy(entry, _DOCUMENTS)),
        ("[Sources](guidance.md#sources)", ", ".join(entry.sources)),
    )
    lines = "".join(f"- {name}: {value}\n" for name, value in facts if value)
    return f"\n## `{entry.name}`\n\n{entry.label}. {entry.definition}\n\n{lines}"


def _limits(entry: StrideMetric | ClipMetric) -> str:
    """Between which values all true ones lie; empty where there are no such."""
    low, high = entry.limits
    if math.isinf(low):
        return ""
    return f"{low:g} or more" if math.isinf(high) else f"{low:g} to {high:g}"


def _measured_views(entry: StrideMetric | ClipMetric) -> Iterator[View]:
    """Views from which there is a value; obliquely much of what is read from the side is not."""
    for view in entry.views:
        if view is not View.OBLIQUE or entry.topic not in FORESHORTENED:
            yield view


def _how_read(entry: StrideMetric | ClipMetric) -> tuple[tuple[str, str], ...]:
    if isinstance(entry, ClipMetric):
        return (("Read", "once over the clip"),)
    return (
        ("Read at", entry.reading.instant.replace("_", " ")),
        ("Reported for", _reported_for(entry.reading)),
    )


def _reported_for(reading: Reading) -> str:
    if reading.rate:
        return "whole body, over the strides of both legs"
    return "whole body" if reading.whole_body else "left and right"


def _accuracy(entry: StrideMetric | ClipMetric, say: Words) -> str:
    """What docs/validation.md found, one suite after the other."""
    found = "; ".join(
        say(
            "listing.accuracy",
            suite=seen.suite,
            rmse=f"{seen.rmse:g}",
            bias=f"{seen.bias:+g}",
            n=seen.n,
            share=seen.coverage,
        )
        for seen in accuracies().get(entry.name, ())
    )
    return found or say("listing.no_truth")


def _uncertainty(entry: StrideMetric | ClipMetric) -> str:
    parts = entry.uncertainty
    unit = " of the value" if parts.relative else f" {entry.unit}".rstrip()
    timing = " / ".join(f"{value:g}" for value in parts.timing)
    text = f"pose {parts.pose:g}{unit}"
    if any(parts.timing):
        text += f", timing {timing}{unit} at 30 / 60 / 120 frames per second"
    if parts.roll:
        text += ", and the camera's tilt"
    if parts.scale:
        text += f", and {_SCALES[parts.scale]}"
    if any(parts.bias):
        bias = " / ".join(f"{value:g}" for value in parts.bias)
        text += f"; a bias of {bias}{unit} at 30 / 60 / 120 / 240 is taken out"
    return f"{text} ({parts.origin})"


def _rules_markdown(loaded: Iterable[Rule]) -> str:
    everything = tuple(loaded)
    head = (
        "# Guidance\n\n"
        "*Written by `formcheck rules --markdown` from the rule packs, `points.toml`, `plan.toml`\n"
        "and `sources.toml` in `formcheck/guidance`; do not edit.*\n\n"
        "Each point is judged twice: by the article at its word, and by what research supports.\n"
        "A value is *outside* only when the measurement's uncertainty leaves little doubt, and\n"
        "*undetermined* when it does. Outside is graded *info* (different, no cause for change),\n"
        "*watch*, or, where the ground is firm and the value far out, *fix*.\n"
    )
    sources = dict(load_sources())  # those of metrics too
    sources |= {source.id: source for rule in everything for source in rule.sources}
    points = {rule.point.id: rule.point for rule in everything}
    text = "".join(
        _point_section(point, [rule for rule in everything if rule.point.id == point.id])
        for point in points.values()
    )
    source_text = "".join(_source_line(source) for _, source in sorted(sources.items()))
    return f"{head}{text}{plan_markdown()}\n## Sources\n\n{source_text}"


def _point_section(point: Point, own: Iterable[Rule]) -> str:
    sentence = f"> {point.article_sentence}\n\n" if point.article_sentence else ""
    note = f"\nEvidence: {point.evidence_note}\n" if point.evidence_note else ""
    advice = f"\nWorth trying: {point.advice}\n" if point.advice else ""
    rules = "".join(_rule_section(rule) for rule in own)
    return f"\n## {point.title}\n\n{sentence}{rules}{note}{advice}"


def _rule_section(rule: Rule) -> str:
    cited = ", ".join(source.id for source in rule.sources)
    lines = "".join(f"  - {_criterion(criterion, _DOCUMENTS)}\n" for criterion in rule.criteria)
    return (
        f"- `{rule.id}` ({rule.pack} pack, at least {rule.min_strides} strides; {cited})\n{lines}"
    )


def _criterion(criterion: Criterion, say: Words) -> str:
    """A criterion on one line."""
    kind = "compared" if criterion.compared else "good"
    said = say(f"listing.{kind}", metric=criterion.metric, band=_band(criterion.good, say))
    if criterion.watch is not None:
        said = say("listing.watch", criterion=said, band=_band(criterion.watch, say))
    said = say("listing.most", criterion=said, most=criterion.most.value)
    for given in criterion.when:
        facts = {"metric": given.metric, "band": _band(given.inside, say)}
        said = say("listing.when", criterion=said, **facts)
    return said


def _source_line(source: Source) -> str:
    doi = f" doi:{source.doi}" if source.doi else ""
    note = " (to verify)" if source.to_verify else ""
    return (
        f"- **{source.id}** ({source.evidence}): {source.citation}{doi} [{source.locator}]{note}\n"
    )


def _band(band: Band, say: Words) -> str:
    low, high = band
    kind = "up_to" if math.isinf(low) else "from" if math.isinf(high) else "from_to"
    return say(f"listing.{kind}", low=low, high=high)
