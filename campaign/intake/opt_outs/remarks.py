"""Remarks that a person is not to be called, in a name or in notes: DNC, do not call, deceased, verstorben.

The words are looked for in the cells of a row together; where none begins, as nearly always, nothing more is done.
"""

# ruff: noqa: RUF001 - these are lists of foreign words

import re
from collections.abc import Sequence
from functools import cache
from operator import itemgetter

from campaign.intake.contacts.columns import Columns, plain
from campaign.intake.contacts.footer import is_total

# Of the whole words only: Duncan and Opto are names.
_REMARKS = r"""
    dnc | d\.n\.c\.? | do[\ _]?n[o']?t[\ _]?(?:ever\ )?(?:call|contact|phone|ring|dial|disturb)
    don[’]t\ (?:call|contact|phone|ring)
    no\ (?:more\ )?(?:calls?|contact) | never\ (?:call|contact|phone) | not\ (?:to\ )?be\ (?:called|contacted|phoned)
    opted[\ -]?out | opt[\ -]out | unsubscribed | blacklisted | deceased | passed\ away | has\ died | is\ dead
    r\.i\.p\.?
    (?:bitte\ )?nicht\ (?:mehr\ )?(?:anrufen|kontaktieren) | keine?\ (?:weiteren\ )?anrufe? | verstorben\w* | gestorben
    ne\ (?:pas|plus)\ (?:appeler|contacter|rappeler|déranger) | n'appel\w+\ (?:pas|plus) | plus\ d'appels?
    décédée?s? | décès
    no\ (?:llamar|contactar|molestar|telefonear) | fallecid[oa]s? | difunt[oa] | non\ (?:chiamare|contattare|disturbare)
    decedut[oa] | defunt[oa]? | não\ (?:ligar|contatar|contactar|perturbar|telefonar) | nao\ ligar | falecid[oa]s?
    niet\ (?:meer\ )?bellen | overleden | nie\ dzwonić | zmarł[ay]? | не\ звонить | не\ дзвонити | умер(?:ла)?
    aramayın | vefat\ etti
"""
_NOTES = """
    notes note remark remarks comment comments memo tags tag labels label status bemerkung bemerkungen notiz notizen
    kommentar kommentare hinweis hinweise anmerkung anmerkungen remarque remarques commentaire commentaires notas nota
    observaciones observacion comentario comentarios osservazioni commenti observações comentários opmerking opmerkingen
    uwagi notatki заметки примечание комментарий примітки 備考 备注 메모
"""
_MOST_KEPT = 5_000
_PATTERN = "|".join(part.strip() for line in _REMARKS.strip().splitlines() for part in line.split(" | "))
_SIGN = "†"
# Beginnings and middles of those words, in small letters: a quick look that is right whenever it finds none.
_HINTS = re.compile(
    r"dnc|d\.n\.c|don[o']?t|n[o']?t |n’t |no |never|opt|unsub|black|deceas|passed a|died|dead|r\.i\.p|nicht |keine? "
    r"|storben|ne p|n'ap|plus d|déc|falle|difu|non |dece|defu|não |nao |fale|niet |overl|nie |zmar|не |умер|arama|vefat"
    r"|†"
)


class Remarks:
    """Finds remarks in the names and notes of one sheet's rows, and names that are none: `Total`.

    Attributes:
        looked_at: of a row's cells, those in which a remark may stand.
        clean: cells in which there was none.
    """

    def __init__(self, columns: Columns) -> None:
        self._names = columns.names or (columns.name,)
        spoken = [one.index for one in columns.variables if one.index is not None]
        noted = [index for index, name in enumerate(columns.header) if is_for_notes(name)]
        others = {*columns.phones, columns.email, columns.consent, *columns.opted_out}
        listed = [*(columns.names or (columns.name,)), *(index for index in (*spoken, *noted) if index not in others)]
        self._indices: Sequence[int] = tuple(dict.fromkeys(listed))
        # A single one would come as a text, not as a tuple of texts.
        self.looked_at = itemgetter(*self._indices, self._indices[0])
        self.clean = {""}

    def in_cells(self, cells: Sequence[str]) -> tuple[int, str] | None:
        """The first remark: the index of its cell, and its words."""
        clean = self.clean
        for index in self._indices:
            cell = cells[index]
            if cell in clean:
                continue
            if _HINTS.search(cell.lower()) is not None and (found := _remark().search(cell)) is not None:
                return index, found[0]
            if index in self._names and is_total(cell) and self._is_whole_name(cells, index):
                return index, cell.strip()
            # Days, doctors and first words come again and again; names fill this once, and then no more.
            if len(clean) < _MOST_KEPT:
                clean.add(cell)
        return None

    def _is_whole_name(self, cells: Sequence[str], index: int) -> bool:
        return not any(cells[part].strip() for part in self._names if part != index)


@cache
def _remark() -> re.Pattern[str]:
    # Compiled for the first cell that needs it: most sheets have none, and it takes a while.
    return re.compile(rf"(?<!\w)(?:{_PATTERN})(?!\w)|{_SIGN}", re.IGNORECASE)


def is_for_notes(header: str) -> bool:
    """Whether a column's name says that people write remarks in it."""
    words = "".join(c if c.isalnum() else " " for c in plain(header)).split()
    return not _NOTE_WORDS.isdisjoint(words)


_NOTE_WORDS = frozenset(_NOTES.split())
