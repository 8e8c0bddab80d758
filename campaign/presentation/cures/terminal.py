"""Errors, problems and questions as one line for a terminal: the facts, and the command or flag that helps."""

from collections.abc import Iterable
from typing import Any

from campaign.domain.cures import Cure, CureCode, Message, Setting
from campaign.domain.errors import CampaignError
from campaign.presentation.cures.run_words import RUN_WORDS
from campaign.presentation.cures.schedule_words import SCHEDULE_WORDS
from campaign.presentation.cures.serving_words import SERVING_WORDS
from campaign.presentation.cures.sheet_words import SHEET_WORDS

_WORDS = {**SHEET_WORDS, **RUN_WORDS, **SCHEDULE_WORDS, **SERVING_WORDS}
_FLAG = {
    CureCode.CHOOSE_ENCODING: "--encoding {} (would read {!r})",
    CureCode.CHOOSE_EXTRA_FIELD: "--extra-field {} ({})",
    CureCode.CHOOSE_DELIMITER: "--delimiter {!r} ({})",
}


def terminal_words(cure: Cure | str) -> str:
    """The cure worded for a terminal; a cure that is text already is the same for all fronts."""
    if isinstance(cure, str):
        return cure
    return _WORDS[cure.code].format(**{name: _shown(cure.code, value) for name, value in cure.values})


def terminal_name(setting: Setting) -> str:
    """The setting's flag."""
    return f"--{setting.value.replace('_', '-')}"


def terminal_text(message: Message | str) -> str:
    """The message with flags for its settings; its cures follow a semicolon, or text that leads to them."""
    if isinstance(message, str):
        return message
    line = ""
    for part in message.parts:
        if isinstance(part, Cure):
            line += ("" if not line or line.endswith(" ") else "; ") + terminal_words(part)
        else:
            line += terminal_name(part) if isinstance(part, Setting) else part
    return line


def error_line(error: CampaignError) -> str:
    """The line that the command line prints for an error."""
    return terminal_text(error.message)


def terminal_option(choice: str, value: str) -> str:
    """A value that an `UndecidedError` offers, as the list of answers shows it."""
    if choice != "no_header":
        return value
    return terminal_name(Setting.NO_HEADER) if value == choice else f"{terminal_name(Setting.HEADER_ROW)} {value}"


def _shown(code: CureCode, value: Any) -> Any:
    if isinstance(value, Setting):
        return terminal_name(value)
    return _listed(code, value) if isinstance(value, tuple) else value


def _listed(code: CureCode, options: Iterable[tuple[str, str]]) -> str:
    return ", ".join(_FLAG[code].format(*option) for option in options)
