"""Messages as one line for a page: the facts, and what a person can do there."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from campaign.domain.cures import Cure, CureCode, Message, Setting
from campaign.presentation.cures.page_words import PAGE_SETTINGS, PAGE_WORDS

_OPTION = {
    CureCode.CHOOSE_ENCODING: "{} (would read {!r})",
    CureCode.CHOOSE_EXTRA_FIELD: "{} ({})",
    CureCode.CHOOSE_DELIMITER: "{!r} ({})",
}
_LINKS: Mapping[CureCode, tuple[str, str]] = {
    CureCode.RESUME_RUN: ("/runs/{run}", "Go to {run}"),
    CureCode.RESUME_LATER: ("/runs/{run}", "Go to {run}"),
    CureCode.SET_CLOCK: ("/runs/{run}", "Go to {run}"),
    CureCode.RESUME_OR_FORGET: ("/runs/{run}", "Go to {run}"),
    CureCode.WAIT_AND_RESUME: ("/runs/{run}", "Go to {run}"),
    CureCode.RENAME_OR_RESUME: ("/runs/{run}", "Go to {run}"),
    CureCode.SEE_RUN: ("/runs/{run}", "Go to {run}"),
    CureCode.RERUN_REJECTED: ("/runs/{run}/rerun", "Rerun {run}"),
    CureCode.WRITE_RESULTS_OF_RUN: ("/runs/{run}/report", "Report of {run}"),
    CureCode.SEE_RUNS: ("/", "All runs"),
    CureCode.SEE_RUNS_OR_OTHER_HOME: ("/", "All runs"),
    CureCode.SEE_STATUS: ("/", "All runs"),
    CureCode.CORRECT_AND_RUN: ("/new", "New campaign"),
    CureCode.SEE_LIST: ("/never-call", "Never call"),
    CureCode.SEE_FIRINGS: ("/schedules", "Schedules"),
    CureCode.SEE_SCHEDULES: ("/schedules", "Schedules"),
    CureCode.RESUME_SCHEDULE: ("/schedules", "Schedules"),
    CureCode.RENAME_OR_REMOVE_SCHEDULE: ("/schedules", "Schedules"),
}


def page_words(cure: Cure | str) -> str:
    """The cure worded for a page; a cure that is text already is the same for all fronts."""
    if isinstance(cure, str):
        return cure
    return PAGE_WORDS[cure.code].format(**{name: _shown(cure.code, value) for name, value in cure.values})


def page_name(setting: Setting) -> str:
    """The setting's name, as the field of a page says it."""
    return PAGE_SETTINGS[setting]


def page_text(message: Message | str) -> str:
    """The message with plain names for its settings; its cures follow a semicolon, or text that leads to them."""
    if isinstance(message, str):
        return message
    line = ""
    for part in message.parts:
        if isinstance(part, Cure):
            line += ("" if not line or line.endswith(" ") else "; ") + page_words(part)
        else:
            line += page_name(part) if isinstance(part, Setting) else part
    return line


def page_links(message: Message) -> tuple[tuple[str, str], ...]:
    """(address, words) of where the message's cures can be carried out, each once."""
    return tuple(dict.fromkeys(_links(message)))


def _links(message: Message) -> Iterator[tuple[str, str]]:
    for cure in message.cures:
        if cure.code in _LINKS:
            address, words = _LINKS[cure.code]
            values = dict(cure.values)
            quoted = {name: quote(str(value), safe="") for name, value in values.items()}
            yield address.format(**quoted), words.format(**values)


def _shown(code: CureCode, value: Any) -> Any:
    if isinstance(value, Setting):
        return page_name(value)
    if isinstance(value, tuple):
        return ", ".join(_OPTION[code].format(*option) for option in value)
    return value
