"""report.html: one page a runner can read, open offline and print."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from formcheck.guidance.texts import safety_text
from formcheck.report import overlay, page, plots, whois
from formcheck.report.cards import cards, headline
from formcheck.report.context import ReportContext
from formcheck.report.gallery import picture
from formcheck.report.player import player_json
from formcheck.report.privacy import blur_limit
from formcheck.report.tracking import limb_rows


class HtmlWriter:
    """Writes report.html."""

    name = "report.html"

    def write(self, context: ReportContext, folder: Path) -> Path:
        """Write the page and return its path."""
        path = folder / self.name
        path.write_text(render(context), encoding="utf-8")
        return path


def render(context: ReportContext) -> str:
    """Return the whole page; nothing in it is fetched from elsewhere but the clip beside it."""
    analysis, wording, shown = context.analysis, context.wording, cards(context)
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            t=wording.words("report"),
            w=wording.words("player"),
            c=wording.words("plots"),
            p=wording.words("plan"),
            tell=wording.tell,
            plan=analysis.plan,
            clip_name=Path(analysis.video.path).name,
            clip_verdict=wording.name("clip", analysis.verdict),
            limits=[wording.reason(why) for why in analysis.reasons],
            analysis=analysis,
            annotated_clip=context.annotated_clip,
            scaled=overlay.MAX_SIDE_PX if overlay.is_scaled_down(analysis.video) else None,
            clip_address=context.clip_address or context.annotated_clip,
            headline=headline(context, shown),
            highlights=page.highlights(context),
            cards=shown,
            rows=page.measured_rows(context),
            plots=plots.plots(context),
            plot_size=plots.SIZE,
            player_json=player_json(context),
            capture=page.capture_facts(context),
            limbs=limb_rows(context),
            people=picture(context.key_frame(whois.METRIC, None)),
            provenance=page.provenance_facts(context),
            blurred=blur_limit((analysis,), wording.words("report")),
            near=analysis.gait.view.near_side,
            left_out=page.left_out(context),
            safety=safety_text(context.language, analysis.plan.caution),
        )
    )


def _unbroken(value: object) -> object:
    """A sentence in which no line ends between a number and its percent sign."""
    return value.replace(" %", "\u202f%") if isinstance(value, str) else value


@cache
def environment(package: str = "formcheck.report") -> Environment:
    """Return what all pages are rendered with: everything is escaped, nothing may be missing.

    ``package`` is where the templates lie. They are compiled once a process.
    """
    return Environment(
        loader=PackageLoader(package),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        finalize=_unbroken,
        trim_blocks=True,
        lstrip_blocks=True,
    )
