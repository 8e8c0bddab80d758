"""The exports of programs, and the contact files of tools that call: from `init --yes` to `check`, in any order."""

import csv
import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.cli.conftest import Desk
from tests.intake.proposal.exports import EXPORTS, PEOPLE, Export

pytestmark = pytest.mark.usefixtures("workbooks_here")

IDS = "team_id = 't'\ncall_template_id = 'c'\n"


def written(folder: Path, export: Export, seed: int | None) -> Path:
    columns = list(export.columns)
    if seed is not None:
        Random(seed).shuffle(columns)
    path = folder / "export.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([name for name, _ in columns])
        writer.writerows([person.get(what, what) for _, what in columns] for person in PEOPLE)
        writer.writerows([line] if line else [] for line in export.footer)
    return path


def proposed(template: Path) -> dict[str, list[str]]:
    found: dict[str, Any] = tomllib.loads(template.read_text("utf-8"))["columns"]
    listed = {}
    for use, said in found.items():
        names: Any = (said.get("join") or said["column"]) if isinstance(said, dict) else said
        listed[use] = [names] if isinstance(names, str) else list(names)
    return listed


@pytest.mark.parametrize("seed", [None, 1, 2], ids=["as exported", "shuffled", "shuffled otherwise"])
@pytest.mark.parametrize("program", EXPORTS)
def test_init_finds_the_columns_of_an_export_and_check_its_people(
    desk: Desk, *, program: str, seed: int | None
) -> None:
    desk.now = lambda: datetime(2026, 11, 20, 12, tzinfo=UTC)  # before the days in them
    export, template = EXPORTS[program], desk.folder / "made.toml"
    sheet = written(desk.folder, export, seed)
    made = desk("init", sheet, "-t", template, "--yes", "--region", "US")
    assert made.code == 0, made.err
    found = proposed(template)
    expected = dict(export.found)
    if seed is not None and program == "Google Contacts":
        # Its numbers differ by their count alone: the sheet's own order counts.
        assert sorted(found.pop("phone")) == sorted(expected.pop("phone"))
    # What is said by several columns is said in no order; numbers and names have theirs, whatever the sheet's.
    assert sorted(found.pop("opted_out", [])) == sorted(expected.pop("opted_out", []))
    assert {use: found.get(use) for use in expected} == expected
    assert not {"consent", "opted_out", "timezone", "call_at"} & (found.keys() - expected.keys()), found
    report = json.loads(desk("check", sheet, "-t", template, "--sandbox", "--json").out)
    assert (report["to_call"], report["skipped"]) == (
        5 - export.refused,
        {"opted out": export.refused} if export.refused else {},
    )
    assert report["invalid"] == sum(map(bool, export.footer))
    assert [one["about"] for one in report["undecided"] if one["stops"]] == []
    called = {"…" + person["mobile"][-4:] for person in PEOPLE}
    assert {one["phone"] for one in report["preview"]} <= called


def test_a_sheet_that_only_looks_like_a_tools_file_is_asked_about(desk: Desk) -> None:
    """`number` is a phone in Vapi's files, where each has its +; elsewhere it is an invoice's, or a house's."""
    sheet = desk.sheet("Ada Lindqvist,2126745199", "Bo Marek,2014862115", header="name,number")
    ended = desk("init", sheet, "-t", desk.folder / "made.toml", "--yes", "--region", "US")
    assert ended.code == 2
    assert "--column phone=COLUMN" in ended.err
