"""Errors that end a whole command. A row's own problem is a value (`model.Problem`), never one of these.

CampaignError            for the user: the thing and the value; what to do is a cure beside them
|- UsageError            wrong settings, environment, template or sheet; nothing was sent      exit 2
|  |- NothingNewError      all of it was done before                                           exit 3
|  |- TemplateError
|  |- SheetError
|  |  |- ChangingError     it is being written at this moment
|  |  `- UndecidedError    it can be read in several ways; its owner's answer says which
|  |- UnansweredError      a run has a question that no flag has answered
|  `- CopiedHomeError      the ledger is a copy, and calls may be going on where it was copied from
|- LedgerError           the ledger or its disk cannot be trusted or written                exit 5
|  `- LedgerFilesError  its files were taken away or written over while it was open
|- AuditError            earlier calls cannot be looked up, so nothing was sent                exit 5, or 4
|- ClockError            this machine's clock is not AICaller's, so nothing was sent          exit 5
|- OpenFilesError        this process may not open any more files or connections          exit 5
|- BusyError             another process holds this run                                     exit 75
`- IncompleteError       a run has ended, and not all of its calls were created              exit 1, 4 or 5
"""

from collections.abc import Sequence

from campaign.domain.cures import Cure, Message, Setting
from campaign.domain.cures.message import Part


class CampaignError(Exception):
    """Root of all errors: `str()` is one line that names the thing and the value, worded for any front.

    Attributes:
        message: the text and the cures, from which a front's wording makes its own line.
    """

    exit_code = 1

    def __init__(self, *fact: Part | Message, cure: Cure | tuple[Cure, ...] | None = None) -> None:
        """Takes the fact as texts and settings, and the cures."""
        cures = (cure,) if isinstance(cure, Cure) else cure or ()
        self.message = Message.of(*fact, *cures)
        super().__init__(str(self.message))

    @property
    def setting(self) -> Setting | None:
        """The setting that is wrong, if it is one."""
        return self.message.setting

    @property
    def cures(self) -> tuple[Cure, ...]:
        """What can be done about the error."""
        return self.message.cures


class UsageError(CampaignError):
    """The command cannot be carried out as it was given; nothing was sent."""

    exit_code = 2


class NothingNewError(UsageError):
    """Nobody is left to be called: all that was asked for has been done before."""

    exit_code = 3


class TemplateError(UsageError):
    """The template cannot be read, or asks for something that is not there."""


class SheetError(UsageError):
    """The sheet cannot be read as a table of contacts."""


class ChangingError(SheetError):
    """The file is being written at this moment: it may be whole a little later."""


class UndecidedError(SheetError):
    """The sheet can be read in several ways; only its owner knows which one is right, and nothing is guessed.

    Attributes:
        choice: the field of `intake.files.read_options.Choices` that decides it.
        options: (value for that field, what the sheet would be with it), the likeliest first; may be empty when any
            value is possible. The cure says how to choose where no person can be asked.
    """

    def __init__(
        self,
        *fact: Part | Message,
        choice: str,
        options: Sequence[tuple[str, str]],
        cure: Cure | tuple[Cure, ...] | None = None,
    ) -> None:
        super().__init__(*fact, cure=cure)
        self.choice, self.options = choice, tuple(options)


class UnansweredError(UsageError):
    """A run has a question that no flag has answered; nothing was sent.

    Attributes:
        argument: what answers it: a field of `preparation.questions.Answers`, or an argument of the Python API.
    """

    def __init__(self, *fact: Part | Message, argument: str, cure: Cure | tuple[Cure, ...] | None = None) -> None:
        super().__init__(*fact, cure=cure)
        self.argument = argument


class CopiedHomeError(UsageError):
    """The ledger's file is not the one that was written last: a copy, or restored from one; nothing was sent."""


class LedgerError(CampaignError):
    """The ledger cannot be opened, trusted or written, so no call may be made."""

    exit_code = 5


class LedgerFilesError(LedgerError):
    """The open ledger's files are not those at its path any more: what is written to them, nobody else sees.

    Attributes:
        may_close: only the log is gone, so that closing the ledger still brings what it holds into the ledger's file.
    """

    def __init__(self, *fact: Part | Message, may_close: bool, cure: Cure | tuple[Cure, ...] | None = None) -> None:
        super().__init__(*fact, cure=cure)
        self.may_close = may_close


class ClaimsStoppedError(LedgerError):
    """Nothing of the run is claimed, since it is to stop; what is on its way is settled as ever."""


class TakenForDeadError(LedgerError):
    """This process was taken for dead: it claims nothing any more, and what it has on its way is settled as ever."""

    def __init__(self) -> None:
        super().__init__(
            "this process was taken for dead, since it gave no heartbeat: it claims nothing any more, and others look "
            "its calls on their way up; begin again"
        )


class AuditError(CampaignError):
    """It is unknown who was called already, so no call is made; `refused`: AICaller refuses the key."""

    exit_code = 5

    def __init__(
        self, *fact: Part | Message, refused: bool = False, cure: Cure | tuple[Cure, ...] | None = None
    ) -> None:
        super().__init__(*fact, cure=cure)
        if refused:
            self.exit_code = 4


class ClockError(CampaignError):
    """This machine's clock and AICaller's are too far apart for calls to be made by either."""

    exit_code = 5


class OpenFilesError(CampaignError):
    """This process may not open any more files or connections."""

    exit_code = 5


class BusyError(CampaignError):
    """Another process is working on this run."""

    exit_code = 75


class IncompleteError(CampaignError):
    """A run ended before every row was created; raised only where the caller asks for it."""

    def __init__(self, *fact: Part | Message, exit_code: int) -> None:
        super().__init__(*fact)
        self.exit_code = exit_code
