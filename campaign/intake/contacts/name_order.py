"""Name order: `Last, First` is turned round where its owner says so; where nobody has said so, it is a doubt."""

import re

from campaign.domain.cures.notes import NoteKind
from campaign.intake.contacts.findings import Accepted, Findings

# What stands behind a comma in a name that is in its spoken order.
_SUFFIX = re.compile(
    r"(?:jr|sr|[ivx]{1,4}|esq|m\.?d|d\.?o|ph\.?d|d\.?d\.?s|d\.?m\.?d|r\.?n|cpa|mba|dr|prof|m\.?a|m\.?sc|b\.?sc|ll\.?[bm]"
    r"|dipl\.?-ing|inc|llc|ltd|gmbh|co|corp|s\.?[al])\.?",
    re.IGNORECASE,
)
_PARTS = 2


def is_turned(name: str) -> bool:
    """Whether a name looks like `Last, First`: one comma, and no `Jr.` or title behind it."""
    parts = [part.strip() for part in name.split(",")]
    return len(parts) == _PARTS and all(parts) and not _SUFFIX.fullmatch(parts[1])


class NameOrder:
    """Decides how the names of one sheet with a comma in them are spoken.

    Args:
        turned: whether the template says that all of them are written `Last, First`.
        accepted: what was answered about them; it wins.
    """

    def __init__(self, *, turned: bool, accepted: Accepted) -> None:
        order = accepted.name_order or ("turned" if turned else None)
        self._turned, self._told = order == "turned", order is not None

    def spoken(self, name: str, index: int, findings: Findings) -> str:
        """The name, which has a comma in it, as it is spoken; `index` is its column."""
        parts = [part.strip() for part in name.split(",")]
        if all(_SUFFIX.fullmatch(part) for part in parts[1:]) or not all(parts):
            return name
        if not self._told:
            findings.note(
                NoteKind.NAME_ORDER, index, f"spoken as it is written; {_around(parts)!r}, if the last name is first"
            )
        elif self._turned and len(parts) > _PARTS:
            findings.problem(index, "more than one comma in the name", "write it as it is spoken, first name first")
        elif self._turned:
            return _around(parts)
        return name


def _around(parts: list[str]) -> str:
    return " ".join([*parts[1:], parts[0]])
