"""Meaning of a column's name for calls: whether its yes forbids them, by the words of the name and their negations.

    `Do Not Phone`, `Unsubscribed`, `Keine Anrufe`   -> OPTED_OUT: a yes forbids calls
    `Not opted out`                                  -> TWISTED: a negation of a refusal, to be looked at
    anything else                                    -> None; a consent is told by its whole name alone

A name that is taken for a consent by mistake turns the column round: those who said no are called. So whatever holds a
negation or a refusal is never a consent.
"""

# ruff: noqa: RUF001 - these are lists of foreign words

import re
import unicodedata
from enum import Enum
from functools import lru_cache

from campaign.intake.contacts.columns import plain


class Meaning(Enum):
    """What a column's yes means for calls."""

    OPTED_OUT = "its yes forbids calls"
    TWISTED = "it denies a refusal"


# Words without accents and case. A stem stands with a dash at its end.
_NEGATIONS = """
    not dont donot doesnt didnt wont wouldnt shouldnt isnt arent hasnt havent mustnt maynt never without cannot cant
    nt non un- hate- prevent- avoid- forbid- prohibit- disallow- nicht kein- ohne nie niemals vermeid- ne pas jamais
    sans aucun- interdi- evit- no sin nunca jamas nada ningun- prohib- senza mai nessun- vietat- diviet- proib- nao
    sem nenhum- niet geen zonder bez degil unwilling anti niente
"""
# They deny leave to call: `Einwilligung fehlt`. Beside a phone they say something else.
_VOIDS = """
    lack- missing cancel- zuruckgezog- zuruckgenom- fehl- absent- manqu- resili- ausent- falta mancan- mancat-
    ritirat- recess- withdr- anul- annul- nein assent-
"""
# What may be forbidden, or allowed.
_CALLS = """
    call- phone- telephon- contact- ring rings dial- disturb- solicit- market- advert- telemarket- robocall-
    outreach calling- anruf- anzurufen angerufen ruf- ruckruf- telefon- kontakt- storen werb- kontaktier- ansprech-
    ansprach- behellig- belastig- appel- telephone- contacter derang- demarch- sollicit- importun- prospection
    joindre rappel- llam- molest- public- marcar insist- chiam- richiam- contatt- lig- contat- perturb- chamad-
    chamar chame incomod- bel bellen gebeld benader- dzwon- kontaktow- arama- aramayin tel hablar
"""
_PERMISSIONS = """
    allow- permi- consent- agree- approv- authori- want- wish- interest- subscrib- optin optedin may accept-
    einwillig- zustimm- zugestimm- einverst- erlaub- gestatt- gewunsch- erwunsch- genehmig- autoris- accord-
    consentement- souhait- veut interess- interes- abonn- autoriz- consient- acept- desea- quiere- permit- permes-
    acconsent- desider- vuole consens- aceit- deseja- quer toestemm- akkoord zgod-
"""
# They forbid whatever stands beside them.
_REFUSALS = """
    dnc dncl dnd ndnc isdnc dnclist optout optedout unsubscrib- blacklist- blocklist- denylist- donotcontact
    donotphone nocall nocalls deceased litigator- robinson- widerspr- widerruf- abgemeld- ausgetrag- unerwunsch-
    untersag- verboten anrufsperr- kontaktsperr- werbesperr- telefonsperr- sperrvermerk anrufverbot- kontaktverbot-
    werbeverbot- werbewiderspr- verstorben- bloctel desabonn- desinscri- decede- defunt- fallecid- difunt-
    descadastr- desinscrev- falecid- disiscri- deceduto deceduta defunto defunta obito gestorben todesdat- todestag
    sterbedat- death died deces decess- defuncion fallecio faleceu morreu desuscri- repoussoir indesirab- indesej-
    indesiderat- uninterest- optouts ausgeschlossen unzustellbar uitgeschreven overleden afgemeld wypisan- zmarl-
    suppressionlist dontcall dontcontact donotcall- nollam- nonchiam- noncontatt- naolig- nocontact- naocont-
"""
# They do so alone, or beside words of this trade: an appointment or a payment may be declined as well.
_WEAK = """
    block- stop stopped suppress- withdraw- withdrawn revok- reject- refus- declin- denied deny denies denial object
    objected objects objection- exclude- exclus excluse exclusion- exclusao exclu exclure exclues excluid- remov-
    restricted barred banned dead tps ctps rpo gesperrt- sperre sperren sperrliste sperrkenn- sperrdatum entzog-
    abgelehn- ablehn- lehnt verweiger- ausschluss blockier- abmeld- unterlass- oppose opposed opposee opposes
    opposition- retire retiree retires retirado retirada retirar revoqu- retrait- bloqu- blocage radie- mort morte
    rechaz- revoc- negad- negat- niega nega deneg- veto vetad- eliminad- muert- opone oppon- opoe opos baja oposic-
    rifiut- blocc- opposiz- rimoss- rimuov- esclus- esclud- cancellat- cancellazione basta morto morta recusa
    recusou recusad- revog- bloque- exclui- rejeit- removid- geweiger- geblokkeerd nego
    desinteresad- repep chega parar
"""
_FILLERS = """
    a an the s n d l to by for from of on in at is was has have had been be this that they he she i we us me my our
    any all via or and please list status flag customer client patient lead person user member der die das den dem
    des zu zur zum von vom fur per am im hat ist wurde wird darf werden mich uns kunde kundin bitte liste le la les
    un une de du par au aux est ete deja cliente el los las lo al del por para en es esta ha sido dado dada se
    paciente il gli di da dal dalla dalle dai della delle alle con e registro stato stata paziente o os as do no na
    foi em nos que darse want wants not does did can will should gdpr rgpd dsgvo lgpd tcpa anymore again more mehr
    plus longer erhalten receive recevoir recibir ricevere receber get make made number numero nummer lista right
    droit recht derecho diritto direito exerce si ao tout tous toute etre essere ser voluntaria campaign campaigns
    kampagne ab auf ins registered registre register inscrit iscritto iscritti inscrito tratamiento trattamento
    tratamento traitement processing verarbeitung pubblico publico commercial commerciale comercial campana campanas
    campagne campagna campanha campanhas su ejercido
"""
_PHRASES = (
    (re.compile(r"\bopt(?:ed|s|ing)?[ ]out\b"), "optedout"),
    (re.compile(r"\bopt(?:ed|s|ing)?[ ]in\b"), "optedin"),
    (re.compile(r"\bun subscrib"), "unsubscrib"),
    (re.compile(r"\bplus d(?: appel|e contact)"), "aucun appel"),
    (re.compile(r"\bpassed away|\bist tot\b"), "deceased"),
    (re.compile(r"\bdo not include\b|\btake off (?:the )?list"), "exclude"),
    (re.compile(r"\b(?:fecha|dio|dada|solicito) (?:de )?baja|\bbaja (?:voluntaria|de llamadas)"), "optedout"),
    # German puts words together: Anrufausschluss, Telefonverbot.
    (re.compile(r"\b(?:an)?(?:ruf|telefon|kontakt|werbe)\w*(?:sperr|verbot|ausschluss|widerspr|stopp|ablehn)"), "dnc "),
    (re.compile(r"\bblack list|\bliste noire|\blista n(?:egr|er)a\b|\bzwarte lijst"), "blacklist"),
    (re.compile(r"\bschwarze[rn]? liste|\bschwarzliste"), "blacklist"),
    (re.compile(r"\bblock list"), "blocklist"),
    (re.compile(r"\bsuppression list"), "suppressionlist"),
    (re.compile(r"\bliste rouge"), "blacklist"),
    (re.compile(r"\bout of service|\bdo not (?:distribute|delete|edit|modify|sync|trade|use|reply)"), "other"),
    (re.compile(r"\bno (?:of|show|shows)\b|\bno\.(?= )"), "number"),
)
_OTHER_CHANNELS = frozenset(
    [
        "email",
        "emails",
        "mail",
        "mails",
        "sms",
        "text",
        "texts",
        "texting",
        "fax",
        "faxes",
        "post",
        "letter",
        "letters",
        "newsletter",
        "newsletters",
        "whatsapp",
        "courriel",
        "correo",
        "posta",
        "brief",
        "briefe",
        "push",
        "mailing",
        "mailings",
        "bulk",
    ]
)
_SPEECH = re.compile(
    "call|phon|tele?|fon|contact|ring|dial|disturb|anruf|ruf|kontakt|appel|llam|chiam|lig|contat|molest|derang|stor|bel"
)
_WHOLE = """
    отказ от звонков, не звонить, не беспокоить, отписан, отписался, чёрный список, черный список, умер, скончался
    не дзвонити, відмова від дзвінків, чорний список, помер
    電話不可, 電話禁止, 連絡不要, 配信停止, 死亡, 请勿致电, 勿打扰, 退订, 黑名单, 不要打电话, 不要联系
    전화 금지, 수신거부, 수신 거부, 연락 금지, عدم الاتصال, لا تتصل, متوفى, לא להתקשר, נפטר
    कॉल न करें, मृत, aramayın, arama, vefat
    nie dzwonić, nie kontaktować, niet bellen, niet benaderen, bel-me-niet, bel me niet, d.n.c., d.n.d.
"""
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NT = re.compile(r"n['\u2019]t\b")
_LONGEST = 80


@lru_cache(4096)
def meaning_of(header: str) -> Meaning | None:
    """What the name says of calls; None where it forbids none."""
    if len(header) > _LONGEST:
        return None
    whole = plain(header.replace("_", " "))
    if whole in _WHOLE_NAMES:
        return Meaning.OPTED_OUT
    words = _words(header)
    if not words or _is_of_another_channel(words):
        return None
    if any(_in(word, _REFUSAL) for word in words) or _refuses_weakly(words):
        return Meaning.TWISTED if any(_in(word, _NEGATION) for word in words) else Meaning.OPTED_OUT
    return Meaning.OPTED_OUT if _denies_calls(words) or _voids_leave(words) else None


def denies(header: str) -> bool:
    """Whether the name holds a negation or a refusal, of whatever: it is never a consent."""
    words = _words(header)
    held = any(_in(word, kind) for word in words for kind in (_NEGATION, _VOID, _REFUSAL, _WEAK_REFUSAL))
    return meaning_of(header) is not None or held


def _words(header: str) -> list[str]:
    parted = _CAMEL.sub(" ", header.replace("_", " "))
    decomposed = unicodedata.normalize("NFKD", plain(_NT.sub("nt", parted)))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c)).replace("\u0131", "i").replace("ß", "ss")
    text = " ".join("".join(c if c.isalnum() or c == "." else " " for c in bare).split())
    for pattern, word in _PHRASES:
        text = pattern.sub(word, text)
    return text.replace(".", " ").split()


def _denies_calls(words: list[str]) -> bool:
    """Whether a word denies calls or leave to call, in whatever order the language has them."""
    speaks = [any(_in(word, kind) for kind in (_CALL, _PERMISSION)) for word in words]
    # `Phone no` is a number; `No calls`, and the Spanish `No llamar`, are none.
    return any(
        any(speaks[place + 1 : place + 4] if word == "no" else speaks)
        for place, word in enumerate(words)
        if _in(word, _NEGATION)
    )


def _voids_leave(words: list[str]) -> bool:
    return any(_in(word, _VOID) for word in words) and any(_in(word, _PERMISSION) for word in words)


def _refuses_weakly(words: list[str]) -> bool:
    known = (_WEAK_REFUSAL, _CALL, _PERMISSION, _FILLER, _NEGATION)
    alone = all(any(_in(word, kind) for kind in known) for word in words)
    return alone and any(_in(word, _WEAK_REFUSAL) for word in words)


def _is_of_another_channel(words: list[str]) -> bool:
    return not _OTHER_CHANNELS.isdisjoint(words) and not any(_SPEECH.match(word) for word in words)


class _Stems:
    """Words, and beginnings of words, that are looked for."""

    def __init__(self, text: str) -> None:
        listed = text.split()
        self._words = frozenset(word for word in listed if not word.endswith("-"))
        self._stems = tuple(word[:-1] for word in listed if word.endswith("-") and word != "un-")

    def __contains__(self, word: str) -> bool:
        return word in self._words or word.startswith(self._stems)


def _in(word: str, stems: _Stems) -> bool:
    return word in stems


_NEGATION, _VOID, _CALL, _PERMISSION = _Stems(_NEGATIONS), _Stems(_VOIDS), _Stems(_CALLS), _Stems(_PERMISSIONS)
_REFUSAL, _WEAK_REFUSAL, _FILLER = _Stems(_REFUSALS), _Stems(_WEAK), _Stems(_FILLERS)
_WHOLE_NAMES = frozenset(plain(name) for line in _WHOLE.splitlines() for name in line.split(",") if plain(name))
