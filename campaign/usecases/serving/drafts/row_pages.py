"""Use case: pages of a loaded sheet's rows that are not called: of one group of problems, or left out for one reason.

A page begins after the last row of the page before, as the ledger numbers them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from campaign.domain.cures import Cure
from campaign.domain.model import RowState
from campaign.domain.skip_reason import SkipReason, first_of_duplicate
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.drafts import LoadedRow
from campaign.preparation.drafts.look import SheetDraft
from campaign.preparation.grouping import OTHERS, Group

__all__ = ["Group", "LoadedRow", "RowPage", "SkipReason", "called_instead", "key_of", "rows_of_group", "rows_skipped"]

ROWS_OF_A_PAGE = 25
_ANY_FIGURE = "…"


@dataclass(frozen=True, slots=True)
class RowPage:
    """A page of rows.

    Attributes:
        rows: in the sheet's order.
        after: where the next page begins; None for the last page.
    """

    rows: tuple[LoadedRow, ...]
    after: int | None


def key_of(group: Group) -> str:
    """Names a group in addresses: the same after the sheet was loaded again."""
    cure = group.cure.code.value if isinstance(group.cure, Cure) else group.cure
    told = f"{group.column}\x1f{group.reason}\x1f{cure}"
    return sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def rows_of_group(ledger: Ledger, draft: SheetDraft, group: Group, *, after: int = 0) -> RowPage:
    """A page of the rows with that problem."""
    parts = () if group.reason == OTHERS else tuple(_parts_of(group))
    return _page(ledger.read.drafts.rows(
        draft.run_id, RowState.INVALID, containing=parts, after=after, most=ROWS_OF_A_PAGE + 1
    ))  # fmt: skip


def rows_skipped(ledger: Ledger, draft: SheetDraft, reason: SkipReason, *, after: int = 0) -> RowPage:
    """A page of the rows that are left out for that reason."""
    return _page(ledger.read.drafts.rows(
        draft.run_id, RowState.SKIPPED, reason=reason, after=after, most=ROWS_OF_A_PAGE + 1
    ))  # fmt: skip


def called_instead(ledger: Ledger, draft: SheetDraft, row: LoadedRow) -> LoadedRow | None:
    """The earlier row with the same number that is called in place of this one; None for one that is no duplicate."""
    first = first_of_duplicate(row.reason or "") if row.skip_reason is SkipReason.DUPLICATE else None
    return None if first is None else ledger.read.drafts.row(draft.run_id, first)


def _page(rows: Sequence[LoadedRow]) -> RowPage:
    shown = tuple(rows[:ROWS_OF_A_PAGE])
    return RowPage(shown, shown[-1].id if len(rows) > ROWS_OF_A_PAGE else None)


def _parts_of(group: Group) -> Iterator[str]:
    """What the stored reasons of all rows of the group have in common, in order."""
    if group.column:
        yield f"column {group.column!r}"
    yield from (part for part in group.reason.split(_ANY_FIGURE) if part)
