"""What differs between the results of several clips, and whether it is more than error."""

from formcheck.compare.changes import (
    Change,
    Outcome,
    Row,
    compare_results,
    conditions,
    is_same_camera,
)
from formcheck.compare.result import (
    Result,
    is_refused,
    load_result,
    read_summary,
    result_name,
)
from formcheck.compare.strides import even_contacts_s

__all__ = [
    "Change",
    "Outcome",
    "Result",
    "Row",
    "compare_results",
    "conditions",
    "even_contacts_s",
    "is_refused",
    "is_same_camera",
    "load_result",
    "read_summary",
    "result_name",
]
