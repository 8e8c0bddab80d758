"""No value that a key of a template can hold ends in a traceback: it is used, or refused in one line."""

import json
import types
from collections.abc import Iterator, Sequence
from typing import Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from campaign.config.template import Template
from tests.cli.conftest import Desk
from tests.cli.extremes.test_flags import MOST_SECONDS, why_not_plain, within

# As TOML writes them.
FAR = (
    *(
        "0",
        "-1",
        "1e-300",
        "5e-324",
        "1e300",
        "nan",
        "inf",
        "-inf",
        "9223372036854775808",
        "1" + "0" * 400,
        "1" * 5_000,
    ),
    *("0.0001", "true", "[]", "[[]]", "{}", "[1]", '[""]', '["a", "a"]', "[{}]"),
    *(
        '""',
        '" "',
        '"nan"',
        r'"\u0000"',
        r'"\u001b[31m"',
        r'"\u202e"',
        '"' + "a" * 5_000 + '"',
        '"#0"',
        '"#99999999999"',
    ),
    *(
        '"0s"',
        '"1s"',
        '"3650d"',
        '"3651d"',
        '"999999999d"',
        '"-1d"',
        '"recipient"',
        '"Mars/Olympus"',
        '"US-ZZZ"',
        '"ZZ"',
    ),
    *("0001-01-01", "9999-12-31", "00:00:00", "23:59:59.999999", "0001-01-01T00:00:00", "9999-12-31T23:59:59.999999"),
    *("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00-14:00", "9999-12-31T23:59:59+14:00"),
    *("9999-12-31T23:59:59-14:00", "2999-12-31T23:59:59-23:59", "1970-01-01T00:00:00Z", "2030-01-01T09:00:00Z"),
)
# What stands beside the key that is tried.
BESIDE: dict[str, dict[str, str]] = {
    "columns": {"name": '"Name"', "phone": '"Phone"'},
    "variables": {"day": '{ column = "Day", optional = true }'},
    "phone": {"region": '"US"'},
    "call.webhooks": {"url": '"https://hooks.example"'},
    "hours": {"from": "00:00:00", "until": "23:59:00", "timezone": '"UTC"'},
    "hours.windows": {"from": "00:00:00", "until": "23:59:00"},
    "stagger": {"every": '"1s"'},
    "canary": {"refused": "1", "failed": "1", "do_not_call": "1"},
    **{
        f"retry.{end}": {"after": '"1h"', "times": "1"}
        for end in ("no_answer", "busy", "voicemail", "ivr", "cancelled")
    },
}
INSTEAD: dict[tuple[str, ...], tuple[str, ...]] = {
    ("hours", "windows"): ("from", "until"),
    ("stagger", "per_hour"): ("every",),
    ("stagger", "over"): ("every",),
}


def keys(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each key of a template, by the tables in which it stands."""
    for name, field in model.model_fields.items():
        key = field.alias or name
        yield path, key
        for inner in models(field.annotation):
            yield from keys(inner, (*path, key, "day") if key == "variables" else (*path, key))


def models(hint: Any) -> Iterator[type[BaseModel]]:
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        yield hint
    elif get_origin(hint) in (Union, types.UnionType, tuple, dict):
        for part in get_args(hint):
            yield from models(part)


def written(path: tuple[str, ...], key: str, value: str) -> str:
    """A template that is sound but for this key."""
    tables = {name: dict(BESIDE[name]) for name in ("columns", "variables", "phone")}
    here = tables.setdefault(".".join(path), dict(BESIDE.get(".".join(path), {})))
    for other in INSTEAD.get((*path, key), ()):
        here.pop(other, None)
    here[json.dumps(key)] = value
    here.pop(key, None)
    lists = {"call.webhooks", "hours.windows"}
    top = tables.pop("", {})
    lines = [f"{name} = {what}" for name, what in top.items() if name.strip('"') not in tables]
    for name, table in tables.items():
        if json.dumps(name) in top:
            continue
        lines.append(f"[[{name}]]" if name in lists else f"[{name}]")
        lines += [f"{one} = {what}" for one, what in table.items()]
    return "\n".join(
        [*lines, *(f"{name} = {what}" for name, what in top.items() if name.strip('"') in tables and not lines)]
    )


EVERY = [pytest.param(*one, id=".".join((*one[0], one[1]))) for one in dict.fromkeys(keys(Template))]
WORST = ("5e-324", "1" + "0" * 400, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", '"999999999d"')


@pytest.mark.parametrize(("path", "key"), EVERY)
def test_a_key_with_an_extreme_value_is_used_or_refused(desk: Desk, path: tuple[str, ...], key: str) -> None:
    """The values that have done harm; the night walks all."""
    assert not wrong_of(desk, path, key, values=WORST)


@pytest.mark.nightly
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("path", "key"), EVERY)
def test_a_key_with_any_extreme_value_is_used_or_refused(desk: Desk, path: tuple[str, ...], key: str) -> None:
    assert not wrong_of(desk, path, key, values=FAR)


def wrong_of(desk: Desk, path: tuple[str, ...], key: str, *, values: Sequence[str]) -> dict[str, str]:
    """The values with which a command does not end as it was meant to, and how it ends."""
    desk.people(40)
    wrong: dict[str, str] = {}
    for value in values:
        desk.template(written(path, key, value))
        for words in (("check", "sheet.csv"), ("run", "sheet.csv", "--sandbox", "--dry-run")):
            try:
                with within(MOST_SECONDS):
                    ended = desk(*words, "-t", "visits.toml")
            except Exception as error:  # noqa: BLE001 - what comes out here is what a person would see as a traceback
                wrong[f"{words[0]} {value[:40]}"] = f"{type(error).__name__}: {error}"[:300]
                continue
            if why := why_not_plain(ended):
                wrong[f"{words[0]} {value[:40]}"] = why[:300]
            if ended.code == 2:
                break
    return wrong
