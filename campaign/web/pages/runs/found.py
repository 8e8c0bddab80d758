"""The run that an address names."""

from http import HTTPStatus

from campaign.usecases.watching.run import RunRecord
from campaign.web.asking import Ask, PageError


def found_run(ask: Ask) -> RunRecord:
    """The run of the address.

    Raises:
        PageError: there is none.
    """
    name = ask.path("run")
    record = ask.ledger.read.runs.find(name)
    if record is None:
        raise PageError(HTTPStatus.NOT_FOUND, f"There is no run {name!r}.")
    return record
