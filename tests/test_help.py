"""The help, and what is said of a call that cannot be understood, are in the language asked for."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from formcheck.cli import app
from formcheck.cli.console import remarks
from formcheck.cli.help import described, value_of
from formcheck.texts import Language, ReportStyle, text, words
from tests.command import Cli
from tests.texts.test_languages import texts

BESIDE = {"needed", "hint", "heading", "title", "value", "option"}


def commands(command: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    yield path or "formcheck", command
    for name, each in getattr(command, "commands", {}).items():
        yield from commands(each, f"{path}_{name}".lstrip("_"))


COMMANDS = dict(commands(get_command(app)))
PARAMS = [(path, param) for path, command in COMMANDS.items() for param in command.params]


@pytest.mark.parametrize("language", Language)
def test_every_command_and_all_it_takes_is_told_in_every_language(language: Language) -> None:
    say = words("help", language)
    for path in COMMANDS:
        assert len(say(f"{path}.about")) > 10
    for path, param in PARAMS:
        assert len(described(say, path, param.name)) > 8, (path, param.name)
        takes_none = getattr(param, "is_flag", False)
        assert bool(value_of(say, path, param.name)) is not takes_none, (path, param.name)


def test_nothing_is_told_of_what_there_is_not() -> None:
    known = {f"{path}.about" for path in COMMANDS} | {"option.help"}
    known |= {f"{path}.{param.name}" for path, param in PARAMS}
    known |= {f"option.{param.name}" for _, param in PARAMS}
    told = {key.removeprefix(".") for key in texts("help", Language.EN)}
    assert {key for key in told - known if key.split(".")[0] not in BESIDE} == set()


def test_help_is_in_the_language_of_the_option_and_of_the_environment(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Speed of the treadmill (3 to 40 km/h)" in " ".join(
        cli("analyze", "--help").stdout.split()
    )
    german = cli("analyze", "--language", "de", "--help").stdout
    assert german.startswith("Aufruf: ")
    assert "Tempo des Laufbands (3 bis 40 km/h)" in " ".join(german.split())
    monkeypatch.setenv("FORMCHECK_LANGUAGE", "de")
    assert "Holt ein Modell noch einmal" in cli("models", "fetch", "--help").stdout
    assert "Optionen:" in cli("--help").stdout
    assert "Options:" in cli("check", "--help", "--language=en").stdout


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("analyse",), "Einen Befehl 'analyse' gibt es nicht; es gibt: analyze, "),
        (("analyze", "x.mp4", "--spede-kmh"), "Eine Option --spede-kmh gibt es nicht; es gibt: "),
        (("analyze", "x.mp4", "--speed-kmh", "fast"), "--speed-kmh nimmt ZAHL"),
        (("analyze", "x.mp4", "--units", "ells"), "--units nimmt metric|imperial"),
        (("analyze", "x.mp4", "--output"), "--output braucht einen Wert."),
        (("analyze",), "VIDEO... fehlt."),
        (("compare", "one", "-o", "out"), "Gib zwei Ergebnisse oder mehr an"),
        (("models", "where", "here"), "Das ist hier nicht zu verstehen: here"),
    ],
)  # fmt: skip
def test_a_call_that_cannot_be_understood_is_answered_in_that_language(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], complaint: str
) -> None:
    monkeypatch.setenv("FORMCHECK_LANGUAGE", "de")
    outcome = cli(*arguments)
    assert outcome.exit_code == 2
    assert outcome.stderr.startswith(f"formcheck: {complaint}")


def test_the_language_of_the_environment_is_that_of_errors_too(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORMCHECK_LANGUAGE", "de")
    (tmp_path / "run.mp4").touch()
    said = cli("analyze", tmp_path / "run.mp4").complaint
    assert said.endswith("ist leer (0 Byte); kopiere es noch einmal vom Telefon.")
    settings = tmp_path / "my.toml"
    settings.write_text("speed_kmh = 90\n", encoding="utf-8")
    said = cli("config", "--config", settings).complaint
    assert said.endswith("liegt außerhalb: erlaubt sind 3 bis 40 km/h")


def test_what_is_worth_knowing_is_said_in_that_language(capsys: pytest.CaptureFixture[str]) -> None:
    known = text("errors", "clip.lost", path="a.mp4", broken=2, untimed=0)
    with remarks(ReportStyle(Language.DE)):
        logging.getLogger("formcheck.video.read").warning(known)
    assert capsys.readouterr().err == (
        "formcheck: a.mp4: manches wurde ausgelassen "
        "(nicht lesbare Teile: 2, Bilder ohne eigene Zeit: 0).\n"
    )
