"""Messages as one line for a page: the facts, and what a person can do there."""

from campaign.domain.cures import Cure, Message, Setting
from campaign.presentation.cures.page_run_words import PAGE_RUN_WORDS
from campaign.presentation.cures.page_words import PAGE_WORDS

_WORDS = {**PAGE_RUN_WORDS, **PAGE_WORDS}


def page_words(cure: Cure | str) -> str:
    """The cure worded for a page; a cure that is text already is the same for all fronts."""
    if isinstance(cure, str):
        return cure
    words = _WORDS.get(cure.code, "")
    return words.format(**dict(cure.values))


def page_text(message: Message | str) -> str:
    """The message with plain names for its settings; its cures follow a semicolon, or text that leads to them."""
    if isinstance(message, str):
        return message
    line = ""
    for part in message.parts:
        if isinstance(part, Cure):
            words = page_words(part)
            line += ("" if not line or not words or line.endswith(" ") else "; ") + words
        else:
            line += part.value.replace("_", " ") if isinstance(part, Setting) else part
    return line
