"""What may be set, and what is said when it cannot be."""

from __future__ import annotations

import dataclasses
import typing
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from formcheck.config import RANGES, AnalysisConfig, load_config
from formcheck.errors import ConfigError


def written(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return path


def sections() -> list[str]:
    hints = typing.get_type_hints(AnalysisConfig)
    return [name for name, kind in hints.items() if dataclasses.is_dataclass(kind)]


def test_nothing_is_assumed_about_the_runner_or_the_camera() -> None:
    config = load_config()
    assert (config.speed_kmh, config.height_cm, config.capture_fps) == (None, None, None)
    assert config.model == "full"
    assert config == AnalysisConfig()


def test_options_win_over_the_file_and_none_means_not_given(tmp_path: Path) -> None:
    path = written(tmp_path, "speed_kmh = 9\nheight_cm = 170.5\n")
    config = load_config(path, speed_kmh=11.0, height_cm=None)
    assert (config.speed_kmh, config.height_cm) == (11.0, 170.5)


def test_an_integer_is_taken_for_a_number(tmp_path: Path) -> None:
    speed = load_config(written(tmp_path, "speed_kmh = 9\n")).speed_kmh
    assert speed == 9.0
    assert isinstance(speed, float)


def test_the_effective_configuration_loads_back_to_itself(tmp_path: Path) -> None:
    config = load_config(speed_kmh=10.8, model="lite", rules=tmp_path / "mine.toml")
    text = tomli_w.dumps(config.as_dict())
    assert load_config(written(tmp_path, text)) == config


def test_a_rule_file_is_looked_for_beside_the_file_that_names_it(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, 'rules = "mine.toml"\n'))
    assert config.rules == tmp_path / "mine.toml"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("speed_kph", "speed_kmh"), ("heigth_cm", "height_cm"), ("captur_fps", "capture_fps")],
)
def test_an_unknown_key_is_answered_with_the_nearest_known_one(
    tmp_path: Path, typed: str, meant: str
) -> None:
    with pytest.raises(ConfigError, match=f"'{typed}'.*'{meant}'"):
        load_config(written(tmp_path, f"{typed} = 10\n"))


@pytest.mark.parametrize("section", sections())
def test_an_unknown_key_in_a_section_names_the_nearest_one(tmp_path: Path, section: str) -> None:
    kind = typing.get_type_hints(AnalysisConfig)[section]
    known = dataclasses.fields(kind)[0].name
    path = written(tmp_path, f"[{section}]\n{known}x = 1\n")
    with pytest.raises(ConfigError, match=f"'{section}.{known}x'.*'{section}.{known}'"):
        load_config(path)


def test_a_key_at_the_wrong_level_is_found_in_its_section(tmp_path: Path) -> None:
    section = sections()[0]
    known = dataclasses.fields(typing.get_type_hints(AnalysisConfig)[section])[0].name
    with pytest.raises(ConfigError, match=f"'{section}.{known}'"):
        load_config(written(tmp_path, f"{known} = 1\n"))


@pytest.mark.parametrize("name", RANGES)
@pytest.mark.parametrize("end", [0, 1])
def test_a_value_just_out_of_range_is_refused_and_the_limit_is_accepted(
    name: str, end: int
) -> None:
    low, high, _ = RANGES[name]
    limit, beyond = (high, high + 0.1) if end else (low, low - 0.1)
    assert getattr(load_config(None, **{name: limit}), name) == limit
    with pytest.raises(ConfigError, match=f"{name} = .* out of range"):
        load_config(None, **{name: beyond})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('speed_kmh = "ten"', "speed_kmh must be a number"),
        ("speed_kmh = true", "speed_kmh must be a number"),
        ("speed_kmh = nan", "speed_kmh must be a number"),
        ("speed_kmh = inf", "speed_kmh must be a number"),
        ("model = 3", "model must be text"),
        ("rules = 3", "rules must be text"),
        ("speed_kmh = ", "not valid TOML"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load_config(written(tmp_path, f"{text}\n"))


def test_a_missing_or_binary_file_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml: cannot be read"):
        load_config(tmp_path / "nowhere.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match=r"binary\.toml: is not valid TOML"):
        load_config(tmp_path / "binary.toml")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"person": 0}, "count from 1"),
        ({"runner_at": (1.2, 0.5)}, "outside the picture"),
        ({"runner_at": (640.0, 360.0)}, "fractions"),
        ({"runner_at": (0.5,)}, "must hold 2 values"),
        ({"person": 1, "runner_at": (0.5, 0.5)}, "give one of them"),
    ],
)
def test_whom_to_follow_is_checked(values: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        load_config(None, **values)
