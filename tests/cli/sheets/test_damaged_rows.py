"""Rows that may be whole, though they look damaged: left out unasked, named with their flag, and read by its word."""

import json
from dataclasses import dataclass

import pytest

import campaign
from tests.cli.conftest import Desk

ADA, BO, CY = "+14155550111", "+16505550112", "+12125550113"
TEMPLATE = """
title = "Visits"
[call]
team_id = "t"
call_template_id = "c"
[columns]
name = "Name"
phone = "Phone"
[phone]
region = "US"
"""


@dataclass(frozen=True)
class Damage:
    """A sheet whose row 3 may be whole.

    Attributes:
        about: the name of the answer, in the template and in the Python API.
        flag: the same at the command line.
    """

    about: str
    flag: str
    header: str
    rows: tuple[str, ...]


DAMAGES = [
    # Albany may be the note as well: its place does not matter to who is called, and a cell that is lacking might.
    Damage("short_rows", "--read-short-rows", "Name,Phone,City,Note", (f"Ada,{ADA},Dover,x", f"Bo,{BO},Albany")),
    # A note that was pasted from a list looks like a row that a stray quotation mark has swallowed.
    Damage(
        "line_breaks",
        "--read-line-breaks",
        "Name,Phone,Note",
        (f"Ada,{ADA},x", f'Bo,{BO},"see\nCy,{CY},y\nbelow"'),
    ),
]
each = pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.about)


def rows_called(desk: Desk, damage: Damage, *flags: str, template: str = TEMPLATE) -> list[int]:
    sheet = desk.sheet(*damage.rows, header=damage.header)
    ended = desk("run", sheet, "-t", desk.template(template), "--sandbox", "--yes", "--dry-run", *flags)
    return [json.loads(line)["row"] for line in ended.out.splitlines()]


@each
def test_such_a_row_is_left_out_and_its_flag_is_named(desk: Desk, damage: Damage) -> None:
    """Its cells may be in the wrong columns: the other rows are called, and nobody is asked in vain."""
    sheet = desk.sheet(*damage.rows, header=damage.header)
    report = json.loads(desk("check", sheet, "-t", desk.template(TEMPLATE), "--sandbox", "--json").out)
    assert (report["to_call"], report["invalid"]) == (1, 1)
    [problem] = report["problems"]
    assert damage.flag in problem["cure"]
    [question] = [one for one in report["undecided"] if one["about"] == damage.about]
    assert (question["count"], question["flags"], question["stops"]) == (1, [damage.flag], False)
    assert damage.flag in question["text"]
    assert rows_called(desk, damage) == [2]


@each
def test_the_flag_the_template_and_the_api_read_it(desk: Desk, damage: Damage) -> None:
    assert rows_called(desk, damage, damage.flag) == [2, 3]
    said = TEMPLATE + f'[answers]\n{damage.about} = "read"\n'
    assert rows_called(desk, damage, template=said) == [2, 3]
    sheet, template = desk.sheet(*damage.rows, header=damage.header), desk.template(TEMPLATE)
    found = campaign.check(sheet, template, sandbox=True, home=desk.folder / "home", **{damage.about: "read"})  # type: ignore[arg-type]  # named by the case
    assert (found.to_call, found.questions) == (2, ())


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Name,Guardian,Phone,Note", f"Bo,{BO}"),  # the number stands in another column than the phone's
        ("Name,Note,Phone", f"Bo,{BO}"),
        ("Name,City,Note,Phone", "Bo,Albany"),  # there is no number
    ],
)
def test_no_flag_reads_a_row_that_lacks_what_is_needed(desk: Desk, header: str, row: str) -> None:
    """Another's number would be called, or nobody's."""
    whole = ",".join({"Name": "Ada", "Phone": ADA}.get(name, "x") for name in header.split(","))
    damage = Damage("short_rows", "--read-short-rows", header, (whole, row))
    sheet = desk.sheet(*damage.rows, header=header)
    report = json.loads(desk("check", sheet, "-t", desk.template(TEMPLATE), "--sandbox", "--json", damage.flag).out)
    assert (report["to_call"], report["invalid"]) == (1, 1)
    assert damage.flag not in report["problems"][0]["cure"]
    assert damage.about not in {one["about"] for one in report["undecided"]}


def test_a_row_that_refuses_calls_counts_once_it_is_read(desk: Desk) -> None:
    """A no further down in a short row holds for the same number above."""
    template = TEMPLATE.replace('phone = "Phone"', 'phone = "Phone"\nopted_out = "Stop"')
    header, rows = "Stop,Name,Phone,City,Note", (f",Ada,{ADA},Dover,x", f"yes,Ada,{ADA},Albany", f",Bo,{BO},Troy,y")
    damage = Damage("short_rows", "--read-short-rows", header, rows)
    assert rows_called(desk, damage, damage.flag, template=template) == [4]
