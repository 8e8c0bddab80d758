"""Words for the doubts about rows that stop a run until they are answered."""

from collections.abc import Mapping

DOUBT_WORDS: Mapping[str, str] = {
    "opted_out": "that may not be called, says a column that the template does not name",
    "marked": "that may not be called, says a remark",
    "plus": "with a + before digits that are also a number of the template's region",
    "name_order": "with a comma in the name, so the last name may come first",
    "past": "with a day or time that has passed",
    "date_order": "with a date that may be two days, so the month may come first",
}
"""What stands behind so many rows, by the name of the answer."""
DOUBT_CHOICES: Mapping[str, str] = {
    "opted_out": "Skip them, call them",
    "marked": "Skip them, call them",
    "plus": "Call them as written, read them in the region, skip them",
    "name_order": "Speak them turned round, as written",
    "past": "Skip them, call them",
    "date_order": "Read the day first, the month first",
}
"""The choices that a person has, in the order of the answers."""
