"""Text that is not plain UTF-8 (A1 to A9): names are spoken aloud, so a wrong letter is a wrong name."""

import codecs
from collections.abc import Callable
from random import Random

from campaign.intake.files.read_options import Choices
from tests.intake.pollution.people import NAME, Person, Truth, Truths, people, spoken, table, truths
from tests.intake.pollution.polluted import Ending, Polluted, Pollution, file, text

_LEGACY = [
    ("A5", "cp1252"),
    ("A5", "mac-roman"),
    ("A6", "iso8859-2"),
    ("A6", "cp1251"),
    ("A6", "koi8-r"),
    ("A6", "iso8859-7"),
    ("A6", "cp1257"),
    ("A6", "gb18030"),
    ("A6", "big5"),
    ("A6", "euc-kr"),
    ("A7", "shift-jis"),
]


def _whole(encoding: str, *, bom: bytes = b"", delimiter: str = ",") -> Callable[[Random], Polluted]:
    return lambda _: file(bom + text(table(), delimiter=delimiter).encode(encoding))


def _legacy(encoding: str) -> Callable[[Random], Polluted]:
    """Only the people whose names can be written so; read in another encoding they are called as that reads."""
    can = tuple(person for person in people() if _writable("".join(person.cells), encoding))

    def under(choices: Choices) -> Truths:
        return frozenset(filter(None, (_misread(person, encoding, choices.encoding or encoding) for person in can)))

    raw = text(table(can)).encode(encoding)
    # Where the letters need no other encoding there is nothing to ask; elsewhere nothing is true before the answer.
    return lambda _: Polluted(raw, truths(can), under=under, answers=(("encoding", encoding),))


def _writable(letters: str, encoding: str) -> bool:
    try:
        return letters.encode(encoding).decode(encoding) == letters
    except UnicodeError:
        return False


def _misread(person: Person, written: str, read: str) -> Truth | None:
    """What the owner gets who says so: a wrong answer is theirs, and must not touch anything but letters."""
    try:
        name = person.name.encode(written).decode(read)
    except (UnicodeError, LookupError):
        return None
    truth = person.truth
    return Truth(spoken(name), truth.phone, truth.email, truth.said)


def _mixed(rng: Random) -> Polluted:
    place = rng.choice([index for index, person in enumerate(people()) if _latin(person)])
    lines = [text([line]).encode() for line in table()]
    lines[place + 1] = text([table()[place + 1]]).encode("cp1252")
    others = people()[:place] + people()[place + 1 :]
    raw = b"".join(lines)

    def under(choices: Choices) -> Truths:
        chosen = choices.encoding or "utf-8"
        misread = (_misread(person, "utf-8", chosen) for person in others)
        return frozenset(filter(None, (*misread, _misread(people()[place], "cp1252", chosen))))

    return Polluted(raw, truths(others), under=under)


def _latin(person: Person) -> bool:
    return not person.name.isascii() and _writable(person.name, "cp1252")


def _lying_bom(bom: bytes) -> Callable[[Random], Polluted]:
    return lambda _: file(bom + text(table()).encode())


def _replaced(rng: Random) -> Polluted:
    """Somebody's program has lost a letter before: the name is as it stands, or not used."""
    lines = table()
    place = rng.randrange(1, len(lines))
    whole, name = people()[place - 1].truth, lines[place][NAME]
    lines[place][NAME] = name[0] + "\ufffd" + name[2:]
    damaged = Truth(spoken(lines[place][NAME]), whole.phone, whole.email, whole.said)
    return file(text(lines), truth=(truths() - {whole}) | {damaged})


def _byte_in_name(byte: bytes) -> Callable[[Random], Polluted]:
    def make(rng: Random) -> Polluted:
        lines = [text([line]).encode() for line in table()]
        place = rng.randrange(1, len(lines))
        name = people()[place - 1].name.encode()[:3]
        lines[place] = lines[place].replace(name, name[:1] + byte + name[1:], 1)
        return file(b"".join(lines), truth=truths(people()[: place - 1] + people()[place:]))

    return make


def _ascii() -> Truths:
    return truths(tuple(person for person in people() if person.name.isascii() and not set(person.name) & set("+&~\\")))


POLLUTIONS = [
    Pollution("A1", "UTF-8 with a BOM", Ending.LOADS, _whole("utf-8", bom=codecs.BOM_UTF8)),
    Pollution("A1", "two BOMs", Ending.REFUSES, _whole("utf-8", bom=codecs.BOM_UTF8 * 2)),
    Pollution("A1", "a BOM before a quote", Ending.LOADS, lambda _: file("\ufeff" + text(table(), quoted=True))),
    Pollution("A2", "UTF-16 LE", Ending.LOADS, _whole("utf-16-le", bom=codecs.BOM_UTF16_LE)),
    Pollution("A2", "UTF-16 BE", Ending.LOADS, _whole("utf-16-be", bom=codecs.BOM_UTF16_BE)),
    Pollution("A2", "UTF-16 LE with tabs", Ending.LOADS, _whole("utf-16-le", bom=codecs.BOM_UTF16_LE, delimiter="\t")),
    Pollution("A3", "UTF-16 LE without a BOM", Ending.REFUSES, _whole("utf-16-le")),
    Pollution("A3", "UTF-16 BE without a BOM", Ending.REFUSES, _whole("utf-16-be")),
    Pollution("A3", "UTF-32 LE", Ending.REFUSES, _whole("utf-32-le", bom=codecs.BOM_UTF32_LE)),
    Pollution("A3", "UTF-32 BE without a BOM", Ending.REFUSES, _whole("utf-32-be")),
    Pollution("A4", "a BOM of UTF-16 LE that lies", Ending.REFUSES, _lying_bom(codecs.BOM_UTF16_LE)),
    Pollution("A4", "a BOM of UTF-16 BE that lies", Ending.REFUSES, _lying_bom(codecs.BOM_UTF16_BE)),
    Pollution(
        "A4", "a BOM of UTF-8 before UTF-16", Ending.REFUSES, _whole("utf-16-le", bom=codecs.BOM_UTF8 + b"\xff\xfe")
    ),
    Pollution(
        "A4",
        "UTF-16 cut in the middle of a character",
        Ending.REFUSES,
        lambda _: file(codecs.BOM_UTF16_LE + text(table()).encode("utf-16-le")[:-1]),
    ),
    *(Pollution(rule, encoding, Ending.ASKS, _legacy(encoding)) for rule, encoding in _LEGACY),
    Pollution("A6", "UTF-7", Ending.REFUSES, lambda _: file(text(table()).encode("utf-7"), truth=_ascii())),
    Pollution("A8", "one line in cp1252", Ending.REFUSES, _mixed, varied=True),
    Pollution("A8", "half a character in a name", Ending.REFUSES, _byte_in_name(b"\xe2\x82"), varied=True),
    Pollution("A8", "an overlong slash in a name", Ending.REFUSES, _byte_in_name(b"\xc0\xaf"), varied=True),
    Pollution("A8", "half a surrogate in a name", Ending.REFUSES, _byte_in_name(b"\xed\xa0\x80"), varied=True),
    Pollution("A9", "a letter that was lost before", Ending.SOME, _replaced, varied=True),
]
