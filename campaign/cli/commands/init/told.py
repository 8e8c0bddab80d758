"""What `init` tells at its end: the choices with their reasons, what will be said to whom, and where to look."""

from pathlib import Path

from campaign.cli.output import tell
from campaign.domain.model import Contact
from campaign.presentation.masking import masked_phone
from campaign.presentation.wording import counted
from campaign.usecases.init import USES, Decided, Offer, Proposal, SheetHead, WrittenTemplate, references

_LONGEST = 60
_MOST_LINES = 12


def tell_proposal(look: SheetHead, proposal: Proposal, decided: Decided) -> None:
    """Tells each choice with its reason."""
    columns = references(look)
    for use in USES:
        if (picked := proposal.of(use)).indices:
            tell(f"{use}: {', '.join(columns[index].called for index in picked.indices)}: {picked.reason}")
    tell(f"region: {decided.region[0] or 'none'}: {decided.region[1]}")
    spoken = [f"{one.key} ({columns[one.index].called})" for one in decided.spoken]
    tell(f"spoken: {', '.join(spoken) or 'nothing'}")
    forms = {one.index: one.format for one in decided.spoken if one.format}
    for offer in proposal.offers:
        if offer.index in forms:
            tell(f"  {_dates(offer, columns[offer.index].called, changed=forms[offer.index])}")
    if any(forms.values()):
        tell(f"language: {decided.language[0]}: {decided.language[1]}")
    indices = {one.index for one in decided.spoken}
    if left := [columns[offer.index].called for offer in proposal.offers if offer.index not in indices]:
        tell(f"not spoken, and left in the template as comments: {', '.join(left)}")
    for offer in proposal.offers if decided.language[0] is None else ():
        if (column := columns[offer.index]).dates == column.filled:
            tell(f"note: {column.called} holds dates, spoken as they stand; --language says in which words")
    for aside in proposal.asides:
        tell(f"note: {aside}")


def tell_draft(draft: WrittenTemplate, path: Path) -> None:
    """Tells what the calls of the first rows will be, and which lines of the template decide on it."""
    if draft.first_calls:
        tell("the first calls will be:")
    for contact in draft.first_calls:
        tell(f"  {_call(contact)}")
    if draft.called < draft.rows:
        left = counted(draft.rows - draft.called, "row")
        tell(f"of {counted(draft.rows, 'row')}, {left} would not be called: campaign check says why")
    if draft.look_at:
        tell(f"look at these lines of {path}, for they decide on it:")
    for number, line in draft.look_at[:_MOST_LINES]:
        tell(f"  line {number}: {line}")
    if (beyond := len(draft.look_at) - _MOST_LINES) > 0:
        tell(f"  ... and {beyond} more")


def _dates(offer: Offer, called: str, *, changed: str | None) -> str:
    if offer.dates is None or offer.dates.format != changed:
        return f"{called}: said in the format {changed!r}"
    return dates_told(offer, called)


def dates_told(offer: Offer, called: str) -> str:
    """How the dates of a column that has a proposed format will be said, and which of its cells will not be."""
    found = offer.dates
    assert found is not None  # noqa: S101 - those without are not asked about
    told = f"{called} will be said as {', '.join(map(repr, found.samples))}"
    if found.unread:
        told += f"; {found.unread} of {found.filled} cells are no such date, and their rows are not called"
    if found.unsaid:
        told += f"; {found.unsaid} of {found.filled} cells have a time of day, which is not said"
    if found.two_days:
        told += f"; {found.two_days} may be two days: check asks (--day-first, --month-first)"
    return told


def _call(contact: Contact) -> str:
    said = [f"{key} {_short(value)}" for key, value in contact.variables]
    speech = f", and hears {', '.join(said)}" if said else ""
    return f"row {contact.row}: {_short(contact.name)} is called at {masked_phone(contact.phone)}{speech}"


def _short(value: str) -> str:
    return repr(value if len(value) <= _LONGEST else f"{value[: _LONGEST - 1]}…")
