"""Choice of the phone number of a row: the first of its phone cells that can be called, in the template's order.

country cell -> region, else the template's
phone cells, in order -> the first that can be called; a faulty one before it is a note
                      -> none: each filled one is a problem
"""

from collections.abc import Iterator

from campaign.config.template import PhoneSection
from campaign.domain.cures import Cure, CureCode
from campaign.domain.cures.notes import NoteKind
from campaign.domain.cures.sheets import write_in_full
from campaign.domain.model import Mark, Row
from campaign.intake.contacts.columns import Columns, plain
from campaign.intake.contacts.findings import ALL_ACCEPTED, Accepted, Findings, mark_of
from campaign.intake.phones.every_number import every_number
from campaign.intake.phones.number_types import country_differs, region_of_number
from campaign.intake.phones.numbering_plan import plan_of
from campaign.intake.phones.parse import PhoneFault, RepairedPhone, read_phone
from campaign.intake.phones.plus_twin import twin_after_plus
from campaign.intake.phones.regions import is_nothing_or_namibia, region_of
from campaign.intake.phones.reserved_numbers import is_fictitious

_UNKNOWN = ""
"""Marks a country without a known region: only numbers with a + can be read then."""
_NO_COUNTRY = ("no country that is known here", "write its two letters, or its name")
_NAMIBIA = (
    "it may be Namibia, or say that the country is not known",
    "write NAM for Namibia, or empty the cell where it is not known",
)
_SEVERAL = " ::: "
"""Stands between the numbers of one cell in Google's contacts; they are tried in order, as those of several cells."""
_HELD = (Mark.ERROR, Mark.UNCALCULATED)
_FICTITIOUS = PhoneFault("a number kept for examples, which nobody answers", Cure(CureCode.GIVE_OWN_NUMBER))


class Numbers:
    """Reads the phone cells of one sheet's rows."""

    def __init__(self, columns: Columns, phone: PhoneSection, *, accepted: Accepted = ALL_ACCEPTED) -> None:
        self._indices, self._country, self._region = columns.phones, columns.country, phone.region
        self._allow = phone.allow
        self._accepted = accepted
        plan = None if phone.region is None else plan_of(phone.region)
        self._own = "+" if plan is None else f"+{plan.code}"

    def called(self, findings: Findings) -> str:
        """Chooses the E.164 number that the row is called on; empty, with problems, when there is none."""
        row = findings.row
        if self._country is None and not row.marks:
            cell = row.cells[self._indices[0]]
            phone = read_phone(cell, region=self._region, allow=self._allow)
            # Of a number of the region, or where there is none, only what nobody answers is a doubt.
            if type(phone) is str and not is_fictitious(phone):
                if self._region is None or phone.startswith(self._own):
                    return phone
                if twin_after_plus(cell, phone, region=self._region) is None:
                    return phone
        region = self._region_of(row)
        if region == _UNKNOWN and not findings.unread(self._country or 0, required=True):
            said = findings.row.cells[self._country or 0]
            why = _NAMIBIA if is_nothing_or_namibia(said) else _NO_COUNTRY
            findings.problem(self._country or 0, *why)
        return self._first(findings, region)

    def every(self, row: Row) -> Iterator[str]:
        """Reads all numbers of the row's cells, whichever of them would be called."""
        region = self._region_of(row)
        for index in self._indices:
            phone = self._read(row, index, region or None)
            if isinstance(phone, PhoneFault):
                continue
            yield phone.phone if isinstance(phone, RepairedPhone) else phone
            if _SEVERAL in row.cells[index]:
                yield from every_number(row.cells[index], region=region or None)
            if twin := self._twin(row.cells[index], phone, region=region):
                yield twin

    def _first(self, findings: Findings, region: str | None) -> str:
        row, faults = findings.row, list[tuple[int, PhoneFault]]()
        filled = [index for index in self._indices if plain(row.cells[index]) or mark_of(row, index) in _HELD]
        for index in filled:
            if region == _UNKNOWN and "+" not in row.cells[index]:
                continue  # the country's problem, until that is corrected
            read = self._read(row, index, region or None)
            twin = self._twin(row.cells[index], read, region=region)
            phone = self._judged(read if twin is None else self._decided(read, twin))
            if not isinstance(phone, PhoneFault):
                instead = f"{findings.column(index)} is called instead"
                for earlier, fault in faults:
                    findings.note(NoteKind.WARNING, earlier, f"{fault.reason}; {instead}")
                called = _noted(phone, index, findings)
                if twin is not None and self._accepted.plus is None:
                    findings.note(NoteKind.PLUS, index, _two_readings(called, twin))
                self._note_country(called, region, findings)
                return called
            faults.append((index, phone))
        self._refuse(findings, filled, faults)
        return ""

    def _twin(self, text: str, read: str | RepairedPhone | PhoneFault, *, region: str | None) -> str | None:
        return twin_after_plus(text, read, region=region) if isinstance(read, str) and region else None

    def _decided(self, read: str | RepairedPhone | PhoneFault, twin: str) -> str | RepairedPhone | PhoneFault:
        """Reads a number with a twin as its owner has said."""
        match self._accepted.plus:
            case "region":
                return twin
            case "skip":
                return PhoneFault(f"it may mean {read} or {twin}", "write + and the country code")
            case _:
                return read

    def _judged(self, phone: str | RepairedPhone | PhoneFault) -> str | RepairedPhone | PhoneFault:
        """Replaces a number that was not accepted by its fault."""
        if isinstance(phone, RepairedPhone) and not self._accepted.repaired:
            return PhoneFault(phone.why, write_in_full(phone=phone.phone))
        if self._accepted.fictitious or isinstance(phone, PhoneFault):
            return phone
        return _FICTITIOUS if is_fictitious(phone.phone if isinstance(phone, RepairedPhone) else phone) else phone

    def _note_country(self, phone: str, region: str | None, findings: Findings) -> None:
        if self._country is None or not region or not plain(findings.row.cells[self._country]):
            return
        if country_differs(phone, region):
            whose = region_of_number(phone) or "no country"
            findings.note(NoteKind.WARNING, self._country, f"the number belongs to {whose}; called as written")

    def _refuse(self, findings: Findings, filled: list[int], faults: list[tuple[int, PhoneFault]]) -> None:
        for index, fault in faults:
            if not findings.unread(index, required=True):
                findings.problem(index, fault.reason, fault.cure)
        first = self._indices[0]
        if not filled and not any(findings.unread(index, required=True) for index in self._indices):
            findings.problem(first, "no phone number", "fill it in, or take the row out")

    def _region_of(self, row: Row) -> str | None:
        if self._country is None:
            return self._region
        said = row.cells[self._country]
        if not plain(said):
            # The country that could not be read need not be the template's.
            return _UNKNOWN if mark_of(row, self._country) else self._region
        return region_of(said) or _UNKNOWN

    def _read(self, row: Row, index: int, region: str | None) -> str | RepairedPhone | PhoneFault:
        mark = mark_of(row, index)
        if mark in _HELD:
            return PhoneFault("no value that the spreadsheet program could work out", "type the number")
        read = read_phone(row.cells[index], region=region, number_cell=mark is Mark.NUMBER, allow=self._allow)
        if isinstance(read, PhoneFault) and _SEVERAL in row.cells[index]:
            several = (read_phone(cell, region=region, allow=self._allow) for cell in row.cells[index].split(_SEVERAL))
            return next((one for one in several if not isinstance(one, PhoneFault)), read)
        return read


def _noted(phone: str | RepairedPhone, index: int, findings: Findings) -> str:
    if isinstance(phone, RepairedPhone):
        findings.note(NoteKind.REPAIRED, index, f"called as {phone.phone}: {phone.why}")
        phone = phone.phone
    if is_fictitious(phone):
        findings.note(NoteKind.FICTITIOUS, index, f"{phone} is kept for examples, and nobody answers it")
    return phone


def _two_readings(called: str, twin: str) -> str:
    # With their countries: where numbers are masked, the digits that are left are the same.
    countries = [region_of_number(phone) or "no country" for phone in (called, twin)]
    return f"called as {called} ({countries[0]}); it may be {twin} ({countries[1]}), without its country code"
