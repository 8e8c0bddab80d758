"""Makes foreign text safe to show: one line, no control characters, limited length."""

import json
import re
import unicodedata

# Numbers, ids, instants, and the values that a problem quotes from its own row.
_PARTICULAR = re.compile(
    r"[+(]?\d(?:[\d().:TZ \-]*\d){4,}[)Z]?|\b[0-9a-f]{16,}\b|\b[Rr]ow \d+\b"
    r"|(?<!column )'[^']*'(?=:)|(?<!column )\"[^\"]*\"(?=:)"
)
_ROW = re.compile(r"^row \d+(?: \(line \d+ of the file\))?, ")


def group_of(reason: str) -> str:
    """The reason without the parts that differ from row to row, for grouping."""
    return _PARTICULAR.sub("…", _ROW.sub("", reason)) or "no reason given"


LIMIT = 500

# Controls, direction and width marks, surrogates, line and paragraph separators: what can move a cursor, retitle a
# terminal, turn a line around, or hide.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def visible(text: str) -> str:
    r"""The text with hidden characters as escapes (`\x1b`), at most `LIMIT` characters long."""
    if len(text) <= LIMIT and text.isprintable():
        return text  # as nearly all are
    # Ten megabytes of error are cut before they are looked at, and again after escapes made them longer.
    shown = "".join(_escaped(char) for char in text[: LIMIT + 1])
    return shown if len(shown) <= LIMIT else f"{shown[: LIMIT - 1]}…"


def visible_line(text: str) -> str:
    """The text on one line with hidden characters as escapes, at any length."""
    return text if text.isprintable() else "".join(_escaped(char) for char in text)


def visible_json(text: str) -> str:
    r"""JSON text with hidden characters inside its values as JSON's own escapes (`\u202e`); its lines stay."""
    return "".join(char if char == "\n" else _escaped_json(char) for char in text)


def _escaped_json(char: str) -> str:
    if unicodedata.category(char) in _HIDDEN:
        return json.dumps(char)[1:-1]
    return char


def _escaped(char: str) -> str:
    if unicodedata.category(char) in _HIDDEN:
        return char.encode("unicode_escape").decode("ascii")
    return char
