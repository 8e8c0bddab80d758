"""What reading a phone number costs beside the library's bare parse, check and format, in the same run, by turns.

`python -m tests.bench.phones [numbers of each kind]`
"""

import random
import sys
import time
from collections.abc import Callable, Sequence

import phonenumbers
from phonenumbers import PhoneNumberFormat as Form, PhoneNumberType as Kind

from campaign.intake.phones.parse import PhoneFault, RepairedPhone, read_phone

Cell = tuple[str, str | None]
TURN = 5_000
REGIONS = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "IN", "BR", "AU", "CA", "MX", "PL", "SE", "CH", "AT", "IE", "ZA")


def measure(*, numbers: int) -> None:
    print(f"\n{'reading phones, us a number':32}{'ours':>8}{'bare':>8}{'ratio':>8}   refused, repaired, another number")
    for kind, cells in kinds(numbers).items():
        ours, bare, odd = by_turns(cells)
        print(f"{kind:32}{ours:8.2f}{bare:8.2f}{ours / bare:8.3f}   {', '.join(map(str, odd))}")


def kinds(count: int) -> dict[str, list[Cell]]:
    def cells(regions: Sequence[str], form: int, *, international: bool) -> list[Cell]:
        chance = random.Random(f"{regions}{form}")
        return [_cell(chance, chance.choice(regions), form, international=international) for _ in range(count)]

    return {
        "E.164, US": cells(("US",), Form.E164, international=True),
        "E.164, 18 countries": cells(REGIONS, Form.E164, international=True),
        "messy with a +, 18 countries": cells(REGIONS, Form.INTERNATIONAL, international=True),
        "messy national, US": cells(("US",), Form.NATIONAL, international=False),
        "messy national, GB": cells(("GB",), Form.NATIONAL, international=False),
        "messy national, 18 countries": cells(REGIONS, Form.NATIONAL, international=False),
    }


def _cell(chance: random.Random, region: str, form: int, *, international: bool) -> Cell:
    example = phonenumbers.example_number_for_type(region, chance.choice((Kind.MOBILE, Kind.FIXED_LINE)))
    assert example
    while True:
        digits = phonenumbers.national_significant_number(example)
        digits = digits[:4] + "".join(chance.choice("0123456789") for _ in digits[4:])
        number = phonenumbers.parse(f"+{example.country_code}{digits}")
        if phonenumbers.is_valid_number(number):
            break
    text = phonenumbers.format_number(number, form)
    if form != Form.E164:
        text = chance.choice(
            (text, text, text.replace("-", " "), text.replace(" ", "-"), text.replace(" ", ""), f" {text} ")
        )
    return text, None if international else region


def by_turns(cells: Sequence[Cell]) -> tuple[float, float, tuple[int, int, int]]:
    """Microseconds a number, ours and the library's, and what became of the numbers here, all valid to the library."""
    ours = bare = 0.0
    refused = repaired = another = 0
    for start in range(0, len(cells), TURN):
        turn = cells[start : start + TURN]
        spent, readings = _timed(lambda text, region: read_phone(text, region=region), turn)
        ours += spent
        spent, expected = _timed(_barely, turn)
        bare += spent
        for reading, phone in zip(readings, expected, strict=True):
            refused += isinstance(reading, PhoneFault)
            repaired += isinstance(reading, RepairedPhone)
            another += not isinstance(reading, PhoneFault) and phone not in (reading, getattr(reading, "phone", None))
    return ours * 1e6 / len(cells), bare * 1e6 / len(cells), (refused, repaired, another)


def _timed(read: Callable[[str, str | None], object], cells: Sequence[Cell]) -> tuple[float, list[object]]:
    began = time.perf_counter()
    readings = [read(text, region) for text, region in cells]
    return time.perf_counter() - began, readings


def _barely(text: str, region: str | None) -> str | None:
    number = phonenumbers.parse(text, region)
    return phonenumbers.format_number(number, Form.E164) if phonenumbers.is_valid_number(number) else None


if __name__ == "__main__":
    measure(numbers=int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
