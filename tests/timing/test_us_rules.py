"""Hours that the law sets: dated, with their sources, and never wider than the federal ones."""

import tomllib
from datetime import date, datetime, time
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from phonenumbers import PhoneNumber, geocoder

from campaign.timing.hours.hours import Openings, daily
from campaign.timing.hours.us_rules import us_rules
from campaign.timing.zones.us_states import state_named, zones_of_state

RAW = tomllib.loads(files("campaign.timing.hours").joinpath("rules_us.toml").read_text("utf-8"))
SUNDAY, MONDAY = date(2026, 12, 6), date(2026, 12, 7)


def test_the_federal_hours_are_eight_to_nine_every_day() -> None:
    assert us_rules().federal.hours == daily([(time(8), time(21))])


@pytest.mark.parametrize(
    ("state", "monday", "sunday"),
    [
        ("CT", (9, 20), (9, 20)),
        ("FL", (8, 20), (8, 20)),
        ("KY", (10, 21), (10, 21)),
        ("MA", (8, 20), (8, 20)),
        ("MD", (8, 20), (8, 20)),
        ("MN", (9, 21), (9, 21)),
        ("NM", (9, 21), (9, 21)),
        ("NV", (9, 20), (9, 20)),
        ("OK", (9, 20), (9, 20)),
        ("TX", (9, 21), (12, 21)),
        ("WA", (8, 20), (8, 20)),
        ("OH", (8, 21), (8, 21)),  # nothing of its own is stated
    ],
)
def test_a_states_hours_hold_beside_the_federal_ones(
    state: str, monday: tuple[int, int], sunday: tuple[int, int]
) -> None:
    hours = us_rules().hours_for([state])
    assert hours.spans_on(MONDAY) == ((time(monday[0]), time(monday[1])),)
    assert hours.spans_on(SUNDAY) == ((time(sunday[0]), time(sunday[1])),)


def test_no_rule_is_wider_than_the_federal_one() -> None:
    for state in us_rules().states:
        for spans in us_rules().hours_for([state]).week:
            assert all(time(8) <= start < end <= time(21) for start, end in spans)


def test_every_rule_has_its_law_its_source_its_day_and_what_was_read() -> None:
    """A rule without them is hearsay."""
    for rule in (us_rules().federal, *us_rules().states.values()):
        assert rule.law
        assert rule.source.startswith("https://")
        assert isinstance(rule.as_of, date)
        assert date(2024, 1, 1) < rule.as_of < date(2027, 1, 1)
        assert rule.evidence


def test_the_file_says_that_it_is_no_legal_advice() -> None:
    text = files("campaign.timing.hours").joinpath("rules_us.toml").read_text("utf-8")
    assert "NO LEGAL ADVICE" in text
    assert "off unless a template says" in text


def test_states_that_ask_for_more_than_is_stated_are_named() -> None:
    assert "AL" in us_rules().unstated
    assert not us_rules().unstated & set(us_rules().states)
    assert all(state_named(one) == one for one in [*us_rules().unstated, *us_rules().states])


@pytest.mark.parametrize(
    ("number", "stated", "expected"),
    [
        ("+13055550123", None, {"FL"}),
        ("+13055550123", "TX", {"FL", "TX"}),
        ("+13055550123", "FL", {"FL"}),
        ("+12125550123", None, set()),
        ("+12125550123", "TX", {"TX"}),
        ("+442079460123", None, set()),
        ("+443055550123", None, set()),
    ],
)
def test_the_rules_of_the_numbers_state_hold_beside_those_of_the_persons(
    number: str, stated: str | None, expected: set[str]
) -> None:
    """A court takes a Florida number for a Floridian's; whoever moved away keeps it."""
    assert us_rules().states_of(number, state=stated) == expected


def test_several_states_rules_hold_together() -> None:
    assert us_rules().hours_for({"FL", "TX"}).spans_on(SUNDAY) == ((time(12), time(20)),)


def test_a_texans_sunday_begins_at_noon_in_both_of_its_zones() -> None:
    openings = Openings(us_rules().hours_for({"TX"}), zones_of_state("TX"))
    early = datetime(2026, 12, 6, 8, tzinfo=ZoneInfo("America/Chicago"))
    assert openings.next_allowed(early) == datetime(2026, 12, 6, 12, tzinfo=ZoneInfo("America/Denver"))


def test_the_area_codes_are_those_that_the_numbering_plan_gives_the_states() -> None:
    """Compared with the phone library's own map, where it has a place for the bare area code."""
    names = {"Washington State": "WA"}
    listed = {int(code): state for code, state in us_rules().area_codes.items()}
    for code in range(200, 1000):
        place = geocoder.description_for_number(
            PhoneNumber(country_code=1, national_number=code * 10**7 + 5550123), "en"
        )
        state = names.get(place) or state_named(place.rpartition(", ")[2])
        if state in us_rules().states:
            assert listed.get(code) == state, code
        elif state is not None:
            assert code not in listed, code


def test_nothing_in_the_file_is_passed_over() -> None:
    keys = {"law", "source", "as_of", "evidence", "hours"}
    assert set(RAW) == {"federal", "states", "unstated"}
    assert set(RAW["federal"]) == keys
    assert all(set(rule) == keys | {"area_codes"} for rule in RAW["states"].values())
    assert all(set(window) <= {"days", "from", "until"} for rule in RAW["states"].values() for window in rule["hours"])
