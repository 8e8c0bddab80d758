"""All that can be known of a sheet before its first call; nothing is sent, and nothing is written."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from campaign.aicaller import CallRequest
from campaign.intake.choices import UNDECIDED, Choices
from campaign.ledger.instants import to_text
from campaign.ledger.reading import called_lately
from campaign.ledger.sqlite import ledger_exists
from campaign.ledger.store import Ledger, open_ledger
from campaign.model import Contact, Problem, Screened
from campaign.requests.compose import Composer
from campaign.runs.plan import RunPlan
from campaign.runs.screening import Screening, screen_sheet
from campaign.template import Template

_ASKED_AT_ONCE = 500


@dataclass(slots=True)
class SheetReport:
    """What `check` found.

    Attributes:
        to_call: rows that a run would call now.
        skipped: reason -> rows, those called lately among them.
        problems: of the invalid rows, the first thousand.
    """

    header: tuple[str, ...]
    to_call: int = 0
    invalid: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """All rows of the sheet."""
        return self.to_call + self.invalid + self.skipped.total()


class Lately:
    """Which numbers the ledger says were called lately."""

    def __init__(self, ledger: Ledger | None, *, service: str, since: str) -> None:
        self._ledger, self._service, self._since = ledger, service, since

    def of(self, phones: list[str]) -> dict[str, tuple[str, str]]:
        """Number -> (when, by which run), for those that were."""
        if not phones or self._ledger is None:
            return {}
        return called_lately(self._ledger.reading, phones, service=self._service, since=self._since)


@contextmanager
def lately_from(home: Path, *, service: str, plan: RunPlan, now: Callable[[], datetime]) -> Iterator[Lately]:
    """Opens the ledger of this folder to look numbers up; a folder without one says that nobody was called."""
    since = to_text(now() - plan.call_again_after)
    if not ledger_exists(home):
        yield Lately(None, service=service, since=since)
        return
    with open_ledger(home, now=now) as ledger:
        yield Lately(ledger, service=service, since=since)


def check(
    sheet: Path, template: Template, *, plan: RunPlan, lately: Lately, choices: Choices = UNDECIDED
) -> SheetReport:
    """Reads the whole sheet.

    Raises:
        SheetError: it cannot be read.
    """
    screening = screen_sheet(sheet, template, call=plan.call, secret=_no_secret, choices=choices)
    report = SheetReport(header=screening.header)
    for _, called in _callable(screening, lately):
        report.to_call += called is None
        report.skipped["called lately"] += called is not None
    report.invalid, report.problems = screening.invalid, screening.problems
    report.skipped = +(report.skipped + screening.skipped)
    return report


def dry_run(
    sheet: Path,
    template: Template,
    *,
    plan: RunPlan,
    lately: Lately,
    choices: Choices = UNDECIDED,
    limit: int | None = None,
) -> Iterator[tuple[int, CallRequest]]:
    """The requests that a run would send now: (row, request). Webhook secrets are not in them.

    Raises:
        SheetError: the sheet cannot be read.
    """
    screening = screen_sheet(sheet, template, call=plan.call, secret=_no_secret, choices=choices)
    to_call = (contact for contact, called in _callable(screening, lately) if called is None)
    composer = Composer(plan.call, secret=_no_secret)
    for contact in islice(to_call, limit):
        yield contact.row, composer.to_request(contact)


def _callable(screening: Screening, lately: Lately) -> Iterator[tuple[Contact, tuple[str, str] | None]]:
    rows: Iterator[Screened] = screening.without_keys()
    while chunk := list(islice(rows, _ASKED_AT_ONCE)):
        contacts = [one.verdict for one in chunk if isinstance(one.verdict, Contact)]
        called = lately.of([contact.phone for contact in contacts])
        for contact in contacts:
            yield contact, called.get(contact.phone)


def _no_secret(_name: str) -> str:
    return "•••"
