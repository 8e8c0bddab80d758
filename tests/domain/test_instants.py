"""Instants as text: ledgers and requests compare and sort them as they are written."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given, strategies as st

from campaign.domain.instants import from_text, to_call_delayed_until, to_text

zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
instants = st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=zones | st.just(UTC))  # noqa: DTZ001 - zones are drawn beside


@given(instants)
def test_an_instant_is_written_as_iso_writes_it_in_milliseconds_of_utc(instant: datetime) -> None:
    """All that was ever written down stands so: another form would sort elsewhere."""
    written = to_text(instant)
    assert written == instant.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
    assert written == to_call_delayed_until(instant)
    assert timedelta(0) <= instant - from_text(written) < timedelta(milliseconds=1)
