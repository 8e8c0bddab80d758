"""What can go wrong for a whole command. A row's own trouble is a value (`model.Problem`), never one of these.

CampaignError            one line for the user: the thing, the value, the cure
|- UsageError            wrong flags, environment, template or sheet; nothing was sent      exit 2
|  |- TemplateError
|  `- SheetError
|- LedgerError           the ledger or its disk cannot be trusted or written                exit 5
`- BusyError             another process holds this run                                     exit 75
"""


class CampaignError(Exception):
    """The root: `str()` is one line that names the thing, the value and the cure."""

    exit_code = 1


class UsageError(CampaignError):
    """The command cannot be carried out as it was given; nothing was sent."""

    exit_code = 2


class TemplateError(UsageError):
    """The template cannot be read, or asks for something that is not there."""


class SheetError(UsageError):
    """The sheet cannot be read as a table of contacts."""


class LedgerError(CampaignError):
    """The ledger cannot be opened, trusted or written: no call may be made without it."""

    exit_code = 5


class BusyError(CampaignError):
    """Another process is working on this run."""

    exit_code = 75
