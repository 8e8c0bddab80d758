"""Cures of sheets that need values: how the file is read, and what is said about its rows."""

from collections.abc import Iterable

from campaign.domain.cures.codes import CureCode
from campaign.domain.cures.cure import Cure
from campaign.domain.cures.message import Setting


def name_the_header_row(*, row: int, shown: str) -> Cure:
    """Say that this row holds the columns' names; `shown` has the first rows."""
    return Cure.of(CureCode.NAME_THE_HEADER_ROW, row=row, shown=shown)


def find_the_header_row(*, shown: str) -> Cure:
    """Say which row holds the columns' names; `shown` has the first rows."""
    return Cure.of(CureCode.FIND_THE_HEADER_ROW, shown=shown)


def choose_header_row(*, rows: str) -> Cure:
    """Say which of these rows holds the columns' names."""
    return Cure.of(CureCode.CHOOSE_HEADER_ROW, rows=rows)


def say_whether_a_person(*, row: int) -> Cure:
    """Say whether this row is a person, or holds the columns' names."""
    return Cure.of(CureCode.SAY_WHETHER_A_PERSON, row=row)


def leave_out(setting: Setting) -> Cure:
    """Do without the setting."""
    return Cure.of(CureCode.LEAVE_SETTING_OUT, setting=setting)


def leave_encoding_out(*, encoding: str) -> Cure:
    """Do not name this encoding."""
    return Cure.of(CureCode.LEAVE_ENCODING_OUT, encoding=encoding)


def choose_encoding(options: Iterable[tuple[str, str]]) -> Cure:
    """Say which encoding it is; of each a word as it would be read."""
    return Cure.of(CureCode.CHOOSE_ENCODING, options=tuple(options))


def say_encoding(*, encoding: str) -> Cure:
    """Say that it is this encoding, or save it as UTF-8."""
    return Cure.of(CureCode.SAY_ENCODING, encoding=encoding)


def say_byte_order(*, encoding: str) -> Cure:
    """Say which end comes first: `utf-16` or `utf-32`."""
    return Cure.of(CureCode.SAY_BYTE_ORDER, encoding=encoding)


def choose_delimiter(options: Iterable[tuple[str, str]]) -> Cure:
    """Say which delimiter it is; of each the columns that it makes."""
    return Cure.of(CureCode.CHOOSE_DELIMITER, options=tuple(options))


def say_delimiter(*, delimiter: str) -> Cure:
    """Say that this character is the delimiter, if it is."""
    return Cure.of(CureCode.SAY_DELIMITER, delimiter=delimiter)


def choose_sheet(*, sheets: str) -> Cure:
    """Choose one of the workbook's sheets."""
    return Cure.of(CureCode.CHOOSE_SHEET, sheets=sheets)


def write_in_full(*, phone: str) -> Cure:
    """Write the number in full, if this E.164 number is meant, or accept that it was restored."""
    return Cure.of(CureCode.WRITE_IN_FULL, phone=phone)


def name_number_column(*, columns: str) -> Cure:
    """Name the one of these columns that holds phone numbers."""
    return Cure.of(CureCode.NAME_NUMBER_COLUMN, columns=columns)
