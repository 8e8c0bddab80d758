"""`run --start` and `[hours] not_before`: tomorrow, nine to five, where the people are."""

import json
import signal
from datetime import UTC, datetime

import pytest

from tests.cli.conftest import Desk

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)  # a Tuesday; seven in New York
SHEET = ("Ann Lee,+12125550101", "Bo Lee,+13125550102", "Cy Lee,+442079460018")
TEMPLATE = '[columns]\nname = "Name"\nphone = "Phone"\n[pace]\ncalls_per_second = 50.0\n'
NINE_TO_FIVE = TEMPLATE + '[hours]\nfrom = "9am"\nuntil = "17:00"\ndeliver = "delay"\n'
WORDS = ("--sandbox", "--yes", "--name", "a", "--results", "a.csv")


@pytest.fixture(autouse=True)
def noon(desk: Desk) -> None:
    """The wall clock of the command line goes on from that noon."""
    begun = datetime.now(UTC)
    desk.now = lambda: NOON + (datetime.now(UTC) - begun)


def delays(desk: Desk) -> list[str]:
    return [row["_delayed_until"][:16] for row in desk.results("a.csv")]


def test_tomorrow_nine_to_five_where_the_people_are(desk: Desk) -> None:
    sheet, template = desk.sheet(*SHEET, header="Name,Phone"), desk.template(NINE_TO_FIVE)
    ended = desk("run", sheet, "-t", template, *WORDS, "--start", "tomorrow")
    assert ended.code == 0, ended.err
    assert delays(desk) == ["2026-12-02T14:00", "2026-12-02T15:00", "2026-12-02T09:00"]
    assert "first phone Wed 2026-12-02" in ended.err


def test_a_dry_run_reads_the_start_as_well(desk: Desk) -> None:
    """What it prints is what the run would send."""
    sheet, template = desk.sheet(*SHEET, header="Name,Phone"), desk.template(NINE_TO_FIVE)
    ended = desk("run", sheet, "-t", template, "--sandbox", "--dry-run", "--start", "2026-12-03 15:00+00:00")
    requests = [json.loads(line)["request"] for line in ended.out.splitlines()]
    assert [one["callDelayedUntil"][:16] for one in requests] == ["2026-12-03T15:00"] * 3
    refused = desk("run", sheet, "-t", template, "--sandbox", "--dry-run", "--start", "yesterday")
    assert refused.code == 2


def test_a_start_within_the_hours_holds_for_everybody(desk: Desk) -> None:
    sheet, template = desk.sheet(*SHEET, header="Name,Phone"), desk.template(NINE_TO_FIVE)
    assert desk("run", sheet, "-t", template, *WORDS, "--start", "2026-12-02 16:30+00:00").code == 0
    assert delays(desk) == ["2026-12-02T16:30", "2026-12-02T16:30", "2026-12-02T16:30"]


def test_without_hours_the_run_waits_for_its_start(desk: Desk) -> None:
    """Nobody is called before, and the person who waits is told until when."""
    sheet, template = desk.sheet(*SHEET, header="Name,Phone"), desk.template(TEMPLATE)
    waited = list[str]()

    def stop_when_it_waits(line: str) -> None:
        if "nobody may be called before" in line:
            waited.append(line)
            signal.raise_signal(signal.SIGINT)

    desk.hear = stop_when_it_waits
    ended = desk("run", sheet, "-t", template, *WORDS, "--start", "2026-12-02T09:00Z")
    assert ended.code == 130
    assert "Wed 2026-12-02 09:00 UTC" in waited[0]
    assert "3 pending" in ended.err


def test_the_template_can_say_it_and_the_flag_wins(desk: Desk) -> None:
    text = NINE_TO_FIVE + 'timezone = "Europe/London"\nnot_before = 2026-12-03T10:00:00\n'
    sheet, template = desk.sheet(*SHEET, header="Name,Phone"), desk.template(text)
    assert desk("run", sheet, "-t", template, *WORDS).code == 0
    assert {at[:15] for at in delays(desk)} == {"2026-12-03T10:0"}
    again = ("--again", "--sandbox", "--yes", "--name", "b", "--results", "a.csv", "--start", "2026-12-04 11:00")
    desk("run", desk.sheet("Di Lee,+442079460019", header="Name,Phone"), "-t", template, *again)
    assert delays(desk) == ["2026-12-04T11:00"]


def test_a_start_is_no_change_of_the_template_when_the_run_is_gone_on_with(desk: Desk) -> None:
    sheet, template = desk.sheet(*SHEET, header="Name,Phone"), desk.template(NINE_TO_FIVE)
    assert desk("run", sheet, "-t", template, *WORDS, "--limit", "1", "--start", "tomorrow").code == 0
    ended = desk("resume", "a", "--sandbox")
    assert ended.code == 0, ended.err
    assert delays(desk) == ["2026-12-02T14:00", "2026-12-02T15:00", "2026-12-02T09:00"]


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ("soon", "--start 'soon': not a date and time that can be read; write it as tomorrow 09:00"),
        ("2026-11-30 9am", "--start '2026-11-30 9am' is over: it is 2026-12-0"),
        ("03/04/2027 9:00", "it may be 4 Mar 2027 or 3 Apr 2027"),
    ],
)
def test_a_start_that_cannot_be_meant_is_refused_in_one_line(desk: Desk, start: str, said: str) -> None:
    sheet, template = desk.sheet(*SHEET, header="Name,Phone"), desk.template(TEMPLATE)
    ended = desk("run", sheet, "-t", template, *WORDS, "--start", start)
    assert ended.code == 2
    assert said in ended.err


def test_a_local_time_in_the_template_needs_one_zone(desk: Desk) -> None:
    template = desk.template(NINE_TO_FIVE + "not_before = 2026-12-03T10:00:00\n")
    ended = desk("check", desk.sheet(*SHEET, header="Name,Phone"), "-t", template)
    assert ended.code == 2
    assert "'hours.not_before' = 2026-12-03T10:00:00: in which time zone?" in ended.err
