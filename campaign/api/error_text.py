"""Errors as a script and its log want them: the thing, the value, what to do, and the argument that decides it."""

from collections.abc import Iterator
from contextlib import contextmanager

from campaign.domain.errors import CampaignError, SheetError, UnansweredError, UndecidedError
from campaign.presentation.cures import terminal_text
from campaign.presentation.masking import masked_text


@contextmanager
def worded_errors() -> Iterator[None]:
    """Gives errors that leave the block their whole text; what a sheet holds is masked in it: errors end up in logs.

    What to do is said as the command line says it, which works on the same ledger, with the argument beside it.
    """
    try:
        yield
    except CampaignError as error:
        text = terminal_text(error.message)
        if isinstance(error, SheetError):
            text = masked_text(text)
        argument = _argument_of(error)
        error.args = (text if argument is None or argument in text else f"{text} (in Python: {argument})",)
        raise


def _argument_of(error: CampaignError) -> str | None:
    match error:
        case UndecidedError(choice="max_rows"):
            return "max_rows="
        case UndecidedError(choice="sheet"):
            return "reading=Reading(sheet_name=...)"
        case UndecidedError():
            return f"reading=Reading({error.choice}=...)"
        case UnansweredError():
            return f"{error.argument}="
        case _:
            return None
