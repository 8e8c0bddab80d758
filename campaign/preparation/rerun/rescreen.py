"""Rescreens corrected rows of a run: by the rules of a first screening, and against the rest of their run."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from campaign.config.run_plan import RunPlan
from campaign.config.template import Template
from campaign.domain.cures import Message
from campaign.domain.cures.notes import Note
from campaign.domain.model import Contact, Invalid, Row, Screened, Skip
from campaign.domain.skip_reason import Duplicate, text_of
from campaign.intake.contacts.call_time import times_of
from campaign.intake.contacts.columns import Columns, match_columns
from campaign.intake.contacts.findings import Accepted
from campaign.intake.contacts.screen import screen
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.reruns import CorrectedRow, FailedRow
from campaign.ledger.records.runs import RunRecord
from campaign.preparation.on_list import own_number
from campaign.preparation.questions import ROW_DOUBTS, Answers, accepted_at
from campaign.preparation.rerun.corrections import Corrected
from campaign.preparation.screening import allowed

_AT_ONCE = 500


@dataclass(slots=True)
class Rescreened:
    """Result of rescreening corrected rows.

    Attributes:
        passed: rows that can be called, with their contact now.
        corrected: the same rows, as the ledger will store them.
        left_out: row number -> why it cannot be called so.
        notes: doubts about those that passed.
    """

    passed: list[tuple[FailedRow, Contact]] = field(default_factory=list)
    corrected: list[CorrectedRow] = field(default_factory=list)
    left_out: dict[int, Message] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


def screened_anew(
    ledger: Ledger,
    record: RunRecord,
    rows: Sequence[tuple[FailedRow, Row]],
    *,
    plan: RunPlan,
    template: Template,
    fed: Corrected,
    answers: Answers,
) -> Rescreened:
    """Screens corrected rows, each given as it was and as it is now.

    Raises:
        SheetError: the run's columns do not fit the template.
    """
    columns = match_columns(record.header, template)
    before = {was.number: (was, now) for was, now in rows}
    ready = (_as_read_before(was, now, columns) for was, now in rows)
    accepted = accepted_at(record.service, template, answers)
    screened = screen(
        ready,
        columns,
        template,
        refused=fed.refused,
        accepted=accepted,
        # Hours are the run's own, whatever the template says today.
        times=times_of(columns, _timed(template, plan), now=ledger.now()),
        now=ledger.now(),
    )
    own = own_number(plan.call.from_phone_number, region=template.phone.region)
    found = Rescreened()
    for chunk in _chunks(allowed(screened, own=own, on_list=partial(ledger.suppression.of, service=record.service))):
        phones = [one.verdict.phone for one in chunk if isinstance(one.verdict, Contact)]
        taken = ledger.read.reruns.numbers_taken(record.id, phones)
        for one in chunk:
            was, now = before[one.row.number]
            match one.verdict:
                case Invalid() as invalid:
                    found.left_out[was.number] = Message.of("corrected, and cannot be called so: ", invalid.message)
                case Skip() as skip:
                    found.left_out[was.number] = Message.of(f"corrected, and not called: {skip.reason}")
                case Contact(phone=phone) if taken.get(phone, was.number) != was.number:
                    found.left_out[was.number] = Message.of(
                        f"corrected, and not called: {text_of(Duplicate(taken[phone]))} of the run"
                    )
                case Contact() if (doubt := _open_doubt(one.notes, accepted)) is not None:
                    found.left_out[was.number] = Message.of(f"corrected, and not called: {doubt}")
                case Contact() as contact:
                    _pass(found, was, now, contact=contact, notes=one.notes, header=record.header)
    return found


def _open_doubt(notes: Sequence[Note], accepted: Accepted) -> Note | None:
    """The first doubt that stops a run of a sheet; a rerun asks about no rows, and leaves such a one out."""
    kinds = {kind for kind, (about, _) in ROW_DOUBTS.items() if getattr(accepted, about) is None}
    return next((note for note in notes if note.kind in kinds), None)


def _timed(template: Template, plan: RunPlan) -> Template:
    return template.model_copy(update={"hours": plan.hours, "stagger": plan.stagger})


def _pass(
    found: Rescreened, was: FailedRow, now: Row, *, contact: Contact, notes: Sequence[Note], header: Sequence[str]
) -> None:
    names = tuple(
        name for name, old, new in zip(header, _padded(was.cells, now), now.cells, strict=False) if old != new
    )
    found.passed.append((was, contact))
    found.corrected.append(CorrectedRow(was.id, was.attempts, contact, now.cells, names))
    found.notes += notes


def _as_read_before(was: FailedRow, now: Row, columns: Columns) -> Row:
    """Reads an unchanged number as before: the kind of cell that it stood in is no longer known."""
    says_number = (*columns.phones, *([] if columns.country is None else [columns.country]))
    if any(_padded(was.cells, now)[at] != now.cells[at] for at in says_number):
        return now
    cells = list(now.cells)
    cells[columns.phones[0]] = was.contact.phone
    return now._replace(cells=tuple(cells))


def _padded(cells: tuple[str, ...], now: Row) -> tuple[str, ...]:
    return (*cells, *("" for _ in range(len(now.cells) - len(cells))))


def _chunks(rows: Iterator[Screened]) -> Iterator[list[Screened]]:
    while chunk := list(islice(rows, _AT_ONCE)):
        yield chunk
