"""Error texts for scripts and logs: the thing, the value, the cure, and the argument that decides it."""

from collections.abc import Iterator
from contextlib import contextmanager

from campaign.domain.errors import CampaignError, LedgerError, SheetError, UnansweredError, UndecidedError
from campaign.domain.system_errors.foreign_errors import is_of_database, told
from campaign.presentation.cures import terminal_text
from campaign.presentation.masking import masked_text


@contextmanager
def worded_errors() -> Iterator[None]:
    """Words the errors that leave the block in full; sheet data is masked, since errors end up in logs.

    Where an argument decides, it is named; else what to do is said as the command line says it, which works on the
    same ledger.
    """
    try:
        yield
    except CampaignError as error:
        if isinstance(error, SheetError):
            error.message = error.message.masked(masked_text)
        error.args = (_text_of(error),)
        raise
    except Exception as error:
        if not is_of_database(error):
            raise
        raise LedgerError(f"the ledger failed: {told(error)}; check its disk, then go on") from None


def _text_of(error: CampaignError) -> str:
    fact = str(error.message)
    match error:
        case UndecidedError(choice="max_rows"):
            return f"{fact} (in Python: max_rows=)"
        case UndecidedError():
            field = "sheet_name" if error.choice == "sheet" else error.choice
            values = ", ".join(repr(masked_text(value)) for value, _ in error.options)
            which = f"; one of {values}" if values else ""
            return f"{fact} (in Python: reading=Reading({field}=...){which})"
        case UnansweredError():
            argument = f"{error.argument}="
            return fact if argument in fact else f"{fact} (in Python: {argument})"
        case _:
            return terminal_text(error.message)
