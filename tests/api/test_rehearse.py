"""`rehearse`, and `start` at a time given as a text: the same use cases as the command line's."""

import json
from datetime import UTC, datetime, timedelta

import pytest

import campaign
from tests.cli.conftest import TEMPLATE, Desk

FAST = TEMPLATE + "[pace]\ncalls_per_second = 10\n"
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def test_what_is_rehearsed_is_what_the_command_line_rehearses(desk: Desk) -> None:
    """Two fronts of one use case: by the same seed the same calls, ends and rows."""
    sheet, template = desk.people(40), desk.template(FAST)
    played = campaign.rehearse(sheet, template, allow_fictitious=True, seed=7, follow_rate=10)
    words = ("--allow-fictitious", "--seed", "7", "--follow-rate", "10", "--json", "-q")
    said = json.loads(desk("rehearse", sheet, "-t", template, *words).out)
    assert (played.calls, played.rows, played.exit_code) == (said["calls"], said["rows"], said["exit_code"])
    assert (dict(played.counts), dict(played.retries)) == (said["counts"], said["retries"])
    assert played.called_twice == played.forgotten == ()
    assert campaign.status() == []


def test_the_calls_of_a_rehearsal_begin_at_the_time_that_is_said(desk: Desk) -> None:
    events = list[campaign.Event]()
    played = campaign.rehearse(
        desk.people(3),
        desk.template(FAST + '[hours]\nfrom = 09:00:00\nuntil = 17:00:00\ntimezone = "Europe/Berlin"\n'),
        allow_fictitious=True,
        start="2026-12-03 10:00",
        now=lambda: NOON,
        on_event=events.append,
    )
    assert played.first_ring is not None
    assert timedelta() <= played.first_ring - datetime(2026, 12, 3, 9, tzinfo=UTC) < timedelta(minutes=1)
    assert all(isinstance(event, campaign.Notice) for event in events)


def test_a_run_too_begins_at_the_time_that_is_said(desk: Desk) -> None:
    """A time of yesterday is now, and one that cannot be read calls nobody."""
    sheet, template = desk.people(3), desk.template(FAST)
    with pytest.raises(campaign.UsageError, match="write it as tomorrow 09:00"):
        campaign.start(sheet, template, sandbox=True, start="the day after")
    with pytest.raises(campaign.UsageError, match="start=9: not a text"):
        campaign.start(sheet, template, sandbox=True, start=9)  # type: ignore[arg-type]  # a consumer's mistake
    soon = (datetime.now(UTC) + timedelta(seconds=2)).isoformat(timespec="seconds")
    end = campaign.start(sheet, template, sandbox=True, start=soon)
    submitted = [row.submitted_at for row in campaign.results(end.run)]
    assert all(at is not None and at >= datetime.fromisoformat(soon) for at in submitted)


def test_an_open_question_names_its_argument(desk: Desk) -> None:
    sheet = desk.sheet("Ann Lee DNC,+12125550101,Monday")
    with pytest.raises(campaign.UnansweredError) as raised:
        campaign.rehearse(sheet, desk.template(FAST), allow_fictitious=True)
    assert raised.value.argument == "marked"
