"""What each column is used as: proposed, or asked for."""

from collections.abc import Container, Mapping
from dataclasses import dataclass

from campaign.intake.proposal.column_profile import profiles_of
from campaign.intake.proposal.offers import NO_SPEECH, Speech
from campaign.intake.proposal.propose import Proposal, propose
from campaign.usecases.init.sheet_head import SheetHead, references

ASKED = ("name", "phone", "consent", "country", "call_at", "timezone")
"""Uses whose column is asked for, in this order, where the sheet does not tell it."""
_NEEDED = ("name", "phone")


@dataclass(frozen=True, slots=True)
class OpenUse:
    """A use of a column that only the sheet's owner can decide.

    Attributes:
        use: one of `ASKED`.
        candidates: the columns that may have it.
        needed: whether one of them must.
    """

    use: str
    candidates: tuple[int, ...]
    needed: bool


def proposal_for(
    look: SheetHead, *, region: str | None, said: Mapping[str, tuple[int, ...]], speech: Speech = NO_SPEECH
) -> Proposal:
    """Proposal for the template if numbers without a country are in this region."""
    profiles = profiles_of(look.header, look.rows, region=region)
    return propose(profiles, look.rows, region=region, said=said, speech=speech)


def open_use(look: SheetHead, proposal: Proposal, use: str) -> OpenUse | None:
    """The question for the use's column; None where it is decided, or nothing in the sheet asks for it."""
    picked, needed = proposal.of(use), use in _NEEDED
    if picked.indices or not (needed or picked.candidates):
        return None
    filled = tuple(each.index for each in references(look) if each.filled)
    return OpenUse(use, picked.candidates or filled, needed)


def fault_of_key(key: str, *, taken: Container[str]) -> str | None:
    """Why a variable cannot have this key, said of the key; None where it can."""
    if key in taken:
        return "is taken by another column"
    return None if key.isidentifier() else "is no key: letters, digits and _"
