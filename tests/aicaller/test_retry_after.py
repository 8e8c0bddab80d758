"""Retry-After is hostile input: it must never make a program sleep for ever, crash, or believe a wrong time."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from campaign.aicaller.retry_after import read_retry_after

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("7", 7),
        ("007", 7),
        ("3600", 3600),
        (" 7\t", 7),
        ("999999999", 999_999_999),
        ("Tue, 01 Dec 2026 09:00:30 GMT", 30),
        ("Tue, 01 Dec 2026 10:00:00 GMT", 3600),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 0),
        ("Tue, 01 Dec 2026 09:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC) - NOW).total_seconds()),
    ],
)
def test_whole_seconds_and_the_one_date_form_are_read(value: str, seconds: float) -> None:
    """These two are what the standard knows; a date that is past means now."""
    assert read_retry_after(value, now=NOW) == seconds


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        " ",
        "-5",
        "+5",
        "5.0",
        "1e9",
        "0x10",
        "1_000",
        "inf",
        "nan",
        "Infinity",
        "٣",
        "²",
        "\uff17",
        "1234567890",
        "9" * 5_000,
        "1, 7200",
        "1 2",
        "7s",
        "7\n8",
        "\u00a07",
        "soon",
        "Sun Nov  6 08:49:37 1994",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Tue, 01 Dec 2026 09:00:30 UTC",
        "Tue, 01 Dec 2026 09:00:30 +0000",
        "Tue, 1 Dec 2026 09:00:30 GMT",
        "tue, 01 dec 2026 09:00:30 gmt",
        "Tue, 01 Dez 2026 09:00:30 GMT",
        "Tue, 31 Feb 2026 09:00:30 GMT",
        "Tue, 01 Dec 2026 24:00:00 GMT",
        "Tue, 01 Dec 2026 09:00:60 GMT",
        "Tue, 01 Dec 0000 09:00:30 GMT",
        "Tue, 01 Dec 99999 09:00:30 GMT",
        "Tue, \u0660\u0661 Dec 2026 09:00:30 GMT",
        "2026-12-01T09:00:30Z",
        "Tue, 01 Dec 2026 09:00:30 GMT, 7",
    ],
    ids=lambda value: repr(value)[:40],
)
def test_all_else_is_as_good_as_missing(value: str | None) -> None:
    """`float` reads inf, `isdigit` takes ², and a naive date cannot be compared: each has taken a program down."""
    assert read_retry_after(value, now=NOW) is None


def test_a_date_is_measured_on_the_clock_of_any_zone() -> None:
    """Seconds are seconds."""
    there = NOW.astimezone(timezone(timedelta(hours=9)))
    assert read_retry_after("Tue, 01 Dec 2026 09:00:30 GMT", now=there) == 30
