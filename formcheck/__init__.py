"""Turn a clip of a runner into an annotated running-form report that says how sure it is."""

__version__ = "0.1.0"
