"""Variable keys: the key under which a column's value is spoken, made of the column's name."""

import re
import unicodedata

# What has no decomposition into a Latin letter and its accent.
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "\u0131": "i", "þ": "th", "ð": "d"})


def key_of(name: str, *, index: int, taken: set[str]) -> str:
    """The name in snake_case and ASCII, `Due date` as `due_date`; `column_3` where nothing of it is left.

    Args:
        name: the column's.
        index: the column's, for a name that has no Latin letters.
        taken: keys that are used already; one of them gets a count.
    """
    folded = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS)).encode("ascii", "ignore").decode()
    words = "_".join(re.findall("[a-z0-9]+", folded))
    key = words if words and words[0].isalpha() else f"column_{index + 1}"
    count = 2
    unique = key
    while unique in taken:
        unique = f"{key}_{count}"
        count += 1
    return unique
