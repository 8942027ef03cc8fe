"""The lines printed after an analysis, from its summary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from formcheck.domain import Caution
from formcheck.texts import words

Table = Mapping[str, Any]


def headline(summary: Table) -> list[str]:
    """Return five lines: verdict and view, cadence, two of the clip's view, main finding.

    A sixth says who was followed when several people were seen.
    """
    lines = {"Verdict": _verdict(summary)} | _followed(summary["runner"])
    lines |= {
        "Cadence": _measured(summary, "cadence_spm", "{:.0f}", " steps/min"),
        **(_from_behind(summary) if summary["view"] == "rear" else _from_the_side(summary)),
        "Main finding": _main_finding(summary),
    }
    return [f"{name + ':':<14}{text}" for name, text in lines.items()]


def _from_the_side(summary: Table) -> dict[str, str]:
    return {
        "Trunk lean": _measured(summary, "trunk_lean_deg", "{:.1f}", "° forward"),
        "Foot strike": _foot_strike(summary["foot_strike"]),
    }


def _from_behind(summary: Table) -> dict[str, str]:
    return {
        "Side to side": _measured(summary, "trunk_side_range_deg", "{:.1f}", "° of the trunk"),
        "Step width": _measured(summary, "step_width_cm", "{:.1f}", " cm"),
    }


def _verdict(summary: Table) -> str:
    facing = f", runner facing {summary['facing']}" if summary["facing"] else ""
    reasons = "; ".join(reason["seen"] for reason in summary["reasons"])
    place = "behind" if summary["view"] == "rear" else f"the {summary['view']}"
    text = f"{summary['verdict']}, seen from {place}{facing}"
    return f"{text} ({reasons})" if reasons else text


def _followed(runner: Table) -> dict[str, str]:
    people = runner["people"]
    if len(people) < 2:
        return {}
    others = ", ".join(
        f"{person['number']}: {person['where']}, {person['legs']}"
        for person in people
        if not person["is_followed"]
    )
    who = f"person {runner['person']} of {len(people)}, {runner['choice']}"
    return {"Followed": f"{who} (others: {others}; choose with --person)"}


def _measured(summary: Table, metric: str, form: str, unit: str) -> str:
    """Median with its 95 % interval, or why there is none."""
    measurement = summary["measurements"].get(metric)
    if measurement is None:
        return "not measured"
    value = measurement["both"]
    if value is None:
        return f"not measured: {measurement['not_measured']}"
    median, low, high = (form.format(value[key]) for key in ("median", "low", "high"))
    return f"{median}{unit} (95 % interval {low} to {high}, {value['n_strides']} strides)"


def _foot_strike(strikes: Table) -> str:
    parts = []
    for side in ("left", "right"):
        odds = strikes[side]["probabilities"]
        name = strikes[side]["class"]
        likely = f" ({odds[name]:.0%})" if odds and name in odds else ""
        parts.append(f"{side} {name}{likely}")
    return ", ".join(parts)


def _main_finding(summary: Table) -> str:
    """The one thing to work on first, why there is none, or how much could be judged."""
    caution = summary.get("caution") or Caution.NONE  # results before schema 2.1 know none
    if caution != Caution.NONE:
        return words("plan")(f"headline.{caution}")
    main = summary["main_finding"]
    if main is not None:
        return str(main["message"])
    said = [finding for finding in summary["findings"] if finding["pack"] != "article"]
    judged = sum(finding["verdict"] != "undetermined" for finding in said)
    return f"nothing asks for a change; {judged} of {len(said)} points could be judged"
