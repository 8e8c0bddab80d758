"""Sheets as programs and people spoil them, each with its source: who is to be called, and what may be said to whom.

    people -> columns of a program, decoys among them -> spoilt several times at once -> bytes

Every number is fictitious. A decoy is a valid number of somebody else.
"""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random

FIRST = ["Ada", "Bo", "Cy", "Di", "Ed", "Flo", "Gus", "Hal", "Ivy", "Jo", "Kit", "Lou", "Mia", "Ned", "Oz", "Pia"]
LAST = [
    "Lindqvist",
    "Marek",
    "Novak",
    "Orr",
    "Pratt",
    "Quist",
    "Ray",
    "Stone",
    "Tull",
    "Unger",
    "Voss",
    "West",
    "Young",
    "Zahn",
    "Customer",
    "Owner",
]
CITIES = ["Springfield, IL", "Menlo Park, CA", "Albany", "Dover", "Troy, NY"]
OFFERS = ["£50 off", "£20 off", "Dover \u2013 Calais", "free", "2 for 1", "José\u2019s menu"]
HEADERS = [
    ("First Name", "Last Name", "Phone"),
    ("First Name", "Last Name", "Mobile Phone"),
    ("LName", "FName", "WirelessPhone"),
    ("Name", "Phone"),
    ("Full Name", "Mobile"),
    ("Given Name", "Family Name", "Phone 1 - Value"),
    ("Name", "Phone Number"),
]
DECOYS = ["Emergency phone", "Doctor Phone", "Fax", "Invoice Number", "ip_address", "Guardian", "id"]
OTHERS = ["City", "Offer", "Notes", "Appointment"]
OPT_OUTS = ["Do Not Phone", "Do Not Call", "DNC", "Unsubscribed", "Phone Opt Out"]
CODE_MISSING = "code missing"
DAY_FIRST = "day first"
"""Kinds of spoiling that the owner must know of, to choose among answers."""


Truth = dict[tuple[str, str], frozenset[str]]
"""(name, E.164) of those who may be called -> what may be said to them."""


@dataclass(frozen=True)
class Sheet:
    """A spoilt sheet and its source.

    Attributes:
        content: of the file.
        truth: who may be called, and what may be said.
        cells: every text of the source, as its owner sees it.
        own: names of the columns that hold the people's own numbers.
        headed: whether it has a header.
        spoilt: how.
        suffix: of the file's name.
        page: the sheet of a workbook that holds the people.
        unwanted: numbers, E.164, of people of the sheet who are on a list of opt-outs; none of them is in `truth`.
        opt_outs: the file of that list, and the suffix of its name; None for no list.
    """

    content: bytes
    truth: Truth
    cells: frozenset[str]
    own: tuple[str, ...]
    headed: bool = True
    spoilt: tuple[str, ...] = field(default=())
    suffix: str = ".csv"
    page: str = ""
    unwanted: frozenset[str] = frozenset()
    opt_outs: tuple[bytes, str] | None = None


def made(seed: int) -> Sheet:
    """The sheet of this seed: the same for the same seed."""
    return _Maker(Random(seed)).sheet()


class _Maker:
    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._spoilt: list[str] = []

    def sheet(self) -> Sheet:
        rng = self._rng
        header = rng.choice(HEADERS)
        columns = [*header, *rng.sample(DECOYS, rng.randrange(3)), *rng.sample(OTHERS, rng.randrange(4))]
        out = rng.choice(OPT_OUTS) if rng.random() < 0.3 else None
        columns += [out] if out else []
        if rng.random() < 0.5:
            rng.shuffle(columns)
        self._unquoted = "City" in columns and rng.random() < 0.3
        columns += ["Remarks"] if self._unquoted else []
        self._code_missing = rng.random() < 0.15
        self._written = rng.choice(["+1%s", "+1%s", "(%s) %s-%s", "%s-%s-%s", "'+1%s", '="+1%s"'])
        self._turned = rng.random() < 0.15
        self._last_day = rng.choice([13, 13, 29])
        self._dates = rng.choice(
            ["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%-d %b %Y", "%Y-%m-%d %H:%M", "%m/%d/%Y %-I:%M %p"]
        )
        if "Appointment" in columns and self._dates.startswith("%d/"):
            self._spoilt.append(DAY_FIRST)
        rows, truth, seen = [], Truth(), set[str]()
        for number in range(rng.randrange(3, 9)):
            row, name, phone, refused = self._person(columns, number=number, out=out)
            rows.append(row)
            seen.update(row)
            if not refused:
                said = frozenset(row) | self._spoken
                truth[name, phone] = said | truth.get((name, phone), frozenset())
        return self._written_out([columns, *rows], truth, seen=frozenset(seen), own=header)

    def _person(self, columns: list[str], *, number: int, out: str | None) -> tuple[list[str], str, str, bool]:
        rng = self._rng
        first, last = rng.choice(FIRST), LAST[number]
        digits = self._digits(number)
        refused = out is not None and rng.random() < 0.4
        phone = self._phone(digits, number)
        moment = datetime(2026, rng.randrange(1, 13), rng.randrange(1, self._last_day), rng.randrange(8, 18), 30)  # noqa: DTZ001 - local
        # As it may be said: with its time, without, and with the year where the dates lie far apart.
        self._spoken = frozenset(
            f"{day}{clock}"
            for day in (f"{moment:%A, %B} {moment.day}", f"{moment:%B} {moment.day}, {moment.year}")
            for clock in ("", f" at {moment.hour % 12 or 12}:{moment:%M %p}")
        )
        name = f"{last}, {first}" if self._turned else f"{first} {last}"
        row = [
            {
                "First Name": first, "FName": first, "Given Name": first,
                "Last Name": last, "LName": last, "Family Name": last,
                "Name": name, "Full Name": name, "Appointment": moment.strftime(self._dates),
                "Phone": phone, "Mobile": phone, "Mobile Phone": phone, "WirelessPhone": phone, "Phone Number": phone,
                "Phone 1 - Value": phone,
                "Emergency phone": f"+1212555017{number}", "Doctor Phone": f"+1212555018{number}",
                "Fax": f"+1212555019{number}", "Invoice Number": f"212555016{number}", "id": str(number + 1),
                "ip_address": f"212.67.45.{100 + number}", "Guardian": "Gil Gard",
                "Remarks": "",
                "City": rng.choice([city for city in CITIES if "," in city] if self._unquoted else CITIES),
                "Offer": rng.choice(OFFERS),
                "Notes": rng.choice(["", "prefers mornings", "called 1 May\nleft a message", "ask for Bo, twice"]),
            }.get(column, "Yes" if refused else rng.choice(["No", ""]))
            for column in columns
        ]  # fmt: skip
        return row, f"{first} {last}", f"+1{digits}", refused

    def _digits(self, number: int) -> str:
        if self._code_missing and number:
            # Digits that, after a +, are numbers of Belgium, Norway and Egypt as well.
            self._spoilt.append(CODE_MISSING)
            return ("323555014%d", "479555014%d", "203555014%d")[number % 3] % number
        return f"{self._rng.choice(['415', '650', '212'])}555010{number}"

    def _phone(self, digits: str, number: int) -> str:
        if self._code_missing:
            return f"+{digits}" if number else f"+1{digits}"
        parts = digits[:3], digits[3:6], digits[6:]
        return self._written % (parts if self._written.count("%s") > 1 else digits)

    def _written_out(
        self,
        table: list[list[str]],
        truth: Truth,
        *,
        seen: frozenset[str],
        own: tuple[str, ...],
    ) -> Sheet:
        rng = self._rng
        city = table[0].index("City") if self._unquoted else -1
        # A comma in each row, without quotation marks, and an empty last column: all columns shift by one, unseen.
        delimiter = "," if self._unquoted else rng.choice([",", ",", ";", "\t"])
        lines = [self._line(row, delimiter, bare=city) for row in table]
        if self._unquoted:
            self._spoilt.append("unquoted")
        headed = rng.random() > 0.05
        if not headed:
            self._spoilt.append("no header")
            del lines[0]
        elif rng.random() < 0.1:
            self._spoilt.append("title")
            lines.insert(0, "Contacts of November")
        if rng.random() < 0.1:
            self._spoilt.append("footer")
            lines += ["", "Contacts report", "Copyright (c) 2026 Blue Heron"]
        text = "\r\n".join(lines) + "\r\n"
        encoding = rng.choice(["utf-8", "utf-8-sig", "cp1252"])
        return Sheet(text.encode(encoding), truth, seen, own, headed, tuple(dict.fromkeys(self._spoilt)))

    @staticmethod
    def _line(cells: list[str], delimiter: str, *, bare: int = -1) -> str:
        return delimiter.join(
            cell if place == bare or not set(cell) & {delimiter, '"', "\n"} else '"' + cell.replace('"', '""') + '"'
            for place, cell in enumerate(cells)
        )
