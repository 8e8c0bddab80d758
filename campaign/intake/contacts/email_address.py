"""The email address of a row: read where it is one, and else left out with a note."""

import re
import unicodedata

from campaign.domain.cures.notes import NoteKind
from campaign.domain.model import Mark
from campaign.intake.contacts.findings import Findings, mark_of

_LONGEST = 254
_PLAIN = re.compile(r"[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}")
_MAILBOX = r"[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]+"
_ADDRESS = re.compile(rf"{_MAILBOX}@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*[^\W_]")
_NO_VALUE = (Mark.ERROR, Mark.UNCALCULATED)


def read_email(index: int, findings: Findings) -> str | None:
    """The address; None, with a note, where the cell holds none: the person can be called without."""
    cell = findings.row.cells[index]
    if len(cell) <= _LONGEST and not findings.row.marks and _PLAIN.fullmatch(cell):
        return cell
    if mark_of(findings.row, index) in _NO_VALUE:
        findings.note(NoteKind.WARNING, index, "no value that can be read; the address is left out")
        return None
    email = "".join(character for character in cell if unicodedata.category(character) != "Cf").strip()
    if not email:
        return None
    if len(email) > _LONGEST or not email.isprintable() or not _ADDRESS.fullmatch(email):
        findings.note(NoteKind.WARNING, index, "not an email address; it is left out")
        return None
    return email
