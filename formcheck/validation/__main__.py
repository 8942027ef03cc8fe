"""``python -m formcheck.validation``: run every suite and write docs/validation.md."""

from __future__ import annotations

import argparse
import datetime
import logging
from collections.abc import Callable
from pathlib import Path

from formcheck.validation.arms import arm_suite
from formcheck.validation.leg_suite import leg_suite
from formcheck.validation.page import write_accuracy, write_page
from formcheck.validation.suites import (
    forceplate_suite,
    kinematic_suite,
    real_suite,
    rendered_suite,
)
from formcheck.validation.tables import SuiteResult

logger = logging.getLogger("formcheck.validation")


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="where the page goes")
    parser.add_argument("--samples", type=Path, default=Path("sample_videos"))
    parser.add_argument(
        "--data", type=Path, default=Path("../shared"), help="folder with rbds/ and videos/"
    )
    parser.add_argument(
        "--accuracy",
        type=Path,
        default=Path("formcheck/metrics/accuracy.json"),
        help="where the accuracy of each metric goes",
    )
    parser.add_argument("--labels", type=Path, default=Path("tests/validation/hand_labels"))
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    clips = (options.samples, options.data / "synthetic" / "clips")
    suites: dict[str, Callable[[], SuiteResult]] = {
        "kinematic": kinematic_suite,
        "forceplate": lambda: forceplate_suite(options.data / "rbds"),
        "rendered": lambda: rendered_suite(*clips),
        "legs": lambda: leg_suite(options.labels / "legs", options.data / "videos", clips),
        "arms": lambda: arm_suite(options.labels / "arms", options.data / "videos"),
        "real": lambda: real_suite(options.data / "videos", logger.info),
    }
    results = {}
    for name, run in suites.items():
        logger.info("%s", name)
        results[name] = run()
    write_accuracy(results, options.accuracy)
    page = write_page(results, options.docs, made=f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}")
    logger.info("wrote %s", page)


if __name__ == "__main__":
    main()
