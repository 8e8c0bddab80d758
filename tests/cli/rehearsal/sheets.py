"""Sheets of people in six time zones, and a template whose campaign of them takes days."""

from pathlib import Path

from tests.cli.conftest import Desk

AREAS = (212, 312, 303, 213, 907, 808)
"""New York, Chicago, Denver, Los Angeles, Anchorage, Honolulu."""
DAYS = """
[columns]
name = "Name"
phone = "Phone"
[phone]
region = "US"
allow = ["fictitious"]
[pace]
calls_per_second = {rate}
[hours]
from = 09:00:00
until = 17:00:00
timezone = "recipient"
[limits]
max_calls = 100_000
calls_per_person_per_day = 3
[retry]
no_answer = {{ after = "4h", times = 1 }}
busy = {{ after = "30m", times = 2 }}
"""


def days(desk: Desk, *, rate: float = 0.02) -> Path:
    return desk.template(DAYS.format(rate=rate))


def people(desk: Desk, count: int, *, name: str = "sheet.csv") -> Path:
    """Up to 600 of them."""
    numbers = (f"+1{AREAS[i % 6]}55501{i // 6:02}" for i in range(count))
    return desk.sheet(*(f"Person {i},{number},Monday" for i, number in enumerate(numbers)), name=name)
