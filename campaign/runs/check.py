"""All that can be known of a sheet before its first call; nothing is sent, and nothing is written."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path

from campaign.aicaller import CallRequest
from campaign.intake.choices import UNDECIDED, Choices
from campaign.ledger.instants import to_text
from campaign.ledger.reading import anybody_called_lately, called_lately
from campaign.ledger.sqlite import ledger_exists
from campaign.ledger.store import Ledger, open_ledger
from campaign.ledger.suppressed import Suppressed
from campaign.model import Contact, Note, NoteKind, Problem, Screened
from campaign.requests.compose import Composer
from campaign.runs.again import DONE, Comparison, Diff, comparison_with
from campaign.runs.plan import RunPlan
from campaign.runs.screening import Screening, screen_sheet
from campaign.runs.start import fingerprint_of
from campaign.template import Template

_ASKED_AT_ONCE = 500


@dataclass(slots=True)
class SheetReport:
    """What `check` found.

    Attributes:
        to_call: rows that a run would call now.
        skipped: reason -> rows, those called lately among them.
        problems: of the invalid rows, the first thousand.
        diff: how the sheet differs from what was called before.
        noted: how many doubts of each kind there are about the rows that can be called.
        notes: those doubts, the first thousand of each kind.
        notices: what the reading of the sheet has to say, one line each.
    """

    header: tuple[str, ...]
    to_call: int = 0
    invalid: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    diff: Diff = field(default_factory=Diff)
    noted: Mapping[NoteKind, int] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """All rows of the sheet."""
        return self.to_call + self.invalid + self.skipped.total()


class Earlier:
    """What the ledger says of the numbers of a sheet: called lately, called before, or on its suppression list."""

    def __init__(self, ledger: Ledger | None, *, service: str, template_fingerprint: str, since: str) -> None:
        self._service, self._template_fingerprint, self._since = service, template_fingerprint, since
        self._ledger = ledger
        if ledger is not None and not anybody_called_lately(ledger.reading, service=service, since=since):
            self._lately_in = None
        else:
            self._lately_in = ledger

    def lately(self, phones: list[str]) -> AbstractSet[str]:
        """Those of these numbers that were called lately."""
        if not phones or self._lately_in is None:
            return frozenset()
        ask = partial(called_lately, self._lately_in.reading, service=self._service, since=self._since)
        forms = self._lately_in.suppression.forgotten_forms(phones)
        return ask(phones).keys() | ({forms[form] for form in ask(list(forms))} if forms else set())

    def comparison(self) -> Comparison:
        """A comparison with what was called before under the same template."""
        return comparison_with(self._ledger, service=self._service, template_fingerprint=self._template_fingerprint)

    def on_list(self, phones: Sequence[str]) -> Mapping[str, Suppressed]:
        """Number -> its entry, for those on the suppression list."""
        return {} if self._ledger is None else self._ledger.suppression.of(phones)


@contextmanager
def earlier_from(
    home: Path, *, service: str, template: Template, plan: RunPlan, now: Callable[[], datetime]
) -> Iterator[Earlier]:
    """Opens the ledger of this folder to look numbers up; a folder without one says that nobody was called."""
    since, fingerprint = to_text(now() - plan.call_again_after), fingerprint_of(template, plan)
    if not ledger_exists(home):
        yield Earlier(None, service=service, template_fingerprint=fingerprint, since=since)
        return
    with open_ledger(home, now=now) as ledger:
        yield Earlier(ledger, service=service, template_fingerprint=fingerprint, since=since)


def check(
    sheet: Path, template: Template, *, plan: RunPlan, earlier: Earlier, choices: Choices = UNDECIDED
) -> SheetReport:
    """Reads the whole sheet.

    Raises:
        SheetError: it cannot be read.
    """
    screening = screen_sheet(
        sheet, template, call=plan.call, secret=_no_secret, on_list=earlier.on_list, choices=choices
    )
    comparison, lately = earlier.comparison(), set[int]()
    for contacts in _chunks(screening):
        called = earlier.lately([contact.phone for contact in contacts])
        for contact in contacts:
            comparison.see(contact)
            if contact.phone in called:
                lately.add(contact.row)
    diff = comparison.diff()
    lately -= diff.done.keys()
    skipped = Counter({"called lately": len(lately), DONE: len(diff.done)}) + screening.skipped
    return SheetReport(
        header=screening.header,
        to_call=screening.good - len(lately) - len(diff.done),
        invalid=screening.invalid,
        skipped=+skipped,
        problems=screening.problems,
        diff=diff,
        noted=screening.noted,
        notes=screening.notes,
        notices=screening.notices,
    )


def dry_run(
    sheet: Path,
    template: Template,
    *,
    plan: RunPlan,
    earlier: Earlier,
    choices: Choices = UNDECIDED,
    limit: int | None = None,
) -> Iterator[tuple[int, CallRequest]]:
    """The requests that a run would send now: (row, request). Webhook secrets are not in them.

    Raises:
        SheetError: the sheet cannot be read.
    """
    screening = screen_sheet(
        sheet, template, call=plan.call, secret=_no_secret, on_list=earlier.on_list, choices=choices
    )
    composer = Composer(plan.call, secret=_no_secret)
    for contact in islice(_to_call(screening, earlier), limit):
        yield contact.row, composer.to_request(contact)


def _to_call(screening: Screening, earlier: Earlier) -> Iterator[Contact]:
    comparison = earlier.comparison()
    for contacts in _chunks(screening):
        called = earlier.lately([contact.phone for contact in contacts])
        for contact in contacts:
            comparison.see(contact)
        yield from (
            contact for contact in contacts if contact.phone not in called and not comparison.is_done(contact.row)
        )


def _chunks(screening: Screening) -> Iterator[list[Contact]]:
    rows: Iterator[Screened] = screening.without_keys()
    while chunk := list(islice(rows, _ASKED_AT_ONCE)):
        yield [one.verdict for one in chunk if isinstance(one.verdict, Contact)]


def _no_secret(_name: str) -> str:
    return "•••"
