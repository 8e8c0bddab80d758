"""Reference of the exit codes: what each means, which errors end with it, and what to do."""

import inspect

from campaign.cli import endings
from campaign.domain import errors
from campaign.domain.errors import CampaignError
from campaign.domain.stop import StopCode
from tests.docs.making.markdown import code, notes, plain, table

OF_SIGNALS = (130, 143)


def codes() -> set[int]:
    """Every code with which the program can end."""
    return {0, 1, endings._USAGE, *(each.exit_code for each in known_errors()), *map(int, StopCode), *OF_SIGNALS}


def known_errors() -> list[type[CampaignError]]:
    """The errors that end a command."""
    return [each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, CampaignError)]


def codes_page() -> str:
    """The page."""
    known = notes("exit_codes")
    rows = [(str(number), *_told(known["codes"][str(number)])) for number in sorted(codes())]
    raised = [
        (code(each.__name__), str(each.exit_code), plain(each.__doc__).split("\n\n")[0])
        for each in sorted(known_errors(), key=lambda each: (each.exit_code, each.__name__))
    ]
    return "\n\n".join(
        (
            "# Exit codes",
            known["about"]["text"].strip(),
            table(("code", "meaning", "what to do"), rows),
            known["about"]["verbs"].strip(),
            "## The errors of the Python API, and their codes",
            table(("error", "code", ""), raised),
        )
    )


def _told(note: dict[str, str]) -> tuple[str, str]:
    return note["means"], note["do"]
