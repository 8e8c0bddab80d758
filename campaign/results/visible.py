"""Foreign text made safe to show: on one line, without control characters, cut to a length."""

import unicodedata

LIMIT = 500

# Controls, direction and width marks, surrogates, line and paragraph separators: what can move a cursor, retitle a
# terminal, turn a line around, or hide.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def visible(text: str) -> str:
    r"""The text with everything that hides written as an escape (`\x1b`), at most `LIMIT` characters long."""
    # Ten megabytes of error are cut before they are looked at, and again after escapes made them longer.
    shown = "".join(_escaped(char) for char in text[: LIMIT + 1])
    return shown if len(shown) <= LIMIT else f"{shown[: LIMIT - 1]}…"


def visible_line(text: str) -> str:
    """The text on one line, with everything that hides written as an escape, however long it is."""
    return "".join(_escaped(char) for char in text)


def _escaped(char: str) -> str:
    if unicodedata.category(char) in _HIDDEN:
        return char.encode("unicode_escape").decode("ascii")
    return char
