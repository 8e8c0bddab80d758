"""Use case why: explains a row's status: how its number was read, which rules applied, each attempt and its outcome.

cells --> numbers read, consent | history: corrected, sent, refused, requeued | who else called | what is known now
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campaign.config.run_plan import RunPlan
from campaign.config.template import Template
from campaign.domain.errors import SheetError, UsageError
from campaign.domain.instants import from_text
from campaign.intake.contacts.columns import Columns, match_columns
from campaign.intake.phones.parse import PhoneFault, RepairedPhone, read_phone
from campaign.intake.phones.regions import region_of
from campaign.ledger.port.ledger import ReadableLedger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.history import History
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.records.suppression import Suppressed


@dataclass(frozen=True, slots=True)
class ReadNumber:
    """Phone cell as read: E.164 and perhaps a repair, or why there is none; `called` marks the number that is used."""

    column: str
    cell: str
    phone: str | None
    note: str
    called: bool = False


@dataclass(frozen=True, slots=True)
class RowExplanation:
    """Full history of a row.

    Attributes:
        numbers: its phone cells in the order in which they are tried; empty when the run keeps no template.
        consent: (column, its text), where the template has a consent column.
        suppressed: the number's entry on the suppression list now.
        forgotten: when the run's personal data was erased.
        rings_at: when its call is to ring, while that is ahead.
        cancelled: why nobody of its run is called, or called back, any more.
    """

    record: RunRecord
    history: History
    numbers: Sequence[ReadNumber]
    consent: tuple[str, str] | None
    suppressed: Suppressed | None
    forgotten: str | None = None
    rings_at: datetime | None = None
    cancelled: str | None = None


def why(ledger: ReadableLedger, name: str, number: int) -> RowExplanation:
    """Collects the history of a row.

    Raises:
        UsageError: there is no such run, or no such row in it.
    """
    record = named_run(ledger, name)
    history = ledger.read.rows.history(record.id, number)
    if history is None:
        raise UsageError(
            f"run {name} has no row {number}; rows have the numbers that a spreadsheet program shows, as under _row"
        )
    if at := ledger.read.runs.forgotten_at(record.id):
        rings_at = _ahead(history, now=ledger.now())
        return RowExplanation(
            record, history, numbers=(), consent=None, suppressed=None, forgotten=at, rings_at=rings_at
        )
    plan = RunPlan.model_validate_json(record.plan)
    template = plan.template
    columns = _columns(record, template)
    numbers = [] if columns is None or template is None else _numbers(history, columns, template)
    consent = None
    if columns is not None and columns.consent is not None:
        consent = record.header[columns.consent], _cell(history, columns.consent)
    listed = ledger.read.suppression.of([history.phone], service=record.service) if history.phone else {}
    suppressed = listed.get(history.phone or "")
    return RowExplanation(
        record,
        history,
        numbers,
        consent,
        suppressed,
        rings_at=_ahead(history, now=ledger.now()),
        cancelled=plan.cancelled,
    )


def _ahead(history: History, *, now: datetime) -> datetime | None:
    rings_at = None if history.rings_at is None else from_text(history.rings_at)
    return rings_at if rings_at is not None and rings_at > now else None


def _columns(record: RunRecord, template: Template | None) -> Columns | None:
    if template is None:
        return None
    try:
        return match_columns(record.header, template)
    except SheetError:
        return None


def _numbers(history: History, columns: Columns, template: Template) -> list[ReadNumber]:
    region = template.phone.region
    if columns.country is not None and _cell(history, columns.country).strip():
        region = region_of(_cell(history, columns.country)) or None
    found = list[ReadNumber]()
    for index in columns.phones:
        cell = _cell(history, index)
        read = read_phone(cell, region=region, allow=template.phone.allow)
        if isinstance(read, PhoneFault):
            found.append(ReadNumber(columns.header[index], cell, None, read.reason))
            continue
        phone, note = (read.phone, read.why) if isinstance(read, RepairedPhone) else (read, "")
        first = phone == history.phone and not any(one.called for one in found)
        found.append(ReadNumber(columns.header[index], cell, phone, note, called=first))
    return found


def _cell(history: History, index: int) -> str:
    return history.cells[index] if index < len(history.cells) else ""
