"""Wrapping: what programs leave around a number, quotation marks, the .0 of a number cell, a full stop."""

import re

_QUOTED = re.compile(
    "[\"\u201c\u201d\u201e\u201f\u00ab\u2018\u2019\u201a'](.+)[\"\u201c\u201d\u201f\u00bb\u2018\u2019']"
)
_LONGEST = 40  # characters; the patterns below try many ways to part a longer text
_NUMBER_CELL = re.compile(r"(\+?[1-9]\d{6,14})\.0{1,2}")
# Digits alone with a dot behind them were a number cell, and may have lost something.
_FULL_STOP = re.compile(r"([^.]*[ ()+-][^.]*\d)\.")


def unwrapped(text: str) -> tuple[str, str, bool] | None:
    """What is inside, what was around it in words, and whether it came from a number cell; None where nothing was."""
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    if quoted := _QUOTED.fullmatch(text):
        return quoted[1].strip(), "quotation marks around it", False
    if number := _NUMBER_CELL.fullmatch(text):
        return number[1], "the .0 behind it", not number[1].startswith("+")
    if stopped := _FULL_STOP.fullmatch(text):
        return stopped[1], "the full stop behind it", False
    return None
