"""What is advised, on whose word, and the comparison with it."""

from formcheck.guidance.apply import apply_rules
from formcheck.guidance.load import load_rules, load_sources

__all__ = ["apply_rules", "load_rules", "load_sources"]
