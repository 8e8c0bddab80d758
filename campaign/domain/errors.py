"""What can go wrong for a whole command. A row's own trouble is a value (`model.Problem`), never one of these.

CampaignError            one line for the user: the thing, the value, the cure
|- UsageError            wrong flags, environment, template or sheet; nothing was sent      exit 2
|  |- TemplateError
|  |- SheetError
|  |  `- UndecidedError    it can be read in several ways; a flag, or an answer, says which
|  `- UnansweredError      a run asks something that was not said beforehand
|- LedgerError           the ledger or its disk cannot be trusted or written                exit 5
|- AuditError            what was called before cannot be looked up, so nothing was sent       exit 5, or 4
|- BusyError             another process holds this run                                     exit 75
`- IncompleteError       a run has ended, and not all of its calls were created              exit 1, 4 or 5
"""

from collections.abc import Sequence


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


class UndecidedError(SheetError):
    """The sheet can be read in several ways, and only its owner knows which: nothing is guessed.

    Attributes:
        choice: the field of `intake.choices.Choices` that decides it.
        options: (value for that field, what the sheet would be with it), the likeliest first; may be empty when any
            value is possible. The message itself names the flag for those who cannot be asked.
    """

    def __init__(self, message: str, *, choice: str, options: Sequence[tuple[str, str]]) -> None:
        super().__init__(message)
        self.choice, self.options = choice, tuple(options)


class UnansweredError(UsageError):
    """A run asks something that was not said beforehand; nothing was sent.

    Attributes:
        argument: what answers it: a field of `preparation.questions.Answers`, or an argument of the Python API.
    """

    def __init__(self, message: str, *, argument: str) -> None:
        super().__init__(message)
        self.argument = argument


class LedgerError(CampaignError):
    """The ledger cannot be opened, trusted or written: no call may be made without it."""

    exit_code = 5


class AuditError(CampaignError):
    """Who was called already cannot be told, so nobody is called; `refused` says that AICaller refuses the key."""

    exit_code = 5

    def __init__(self, message: str, *, refused: bool = False) -> None:
        super().__init__(message)
        if refused:
            self.exit_code = 4


class BusyError(CampaignError):
    """Another process is working on this run."""

    exit_code = 75


class IncompleteError(CampaignError):
    """A run has ended, and not every row that was to be called was created; raised only where somebody asks for it."""

    def __init__(self, message: str, *, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code
