"""Homoglyphs in column names: letters of another script that are drawn like Latin ones."""

import unicodedata
from collections.abc import Iterable

# Small letters, and those whose capitals are drawn alike: names are compared in lower case.
_CYRILLIC = ("авсԁеһіјкмнорԛѕтԝхуь", "abcdehijkmhopqstwxyb")
_GREEK = ("αβεζηικμνορτυχ", "abeznikmvoptux")
_DRAWN_LIKE = str.maketrans(_CYRILLIC[0] + _GREEK[0], _CYRILLIC[1] + _GREEK[1])


def look_alike(wanted: str, names: Iterable[str]) -> tuple[int, str] | None:
    """The first of the names that is another than the wanted one, and drawn the same.

    Args:
        wanted: a name as it is compared (`plain`).
        names: likewise.

    Returns:
        Its place, and in words which of the two is written with which letters; None when there is none.
    """
    drawn = wanted.translate(_DRAWN_LIKE)
    for place, name in enumerate(names):
        if name != wanted and name.translate(_DRAWN_LIKE) == drawn:
            odd, foreign = (name, "the sheet's") if _foreign(name) else (wanted, "the template's")
            return place, f"{foreign} {odd!r} is written with {_script(odd)} letters"
    return None


def _foreign(name: str) -> str:
    return "".join(character for character in name if ord(character) in _DRAWN_LIKE)


def _script(name: str) -> str:
    return unicodedata.name(_foreign(name)[0]).split()[0].title()
