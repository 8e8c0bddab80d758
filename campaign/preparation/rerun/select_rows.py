"""Selects the failed rows that a rerun calls again, with their corrections: before any question, and any call.

failed rows --> --rows, --reason, --since --> in the fed-back file? --> corrected: screened anew, as a sheet's rows are
                                                                 --> allowed now: not suppressed, not called recently
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from campaign.config.run_plan import RunPlan
from campaign.config.template import Template
from campaign.domain.cures import Cure, CureCode, Message
from campaign.domain.cures.notes import Note
from campaign.domain.errors import UsageError
from campaign.domain.instants import to_text
from campaign.domain.model import Contact, RowState
from campaign.domain.phone_line import line_of
from campaign.domain.skip_reason import CalledRecentlyBy, ConsentRefused, text_of
from campaign.export.printable import group_of
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.reruns import CorrectedRow, FailedRow, Standing
from campaign.ledger.records.runs import RunRecord
from campaign.preparation.questions import NO_ANSWERS, Answers
from campaign.preparation.rerun.corrections import Corrected
from campaign.preparation.rerun.rescreen import screened_anew

_AT_ONCE = 500
_WAITING = (RowState.PENDING, RowState.RETRY_WAIT)
_NEVER: Mapping[RowState, Message] = {
    RowState.CREATED: Message.of("created: its call was made, and a rerun never makes it again"),
    RowState.UNKNOWN: Message.of("unknown: it may have been called, so a rerun never calls it; look it up first"),
    RowState.PENDING: Message.of("pending: it has not failed", Cure(CureCode.RESUME_WAITING_ROW)),
    RowState.RETRY_WAIT: Message.of("pending: it has not failed", Cure(CureCode.RESUME_WAITING_ROW)),
    RowState.SENDING: Message.of("on its way, or left so by a crash", Cure(CureCode.RESUME_LOST_ROW)),
    RowState.INVALID: Message.of("invalid: it was never called", Cure(CureCode.CORRECT_AND_RUN)),
    RowState.SKIPPED: Message.of("skipped: it was left out on purpose, and did not fail"),
}


class RowRange(NamedTuple):
    """Span of sheet rows, both ends included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Narrow:
    """Filter on the failed rows.

    Attributes:
        reasons: parts of reasons, in any case; one of them must be in a row's last refusal. Empty: any reason.
        rows: spans of row numbers. Empty: any row.
        since: the row's last refusal came at or after this instant, as the ledger writes one; None for any.
        groups: reasons without what differs from row to row; the row's must be one of them. Empty: any reason.
    """

    reasons: tuple[str, ...] = ()
    rows: tuple[RowRange, ...] = ()
    since: str | None = None
    groups: tuple[str, ...] = ()

    def takes(self, row: FailedRow) -> bool:
        """Whether this row passes the filter."""
        if self.rows and not any(span.first <= row.number <= span.last for span in self.rows):
            return False
        if self.since is not None and row.at < self.since:
            return False
        if self.groups and group_of(row.reason) not in self.groups:
            return False
        return not self.reasons or any(part.casefold() in row.reason.casefold() for part in self.reasons)


@dataclass(slots=True)
class Rerun:
    """Planned rerun: which rows it calls, and which it leaves out.

    Attributes:
        failed: reason, without what differs from row to row -> rows of the run that have failed.
        groups: the same -> rows that are called again.
        rows: the ledger's numbers of the rows to be called again -> how often each was tried.
        corrected: those of them that say something else now.
        left_out: row number -> why it is not called, of rows that are meant and failed.
        never: why -> rows that were asked for one by one, and that no rerun calls.
        notes: doubts about corrected rows that are called.
    """

    failed: Counter[str] = field(default_factory=Counter)
    groups: Counter[str] = field(default_factory=Counter)
    rows: dict[int, int] = field(default_factory=dict)
    corrected: list[CorrectedRow] = field(default_factory=list)
    left_out: dict[int, Message] = field(default_factory=dict)
    never: dict[Message, list[int]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


def plan_rerun(
    ledger: Ledger,
    record: RunRecord,
    *,
    plan: RunPlan,
    narrow: Narrow,
    template: Template | None = None,
    fed: Corrected | None = None,
    answers: Answers = NO_ANSWERS,
) -> Rerun:
    """Plans a rerun; changes nothing.

    Args:
        ledger: where the run is.
        record: the run.
        plan: its own.
        narrow: which rows are meant.
        template: what reads the run's rows; needed when rows were corrected.
        fed: the fed-back results file, if there is one: only rows that it has are meant.
        answers: what is said of doubtful numbers in corrected rows.

    Raises:
        UsageError: rows were corrected, and it is not known how they are read.
        SheetError: the run's columns do not fit the template.
    """
    found = Rerun(never=_never(ledger, record, narrow))
    meant = _meant(ledger, record, found, narrow=narrow, fed=fed)
    changed = [row for row in meant if fed is not None and row.number in fed.rows]
    contacts = [(row, row.contact) for row in meant if fed is None or _may_stay(row, found, fed)]
    if fed is not None and changed:
        if template is None:
            raise UsageError(
                f"row {changed[0].number} was corrected in the file, and run {record.name} does not say how rows are "
                "read",
                cure=Cure(CureCode.GIVE_TEMPLATE),
            )
        anew = screened_anew(
            ledger,
            record,
            [(row, fed.rows[row.number]) for row in changed],
            plan=plan,
            template=template,
            fed=fed,
            answers=answers,
        )
        found.left_out |= anew.left_out
        found.notes, found.corrected = anew.notes, anew.corrected
        contacts += anew.passed
    _allow(ledger, record, contacts, plan=plan, found=found)
    return found


def _never(ledger: Ledger, record: RunRecord, narrow: Narrow) -> dict[Message, list[int]]:
    """Rows that were asked for by number, and have not failed."""
    asked = [span.first for span in narrow.rows if span.first == span.last]
    found = dict[Message, list[int]]()
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        known = ledger.read.reruns.standings(record.id, some)
        for number in some:
            if why := _why_never(known.get(number), record):
                found.setdefault(why, []).append(number)
    return found


def _why_never(standing: Standing | None, record: RunRecord) -> Message | None:
    if standing is None:
        return Message.of(f"not in run {record.name}")
    if standing.requeue and standing.state in _WAITING:
        return None  # by a rerun that was cut off
    return _NEVER.get(standing.state)


def _meant(
    ledger: Ledger, record: RunRecord, found: Rerun, *, narrow: Narrow, fed: Corrected | None
) -> list[FailedRow]:
    meant = list[FailedRow]()
    for row in ledger.read.reruns.failed(record.id):
        found.failed[group_of(row.reason)] += 1
        corrected = fed is not None and fed.is_part and row.number in fed.rows
        if not (corrected or narrow.takes(row)):
            continue
        if fed is None or fed.is_part or row.number in fed.numbers:
            # Of a million rows only the cells are large, and only a corrected row's are looked at again.
            meant.append(row if fed is not None and row.number in fed.rows else replace(row, cells=()))
        elif narrow.rows:
            found.left_out[row.number] = Message.of("not in the file")
    return meant


def _may_stay(row: FailedRow, found: Rerun, fed: Corrected) -> bool:
    if row.number in fed.rows:
        return False
    other = fed.refused.get(int(line_of(row.contact.phone)[1:]))
    if other is not None:
        found.left_out[row.number] = Message.of(text_of(ConsentRefused(other, place="the file")))
    return other is None


def _allow(
    ledger: Ledger, record: RunRecord, contacts: Sequence[tuple[FailedRow, Contact]], *, plan: RunPlan, found: Rerun
) -> None:
    """Leaves out the rows that may not be called now; marks the others to be called again."""
    since = to_text(ledger.now() - plan.call_again_after)
    for some in _chunks(contacts):
        phones = [contact.phone for _, contact in some]
        listed = ledger.suppression.of(phones, service=record.service)
        recently = ledger.read.earlier.called_since(phones, service=record.service, since=since)
        for row, contact in some:
            if contact.phone in listed:
                found.left_out[row.number] = Message.of(str(listed[contact.phone]))
            elif contact.phone in recently:
                at, by = recently[contact.phone]
                found.left_out[row.number] = Message.of(text_of(CalledRecentlyBy(at, by, row=None)))
            else:
                found.rows[row.id] = row.attempts
                found.groups[group_of(row.reason)] += 1
    found.corrected = [one for one in found.corrected if one.id in found.rows]


def _chunks(contacts: Sequence[tuple[FailedRow, Contact]]) -> Iterator[Sequence[tuple[FailedRow, Contact]]]:
    for start in range(0, len(contacts), _AT_ONCE):
        yield contacts[start : start + _AT_ONCE]
