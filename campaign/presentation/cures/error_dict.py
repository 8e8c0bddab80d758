"""Errors as JSON values, for programs: a code that never changes, and where the error is, beside its line."""

import re
from collections.abc import Callable
from typing import Any

from campaign.domain.errors import (
    AuditError,
    BusyError,
    CampaignError,
    ChangingError,
    ClockError,
    CopiedHomeError,
    LedgerError,
    NothingNewError,
    OpenFilesError,
    SheetError,
    TemplateError,
    UnansweredError,
    UndecidedError,
    UsageError,
)
from campaign.presentation.cures.terminal import error_line, terminal_words

CODES: tuple[tuple[type[CampaignError], str], ...] = (
    (NothingNewError, "nothing_new"),
    (UnansweredError, "unanswered"),
    (UndecidedError, "undecided"),
    (ChangingError, "changing"),
    (SheetError, "sheet"),
    (TemplateError, "template"),
    (CopiedHomeError, "copied_home"),
    (UsageError, "usage"),
    (LedgerError, "ledger"),
    (AuditError, "audit"),
    (ClockError, "clock"),
    (OpenFilesError, "open_files"),
    (BusyError, "busy"),
    (CampaignError, "stopped"),
)
"""The code of each kind of error; the first that fits holds."""
# As `domain.model.Problem` words itself.
_PLACE = re.compile(
    r"row (?P<row>\d+)(?: \(line \d+ of the file\))?(?:, column '(?P<column>[^']*)')?(?:: '(?P<value>[^']*)')?"
)


def error_dict(error: CampaignError, *, mask: Callable[[str], str]) -> dict[str, Any]:
    """The error: `code`, `message`, `row`, `column`, `value`, `setting`, `cure` and `cures`; None where it has none.

    `mask` is applied to texts that may quote a cell.
    """
    place = _PLACE.search(str(error))
    words = [mask(terminal_words(cure)) for cure in error.cures]
    return {
        "code": next(code for kind, code in CODES if isinstance(error, kind)),
        "message": mask(error_line(error)),
        "row": int(place["row"]) if place else None,
        "column": place["column"] if place else None,
        "value": mask(place["value"]) if place and place["value"] is not None else None,
        "setting": error.setting.value if error.setting is not None else None,
        # A cure that is the same for all fronts stands in the text.
        "cure": "; or ".join(words) or mask(error_line(error)).partition("; ")[2] or None,
        "cures": [{"code": cure.code.value, "text": text} for cure, text in zip(error.cures, words, strict=True)],
    }


def usage_dict(message: str, *, setting: str | None) -> dict[str, Any]:
    """Likewise a command that was not understood; `setting` is the flag or argument that it is about."""
    nothing = dict.fromkeys(("row", "column", "value"))
    return {"code": "usage", "message": message, **nothing, "setting": setting, "cure": None, "cures": []}
