"""``formcheck models``: which pose models there are, where they lie and where they come from."""

from __future__ import annotations

from typing import Annotated

import typer

from formcheck.cli import options
from formcheck.cli.console import exit_codes
from formcheck.cli.help import Command, commands
from formcheck.cli.language import usual_language
from formcheck.config import AnalysisConfig
from formcheck.pose.model_files import ModelState, fetch_model, list_models, where
from formcheck.texts import Words, words

app = commands()


@app.callback(invoke_without_command=True)
def _default(context: typer.Context) -> None:
    """List the models unless a sub-command is given."""
    if context.invoked_subcommand is None:
        show_list(None)


@app.command("list", cls=Command)
def show_list(language: options.ReportLanguage = None) -> None:
    """List the models and say which file is in use and where it comes from."""
    say = words("terminal", language or usual_language())
    with exit_codes(language):
        states = list_models()
    for state in states:
        typer.echo(_line(state, say))


def _line(state: ModelState, say: Words) -> str:
    is_default = state.name == AnalysisConfig().model
    name = say("model.default", name=state.name) if is_default else state.name
    facts = {"mb": state.bytes / 1e6, "licence": state.licence, "origin": state.origin or "absent"}
    line = say("model.line", name=name, **facts)
    return line if state.path is None else say("model.at", line=line, path=str(state.path))


@app.command(cls=Command)
def fetch(
    name: Annotated[str, typer.Argument()] = AnalysisConfig().model,
    language: options.ReportLanguage = None,
) -> None:
    """Fetch a model again, or build it where its address cannot be reached."""
    with exit_codes(language):
        path, info = fetch_model(name)
    say = words("terminal", language or usual_language())
    typer.echo(say("model.fetched", path=str(path), origin=info.origin, sha256=info.sha256))


@app.command("where", cls=Command)
def show_where(language: options.ReportLanguage = None) -> None:
    """Print the folder that fetched models go to."""
    with exit_codes(language):
        typer.echo(str(where()))
