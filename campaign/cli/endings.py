"""How a command that failed ends: one line for a person, and the exit code."""

import os
from typing import Any

import click

from campaign.cli.output import echo_json, tell
from campaign.domain.errors import CampaignError, LedgerError, OpenFilesError, SheetError
from campaign.domain.system_errors.foreign_errors import is_of_database, told
from campaign.domain.system_errors.open_files import NO_OPEN_FILES_LEFT, is_of_open_files
from campaign.presentation.cures import error_line
from campaign.presentation.cures.error_dict import error_dict, usage_dict
from campaign.presentation.masking import masked_text

_USAGE, _INTERRUPTED = 2, 130


def code_of_error(error: BaseException, *, dialling: bool, as_json: bool = False) -> int | None:
    """Tells a person what ended the command, and returns the exit code; None for a fault of the program itself.

    `dialling` says whether the command might have sent something; `as_json` whether a program reads stdout, which then
    gets the error as one object.
    """
    if is_of_open_files(error):
        error = OpenFilesError(NO_OPEN_FILES_LEFT)
    match error:
        case click.ClickException():
            _tell_usage(error)
            if as_json:
                parameter = getattr(error, "param", None)
                setting = getattr(error, "option_name", None) or (parameter.name if parameter is not None else None)
                _echo_error(usage_dict(error.format_message(), setting=setting), code=_USAGE)
            return _USAGE
        case CampaignError():
            # The error text may quote cells of the sheet.
            line = error_line(error)
            mask = masked_text if isinstance(error, SheetError) else str
            tell(f"campaign: {mask(line)}")
            if as_json:
                _echo_error(error_dict(error, mask=mask), code=error.exit_code)
            return error.exit_code
        case click.Abort() | KeyboardInterrupt():
            # Outside of a question, a run may have made calls before its signal handlers were removed: the ledger has
            # them.
            asked = "nothing was sent" if dialling else "nothing was changed"
            done = asked if isinstance(error, click.Abort) else "what was done is shown by: campaign status"
            tell(f"campaign: stopped; {done}")
            return _INTERRUPTED
        case BrokenPipeError():
            # The reader of our output is gone; so is the need for a message, and Python's own at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            return 1
        case Exception() if is_of_database(error):
            # Each is mapped where it arises; what slips through is kept from the screen with its statement and values.
            tell(f"campaign: the ledger failed: {told(error)}; check its disk, then go on")
            return LedgerError.exit_code
        case _:
            return None


def _echo_error(error: dict[str, Any], *, code: int) -> None:
    echo_json({"error": error, "exit_code": code})


def _tell_usage(error: click.ClickException) -> None:
    if isinstance(error, click.UsageError) and error.ctx is not None:
        for line in error.ctx.get_usage().splitlines():
            tell(line)
        if error.ctx.command.get_help_option(error.ctx) is not None:
            tell(f"Try '{error.ctx.command_path} {error.ctx.help_option_names[0]}' for help.")
            tell("")
    tell(f"Error: {error.format_message()}")
