"""Dates in the words of the template: shown before the first call, and refused with the key that is wrong."""

import json
from datetime import UTC, datetime

import pytest

from tests.cli.conftest import TEMPLATE, Desk

SPOKEN = TEMPLATE.replace(
    'day = { column = "Day", optional = true }', 'day = { column = "Day", format = "%A, %B %-d" }'
)


def test_the_preview_and_the_requests_show_what_is_spoken(desk: Desk) -> None:
    desk.now = lambda: datetime(2026, 11, 20, 12, tzinfo=UTC)
    template = desk.template('language = "en"\n' + SPOKEN)
    sheet = desk.sheet("Ada Lindqvist,+14155550111,2026-12-01", "Bo Marek,+16505550112,soon")
    checked = desk("check", sheet, "-t", template, "--sandbox")
    assert "day = 'Tuesday, December 1'" in checked.out
    assert "row 3, column 'Day': 'soon': not a date or time that can be read; write it as 2026-12-31" in checked.out
    shown = desk("run", sheet, "-t", template, "--sandbox", "--dry-run").out.splitlines()
    assert [json.loads(line)["row"] for line in shown] == [2]
    assert "Tuesday, December 1" in shown[0]
    assert "day = 'Tuesday, December 1'" in desk("run", sheet, "-t", template, "--sandbox").err


def test_days_that_have_passed_are_told_where_they_are_spoken_as_they_stand(desk: Desk) -> None:
    """Without a format a run asks nothing: `check` says it, of days that nobody is told of after they came."""
    desk.now = lambda: datetime(2026, 11, 20, 12, tzinfo=UTC)
    rows = ("Ada Lindqvist,+14155550111,2026-12-01", "Bo Marek,+16505550112,2026-11-12 09:00")
    checked = desk("check", desk.sheet(*rows), "-t", desk.template(), "--sandbox")
    assert "sheet: days of 'Day' have passed, 2026-11-12 09:00 for one" in checked.out
    assert checked.code == 0
    ahead = desk("check", desk.sheet(rows[0]), "-t", desk.template(), "--sandbox").out
    born = TEMPLATE.replace("day =", "day_of_birth =")
    assert "have passed" not in ahead + desk("check", desk.sheet(*rows), "-t", desk.template(born), "--sandbox").out


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ('{ column = "Day", format = "%Q" }', "'%Q' is no part of a date that is known"),
        ('{ column = "Day", format = "%-A" }', "'%-A' is no part of a date that is known"),
        ('{ column = "Day", format = "Tuesday" }', "no part of a date or time in it"),
        ('{ value = "Monday", format = "%A" }', "a fixed value is spoken as it is written"),
        ('{ column = "Day", format = "%A" }', 'in which language? Write language = "en" above the first table'),
    ],
)
def test_a_format_that_cannot_be_spoken_is_refused_with_the_template(desk: Desk, key: str, says: str) -> None:
    template = desk.template(TEMPLATE.replace('{ column = "Day", optional = true }', key))
    ended = desk("check", desk.people(2), "-t", template)
    assert (ended.code, len(ended.err.strip().splitlines())) == (2, 1)
    assert says in ended.err


def test_a_language_that_is_none_is_refused(desk: Desk) -> None:
    ended = desk("check", desk.people(2), "-t", desk.template('language = "Klingon"\n' + TEMPLATE))
    assert "'language' = 'Klingon': no language that is known here" in ended.err
