"""Placeholders: what programs write in a cell without a value (errors, unfilled fields, words for empty)."""

import re
from collections.abc import Iterable

# Whole cells, by the spreadsheet programs' languages; LibreOffice says Err:502, and ### is a column too narrow.
_ERRORS = """
    #N/A #DIV/0! #REF! #NAME? #VALUE! #NUM! #NULL! #SPILL! #CALC! #FIELD! #ERROR! #BUSY! #CONNECT! #BLOCKED! #UNKNOWN!
    #BEZUG! #WERT! #ZAHL! #ÜBERLAUF! #NOM? #VALEUR! #NOMBRE! #NUL! #PROPAGATION! #¿NOMBRE? #¡VALOR! #¡REF! #¡NUM!
    #¡DIV/0! #¡NULO! #RIF! #VALORE! #NOME? #NULLO! #N/D #VALOR! #NÚM! #VERW! #WAARDE! #NAAM? #GETAL! #LEEG! #N/B
"""
_WHOLE_ERROR = re.compile(r"#NV|#GETTING_DATA|#{3,}|(?:Err|Fehler):\d{3}")
_ERROR = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, _ERRORS.split()))})(?!\w)")

# {{x}} ${x} {% x %} <% x %> *|x|* {x} {0.x} {} %x%: never spoken.
_PLACEHOLDER = re.compile(
    r"\{\{|\}\}|\$\{|\{%|%\}|<%|%>|\*\|[^|]{1,60}\|\*|\{(?:[^\W\d][\w .\-]{0,60}|\d{0,2})(?:[.\[:!][^{}]{0,60})?\}"
    r"|(?<![\w%])%[^\W\d]\w{0,60}%|\[object Object\]"
)
# [x] <x> «x» __x__ $x #x#: people write like that too, so what stands inside decides.
_BRACKETED = re.compile(
    r"\[([^\[\]]{1,60})\]|<([^<>]{1,60})>|«([^«»]{1,60})»|(?<!\w)__(\w{1,60}?)__(?!\w)"
    r"|(?<![\w$])\$([^\W\d]\w{0,60})|(?<!\w)#([^\W\d]\w{0,60})#"
)
_FIELDS = """
    name firstname lastname surname fullname givenname familyname middlename vorname nachname salutation title yourname
    customer customername client clientname patient patientname contact contactname company companyname date time day
    appointment phone phonenumber mobile email address street city zip amount price doctor insert inserthere placeholder
    todo value text field variable
"""
_TELLING = re.compile(r"[#{}%<>\[«*_$:&]")

_NOTHING = frozenset({"nan", "NaN", "null", "NULL", "None", "NaT", "<NA>", "undefined", "(null)", "\\N"})
_SHORTEST_TELLING = 3
_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,200}>|&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#x[0-9A-Fa-f]{1,6});")


def squeezed(name: str) -> str:
    """Normalises a field's name for comparison: case, spaces, dashes and underscores make no difference."""
    return re.sub(r"[\s_.-]+", "", name).casefold()


def fields_of(names: Iterable[str]) -> frozenset[str]:
    """Field names that a placeholder may have: the usual ones, the sheet's columns and the template's keys."""
    return frozenset(_FIELDS.split()) | {squeezed(name) for name in names if squeezed(name)}


def leftover(text: str, fields: frozenset[str]) -> str | None:
    """Names a certain placeholder, in words that follow "the cell holds"; None when there is none."""
    if not _TELLING.search(text):
        return None
    if found := _WHOLE_ERROR.fullmatch(text) or _ERROR.search(text):
        return f"the error {found[0][:20]} of a spreadsheet program"
    if found := _PLACEHOLDER.search(text):
        return f"a placeholder that was never filled in ({text[found.start() :][:20]!r})"
    for found in _BRACKETED.finditer(text):
        if squeezed(found[found.lastindex or 0]) in fields:
            return f"a placeholder that was never filled in ({found[0][:20]!r})"
    return None


def maybe_leftover(text: str) -> str | None:
    """Names a possible placeholder, in the same words; None when there is none."""
    if not _TELLING.search(text):
        return None
    if found := _MARKUP.search(text):
        return f"{found[0][:20]!r} looks like a piece of a web page"
    for found in _BRACKETED.finditer(text):
        inside = found[found.lastindex or 0]
        if inside.isupper() and len(inside) >= _SHORTEST_TELLING:
            return f"{found[0][:20]!r} looks like a placeholder"
    return None


def is_placeholder(text: str) -> bool:
    """Whether the text is exactly what a program writes for an empty value; people rarely write it so."""
    return text in _NOTHING
