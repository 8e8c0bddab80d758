"""Yes and no, as programs and people write them: one table for all parts that read such a cell.

cell -> YES | NO                 an answer to whatever its column asks
     -> ALLOWED | REFUSED        of calls, whatever its column asks: `Do Not Allow`, `opted out`
     -> DATED                    a day: since when, where opt-outs are kept
     -> UNSURE                   maybe: the row is not called, and no other row is concerned
     -> NOTHING                  blank, or a dash
     -> UNKNOWN                  asked about; it counts as neither
"""

# ruff: noqa: RUF001 - these are lists of foreign words

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from campaign.intake.contacts.columns import plain
from campaign.intake.opt_outs.header_meaning import Meaning, meaning_of

_YES_WORDS = """
    yes, y, true, t, 1, 1.0, x, ok, okay, on, checked, ticked, selected, agreed, agrees, accepted, granted, given
    confirmed
    ja, j, wahr, zugestimmt, einverstanden, erteilt, akzeptiert, angekreuzt, aktiviert, oui, vrai, coché, accordé
    accepté
    si, sí, sì, s, verdadero, marcado, aceptado, aceptada, vero, selezionato, accettato, concesso, sim, verdadeiro
    aceito, selecionado, tak, prawda, zgoda, evet, doğru, waar, aangevinkt, akkoord, kyllä, igen, ano, áno, jo, da
    ναι, ναί
    да, д, истина, согласен, согласна, так, はい, 是, 对, 同意, 예, 네, نعم, כן, हाँ, हां, ✓, ✔, ☑, ✅, 🗸, ☒
"""
_NO_WORDS = """
    no, n, false, f, 0, 0.0, off, unchecked, unticked, not checked, not selected, not given, not granted, none given
    nein, falsch, nicht erteilt, nicht zugestimmt, nicht angekreuzt, non, faux, non coché, falso, no marcado
    no aceptado
    non selezionato, não, nao, não marcado, nie, fałsz, hayır, hayir, yanlış, nee, onwaar, niet aangevinkt, ei, nem, ne
    nej, nei, nu, όχι, нет, н, ложь, ні, いいえ, 否, 不, 不是, 不同意, 아니요, 아니오, لا, לא, नहीं, ✗, ✘, ☐, ❌, ✖, ⬜
"""
_ALLOWED_WORDS = (
    "allow, allowed, opted in, opted-in, opt in, opt-in, opt_in, optin, subscribed, consented, permitted, active"
)
_REFUSED_WORDS = """
    do not allow, not allowed, disallowed, disallow, opted out, opted-out, opt out, opt-out, opt_out, optout
    unsubscribed, denied
    deny, declined, refused, rejected, withdrawn, revoked, blocked, blacklisted, no consent, suppressed, cleaned
    abgelehnt, abgemeldet, widerrufen, widersprochen, gesperrt, verweigert, refusé, désabonné, retiré, rechazado
    revocado
    rifiutato, revocato, disiscritto, recusado, revogado, descadastrado
"""
_UNSURE_WORDS = """
    ?, ??, maybe, perhaps, unsure, not sure, unknown, unclear, pending, tbd, tbc, later, undecided, not decided
    not answered, vielleicht, unbekannt, unklar, offen, ausstehend, unsicher, peut-être, inconnu, en attente, quizás
    quizas, desconocido, pendiente, forse, sconosciuto, in attesa, talvez, desconhecido, pendente, misschien, onbekend
    może, nieznane, может быть
"""
_LONGEST = 60
_DASHES = re.compile(r"[-\u2010-\u2015\u2212]+|n/a|n\.a\.|#n/a")
_DATE = re.compile(r"\d{4}[-/.]\d\d?[-/.]\d\d?([t ].*)?|\d\d?[-/.]\d\d?[-/.](\d\d)?\d\d([ ,].*)?")
_REMEMBERED = 4096


class Said(Enum):
    """What a cell says."""

    YES = "yes"
    NO = "no"
    ALLOWED = "calls are allowed"
    REFUSED = "calls are refused"
    DATED = "a day"
    NOTHING = "nothing"
    UNSURE = "neither yes nor no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Words:
    """Words that a sheet's owner has explained, in addition to those that are known here.

    Attributes:
        yes: words for yes, as `plain` writes them.
        no: words for no, likewise.
        others_are_no: whether every word that is not known is a no.
    """

    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    others_are_no: bool = False

    @classmethod
    def of(cls, *, yes: Iterable[str], no: Iterable[str]) -> "Words":
        """Builds the words as they were given; `*` among the no-words stands for all others."""
        denied = frozenset(map(plain, no))
        return cls(frozenset(map(plain, yes)), denied - {OTHERS}, OTHERS in denied)


OTHERS = "*"
"""Among the words for no: every word that is not known."""
KNOWN_WORDS = Words()
"""No word was explained."""


def said_by(cell: str, words: Words = KNOWN_WORDS) -> Said:
    """Reads a cell that says yes or no."""
    if words == KNOWN_WORDS:
        return _known(cell)
    said = plain(cell)
    if said in words.yes:
        return Said.YES
    if said in words.no:
        return Said.NO
    known = _known(cell)
    return Said.NO if known is Said.UNKNOWN and words.others_are_no else known


def is_yes_or_no(cell: str) -> bool:
    """Whether a cell says yes or no, in whatever words."""
    return said_by(cell) in (Said.YES, Said.NO, Said.ALLOWED, Said.REFUSED)


@lru_cache(_REMEMBERED)
def _known(cell: str) -> Said:
    said = plain(cell)
    if not said or _DASHES.fullmatch(said):
        return Said.NOTHING
    if (known := _SAID.get(said)) is not None:
        return known
    if _DATE.fullmatch(said):
        return Said.DATED
    # A code that stands for itself says of calls what a column's name would: DNC, do not call.
    return Said.REFUSED if len(said) <= _LONGEST and meaning_of(said) is Meaning.OPTED_OUT else Said.UNKNOWN


def _listed(words: str) -> list[str]:
    return [plain(word) for line in words.splitlines() for word in line.split(",") if plain(word)]


_SAID = {
    **dict.fromkeys(_listed(_UNSURE_WORDS), Said.UNSURE),
    **dict.fromkeys(_listed(_ALLOWED_WORDS), Said.ALLOWED),
    **dict.fromkeys(_listed(_REFUSED_WORDS), Said.REFUSED),
    **dict.fromkeys(_listed(_YES_WORDS), Said.YES),
    **dict.fromkeys(_listed(_NO_WORDS), Said.NO),
}
