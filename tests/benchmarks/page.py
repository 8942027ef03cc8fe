"""docs/performance.md and its figure, from the stored results."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.figure import draw
from tests.benchmarks.parts import median

Results = dict[str, Any]
FIGURE = "performance.svg"
_BUSY = 0.3  # cores in use before a part began

_HEAD = """\
# Performance

`make bench` measures everything on this page and writes it. `make bench ARGS='--only analyze,batch'` measures some
parts again and keeps the rest; `--quick` tries it out without writing. What is compared ran in alternation, each in a
process of its own with start-up counted, libraries and clips read just before; tables give medians of the runs. Clips
are made from a rendered sample clip.
"""

_READING = """\
## Where the time goes

Processor time per frame of a 1080p60 clip (H.264), all threads of a stage together, of {frames} frames:

"""

_WHY = """\
## How it is made fast

- **The silhouette is left out of the model**: the network draws a mask that formcheck does not look at. Landmarks are
  the same bit for bit ([0024](decisions/0024-segments-of-a-long-clip.md)).
- **A long clip is followed in segments**, two more at once than there are cores, so that none waits. Where it is cut
  depends on the file alone, so `summary.json` is the same byte for byte with any `--jobs`; clips under 1000 frames are
  followed in one go.
- **A clip is decoded once**: the small pictures the annotated clip is drawn on are kept in a temporary file while the
  clip is read for the pose.
- **Decoding, the model, drawing and encoding overlap**: frames are read a few ahead in a thread, pictures are encoded
  in another. One landmarker itself uses one core, and MediaPipe's Python interface has no setting for more. In a batch
  nothing overlaps: other clips keep the other cores busy, and one thread does with less.
- **Scaling before converting**: pictures longer than 1280 pixels are made smaller before they become RGB.
- **The encoder's preset** is the one that costs least; the next ones save space, not much of it for one clip (below).
- **Kept poses** need no model, and what was observed in them is not observed again: see [scaling.md](scaling.md).
- **What a long clip's frames showed lies in blocks**, not in lists of small arrays strewn over the heap.

## What misses its target, and why

{missed}
"""


@dataclass(frozen=True)
class Target:
    """One row of the first table: what, what is wanted, and what was measured."""

    what: str
    wanted: str
    value: Callable[[Results], float]
    is_met: Callable[[float], bool]
    shown: str
    part: str
    why: str = ""


def _ratio(part: str, above: str, below: str) -> Callable[[Results], float]:
    def value(results: Results) -> float:
        seconds = results[part]["seconds"]
        pairs = zip(seconds[above], seconds[below], strict=True)
        return median([one / other for one, other in pairs])

    return value


def _times_real_time(results: Results, *steps: str) -> float:
    return float(results["again"]["clip"] / sum(results["again"][step] for step in steps))


def _memory_ratio(results: Results) -> float:
    sizes = [found["peak_mb"] for name, found in results["memory"].items() if name.endswith(" s")]
    return float(sizes[1] / sizes[0])


def _search_share(results: Results) -> float:
    """Eight looks in 600 frames (10 s at 60 frames/s), against the loop they are added to."""
    costs = results["per_frame"]
    loop = costs["reading"] + costs["pose model"]
    return float(100 * 8 * costs["search for everybody"] / 600 / loop)


def _written_share(results: Results) -> float:
    """Per cent of the pose; small pictures kept while the pose is found belong to writing."""
    part = results["analyze"]
    kept_s = part["frames"] * results["per_frame"]["keeping small pictures"] / 1000
    pairs = zip(part["written_s"], part["seconds"]["one job"], strict=True)
    written = [(written_s + kept_s, whole_s) for written_s, whole_s in pairs]
    return 100 * median([written_s / (whole_s - written_s) for written_s, whole_s in written])


TARGETS = (
    Target(
        "`analyze` of a 30 s 1080p60 clip, everything written / bare decode + MediaPipe loop, all cores",
        "≤ 0.75", _ratio("analyze", "all cores", "bare"), lambda r: r <= 0.75, "{:.2f}", "analyze",
        "Both cores are at work nearly all the time, so what is left is work: the model, reading, drawing, encoding.",
    ),
    Target(
        "the same with `--jobs 1`", "≤ 1.10", _ratio("analyze", "one job", "bare"),
        lambda r: r <= 1.10, "{:.2f}", "analyze",
    ),
    Target(
        "writing report and video / pose, `--jobs 1`", "≤ 20 %",
        _written_share, lambda r: r <= 20,
        "{:.0f} %", "analyze",
        "Writing costs a fixed number of milliseconds a frame: drawing on it and encoding it.",
    ),
    Target(
        "batch of short clips, 2 jobs / 1 job", "≥ 1.8 times", _ratio("batch", "1 job", "2 jobs"),
        lambda r: r >= 1.8, "{:.2f} times", "batch",
        "The start of the directing process, the last clip, and what the cores share.",
    ),
    Target(
        "a kept clip analysed again with other rules or metrics, 30 s at 60 frames/s", "≥ 200 times real time",
        lambda results: _times_real_time(results, "pose from the cache", "analysis of what was observed"),
        lambda r: r >= 200, "{:.0f} times", "again",
        "66 metrics on every stride are most of it.",
    ),
    Target(
        "the same in a batch, files written without video, all cores", "≥ 200 times real time",
        lambda results: _times_real_time(results, "batch, other rules, seconds"),
        lambda r: r >= 200, "{:.0f} times", "again",
        "The analysis as above, on every core; beside it each clip's bytes are hashed, and its page is drawn.",
    ),
    Target(
        "peak memory, 10-minute clip / 30 s clip", "≤ 1.1", _memory_ratio, lambda r: r <= 1.1,
        "{:.2f}", "memory",
        "Frames are never kept, but landmarks and what the scene showed are, for every frame.",
    ),
    Target(
        "peak memory of a batch with 2 jobs, all processes", "≤ 1200 MB",
        lambda results: float(results["batch"]["peak_mb"]["2 jobs"]), lambda r: r <= 1200,
        "{:.0f} MB", "batch",
        "Each job holds the pose model, the libraries and the frames under way.",
    ),
    Target(
        "peak memory of `analyze`, 1080p60, two cores", "≤ 1200 MB",
        lambda results: float(results["analyze"]["peak_mb"]["all cores"]), lambda r: r <= 1200,
        "{:.0f} MB", "analyze",
    ),
    Target(
        "4K60 HEVC: reading / pose, by the clock", "< 1, or the decoder's own limit",
        lambda results: results["large"]["reading clock"] / results["large"]["pose clock"],
        lambda r: r < 0.95, "{:.2f}", "large",
        "Reading is the bottleneck there, and decoding alone is most of it: the decoder's own limit on these cores.",
    ),
    Target(
        "start of the process to the first frame looked at", "≤ 2 s",
        lambda results: median(results["startup"]["seconds"]), lambda r: r <= 2, "{:.1f} s", "startup",
        "The start has a section of its own above.",
    ),
    Target(
        "searching for others adds to the pose loop", "≤ 10 %", _search_share,
        lambda r: r <= 10, "{:.1f} %", "per_frame",
    ),
)  # fmt: skip


def write(results: Results, docs: Path) -> None:
    """Write the page and its figure; parts never measured are left out."""
    draw(results, docs / "images" / FIGURE)
    (docs / "performance.md").write_text("\n".join(_page(results)), encoding="utf-8")


def _page(results: Results) -> Iterator[str]:
    yield _HEAD
    yield from _table(("", ""), results["machine"].items())
    disturbed = [name for name, part in results.items() if part.get("busy_before", 0.0) > _BUSY]
    if disturbed:
        yield (
            f"\n**Other work kept the machine busy** while these parts were measured: {', '.join(disturbed)}. What went by "
            "the clock there says little; processor time says more, and is up to a third too high.\n"
        )
    yield "\n## Targets\n"
    known = [target for target in TARGETS if target.part in results]
    rows = [
        (t.what, t.wanted, t.shown.format(t.value(results)), _verdict(t, results)) for t in known
    ]
    yield from _table(("what", "target", "measured", ""), rows)
    yield f"\n![Seconds of the runs, and processor time per frame](images/{FIGURE})\n"
    for part, section in _SECTIONS.items():
        if part in results:
            yield from section(results[part])
    if {"per_frame", "again"} <= results.keys():
        yield from _many(results["per_frame"], results["again"])
    missed = [t for t in known if not t.is_met(t.value(results))]
    reasons = [f"- {t.what}: {t.shown.format(t.value(results))}. {t.why}" for t in missed]
    yield _WHY.format(missed="\n".join(reasons) or "Nothing.")


def _verdict(target: Target, results: Results) -> str:
    return "met" if target.is_met(target.value(results)) else "**missed**"


def _table(head: tuple[str, ...], rows: Any) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(map(str, row))} |"


def _many(costs: Results, again: Results) -> Iterator[str]:
    """A projection, from the stages of one clip."""
    stages = (
        "reading", "pose model", "watching the scene", "keeping small pictures",
        "reading small pictures", "drawing", "encoding ultrafast",
    )  # fmt: skip
    per_frame_s = sum(costs[stage] for stage in stages) / 1000
    rest_s = again["report without video"] + again["analysis"] * 10 / again["clip"]
    rest_s += 3 * costs["search for everybody"] / 1000 + 0.072 * costs["decoding"]
    looks_s = 8 * costs["search for everybody"] / 1000
    clip_s = 600 * per_frame_s + rest_s + looks_s
    yield "\n## 100 000 clips, projected\n"
    yield (
        f"A clip of 10 s of 1080p60 takes {clip_s:.0f} core-seconds: 600 frames of {1000 * per_frame_s:.1f} ms, and "
        f"{rest_s + looks_s:.1f} s that do not grow with them. 100 000 of them take {clip_s * 1e5 / 3600:.0f} core-hours, "
        f"{clip_s * 1e5 / 3600 / 100:.1f} hours on 100 cores. Nothing of that size was run; [scaling.md](scaling.md) has what "
        "surrounds it.\n"
    )


def _runs(part: Results) -> Iterator[tuple[str, ...]]:
    for name, seconds in part["seconds"].items():
        every = ", ".join(f"{value:.1f}" for value in seconds)
        cpu = f"{median(part['cpu_s'][name]):.1f}"
        yield name, f"{median(seconds):.1f}", every, cpu, f"{part['peak_mb'][name]:.0f}"


def _analyze(part: Results) -> Iterator[str]:
    yield f"## Analysis of one clip ({part['clip'].replace('_', ', ')})\n"
    yield from _table(("", "s", "runs, s", "processor time, s", "peak memory, MB"), _runs(part))
    yield ""


def _batch(part: Results) -> Iterator[str]:
    yield f"\n## {part['clips']} short clips (3 s, 720p60)\n"
    yield from _table(("", "s", "runs, s", "processor time, s", "peak memory, MB"), _runs(part))
    seconds = {name: median(found) for name, found in part["seconds"].items()}
    cpu_s = {name: median(found) for name, found in part["cpu_s"].items()}
    busy = cpu_s["1 job"] / seconds["1 job"]
    more = 100 * (cpu_s["2 jobs"] / cpu_s["1 job"] - 1)
    told = f"{abs(more):.0f} % {'more' if more >= 0 else 'less'}"
    yield f"\nOne job keeps {busy:.2f} cores busy, so two on two cores can be {2 / busy:.2f} times as fast at most. They"
    yield f"take {told} processor time; the rest is start-up, the last clips and waiting for the disk."
    yield ""


def _stages(part: Results) -> Iterator[str]:
    yield _READING.format(frames=240)
    costs = {name: value for name, value in part.items() if isinstance(value, float)}
    rows = [
        (name, f"{ms:.2f}")
        for name, ms in costs.items()
        if not name.startswith(("encod", "size", "busy"))
    ]
    yield from _table(("stage", "ms"), rows)
    yield "\nThe search for everybody is per look: 8 in 10 s, 25 in 10 minutes. Reading is decoding, scaling to 1280"
    yield "pixels and conversion to RGB; small pictures, drawing and encoding have the size of the annotated clip.\n"
    presets = [
        (name.removeprefix("encoding "), f"{ms:.1f}", f"{costs[name.replace('encoding', 'size')]:.2f}")
        for name, ms in costs.items() if name.startswith("encoding")
    ]  # fmt: skip
    yield from _table(("preset of the encoder", "ms a frame", "MB a second"), presets)
    yield ""


def _tracking(part: Results) -> Iterator[str]:
    more = 100 * (part["tracking cpu"] / part["loop cpu"] - 1)
    yield "\n## What surrounds the model\n"
    yield (
        f"Reading and following alone took {part['loop cpu']:.1f} ms of processor time a frame; all of tracking (which "
        f"way the runner faces, the looks for others, the scene, the choice) {part['tracking cpu']:.1f} ms: {more:.0f} % "
        "more for a clip of 10 s. By the clock, "
        f"{part['loop clock']:.1f} and {part['tracking clock']:.1f} ms.\n"
    )


def _again(part: Results) -> Iterator[str]:
    yield "\n## A kept clip analysed again\n"
    steps = (
        "pose from the cache",
        "analysis",
        "analysis of what was observed",
        "report without video",
    )
    yield from _table(("step", "s"), [(step, f"{part[step]:.3f}") for step in steps])
    yield (
        f"\nOf one clip of {part['clip']:.0f} s, in one process that has done so before. The analysis tells the limbs apart, "
        "finds the gait and measures; what was observed before it measures is kept beside the pose "
        "([0029](decisions/0029-an-observation-is-kept-beside-its-pose.md)), so that with other rules, metrics or another "
        "language only the measuring is left. Another height or speed, or other settings, take the whole analysis. A process "
        f"of its own that does so once, and writes the report, takes {part['process of its own']:.1f} s: nearly all of it "
        "is the start, once for all clips of a batch.\n\n"
        "`formcheck batch --no-annotate` on copies of the clip, with a job a core, for each clip more (start-up, once a "
        "process, is not in it). It writes the page, the tables, the summary and the pose; the annotated clip and its "
        "pictures are drawn only when asked for, and cost what they always do.\n"
    )
    rows = [
        (kept, *(f"{part[f'batch, {name}, {what}']:.2f}" for what in ("seconds", "cpu_s")))
        for kept, name in (
            ("poses", "poses kept"),
            ("poses and observations; other rules", "other rules"),
        )
    ]
    yield from _table(("kept", "s", "processor time, s"), rows)


def _startup(part: Results) -> Iterator[str]:
    yield "\n## Start\n"
    yield (
        f"{median(part['seconds']):.1f} s by the clock and {median(part['cpu_s']):.1f} s of processor time from the start of "
        "the process until the first frame has been looked at. In it: the libraries, the model (twice: to follow and to "
        "search) and the first second of the clip or so, decoded to see which way the runner faces.\n"
    )


def _memory(part: Results) -> Iterator[str]:
    yield "\n## Memory (720p, 30 s at 60 and the long clip at 30 frames/s)\n"
    rows = [
        (name, f"{found['peak_mb']:.0f}", f"{found['seconds']:.0f}")
        for name, found in part.items() if name.endswith(" s")
    ]  # fmt: skip
    yield from _table(("clip", "peak, MB", "s"), rows)
    yield "\nBoth are followed in segments, four at once on two cores; each core more takes a segment more, some 130 MB at 1080p, as far as there is memory. Clips under 1000 frames are followed in one go and need less. Memory is that of all processes together, what they share counted once (PSS).\n"


def _large(part: Results) -> Iterator[str]:
    yield "\n## 4K60 HEVC\n"
    rows = [
        (name, f"{part[f'{name} clock']:.1f}", f"{part[f'{name} cpu']:.1f}")
        for name in ("decoding", "reading", "pose")
    ]
    yield from _table(("", "ms a frame, clock", "processor time"), rows)
    yield "\nDecoding uses all cores; reading adds scaling and conversion, pose the model, beside the decoder.\n"


_SECTIONS: dict[str, Callable[[Results], Iterator[str]]] = {
    "analyze": _analyze,
    "startup": _startup,
    "per_frame": _stages,
    "tracking": _tracking,
    "batch": _batch,
    "again": _again,
    "memory": _memory,
    "large": _large,
}
