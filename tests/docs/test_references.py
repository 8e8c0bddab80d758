"""The references say what the code knows: no key, flag, exit code, column, variable or field is missing."""

import json
import shlex
import tomllib
from typing import Any

import pytest

from campaign.cli.declarations.examples import EXAMPLES
from campaign.cli.main import _VERBS, program
from campaign.config.template import Template
from tests.cli.conftest import Desk
from tests.cli.verbs import commands
from tests.docs.making.api_page import public
from tests.docs.making.codes_page import codes
from tests.docs.making.dependencies_page import name_of, requirements
from tests.docs.making.environment_page import variables
from tests.docs.making.json_page import is_told, keys_in_code, paths, shapes
from tests.docs.making.markdown import notes
from tests.docs.making.notify_page import posted_keys
from tests.docs.making.pages import PAGES, REFERENCE, made_pages
from tests.docs.making.results_page import columns, statuses
from tests.docs.making.template_page import keys, told
from tests.docs.making.verbs_page import examples_of, taken

KEYS = {key.path: key for key in keys()}
COLUMNS: dict[str, Any] = {"name": "Name", "phone": "Phone"}
LEAST: dict[str, Any] = {"columns": COLUMNS}
# What must stand beside a key for a template with it to be whole.
BESIDE: dict[str, dict[str, Any]] = {
    "variables.value": {"column": None},
    "variables.optional": {"column": "Notes"},
    "variables.format": {"column": "Day"},
    "limits.cost_per_minute": {"minutes_per_call": 2},
    "limits.minutes_per_call": {"cost_per_minute": 0.1},
    "hours.from": {"until": "20:00"},
    "hours.until": {"from": "09:00"},
    "hours.windows.from": {"until": "20:00"},
    "hours.windows.until": {"from": "08:00"},
    "call.webhooks.subscribed_event": {"url": "https://hooks.example.org"},
    "call.webhooks.secret_env": {"url": "https://hooks.example.org"},
}
DAY: dict[str, Any] = {"from": "09:00", "until": "20:00"}
CANARY: dict[str, Any] = {"refused": 0.1, "failed": 0.1, "do_not_call": 0.1}


def test_the_references_are_as_the_code_says() -> None:
    """Made anew by: python -m tests.docs.making."""
    assert {name: (REFERENCE / name).read_text("utf-8") for name in PAGES} == made_pages()


def test_every_key_of_the_template_is_told_and_no_other() -> None:
    known = told()
    assert set(known["keys"]) == set(KEYS)
    assert set(known["tables"]) == {key.table for key in KEYS.values()} - {""}


@pytest.mark.parametrize("path", KEYS)
def test_the_example_of_each_key_is_taken_by_the_program(path: str) -> None:
    """An example that the program refuses is worse than none."""
    key = KEYS[path]
    example = tomllib.loads(f"{key.name} = {told()['keys'][path]['example']}")
    made = Template.model_validate(template_with(key.table, key.name, example[key.name]))
    assert made.columns.name


def template_with(table: str, name: str, value: Any) -> dict[str, Any]:
    """The smallest template that has the key, and what it needs beside it."""
    within = {**needed(table, name), name: value, **BESIDE.get(f"{table}.{name}", {})}
    if not table:
        return {**LEAST, **within}
    if table == "variables":
        return {**LEAST, "language": "en", "variables": {"key": within}}
    outer, _, inner = table.partition(".")
    if inner in ("webhooks", "windows"):
        return {**LEAST, outer: {inner: [within]}}
    return {**LEAST, outer: {inner: within} if inner else within}


def needed(table: str, name: str) -> dict[str, Any]:
    """The other keys without which a table with this one is refused."""
    if table == "stagger" and name not in ("every", "per_hour", "over"):
        return {"every": "30s"}
    if table == "hours" and name in ("days", "skip", "holidays"):
        return DAY
    if table.startswith("retry.") and table != "retry.call_later":
        return {"after": "2h", "times": 1}
    return CANARY if table == "canary" else COLUMNS if table == "columns" else {}


def test_every_verb_and_flag_is_told() -> None:
    page = (REFERENCE / "verbs.md").read_text("utf-8")
    assert all(f"[`{name}`]" in page for name in _VERBS)
    for words, command in commands(program):
        (section,) = [part for part in page.split("\n## ") if part.startswith(f"`campaign {' '.join(words)}`\n")]
        flags = [flag for each in command.params for flag in each.opts if flag.startswith("-")]
        assert [flag for flag in flags if f"`{flag}`" not in section] == []


@pytest.mark.parametrize("words", [words for words, _ in commands(program)], ids=" ".join)
def test_every_verb_has_examples_and_the_program_takes_them(words: tuple[str, ...]) -> None:
    """They stand in campaign/cli/declarations/examples.py, for the help too."""
    examples = examples_of(words)
    assert examples, f"no example of campaign {' '.join(words)}"
    assert all(example.startswith(f"campaign {' '.join(words)}") and taken(example) for example in examples)


def test_no_example_is_of_a_verb_that_is_gone() -> None:
    """Of the completion, which click itself declares, there is one too."""
    assert set(EXAMPLES) <= {*(words for words, _ in commands(program)), ("completion",)}


def test_every_exit_code_is_told_and_no_other() -> None:
    assert set(map(int, notes("exit_codes")["codes"])) == codes()


def test_every_variable_of_the_environment_is_told_and_no_other() -> None:
    assert set(notes("environment")["variables"]) == variables()


def test_every_column_and_status_of_the_results_is_told_and_no_other() -> None:
    known = notes("results")
    assert set(known["columns"]) == set(columns())
    assert set(known["statuses"]) == set(statuses())


def test_every_key_of_a_posted_summary_is_told_and_no_other() -> None:
    assert set(notes("notifications")["summary"]) == posted_keys()


def test_every_dependency_has_its_reason_and_no_other() -> None:
    required = {name_of(each) for needed in requirements().values() for each in needed}
    assert set(notes("dependencies")["reasons"]) == required


def test_every_public_name_is_told() -> None:
    page = (REFERENCE / "python.md").read_text("utf-8")
    assert [name for name in public() if f"### `{name}`\n" not in page] == []


def test_every_key_of_json_that_stands_in_the_code_is_told() -> None:
    """Also those that no answer of a small run has."""
    told = {part for shape in shapes() for path in shape["fields"] for part in path.replace("[]", "").split(".")}
    assert {key: place for key, place in keys_in_code().items() if key not in told} == {}


def test_every_field_of_a_real_answer_is_told(desk: Desk) -> None:
    """The commands of all shapes, one after another, against the stand-in."""
    (desk.folder / "password.txt").write_text("a long invented one\n", encoding="utf-8")
    for line in notes("json_fields")["before"]:
        assert desk(*shlex.split(line)[1:]).code in (0, 1), line
    for shape in shapes():
        for line in shape["commands"]:
            found = set(paths(answer_of(desk, line)))
            assert found, line
            untold = {path for path in found if path and not is_told(path, shape["fields"])}
            assert untold == set(), line


def test_every_verb_that_speaks_json_is_among_the_shapes() -> None:
    titles = " ".join(shape["title"] for shape in shapes())
    speaking = {words for words, command in commands(program) if any("--json" in each.opts for each in command.params)}
    assert [words for words in speaking if f"{' '.join(words)} " not in titles] == []


def answer_of(desk: Desk, line: str) -> Any:
    """What the command prints: a JSON value, or a list of those in its lines."""
    out = desk(*shlex.split(line)[1:]).out
    try:
        return json.loads(out)
    except ValueError:
        return [json.loads(each) for each in out.splitlines()]
