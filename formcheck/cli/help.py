"""Help and complaints about the command line's own use, out of the files of texts.

A command is called by its path: ``analyze``, ``models_fetch``. Its parameters are those of
``[<command>]`` in help.toml or, where several commands take the same, of ``[option]``; what stands
for a value is in ``[value]``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from formcheck.cli.console import complain
from formcheck.cli.language import asked_language, usual_language
from formcheck.config import RANGES, AnalysisConfig
from formcheck.domain import Text
from formcheck.errors import ConfigError, FormcheckError
from formcheck.texts import Words, text, words
from formcheck.texts.tables import find

_LANGUAGE = "formcheck.language"
_USAGE_ERROR: type[Exception] = typer.BadParameter.__mro__[1]
"""What the parser raises for anything it cannot understand; it has no public name."""
_GIVEN = re.compile(r"\(([^()]+)\)\W*$")


def commands(**settings: Any) -> typer.Typer:
    """Commands under one name, with help in the language asked for."""
    return typer.Typer(cls=Group, rich_markup_mode=None, **settings)


class _Told:
    """What has help in the language asked for; stands before Typer's own class."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Remember the language before anything is shown."""
        ctx.meta.setdefault(_LANGUAGE, asked_language(args))
        rest: list[str] = super().parse_args(ctx, args)  # type: ignore[misc]  # Typer's
        return rest

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the whole help."""
        _Help(ctx, formatter).write()

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the line that says how to call it."""
        _Help(ctx, formatter).write_usage()


class Command(_Told, TyperCommand):
    """A command whose help is in the language asked for."""


class Group(_Told, TyperGroup):
    """Commands under one name, and what is wrong with a call in the language asked for."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find a command. Raises ConfigError, naming those there are, when there is none."""
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            known = ", ".join(self.list_commands(ctx))
            raise ConfigError(text("errors", "usage.no_command", name=args[0], known=known))
        return super().resolve_command(ctx, args)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command line; what cannot be understood is said on stderr, exit code 2."""
        given = list(sys.argv[1:] if args is None else args)
        try:
            done = super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
        except _USAGE_ERROR as error:
            raise SystemExit(_complain(error, given)) from error
        except FormcheckError as error:
            complain(error, style=asked_language(given))
            raise SystemExit(error.exit_code) from error
        if standalone_mode:
            sys.exit(done if isinstance(done, int) else 0)
        return done


class _Help:
    """Writes the help of one command."""

    def __init__(self, ctx: Any, formatter: Any) -> None:
        self._ctx = ctx
        self._out = formatter
        self._say = words("help", ctx.meta.get(_LANGUAGE, usual_language()))
        self._name = command_name(ctx)

    def write(self) -> None:
        self.write_usage()
        with self._out.indentation():
            for paragraph in about(self._say, self._name).split("\n\n"):
                self._out.write_paragraph()
                self._out.write_text(paragraph)
        params = self._ctx.command.get_params(self._ctx)
        for kind in ("argument", "option"):
            self._list(kind, [self._row(p) for p in params if p.param_type_name == kind])
        self._list("command", list(self._commands()))

    def write_usage(self) -> None:
        pieces = [self._say("heading.options"), *self._arguments()]
        if getattr(self._ctx.command, "commands", None):
            pieces.append(self._say("heading.commands"))
        path, prefix = self._ctx.command_path, self._say("heading.usage")
        self._out.write_usage(path, " ".join(pieces), prefix=prefix)

    def _arguments(self) -> Iterator[str]:
        for param in self._ctx.command.get_params(self._ctx):
            if param.param_type_name == "argument":
                yield value_of(self._say, self._name, param.name)

    def _commands(self) -> Iterator[tuple[str, str]]:
        for name in getattr(self._ctx.command, "commands", {}):
            path = f"{self._name}_{name}".removeprefix("formcheck_")
            yield name, about(self._say, path).split("\n\n")[0]

    def _row(self, param: Any) -> tuple[str, str]:
        value = value_of(self._say, self._name, param.name)
        if param.param_type_name == "argument":
            return value, described(self._say, self._name, param.name)
        names = " / ".join(", ".join(o) for o in (param.opts, param.secondary_opts) if o)
        said = described(self._say, self._name, param.name)
        needed = f" {self._say('needed')}" if param.required else ""
        return f"{names} {value}".strip(), f"{said}{needed}"

    def _list(self, kind: str, rows: list[tuple[str, str]]) -> None:
        if rows:
            with self._out.section(self._say(f"title.{kind}")):
                self._out.write_dl(rows)


def command_name(ctx: Any) -> str:
    """What a command is called in help.toml: ``models_fetch``; the whole is ``formcheck``."""
    path = []
    while ctx.parent is not None:
        path.append(ctx.info_name)
        ctx = ctx.parent
    return "_".join(reversed(path)) or "formcheck"


def about(say: Words, command: str) -> str:
    """What a command does; its first paragraph in short."""
    return say(f"{command}.about")


def described(say: Words, command: str, param: str) -> str:
    """What a parameter of a command is."""
    low, high, unit = RANGES.get(param, (0.0, 0.0, "cm"))
    facts = {"low": low, "high": high, "unit": unit, "model": AnalysisConfig().model}
    return say(_key(say, command, param), **facts)


def value_of(say: Words, command: str, param: str) -> str:
    """What stands for the value of a parameter; empty for one that takes none."""
    values = find("help", "value", say.language)
    own = f"{command}_{param}"
    known = values if isinstance(values, dict) else {}
    return str(known.get(own, known.get(param, "")))


def _key(say: Words, command: str, param: str) -> str:
    own = find("help", command, say.language)
    where = command if isinstance(own, dict) and param in own else "option"
    return f"{where}.{param}"


def _complain(error: Any, given: Sequence[str]) -> int:
    """Say what cannot be understood; returns the exit code."""
    language = asked_language(given)
    if type(error).__name__ == "NoArgsIsHelpError":
        typer.echo(error.format_message(), err=True)
    else:
        complain(ConfigError(_misuse(error, words("help", language))), style=language)
        if error.ctx is not None:
            hint = words("help", language)("hint", command=error.ctx.command_path)
            typer.echo(hint, err=True)
    return int(error.exit_code)


def _misuse(error: Any, say: Words) -> Text:
    """What is wrong with a call."""
    kind, param = type(error).__name__, getattr(error, "param", None)
    if kind == "NoSuchOption":
        near = ", ".join(sorted(error.possibilities or ()))
        which = "no_option_but" if near else "no_option"
        return text("errors", f"usage.{which}", name=error.option_name, near=near)
    if kind == "BadOptionUsage":
        return text("errors", "usage.no_value", name=error.option_name)
    if param is None:
        given = _GIVEN.search(error.format_message())
        return text("errors", "usage.other", given=given.group(1) if given else str(error))
    value = value_of(say, command_name(error.ctx), param.name)
    name = " / ".join(param.opts) if param.param_type_name == "option" else value
    which = "missing" if kind == "MissingParameter" else "bad_value"
    return text("errors", f"usage.{which}", name=name, value=value)
