"""Many clips: one result folder each, one table of all, and nothing that stops the rest."""

from formcheck.batch.engine import Engine, Failure, Outcome
from formcheck.batch.pool import PoolEngine
from formcheck.batch.run import BatchOptions, BatchResult, run_batch

__all__ = [
    "BatchOptions",
    "BatchResult",
    "Engine",
    "Failure",
    "Outcome",
    "PoolEngine",
    "run_batch",
]
