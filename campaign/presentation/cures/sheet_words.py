"""Command-line wording of cures for sheets."""

from collections.abc import Mapping

from campaign.domain.cures import CureCode
from campaign.intake.files.own_results import CORRECT_ROW

SHEET_WORDS: Mapping[CureCode, str] = {
    CureCode.NAME_THE_HEADER_ROW: "say which row holds them with --header-row {row} ({shown})",
    CureCode.FIND_THE_HEADER_ROW: "say which row holds them with --header-row N ({shown})",
    CureCode.CHOOSE_HEADER_ROW: "say with --header-row N which row holds the names: {rows}",
    CureCode.NAME_COLUMNS_OR_HEADER_ROW: (
        "write a name above each column, or say with --header-row N which row holds the names"
    ),
    CureCode.SAY_WHETHER_A_PERSON: (
        "say --no-header if that row is a person (then the columns are called #1, #2, ... in the template), "
        "or --header-row {row}"
    ),
    CureCode.LEAVE_SETTING_OUT: "leave {setting} out",
    CureCode.LEAVE_ENCODING_OUT: "leave --encoding {encoding} out",
    CureCode.CHOOSE_ENCODING: "save it as CSV UTF-8, or say what it is: {options}",
    CureCode.SAY_ENCODING: "say --encoding {encoding}, or save it as CSV UTF-8",
    CureCode.SAY_ENCODING_OF_NO_TEXT: "save it as CSV UTF-8, or name what it is in (--encoding utf-16-le, say)",
    CureCode.SAY_BYTE_ORDER: "say --encoding {encoding}-le or {encoding}-be",
    CureCode.CHOOSE_DELIMITER: "say which: {options}; or save it as .xlsx",
    CureCode.SAY_DELIMITER: "if it is the delimiter, say --delimiter {delimiter!r}",
    CureCode.SAY_OTHER_DELIMITER: "another one needs --delimiter",
    CureCode.CHOOSE_EXTRA_FIELD: "put cells that hold a delimiter in quotation marks, or say where it is: {options}",
    CureCode.CHOOSE_SHEET: "choose one with --sheet: {sheets}",
    CureCode.SAY_HIDDEN_ROWS: "--skip-hidden leaves them out, --include-hidden reads them",
    CureCode.SAY_ROW_LIMIT: ("say --max-rows N if so many are meant, or set max_rows under [limits] in the template"),
    CureCode.GIVE_OWN_NUMBER: "give the person's own number, or say --allow-fictitious",
    CureCode.WRITE_IN_FULL: "write it in full, {phone} if that is it, or say --accept-repairs",
    CureCode.SET_PHONE_REGION: "add + and the country code, or set [phone] region in the template",
    CureCode.SAY_PHONE_REGION: "add + and the country code, or say --region",
    CureCode.SAY_COUNTRY: "write the two letters of a country, US or GB, as --region",
    CureCode.SAY_OR_WRITE_COUNTRY: "write the two letters of a country, US or GB, under [phone] or as --region",
    CureCode.NAME_NUMBER_COLUMN: "name the one that does with --column: it has {columns}",
    CureCode.CHOOSE_NUMBER_COLUMN: "name one with --column",
    CureCode.GIVE_RUN_OR_RESULTS: "give a run's name, or the file that `campaign results` writes",
    CureCode.CORRECT_OR_READ_SHORT: f"{CORRECT_ROW}; or say --read-short-rows if it lacks but empty cells at its end",
    CureCode.CORRECT_OR_READ_LINES: f"{CORRECT_ROW}; or say --read-line-breaks if its cells do have several lines",
    CureCode.CHECK_SHEET: "see all of them with: campaign check",
    CureCode.NAME_OTHER_TEMPLATE: "give another with -t, or move it away",
    CureCode.NAME_OTHER_PLACE: "give another place with -t",
    CureCode.NAME_OTHER_FOLDER: "name another folder",
}
