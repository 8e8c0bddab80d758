"""What somebody wrote for a time to call is one instant, or it is refused: half of the world writes the day first."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from campaign.timing.zones.call_at import CallAt, read_call_at
from campaign.timing.zones.time_text import TimeFault, read_time

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
NEW_YORK = ("America/New_York",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-01T09:00:00", (2026, 12, 1, 9)),
        ("2026-12-01 09:00", (2026, 12, 1, 9)),
        ("2026-12-01T09:30:15.250", (2026, 12, 1, 9, 30, 15)),
        (" 2026-12-1   9:00 ", (2026, 12, 1, 9)),
        ("2026/04/03 09:00", (2026, 4, 3, 9)),
        ("13/04/2026 9:00", (2026, 4, 13, 9)),
        ("04/13/2026 9:00 PM", (2026, 4, 13, 21)),
        ("13.04.2026 21:00", (2026, 4, 13, 21)),
        ("04/04/2026 9:00", (2026, 4, 4, 9)),
        ("1 Dec 2026 9:00 am", (2026, 12, 1, 9)),
        ("1st December 2026, 9 am", (2026, 12, 1, 9)),
        ("Dec 1, 2026 at 12:30 p.m.", (2026, 12, 1, 12, 30)),
        ("3-May-2026 9:05", (2026, 5, 3, 9, 5)),
        ("Sept 3 2026 12:15 AM", (2026, 9, 3, 0, 15)),
    ],
)
def test_a_time_with_one_reading_is_read(text: str, expected: tuple[int, ...]) -> None:
    assert read_time(text) == datetime(*expected)  # type: ignore[arg-type]  # noqa: DTZ001 - a wall clock's time


@pytest.mark.parametrize("text", ["03/04/2026 9:00", "3-4-2026 9:00 am", "03.04.2026 09:00:00"])
def test_a_date_with_two_readings_is_refused_with_both(text: str) -> None:
    """A month too early or too late is a wrong call, and nobody would notice before it rings."""
    fault = read_time(text)
    assert isinstance(fault, TimeFault)
    assert fault.reason == "it may be 4 Mar 2026 or 3 Apr 2026"
    assert "2026-03-04 09:00" in fault.cure


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026-12-01", "without a time of day"),
        ("1 Dec 2026", "without a time of day"),
        ("09:00:00", "without a date"),
        ("9 pm", "without a date"),
        ("2026-12-01T00:00:00", "midnight"),  # how a typed cell shows a date alone
        ("2026-12-01 12:00 AM", "midnight"),
        ("46357.375", "spreadsheet program keeps a date"),
        ("03/04/26 9:00", "year of two digits"),
        ("2026-13-04 09:00", "not in the calendar"),
        ("30/02/2026 9:00", "not in the calendar"),
        ("29 Feb 2027 9:00", "not in the calendar"),
        ("Mai 3 2026 9:00", "not in the calendar"),
        ("2026-12-01 24:00", "time of day that cannot be read"),
        ("2026-12-01 23:59:60", "time of day that cannot be read"),  # a leap second
        ("2026-12-01 13:00 pm", "time of day that cannot be read"),
        ("2026-12-01 9", "time of day that cannot be read"),
        ("2026-12-01 9:00 EST", "time of day that cannot be read"),
        ("2026-12-01 09:00+99:00", "time of day that cannot be read"),
        ("9999-12-31 23:59", "the year 9999"),
        ("0001-01-01 00:01", "the year 1"),
        ("2026-12/01 09:00", "can be read"),
        ("tomorrow", "can be read"),
        ("\u0662\u0660\u0662\u0666-12-01 09:00", "can be read"),
        ("", "can be read"),
    ],
)
def test_a_time_that_is_not_whole_is_refused(text: str, reason: str) -> None:
    fault = read_time(text)
    assert isinstance(fault, TimeFault)
    assert reason in fault.reason
    assert fault.cure


@given(text=st.text(alphabet="0123456789-/.:T Zapm+decNov,", max_size=30))
def test_no_text_at_all_breaks_the_reading(text: str) -> None:
    found = read_call_at(text, zones=("Pacific/Kiritimati",), now=NOW)
    assert isinstance(found, TimeFault) or NOW < found.instant <= NOW + timedelta(days=366)


WALLS = st.datetimes(datetime(2026, 11, 25), datetime(2027, 11, 20))  # noqa: DTZ001 - what walls show


@settings(max_examples=200)
@given(when=WALLS, zone=st.sampled_from(["America/St_Johns", "Asia/Tokyo", "Australia/Lord_Howe"]))
def test_the_persons_clock_shows_the_written_time(when: datetime, zone: str) -> None:
    """Whatever the zone: at the instant found, its clock shows what was written, or a warning says why not."""
    when = when.replace(second=0, microsecond=0)
    found = read_call_at(f"{when:%Y-%m-%d %H:%M}", zones=(zone,), now=NOW)
    if when.hour == when.minute == 0:
        return
    assert isinstance(found, CallAt)
    shown = found.instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert shown == when if found.warning is None or "twice" in found.warning else shown > when


def test_a_time_is_local_to_the_person() -> None:
    assert read_call_at("2026-12-01 09:00", zones=NEW_YORK, now=NOW) == CallAt(datetime(2026, 12, 1, 14, tzinfo=UTC))


def test_a_time_with_its_own_offset_needs_no_zone() -> None:
    nine = datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert read_call_at("2026-12-01T09:00:00Z", zones=(), now=NOW) == CallAt(nine)
    assert read_call_at("2026-12-01 14:30+05:30", zones=NEW_YORK, now=NOW) == CallAt(nine)
    assert read_call_at("2026-12-01T05:30:00-0330", zones=NEW_YORK, now=NOW) == CallAt(nine)
    assert read_call_at("2026-12-01T00:00:00Z", zones=(), now=NOW) == CallAt(nine - timedelta(hours=9))


def test_a_local_time_in_zones_that_differ_is_refused_with_both() -> None:
    fault = read_call_at("2026-12-01 09:00", zones=("America/Boise", "America/Los_Angeles"), now=NOW)
    assert isinstance(fault, TimeFault)
    assert "16:00 UTC in America/Boise, 17:00 UTC in America/Los_Angeles" in fault.reason


def test_zones_whose_clocks_agree_at_that_time_are_no_doubt() -> None:
    """Arizona and Denver agree in winter, and not in summer."""
    zones = ("America/Phoenix", "America/Denver")
    assert isinstance(read_call_at("2026-12-01 09:00", zones=zones, now=NOW), CallAt)
    assert isinstance(read_call_at("2027-07-01 09:00", zones=zones, now=NOW), TimeFault)


def test_a_local_time_without_a_zone_is_refused() -> None:
    fault = read_call_at("2026-12-01 09:00", zones=(), now=NOW)
    assert isinstance(fault, TimeFault)
    assert fault.cure == "give the row a time zone"


@pytest.mark.parametrize(
    ("text", "zone", "utc"),
    [
        ("2027-03-14 02:30", "America/New_York", (2027, 3, 14, 7, 0)),
        ("2027-03-28 01:00", "Europe/London", (2027, 3, 28, 1, 0)),
        ("2027-10-03 02:10", "Australia/Lord_Howe", (2027, 10, 2, 15, 30)),
    ],
)
def test_g05_a_time_that_is_leapt_over_becomes_the_first_minute_after(
    text: str, zone: str, utc: tuple[int, ...]
) -> None:
    found = read_call_at(text, zones=(zone,), now=NOW)
    assert isinstance(found, CallAt)
    assert found.instant == datetime(*utc, tzinfo=UTC)  # type: ignore[misc,arg-type]  # year to minute
    assert found.warning is not None
    assert "does not exist" in found.warning


def test_g05_of_a_time_that_comes_twice_the_first_is_taken() -> None:
    found = read_call_at("2027-11-07 01:30", zones=NEW_YORK, now=NOW)
    assert isinstance(found, CallAt)
    assert found.instant == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)
    assert found.warning is not None
    assert "comes twice" in found.warning


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026-11-23 07:00", "is past"),  # now
        ("2026-11-23 06:59", "is past"),
        ("2025-12-01 09:00", "is past"),
        ("2027-11-24 07:01", "more than a year ahead"),
        ("2029-12-01 09:00", "more than a year ahead"),
    ],
)
def test_g08_a_time_that_is_past_or_far_off_is_refused(text: str, reason: str) -> None:
    """A past time would ring at once; one in years is a slip of the pen."""
    fault = read_call_at(text, zones=NEW_YORK, now=NOW)
    assert isinstance(fault, TimeFault)
    assert reason in fault.reason
