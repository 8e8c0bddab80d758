"""Use case: a rerun that is chosen and corrected on a page: groups of reasons, and cells that say something else.

reasons by group, the failed rows a page at a time --> chosen groups, corrected cells --> a draft, to be looked at
"""

from dataclasses import dataclass

from campaign.config.run_plan import RunPlan
from campaign.config.settings import SANDBOX_SERVICE
from campaign.domain.errors import SheetError, UsageError
from campaign.domain.model import RowState
from campaign.intake.contacts.columns import match_columns
from campaign.ledger.port.ledger import Ledger, ReadableLedger
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.records.watching import RowGlance
from campaign.preparation.rerun.select_rows import Narrow
from campaign.usecases.context import Context
from campaign.usecases.dialling.corrections.corrected_cells import CellsSaid
from campaign.usecases.dialling.drafts import load_rerun_draft
from campaign.usecases.dialling.ready_run import AccountOptions, DialOptions
from campaign.usecases.dialling.rerun_rows import RerunOptions, RowRange, Target
from campaign.usecases.reports import reasons_of

ROWS_TO_CORRECT = 50
"""Rows that a page shows to be corrected."""


@dataclass(frozen=True, slots=True)
class FailedRows:
    """The rejected rows of a run, to be chosen and corrected.

    Attributes:
        groups: (reason without what differs from row to row, its rows), the most frequent first.
        columns: (place, name) of the sheet's columns that the template reads; all of them where that is not known.
        rows: a page of the rows.
        after: the sheet's row after which the next page begins; None where there is none.
    """

    groups: list[tuple[str, int]]
    columns: list[tuple[int, str]]
    rows: tuple[RowGlance, ...]
    after: int | None


def failed_rows_of(ledger: ReadableLedger, record: RunRecord, *, after: int) -> FailedRows:
    """The rejected rows of the run, a page of them in full."""
    found = ledger.read.runs.watch.rows(record.id, state=[RowState.REJECTED], after=after, most=ROWS_TO_CORRECT + 1)
    rows = tuple(found[:ROWS_TO_CORRECT])
    return FailedRows(
        groups=reasons_of(ledger, record, RowState.REJECTED)[1],
        columns=_columns(record),
        rows=rows,
        after=rows[-1].number if len(found) > ROWS_TO_CORRECT else None,
    )


def draft_by_cells(
    ledger: Ledger,
    record: RunRecord,
    *,
    groups: tuple[str, ...],
    cells: CellsSaid,
    belongs_to: str,
    context: Context,
) -> str:
    """Drafts a rerun of the rows of these groups, and of those whose cells say something else; returns its token.

    Raises:
        UsageError: nothing was chosen or corrected; the run's calls are made elsewhere; or a correction will not do.
    """
    changed = _changed(ledger, record, cells)
    if not groups and not changed:
        raise UsageError("choose a reason, or correct a row: nothing was chosen, and nothing was changed")
    rows = () if groups else tuple(RowRange(number, number) for number in sorted(changed))
    options = RerunOptions(
        narrow=Narrow(groups=groups, rows=rows),
        template=None,
        region=None,
        allow_fictitious=False,
        dial=DialOptions(
            account=AccountOptions(sandbox=record.service == SANDBOX_SERVICE),
            rate=None,
            max_in_flight=None,
            limit=None,
            results=None,
            audit=True,
            plan="old",
        ),
    )
    target = Target(record, cells=changed)
    return load_rerun_draft(ledger, target, options=options, context=context, belongs_to=belongs_to)


def _changed(ledger: ReadableLedger, record: RunRecord, cells: CellsSaid) -> CellsSaid:
    """The rows of which a cell says something else than the run's."""
    known = ledger.read.reruns.cells(record.id, sorted(cells))
    found = {}
    for number, said in cells.items():
        before = known.get(number, ("", ()))[1]
        if any((before[place] if place < len(before) else "") != text for place, text in said.items()):
            found[number] = said
    return found


def _columns(record: RunRecord) -> list[tuple[int, str]]:
    every = list(enumerate(record.header))
    template = RunPlan.model_validate_json(record.plan).template
    if template is None:
        return every
    try:
        read = match_columns(record.header, template)
    except SheetError:
        return every
    single = (read.name, read.email, read.consent, read.country, read.call_at, read.timezone, read.state, read.zip)
    several = (*read.phones, *read.names, *read.opted_out, *(one.index for one in read.variables))
    places = {*single, *several}
    return [(place, name) for place, name in every if place in places]
