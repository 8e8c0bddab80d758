"""Adopts a changed plan for the rest of a run: its waiting rows get the zones, and soon the times, of the new hours.

waiting rows' stored cells --> zones and states by the hours of now --> with the plan, in one transaction
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial

from campaign.config.run_plan import RunPlan
from campaign.domain.cures import Cure, CureCode
from campaign.domain.errors import UsageError
from campaign.domain.model import Contact, Row
from campaign.intake.contacts.call_time import CallTimes, times_of
from campaign.intake.contacts.columns import match_columns
from campaign.intake.contacts.findings import Findings
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.runs import RunRecord, WaitingRow
from campaign.preparation.plan.plan_change import moves_times, plan_changed


def adopt_plan(ledger: Ledger, record: RunRecord, *, begun: RunPlan, plan: RunPlan, now: datetime) -> None:
    """Stores `plan` with the run; where its times moved, its waiting rows lose theirs, and get zones that fit it.

    Args:
        ledger: where the run is.
        record: the run.
        begun: the plan that it has.
        plan: the plan that it is to have.
        now: aware.

    Raises:
        BusyError: another process works on the run.
        UsageError: a row cannot be called in the new hours, or another process has changed the plan; nothing was
            changed.
    """
    moved = partial(_moved, ledger, record, plan=plan, now=now) if moves_times(begun, plan) else None
    with ledger.lock_run(record):
        if named_run(ledger, record.name).plan != record.plan:
            raise plan_changed(record.name)
        ledger.adopt_plan(record, plan.model_dump_json(), moved=moved)


def _moved(ledger: Ledger, record: RunRecord, *, plan: RunPlan, now: datetime) -> Iterator[tuple[int, Contact]]:
    """The rows whose zones are others by the new hours: the ledger's number, and the contact.

    Raises:
        UsageError: a row has none, or may not be called at any time.
    """
    if plan.template is None:
        raise UsageError(f"run {record.name} is older than its template's changes", cure=Cure(CureCode.KEEP_OLD_PLAN))
    template = plan.template.model_copy(update={"hours": plan.hours, "stagger": plan.stagger})
    columns = match_columns(record.header, template)
    # The row's own time was read when it was loaded, and may be past by now: it is no doubt about its zone.
    times, findings = times_of(replace(columns, call_at=None), template, now=now), Findings(record.header)
    if times is None:
        return
    # Also those that were called: a rerun or a retry may call them once more, in the new hours.
    for row in ledger.read.rows.callable(record.id):
        contact = _placed(row, times=times, findings=findings)
        if contact != row.contact:
            yield row.id, contact


def _placed(row: WaitingRow, *, times: CallTimes, findings: Findings) -> Contact:
    zones, states, _ = times.of(findings.of(Row(row.number, row.cells)), row.contact.phone)
    if findings.problems:
        raise UsageError(
            "by the hours of now, ",
            findings.problems[0].message,
            "; nothing was changed",
            cure=Cure(CureCode.KEEP_OLD_PLAN),
        )
    if row.contact.call_at is not None and zones != row.contact.zones:
        raise UsageError(
            f"row {row.number} asks for a time of its own, which was read on the clock of "
            f"{', '.join(row.contact.zones) or 'no zone'}, and the hours of now are on another; nothing was changed",
            cure=Cure(CureCode.KEEP_OLD_PLAN),
        )
    return row.contact._replace(zones=zones, states=states)
