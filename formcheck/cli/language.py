"""Which language the command line speaks before the settings are read, and where there are none."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import pairwise

from formcheck.texts import Language

VARIABLE = "FORMCHECK_LANGUAGE"
"""Environment variable with the language of whoever works here; ``--language`` goes before it."""
OPTION = "--language"


def usual_language() -> Language:
    """The language of the environment, English without one."""
    named = os.environ.get(VARIABLE, "")
    return Language(named) if named in set(Language) else Language.EN


def asked_language(args: Sequence[str]) -> Language:
    """The language asked for among the arguments, else the usual one."""
    for name, value in pairwise([*args, ""]):
        asked = name.removeprefix(f"{OPTION}=") if "=" in name else value
        if name.split("=")[0] == OPTION and asked in set(Language):
            return Language(asked)
    return usual_language()
