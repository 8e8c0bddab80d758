"""People read times on their own clock, beside that of the phone that rings; programs read UTC."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from campaign.preparation.forecast import Outlook
from campaign.presentation.forecast import forecast_dict, forecast_lines, waiting_line
from campaign.presentation.wording import local_time
from campaign.timing.plan.forecast import Forecast

NOON = datetime(2026, 12, 1, 12, 5, tzinfo=UTC)
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), "America/New_York"


def outlook(*zones: str) -> Outlook:
    hourly = tuple((NOON.replace(minute=0), zone, 1) for zone in zones)
    made = Forecast(NOON, NOON, hourly, (7,), (), len(zones))
    return Outlook(made, NOON + timedelta(hours=1), waits=True, most_cost=None)


def test_the_readers_clock_is_shown_with_the_recipients_beside_it() -> None:
    """Whoever plans in UTC is off by hours, and whoever reads their own clock alone calls at night."""
    first, *lines = forecast_lines(outlook(NEW_YORK), here=BERLIN)
    assert first.startswith("first phone Tue 2026-12-01 13:05 CET (07:05 in America/New_York), last Tue 2026-12-01")
    assert any("finish_by, Tue 2026-12-01 14:05 CET" in line for line in lines)
    assert any("calls an hour, CET" in line for line in lines)
    assert any("1 Dec 13h" in line for line in lines)


def test_one_clock_is_shown_where_both_are_the_same_or_the_recipients_is_not_known() -> None:
    for zones in (
        ("Europe/Berlin",),
        ("Europe/Paris",),
        ("anywhere",),
        ("America/New_York +1",),
        (NEW_YORK, "Asia/Tokyo"),
    ):
        first = next(forecast_lines(outlook(*zones), here=BERLIN))
        assert "(" not in first, zones


def test_programs_get_utc() -> None:
    found = forecast_dict(outlook(NEW_YORK))
    assert found is not None
    assert (found["first"], found["finish_by"]) == ("2026-12-01T12:05:00Z", "2026-12-01T13:05:00Z")


def test_without_a_zone_it_is_this_machines() -> None:
    assert local_time(NOON) == NOON.astimezone().strftime("%a %Y-%m-%d %H:%M %Z")
    assert local_time(NOON, here=timezone(timedelta(hours=3))) == "Tue 2026-12-01 15:05 UTC+03:00"
    assert waiting_line(NOON, here=BERLIN).startswith("nobody may be called before Tue 2026-12-01 13:05 CET; waiting")
