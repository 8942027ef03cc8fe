"""``formcheck models``: which pose models there are, where they lie and where they come from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from formcheck.cli.console import exit_codes
from formcheck.config import AnalysisConfig
from formcheck.pose.model_files import ModelState, fetch_model, list_models, where

app = typer.Typer(help="List, fetch or locate the pose models.")

ORIGINS: Mapping[str | None, str] = {
    "official": "the official bundle",
    "built": "built here from the official networks",
    None: "not fetched yet",
}


@app.callback(invoke_without_command=True)
def _default(context: typer.Context) -> None:
    """List the models unless a sub-command is given."""
    if context.invoked_subcommand is None:
        show_list()


@app.command("list")
def show_list() -> None:
    """List the models and say which file is in use and where it comes from."""
    with exit_codes():
        states = list_models()
    for state in states:
        typer.echo(_line(state))


def _line(state: ModelState) -> str:
    default = " (default)" if state.name == AnalysisConfig().model else ""
    facts = [f"{state.bytes / 1e6:.1f} MB", state.licence, ORIGINS[state.origin]]
    if state.path is not None:
        facts.append(str(state.path))
    return f"{state.name}{default}: {', '.join(facts)}"


@app.command()
def fetch(
    name: Annotated[str, typer.Argument(help="lite, full or heavy.")] = AnalysisConfig().model,
) -> None:
    """Fetch a model again, or build it where its address cannot be reached."""
    with exit_codes():
        path, info = fetch_model(name)
    typer.echo(f"{path}: {ORIGINS[info.origin]}, sha256 {info.sha256}")


@app.command("where")
def show_where() -> None:
    """Print the folder that fetched models go to."""
    with exit_codes():
        typer.echo(str(where()))
