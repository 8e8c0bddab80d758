"""Words for the choices of how a sheet is read: what each means, for those who are asked."""

from collections.abc import Mapping

ABOUT_CHOICES: Mapping[str, str] = {
    "sheet": "A workbook holds several sheets, and the people to call are in one of them.",
    "header_row": "The names of the columns stand in this row; what is above it is no person, and is not called.",
    "no_header": "If the first row is a person, they are called too, and the columns are #1, #2, ...",
    "encoding": "The same bytes are other letters in other encodings: take the one in which the names are right.",
    "delimiter": "The sign between the columns: take the one with which they are told apart.",
    "hidden": "Rows that a filter hides, or that somebody has hidden, may be people who are not to be called.",
    "max_rows": "So many rows may be those of the wrong file; [limits] max_rows in the template keeps the answer.",
    "extra_field": "A cell with a comma in it, and no quotation marks, moves all cells behind it: say which it is.",
}
"""What `?` says of each choice; `[sheet]` of the template keeps the answers but one."""
CHOICE_QUESTIONS: Mapping[str, str] = {
    "sheet": "Which sheet of the workbook holds the people to call?",
    "header_row": "Which row holds the names of the columns?",
    "no_header": "Is the first row a person?",
    "encoding": "With which encoding are its words right?",
    "delimiter": "Which sign stands between the columns?",
    "hidden": "What becomes of the hidden rows?",
    "max_rows": "Are so many rows meant?",
    "extra_field": "Where is the field that is too many?",
}
"""What a page asks for each choice."""
