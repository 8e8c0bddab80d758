"""When a run is to start, as people say it."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from campaign.config.timing_sections import HoursSection
from campaign.domain.time_of_day import time_of_day
from campaign.timing.hours.calling_hours import Ringing
from campaign.timing.zones.start_text import read_start
from campaign.timing.zones.time_text import TimeFault

TUESDAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("tomorrow", "2026-12-02T00:00"),
        ("Tomorrow 09:00", "2026-12-02T09:00"),
        ("tomorrow at 9am", "2026-12-02T09:00"),
        ("tomorrow, 9:30 pm", "2026-12-02T21:30"),
        ("today 12 am", "2026-12-01T00:00"),
        ("today 12pm", "2026-12-01T12:00"),
        ("tue 9:00", "2026-12-01T09:00"),
        ("Monday 9:00", "2026-12-07T09:00"),
        ("wednesday 9:00", "2026-12-02T09:00"),
        ("2026-12-24", "2026-12-24T00:00"),
        ("2026-12-24 09:30", "2026-12-24T09:30"),
        ("24 Dec 2026 9:30 am", "2026-12-24T09:30"),
    ],
)
def test_a_local_time_is_read_as_people_say_it(text: str, start: str) -> None:
    assert read_start(text, today=TUESDAY) == datetime.fromisoformat(start)


def test_a_time_with_an_offset_keeps_it() -> None:
    assert read_start("2026-12-24T09:30Z", today=TUESDAY) == datetime(2026, 12, 24, 9, 30, tzinfo=UTC)
    there = timezone(timedelta(hours=-5))
    assert read_start("2026-12-24 09:30-05:00", today=TUESDAY) == datetime(2026, 12, 24, 9, 30, tzinfo=there)


@pytest.mark.parametrize(
    "text", ["", "soon", "tomorrow 9", "tomorrow 25:00", "03/04/2026 9:00", "9am", "today 13pm", "monthly"]
)
def test_what_may_be_two_times_or_is_none_is_refused(text: str) -> None:
    assert isinstance(read_start(text, today=TUESDAY), TimeFault)


@pytest.mark.parametrize("text", ["", "9", "24:00", "9:60", "0am", "13 pm", "9:5", "nine"])
def test_a_bare_hour_or_an_impossible_one_is_no_time_of_day(text: str) -> None:
    """9 may be in the evening."""
    assert time_of_day(text) is None


@pytest.mark.parametrize("hours", [{}, {"from": "00:00", "until": "23:59", "timezone": "UTC"}])
def test_nobody_may_be_called_before_the_start_whatever_the_hours_allow(hours: dict[str, str]) -> None:
    start = datetime(2026, 12, 2, 9, tzinfo=UTC)
    openings = Ringing(HoursSection.model_validate({**hours, "not_before": start})).openings((("UTC",), ()))
    before = start - timedelta(milliseconds=1)
    assert not openings.allowed(before)
    assert openings.allowed(start)
    assert openings.next_allowed(before) == openings.next_allowed(start) == start
    assert openings.next_allowed(start + timedelta(hours=1)) == start + timedelta(hours=1)
