"""Numbers, sides and people in words, in the language and units of a report."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel.lists import format_list

from formcheck.domain import (
    Band,
    CameraEstimate,
    Grade,
    Person,
    PoseSequence,
    Reason,
    Side,
    Summary,
)
from formcheck.reasons import message
from formcheck.texts import DEFAULT_STYLE, ReportStyle, Words, tell
from formcheck.texts import words as words_of
from formcheck.texts.amounts import amount, bare, day, is_pace, plus_minus, suffix


@dataclass(frozen=True, slots=True)
class Wording:
    """Says things as a reader wants them."""

    style: ReportStyle = DEFAULT_STYLE

    def words(self, area: str) -> Words:
        """The texts of an area."""
        return words_of(area, self.style)

    @property
    def _own(self) -> Words:
        return self.words("wording")

    def name(self, kind: str, value: str) -> str:
        """The word for a value of a kind in names.toml."""
        return self.words("names")(f"{kind}.{value}")

    def tell(self, said: str) -> str:
        """A text of the analysis, said again."""
        return tell(said, self.style)

    def reason(self, why: Reason) -> str:
        """All clauses of a reason, each a sentence of its own."""
        return self.tell(message(why))

    def day(self, iso: str) -> str:
        """A day such as ``2026-11-23``, written out."""
        return day(date.fromisoformat(iso), self.style.language)

    def amount(self, value: float, unit: str, *, signed: bool = False) -> str:
        """A number with its unit, with as many decimals as mean something."""
        return amount(value, unit, self.style, signed=signed)

    def plus_minus(self, summary: Summary, unit: str) -> str:
        """The median with half its 95 % interval: ``8 ± 3°``."""
        half = 0.5 * (summary.high - summary.low)
        return plus_minus(summary.median, half, unit, self.style)

    def speed(self, mps: float, half_mps: float) -> str:
        """A speed with half its 95 % interval, or a pace."""
        return plus_minus(mps, half_mps, "m/s", self.style)

    def interval(self, summary: Summary, unit: str) -> str:
        """The 95 % interval in words: ``5° to 11°``."""
        return self.band((summary.low, summary.high), unit)

    def between(self, limits: Band, unit: str) -> str:
        """Two numbers with the unit after the second: ``151 to 177 steps/min``."""
        low, high = self._ends(limits, unit)
        low_words, high_words = (bare(limit, unit, self.style) for limit in (low, high))
        return self._own("interval", low=low_words, high=high_words) + suffix(unit, self.style)

    def band(self, limits: Band, unit: str) -> str:
        """A range in words."""
        low, high = self._ends(limits, unit)
        if math.isinf(low):
            return self._own("up_to", high=self.amount(high, unit))
        if math.isinf(high):
            return self._own("or_more", low=self.amount(low, unit))
        if suffix(unit, self.style)[:1].isspace():  # a word, which need not be said twice
            return self.between(limits, unit)
        return self._own("interval", low=self.amount(low, unit), high=self.amount(high, unit))

    def _ends(self, limits: Band, unit: str) -> Band:
        """The limits in the order they are read: the faster, the shorter the pace."""
        return (limits[1], limits[0]) if is_pace(unit, self.style) else limits

    def grade(self, value: Grade | None) -> str:
        """The outcome of a comparison; None: undetermined."""
        return self.name("grade", "undetermined" if value is None else value.value)

    def pack(self, name: str) -> str:
        """Who speaks in a rule pack."""
        return self.name("pack", name)

    def instant(self, name: str) -> str:
        """When in the stride something was measured."""
        return self.name("instant", name)

    def side(self, value: Side | None, near: Side | None) -> str:
        """A side with its place before the camera: ``right side, near the camera``.

        ``near`` is None where both sides are seen alike, from behind.
        """
        if value is None:
            return self._own("side.whole_body")
        place = "alone" if near is None else "near" if value is near else "far"
        return self._own(f"side.{place}", side=value)

    def count(self, number: int, noun: str) -> str:
        """A number with its noun (a key of ``count`` in wording.toml), in the fitting form."""
        return self._own(f"count.{noun}", n=number)

    def listed(self, items: Sequence[str]) -> str:
        """Several words in a sentence: ``a, b and c``."""
        return str(format_list(list(items), locale=self.style.language.value)) if items else ""

    def followed(self, pose: PoseSequence, part_s: tuple[float, float]) -> str:
        """Who was followed, why, when, and who else was there."""
        say = self._own
        when = say("followed.when", start_s=part_s[0], stop_s=part_s[1])
        if len(pose.people) < 2:
            return say("followed.alone", when=when)
        followed = next(person for person in pose.people if person.is_followed)
        others = (self._other(person) for person in pose.people if not person.is_followed)
        return say(
            "followed.one_of",
            number=followed.number,
            count=len(pose.people),
            why="" if pose.choice is None else say("followed.why", choice=pose.choice),
            when=when,
            others="; ".join(others),
        )

    def _other(self, person: Person) -> str:
        return self._own(
            "followed.other",
            number=person.number,
            where=person.where,
            first_s=person.first_s,
            last_s=person.last_s,
            legs=person.legs,
        )

    def camera(self, estimate: CameraEstimate | None) -> str:
        """How the camera was held."""
        return self.name("camera", "unknown" if estimate is None else estimate.work.value)


DEFAULT_WORDING = Wording()
"""In English and metric units."""
