"""The lines printed after an analysis, from its summary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from formcheck.domain import Caution, ClipVerdict, StrikeClass, Summary, Text
from formcheck.report.wording import Wording
from formcheck.texts import DEFAULT_STYLE, Language, ReportStyle, Words, words

Table = Mapping[str, Any]

_LEAST_WIDTH = 14


def headline(summary: Table, style: ReportStyle = DEFAULT_STYLE) -> list[str]:
    """Return five lines: verdict and view, cadence, two of the clip's view, main finding.

    A sixth says who was followed when several people were seen. Sentences of a summary that was
    read back from its file are in English; in another language they are left out or pointed to.
    """
    return _Headline(summary, Wording(style)).lines()


class _Headline:
    def __init__(self, summary: Table, wording: Wording) -> None:
        self._summary = summary
        self._wording = wording
        self._say: Words = wording.words("terminal")

    def lines(self) -> list[str]:
        if self._summary["verdict"] == ClipVerdict.REFUSED:
            return self._named({"verdict": self._refused()})
        is_rear = self._summary["view"] == "rear"
        said = {"verdict": self._verdict()} | self._followed()
        said["cadence"] = self._measured("cadence_spm")
        said |= self._from_behind() if is_rear else self._from_the_side()
        said["main_finding"] = self._main_finding()
        return self._named(said)

    def _named(self, said: Mapping[str, str]) -> list[str]:
        names = [self._say(f"line.{key}") + ":" for key in said]
        width = max(_LEAST_WIDTH, *(len(name) + 1 for name in names))
        return [f"{name:<{width}}{text}" for name, text in zip(names, said.values(), strict=True)]

    def _refused(self) -> str:
        """Why, where that can be said; the page says it at any rate."""
        told = [self._told(reason["message"]) for reason in self._summary["reasons"]]
        verdict = self._say("verdict.refused")
        return self._say(
            "refused.why" if all(told) else "refused.see", verdict=verdict, why=" ".join(told)
        )

    def _from_the_side(self) -> dict[str, str]:
        lean = self._measured("trunk_lean_deg", "forward")
        return {"trunk_lean": lean, "foot_strike": self._foot_strike()}

    def _from_behind(self) -> dict[str, str]:
        swing = self._measured("trunk_side_range_deg", "trunk")
        return {"side_to_side": swing, "step_width": self._measured("step_width_cm")}

    def _verdict(self) -> str:
        known = self._summary
        seen = self._say(f"seen.{known['view']}")
        if known["facing"]:
            seen = self._say("seen.facing", seen=seen, side=known["facing"])
        verdict = self._say(f"verdict.{known['verdict']}")
        text = f"{verdict}, {seen}"
        reasons = [self._told(reason["seen"]) for reason in known["reasons"]]
        listed = "; ".join(filter(None, reasons))
        return self._say("seen.reasons", seen=text, reasons=listed) if listed else text

    def _followed(self) -> dict[str, str]:
        runner = self._summary["runner"]
        people = runner["people"]
        if len(people) < 2:
            return {}
        others = "; ".join(
            self._say("followed.other", **{k: person[k] for k in ("number", "where", "legs")})
            for person in people
            if not person["is_followed"]
        )
        facts = {"number": runner["person"], "choice": runner["choice"], "others": others}
        return {"followed": self._say("followed.person", count=len(people), **facts)}

    def _measured(self, metric: str, form: str = "measured") -> str:
        """Median with its 95 % interval, or why there is none."""
        known = self._summary["measurements"].get(metric)
        if known is None:
            return self._say("value.not_measured")
        if known["both"] is None:
            why = self._told(known["not_measured"])
            return self._say("value.why", why=why) if why else self._say("value.not_measured")
        found = Summary(u=0.0, **known["both"])
        return self._say(
            f"value.{form}",
            value=self._wording.amount(found.median, known["unit"]),
            interval=self._wording.between((found.low, found.high), known["unit"]),
            strides=self._wording.count(found.n_strides, "stride"),
        )

    def _foot_strike(self) -> str:
        return ", ".join(
            self._strike_of(side, self._summary["foot_strike"][side]) for side in ("left", "right")
        )

    def _strike_of(self, side: str, strike: Table) -> str:
        odds, kind = strike["probabilities"], strike["class"]
        if odds and kind in odds:
            return self._say("strike.likely", side=side, kind=kind, share=100 * odds[kind])
        why = self._told(strike["note"] or "") if kind == StrikeClass.UNDETERMINED else ""
        return self._say("strike.open" if why else "strike.side", side=side, kind=kind, why=why)

    def _main_finding(self) -> str:
        """The one thing to work on first, why there is none, or how much could be judged."""
        known = self._summary
        caution = known.get("caution") or Caution.NONE  # results before schema 2.1 know none
        if caution != Caution.NONE:
            return self._wording.words("plan")(f"headline.{caution}")
        main = known["main_finding"]
        if main is not None:
            return self._told(main["message"]) or self._pointed_to(main["point"])
        said = [finding for finding in known["findings"] if finding["pack"] != "article"]
        judged = sum(finding["verdict"] != "undetermined" for finding in said)
        which = "nothing" if judged else "nothing_judged"
        return self._say(f"main.{which}", judged=judged, count=len(said))

    def _pointed_to(self, point: str) -> str:
        try:
            title = words("points", self._wording.style)(f"{point}.title")
        except KeyError:  # a point of the user's own rules
            title = point
        return self._say("main.report", title=title)

    def _told(self, sentence: str) -> str:
        """A sentence in the language wanted; empty when it is only known in another."""
        is_known = isinstance(sentence, Text) or self._wording.style.language is Language.EN
        return self._wording.tell(sentence) if is_known else ""
