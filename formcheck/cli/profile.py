"""The questions a runner may answer, as a file or one after the other."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from formcheck.cli import options
from formcheck.cli.console import exit_codes
from formcheck.errors import ConfigError, OutputError
from formcheck.guidance.profile import Answer, Kind, Question, profile_of, questions
from formcheck.guidance.questionnaire import (
    as_toml,
    choice_text,
    template,
    text,
    typed_answer,
    wanted,
)
from formcheck.texts import Language, Units, words
from formcheck.texts import text as text_of

_PRIVATE = 0o600  # health data: nobody else on the machine needs to read it


def profile(
    write: Annotated[Path | None, typer.Option("--write", "-w")] = None,
    ask: Annotated[bool, typer.Option("--ask")] = False,
    language: options.ReportLanguage = None,
    units: Annotated[Units, typer.Option()] = Units.METRIC,
) -> None:
    """Print the questions of 'analyze --profile' as a file to fill in."""
    spoken = language or Language.EN
    with exit_codes(spoken):
        if write is not None and write.exists():
            raise OutputError(text_of("errors", "profile_exists", path=str(write)))
        made = template(spoken, units)
        if ask:
            made = as_toml(profile_of(_asked(spoken, units), "answers"))
        if write is None:
            typer.echo(made, nl=False)
        else:
            _save(write, made)


def _save(path: Path, text_of_file: str) -> None:
    try:
        path.touch(mode=_PRIVATE, exist_ok=False)
        path.write_text(text_of_file, encoding="utf-8")
    except OSError as error:
        why = error.strerror or str(error)
        raise OutputError(text_of("errors", "unwritable_file", path=str(path), why=why)) from error
    typer.echo(path)


def _asked(language: Language, units: Units) -> dict[str, dict[str, Answer]]:
    """The answers given at the prompt, by section; Enter leaves a question out."""
    t = words("plan", language)
    typer.echo(f"{t('ask.private')}\n{t('ask.skip')}", err=True)
    answers: dict[str, dict[str, Answer]] = {}
    for section, asked in groupby(questions(), key=lambda question: question.section):
        typer.echo(f"\n{t(f'section.{section}')}", err=True)
        given = {question.name: _answer(question, language, units) for question in asked}
        answers[section] = {name: said for name, said in given.items() if said is not None}
    return answers


def _answer(question: Question, language: Language, units: Units) -> Answer | None:
    """One answer; asked again until it is one."""
    t = words("plan", language)
    hint = wanted(question, language, units)
    if question.kind is Kind.YES_NO:
        hint = t("ask.yes_no_short")
    for choice in question.choices:
        typer.echo(f"  {choice}: {choice_text(question, choice, language)}", err=True)
    while True:
        typer.echo(f"{text(question, language, units)} ({hint}): ", nl=False, err=True)
        typed = str(typer.prompt("", prompt_suffix="", default="", show_default=False, err=True))
        if not typed.strip():
            return None
        try:
            return typed_answer(question, typed, units)
        except ConfigError:
            typer.echo(t("ask.again", wanted=hint), err=True)
