"""Measure formcheck's speed and memory and write docs/performance.md.

``python -m tests.benchmarks.bench`` runs all parts; ``--only analyze,batch`` some of them, the
others keep what was measured before; ``--page`` none. ``--quick`` is for trying it out: shorter
clips, one round. What is compared is run in alternation, so that a busy machine disturbs it alike.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks import machine, page
from tests.benchmarks.clips import Clips
from tests.benchmarks.parts import PARTS, Bench, load
from tests.rendered import ROOT

RESULTS = Path(__file__).with_name("results.json")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default=",".join(PARTS), help=f"of {', '.join(PARTS)}")
    parser.add_argument("--rounds", type=int, default=3, help="runs of what is compared")
    parser.add_argument("--quick", action="store_true", help="short clips, one round, no page")
    parser.add_argument("--page", action="store_true", help="only write the page again")
    parser.add_argument("--clips", type=Path, help="folder to keep the clips in")
    options = parser.parse_args()
    if not options.page:
        _measure(options)
    if not options.quick:
        page.write(load(RESULTS), ROOT / "docs")


def _measure(options: argparse.Namespace) -> None:
    results = load(RESULTS)
    with tempfile.TemporaryDirectory(prefix="formcheck-bench-") as folder:
        clips = Clips(options.clips or Path(folder))
        bench = Bench(clips, 1 if options.quick else options.rounds, options.quick)
        for name in options.only.split(","):
            busy_before, started = machine.busy(), time.perf_counter()
            found = PARTS[name](bench)
            print(f"{name}: {time.perf_counter() - started:.0f} s", flush=True)
            print(json.dumps(found, indent=1), flush=True)
            day = f"{datetime.now(UTC):%Y-%m-%d}"
            results[name] = found | {"measured_on": day, "busy_before": busy_before}
            if not options.quick:
                results["machine"] = machine.facts()
                RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
