"""The command line: parse, make one library call, print; nothing is computed here."""

from formcheck.cli.app import app, main

__all__ = ["app", "main"]
