"""Suspects: columns that a template does not name, and that may say who is not to be called."""

from dataclasses import dataclass

from campaign.intake.contacts.columns import Columns
from campaign.intake.opt_outs.header_meaning import Meaning, meaning_of
from campaign.intake.proposal.header_words import Use, use_of


@dataclass(frozen=True, slots=True)
class Suspects:
    """Indices of such columns.

    Attributes:
        opted_out: whose yes may forbid calls.
        twisted: whose yes or no may forbid them, `Not opted out`.
        consent: whose no may forbid them; none where the template names a consent.
    """

    opted_out: tuple[int, ...]
    twisted: tuple[int, ...]
    consent: tuple[int, ...]


def suspects_of(columns: Columns) -> Suspects:
    """Finds them by their names."""
    named = {columns.consent, *columns.opted_out}
    free = [(index, name) for index, name in enumerate(columns.header) if index not in named]
    meanings = [(index, meaning_of(name)) for index, name in free]
    return Suspects(
        opted_out=tuple(index for index, meaning in meanings if meaning is Meaning.OPTED_OUT),
        twisted=tuple(index for index, meaning in meanings if meaning is Meaning.TWISTED),
        consent=tuple(index for index, name in free if use_of(name) is Use.CONSENT) if columns.consent is None else (),
    )
