"""Reasons as people count them: what differs from row to row is left out, and so is everybody's number."""

import re

# Numbers, ids, instants; and what a problem quotes of its own row.
_PARTICULAR = re.compile(
    r"[+(]?\d(?:[\d().:TZ \-]*\d){4,}[)Z]?|\b[0-9a-f]{16,}\b|\b[Rr]ow \d+\b"
    r"|(?<!column )'[^']*'(?=:)|(?<!column )\"[^\"]*\"(?=:)"
)
_ROW = re.compile(r"^row \d+(?: \(line \d+ of the file\))?, ")


def group_of(reason: str) -> str:
    """The reason without what differs from row to row."""
    return _PARTICULAR.sub("…", _ROW.sub("", reason)) or "no reason given"
