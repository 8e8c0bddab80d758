"""Sheets of people who do not exist, and the template that makes calls of them."""

import csv
import random
from collections.abc import Sequence
from pathlib import Path

# All of them have numbers that are set aside for fiction: 555-0100 to 555-0199.
_AREA_CODES = (
    (201, 203),
    (205, 210),
    (212, 220),
    (224, 226),
    (228, 230),
    (239, 241),
    (251, 255),
    (301, 306),
    (307, 311),
    (312, 322),
    (323, 328),
    (329, 333),
    (350, 354),
    (404, 411),
    (412, 416),
    (423, 426),
    (478, 481),
    (507, 511),
    (515, 519),
    (539, 542),
    (561, 565),
    (570, 576),
    (601, 604),
    (605, 611),
    (614, 621),
    (628, 632),
    (659, 663),
    (680, 683),
    (701, 705),
    (706, 709),
    (712, 721),
    (724, 729),
    (730, 733),
    (769, 776),
)
_SURNAMES = (
    "Rookwood",
    "Yarrowby",
    "Quillfeather",
    "Thistledown",
    "Willowmere",
    "Larkfield",
    "Ivybridge",
    "Fernhollow",
    "Mossgrave",
)
_HEADER = ("Customer", "Phone", "Invoice", "Amount due")
TEMPLATE = """
title = "Soak"
[columns]
name = "Customer"
phone = "Phone"
[variables]
invoice = "Invoice"
amount_due = "Amount due"
[phone]
region = "US"
[limits]
call_again_after = "{call_again_after}"
"""


def phones(count: int) -> list[str]:
    """That many fictitious numbers, all different."""
    areas = [area for first, end in _AREA_CODES for area in range(first, end)]
    numbers = [f"+1{area}55501{last:02d}" for area in areas for last in range(100)]
    assert count <= len(numbers)
    return numbers[:count]


def write_sheet(path: Path, *, rows: int, mark: str = "") -> None:
    """A sheet with `rows` numbers to call; every hundred of them come with a row that is invalid and a duplicate.

    Every invoice begins with `mark`, by which the calls of several sheets are told apart.
    """
    chance = random.Random(rows)
    numbers = phones(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(_HEADER)
        for count, number in enumerate(numbers):
            written = chance.choice((number, f"({number[2:5]}) {number[5:8]}-{number[8:]}", number[2:]))
            name, amount = f"Ada {chance.choice(_SURNAMES)}", f"${chance.randrange(1, 90_000) / 100:.2f}"
            lines.writerow((name, written, f"{mark}{count:06d}", amount))
            if count % 100 == 50:
                lines.writerow((name, "n/a", f"{mark}{count:06d}-b", amount))
                lines.writerow((name, numbers[count - 1], f"{mark}{count:06d}-c", amount))


def read_sheet(path: Path) -> list[list[str]]:
    """The sheet's rows, without its header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def write_people(path: Path, people: Sequence[str], *, name: str, mark: str) -> None:
    """A sheet of these numbers alone, all of one name."""
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(_HEADER)
        lines.writerows((name, phone, f"{mark}{count:06d}", "$7.50") for count, phone in enumerate(people))


def write_shuffled(source: Path, target: Path, *, seed: int) -> None:
    """A copy of a sheet with its rows, and its columns, in another order."""
    chance = random.Random(seed)
    rows = read_sheet(source)
    chance.shuffle(rows)
    columns = chance.sample(range(len(_HEADER)), len(_HEADER))
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([row[column] for column in columns] for row in [list(_HEADER), *rows])
