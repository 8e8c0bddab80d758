"""Cures for sheets that need values: how the file is read, and answers about its rows."""

from collections.abc import Iterable

from campaign.domain.cures.codes import CureCode
from campaign.domain.cures.cure import Cure
from campaign.domain.cures.message import Setting


def name_the_header_row(*, row: int, shown: str) -> Cure:
    """Name this row as the header row; `shown` holds the first rows."""
    return Cure.of(CureCode.NAME_THE_HEADER_ROW, row=row, shown=shown)


def find_the_header_row(*, shown: str) -> Cure:
    """Say which row is the header row; `shown` holds the first rows."""
    return Cure.of(CureCode.FIND_THE_HEADER_ROW, shown=shown)


def choose_header_row(*, rows: str) -> Cure:
    """Choose which of these rows is the header row."""
    return Cure.of(CureCode.CHOOSE_HEADER_ROW, rows=rows)


def say_whether_a_person(*, row: int) -> Cure:
    """Say whether this row is a person or the header row."""
    return Cure.of(CureCode.SAY_WHETHER_A_PERSON, row=row)


def leave_out(setting: Setting) -> Cure:
    """Leave the setting out."""
    return Cure.of(CureCode.LEAVE_SETTING_OUT, setting=setting)


def leave_encoding_out(*, encoding: str) -> Cure:
    """Do not name this encoding."""
    return Cure.of(CureCode.LEAVE_ENCODING_OUT, encoding=encoding)


def choose_encoding(options: Iterable[tuple[str, str]]) -> Cure:
    """Choose the encoding; each choice shows a word as it would be read."""
    return Cure.of(CureCode.CHOOSE_ENCODING, options=tuple(options))


def say_encoding(*, encoding: str) -> Cure:
    """Confirm this encoding, or save the file as UTF-8."""
    return Cure.of(CureCode.SAY_ENCODING, encoding=encoding)


def say_byte_order(*, encoding: str) -> Cure:
    """Choose the encoding with the right byte order, `utf-16` or `utf-32`."""
    return Cure.of(CureCode.SAY_BYTE_ORDER, encoding=encoding)


def choose_delimiter(options: Iterable[tuple[str, str]]) -> Cure:
    """Choose the delimiter; each choice shows the columns that it gives."""
    return Cure.of(CureCode.CHOOSE_DELIMITER, options=tuple(options))


def say_delimiter(*, delimiter: str) -> Cure:
    """Confirm that this character is the delimiter."""
    return Cure.of(CureCode.SAY_DELIMITER, delimiter=delimiter)


def choose_extra_field(options: Iterable[tuple[str, str]]) -> Cure:
    """Say where the extra field of each row is; each choice shows the cells of the first row as they would be read."""
    return Cure.of(CureCode.CHOOSE_EXTRA_FIELD, options=tuple(options))


def choose_sheet(*, sheets: str) -> Cure:
    """Choose one of the workbook's sheets."""
    return Cure.of(CureCode.CHOOSE_SHEET, sheets=sheets)


def write_in_full(*, phone: str) -> Cure:
    """Write the number in full, if this E.164 number is meant, or accept the restored one."""
    return Cure.of(CureCode.WRITE_IN_FULL, phone=phone)


def yes_word(word: str) -> Cure:
    """Say that this word means yes."""
    return Cure.of(CureCode.SAY_YES_WORD, word=word)


def no_word(word: str) -> Cure:
    """Say that this word means no."""
    return Cure.of(CureCode.SAY_NO_WORD, word=word)


def name_number_column(*, columns: str) -> Cure:
    """Choose which of these columns holds phone numbers."""
    return Cure.of(CureCode.NAME_NUMBER_COLUMN, columns=columns)
