"""Compares a sheet with earlier runs of the same list: which rows are done, which have changed, which are new.

    contacts --> called before, under this template? --> same words: done --> other words: changed

A row is identified by the content of its call, never by its position: the user's own columns may change freely. What is
done stays done in every later run. Whether a row has *changed* can only be asked of the same list: next week's sheet
holds the same people with new dates, and is no corrected one. So a run counts as the same list only if at least half of
the rows that both could share have the same content in both.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set as AbstractSet
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import islice

from campaign.config.database import LedgerPlace
from campaign.config.run_plan import RunPlan, fingerprint_of
from campaign.config.template import Template
from campaign.domain.instants import to_text
from campaign.domain.model import Contact
from campaign.domain.skip_reason import CalledBeforeBy
from campaign.ledger.home import ledger_exists
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.earlier_calls import EarlierCall, said_in
from campaign.ledger.records.suppression import Suppressed
from campaign.ledger.store import open_ledger
from campaign.preparation.done_rows import DoneRows, RowIds
from campaign.preparation.drafts.unfollowed import UnfollowedIndex

FIRST_CHANGED = 10
"""Number of changed rows that are listed one by one."""
_ASKED_AT_ONCE = 500
_SHARED_OF_A_LIST = 0.5


@dataclass(frozen=True, slots=True)
class Diff:
    """Difference between a sheet and the earlier calls.

    Attributes:
        run: the latest run of the same list, or None.
        new: rows that were not called before.
        done: row number -> why it is not called: it was called before, with the same content.
        changed: row number -> the earlier call with other content, by a run of the same list.
        gone: rows that the run called, and that are not in the sheet.
    """

    run: str | None = None
    new: int = 0
    done: Mapping[int, CalledBeforeBy] = field(default_factory=dict)
    changed: Mapping[int, EarlierCall] = field(default_factory=dict)
    gone: int = 0

    @property
    def counts(self) -> "DiffCounts":
        """Counts of the difference, with the first changed rows."""
        first = dict(islice(self.changed.items(), FIRST_CHANGED))
        return DiffCounts(
            self.run, self.new, done=len(self.done), changed=len(self.changed), gone=self.gone, first_changed=first
        )


@dataclass(frozen=True, slots=True)
class DiffCounts:
    """Difference between a sheet and the earlier calls, in counts; see `Diff`.

    Attributes:
        first_changed: row number -> its earlier call, without the content, of the first changed rows.
    """

    run: str | None = None
    new: int = 0
    done: int = 0
    changed: int = 0
    gone: int = 0
    first_changed: Mapping[int, EarlierCall] = field(default_factory=dict)

    def __str__(self) -> str:
        against = f"compared with run {self.run}" if self.run else "compared with earlier runs"
        return f"{against}: {self.new} new, {self.changed} changed, {self.done} done, {self.gone} gone"


class Comparison:
    """Comparison in progress: takes a sheet's contacts one by one, and keeps only those that were called before."""

    def __init__(
        self,
        calls_to: Callable[[Sequence[str]], Iterable[EarlierCall]],
        called_in: Callable[[int], int],
        *,
        words_hash: Callable[[str], str] | None = None,
    ) -> None:
        """`calls_to` queries the earlier calls to numbers; `called_in` counts the rows that a run called.

        Of an erased call only the hash of its content is known: `words_hash` computes it.
        """
        self._words_hash = words_hash
        self._calls_to, self._called_in = calls_to, called_in
        self._seen = 0
        self._waiting: list[Contact] = []
        self._done = DoneRows()
        self._other_words: dict[int, dict[int, EarlierCall]] = {}  # row number -> run -> its call to that number
        self._met: defaultdict[int, RowIds] = defaultdict(RowIds)  # run -> its rows whose number is in the sheet
        self._same: defaultdict[int, RowIds] = defaultdict(RowIds)  # of those, the ones that say the same
        self._names: dict[int, str] = {}

    def see(self, contact: Contact) -> None:
        """Takes the next row that could be called."""
        self._seen += 1
        self._waiting.append(contact)
        if len(self._waiting) == _ASKED_AT_ONCE:
            self._look_up()

    def is_done(self, row: int) -> bool:
        """Whether that row was called with the same content; valid for rows that `see` has taken."""
        self._look_up()
        return row in self._done

    def diff(self) -> Diff:
        """Returns the difference, once `see` has taken all rows."""
        self._look_up()
        lists = [run for run in self._met if self._is_same_list(run)]
        latest = max(lists, default=None)
        changed = {
            row: calls[max(known)] for row, calls in self._other_words.items() if (known := calls.keys() & set(lists))
        }
        return Diff(
            run=None if latest is None else self._names[latest],
            new=self._seen - len(self._done) - len(changed),
            done=self._done,
            changed=changed,
            gone=0 if latest is None else self._called_in(latest) - len(self._met[latest]),
        )

    def _is_same_list(self, run: int) -> bool:
        shared = len(self._same[run])
        return shared > 0 and shared >= _SHARED_OF_A_LIST * min(self._seen, self._called_in(run))

    def _look_up(self) -> None:
        contacts, done = {contact.phone: contact for contact in self._waiting}, dict[int, EarlierCall]()
        self._waiting.clear()
        for call in self._calls_to(list(contacts)) if contacts else ():
            contact = contacts[call.phone]
            self._met[call.run_id].add(call.row_id)
            self._names[call.run_id] = call.run
            said = said_in(contact)
            if call.said == said or (self._words_hash is not None and call.said == self._words_hash(said)):
                self._same[call.run_id].add(call.row_id)
                done[contact.row] = call
                self._other_words.pop(contact.row, None)
            elif contact.row not in done:
                # Without its content, which is long, and has been compared.
                self._other_words.setdefault(contact.row, {})[call.run_id] = replace(call, said="")
        self._done.add(done)


def comparison_with(ledger: Ledger | None, *, service: str, template_fingerprint: str) -> Comparison:
    """Starts a comparison with the calls of that service and template; an empty one without a ledger."""
    if ledger is None or not ledger.read.earlier.any_calls_under(
        service=service, template_fingerprint=template_fingerprint
    ):
        return Comparison(lambda _: (), lambda _: 0)
    look_up = partial(ledger.read.earlier.calls_under, service=service, template_fingerprint=template_fingerprint)

    def calls_to(phones: Sequence[str]) -> Iterator[EarlierCall]:
        yield from look_up(phones)
        if forms := ledger.suppression.forgotten_forms(phones):
            yield from (replace(call, phone=forms[call.phone], line="") for call in look_up(list(forms)))

    return Comparison(calls_to, ledger.read.earlier.count_called, words_hash=ledger.suppression.words_hasher())


class EarlierCallIndex:
    """Earlier calls of a sheet's numbers in the ledger: called recently, called before, or on the suppression list.

    Attributes:
        service: where the calls were made.
        unfollowed: which of the numbers were called so that nobody knows what was said.
    """

    def __init__(
        self,
        ledger: Ledger | None,
        *,
        service: str,
        template_fingerprint: str,
        since: str,
        unfollowed: UnfollowedIndex,
    ) -> None:
        self.unfollowed = unfollowed
        self.service, self._template_fingerprint, self._since = service, template_fingerprint, since
        self._ledger = ledger
        if ledger is not None and not ledger.read.earlier.any_called_since(service=service, since=since):
            self._recent_in = None
        else:
            self._recent_in = ledger

    def recently(self, phones: list[str]) -> AbstractSet[str]:
        """Returns those of these numbers that were called recently."""
        if not phones or self._recent_in is None:
            return frozenset()
        ask = partial(self._recent_in.read.earlier.called_since, service=self.service, since=self._since)
        forms = self._recent_in.suppression.forgotten_forms(phones)
        return ask(phones).keys() | ({forms[form] for form in ask(list(forms))} if forms else set())

    def comparison(self) -> Comparison:
        """Starts a comparison with the earlier calls under the same template."""
        return comparison_with(self._ledger, service=self.service, template_fingerprint=self._template_fingerprint)

    def on_list(self, phones: Sequence[str]) -> Mapping[str, Suppressed]:
        """Returns number -> its entry, for those on the suppression list."""
        return {} if self._ledger is None else self._ledger.suppression.of(phones, service=self.service)


@contextmanager
def earlier_from(
    place: LedgerPlace, *, service: str, template: Template, plan: RunPlan, now: Callable[[], datetime]
) -> Iterator[EarlierCallIndex]:
    """Opens the ledger there to query numbers; a folder without one means that no number was called."""
    since, fingerprint = to_text(now() - plan.call_again_after), fingerprint_of(template, plan)
    there = place.address is not None or ledger_exists(place.home)
    with open_ledger(place.home, now=now, address=place.address) if there else nullcontext() as ledger:
        yield EarlierCallIndex(
            ledger,
            service=service,
            template_fingerprint=fingerprint,
            since=since,
            unfollowed=UnfollowedIndex(ledger, service=service, within=template.limits.followed_within, now=now()),
        )
