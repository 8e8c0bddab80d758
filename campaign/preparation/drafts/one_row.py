"""Screens one row of a draft's sheet as it is after an edit: its verdict at once, before the sheet is read again."""

from functools import partial

from campaign.domain.model import Contact, Row, Screened, Skip
from campaign.domain.skip_reason import Duplicate
from campaign.intake.contacts.call_time import times_of
from campaign.intake.contacts.columns import match_columns
from campaign.intake.contacts.screen import screen
from campaign.intake.edits import Edits
from campaign.ledger.port.ledger import Ledger
from campaign.preparation.drafts.look import SheetDraft
from campaign.preparation.on_list import own_number
from campaign.preparation.questions import accepted_at
from campaign.preparation.screening import allowed


def screened_row(
    ledger: Ledger, draft: SheetDraft, *, number: int, cells: tuple[str, ...], edits: Edits
) -> Screened | None:
    """The verdict on that row with these cells; None where the row could not be read.

    What only the whole sheet knows is missing: whether another row refuses consent for the same number.

    Raises:
        SheetError: the sheet's columns do not fit the template.
    """
    source, template = draft.source, draft.source.template
    columns = match_columns(ledger.read.drafts.header(draft.run_id), template)
    screened = screen(
        [Row(number, cells)],
        columns,
        template,
        accepted=accepted_at(source.service, template, draft.answers),
        times=times_of(columns, template, now=ledger.now()),
        left_out=frozenset(edits.left_out),
    )
    own = own_number(source.plan.call.from_phone_number, region=template.phone.region)
    found = next(allowed(screened, own=own, on_list=partial(ledger.suppression.of, service=source.service)), None)
    return None if found is None else _beside_others(ledger, draft, found)


def _beside_others(ledger: Ledger, draft: SheetDraft, found: Screened) -> Screened:
    """The verdict beside the other rows of the sheet as it is loaded: one of them may have the number."""
    if not isinstance(found.verdict, Contact):
        return found
    contact = found.verdict
    taken = ledger.read.reruns.numbers_taken(draft.run_id, [contact.phone]).get(contact.phone, found.row.number)
    # The first of two rows is the one that is called.
    if taken >= found.row.number:
        return found
    return found._replace(verdict=Skip(contact, Duplicate(taken)))
