"""Rows a second through screening and counting, as `check` and `run` do them, without reading a file."""

import resource
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from campaign.aicaller.compose import Composer
from campaign.config.run_plan import CallPlan
from campaign.config.template import Template
from campaign.domain.model import Contact, Row
from campaign.intake.contacts.columns import match_columns
from campaign.intake.contacts.content_hash import ContentKeys
from campaign.intake.contacts.screen import screen
from campaign.preparation.screening import Screening

HEADER = ("Name", "Phone", "Email", "Appointment", "Doctor", "Amount")
FIRST = ("Ada", "Björn", "Chloe", "Dev", "Elif", "Femi", "Grace", "Hugo")
LAST = ("Fernhollow", "Larkfield", "Rookwood-Hill", "O'Mossgrave", "Stonebridge")
TEMPLATE = Template.model_validate(
    {
        "columns": {"name": "Name", "phone": "Phone", "email": "Email"},
        "variables": {"appointment": "Appointment", "doctor": "Doctor", "amount": "Amount"},
    }
)


def rows(count: int) -> Iterator[Row]:
    """Numbers in E.164, each another; they are never dialled."""
    for i in range(count):
        name = f"{FIRST[i % 8]} {LAST[i % 5]}"
        day = f"December {1 + i % 28} at {9 + i % 9}:30 AM" if i % 2 else f"2026-12-{1 + i % 28:02}"
        cells = (name, f"+1{212 + i // 1_000_000}{200 + i // 10_000 % 800}{i % 10_000:04}", f"p{i}@example.com", day)
        yield Row(2 + i, (*cells, f"Dr. {LAST[i % 5]}", f"{i % 300}.50"))


def measure(*, count: int) -> None:
    """Prints microseconds a row; the making of the rows is measured by itself and taken off."""
    before = _size()
    print(f"\nscreening, {count} rows in E.164 with an email and 3 variables")
    _told("without keys, as check", count, lambda: _screening(rows(count)).without_keys())
    print(f"  {'memory of the numbers':24} {_size() - before:6.0f} MB")
    _told("with keys, as run", count, lambda: iter(_screening(rows(count))))
    composer = Composer(CallPlan(team_id="team", call_template_id="template"), secret=str)
    screened = _screening(rows(min(count, 100_000))).without_keys()
    contacts = [one.verdict for one in screened if isinstance(one.verdict, Contact)]
    began = time.process_time()
    deque(map(composer.compose, contacts), maxlen=0)
    print(f"  {'compose, once a call':24} {(time.process_time() - began) / len(contacts) * 1e6:6.2f} us")


def _screening(given: Iterable[Row]) -> Screening:
    screened = screen(given, match_columns(HEADER, TEMPLATE), TEMPLATE)
    return Screening(header=HEADER, keys=ContentKeys(HEADER), _rows=screened)


def _size() -> float:
    """The largest that the process has been, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _told(what: str, count: int, make: Callable[[], Iterable[object]]) -> None:
    began = time.process_time()
    deque(rows(count), maxlen=0)
    made = time.process_time()
    deque(make(), maxlen=0)
    took = (time.process_time() - made) - (made - began)
    print(f"  {what:24} {took / count * 1e6:6.2f} us a row, {count / took:9.0f} rows/s")
