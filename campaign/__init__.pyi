from campaign.api.arguments import Reading as Reading
from campaign.api.checking import (
    Check as Check,
    ProblemGroup as ProblemGroup,
    Question as Question,
    check as check,
)
from campaign.api.dialling import RunEnd as RunEnd
from campaign.api.events import (
    CallLooked as CallLooked,
    Event as Event,
    Notice as Notice,
    RowSettled as RowSettled,
)
from campaign.api.following import FollowEnd as FollowEnd, follow as follow, follow_async as follow_async
from campaign.api.rehearsing import RehearsalEnd as RehearsalEnd, rehearse as rehearse, rehearse_async as rehearse_async
from campaign.api.resuming import (
    rerun as rerun,
    rerun_async as rerun_async,
    resume as resume,
    resume_async as resume_async,
)
from campaign.api.run_results import Results as Results, Row as Row, results as results
from campaign.api.runs import Counts as Counts, Run as Run, status as status
from campaign.api.starting import start as start, start_async as start_async
from campaign.domain.errors import (
    AuditError as AuditError,
    BusyError as BusyError,
    CampaignError as CampaignError,
    ClockError as ClockError,
    IncompleteError as IncompleteError,
    LedgerError as LedgerError,
    SheetError as SheetError,
    TemplateError as TemplateError,
    UnansweredError as UnansweredError,
    UndecidedError as UndecidedError,
    UsageError as UsageError,
)

__version__: str

__all__ = [
    "AuditError",
    "BusyError",
    "CallLooked",
    "CampaignError",
    "Check",
    "ClockError",
    "Counts",
    "Event",
    "FollowEnd",
    "IncompleteError",
    "LedgerError",
    "Notice",
    "ProblemGroup",
    "Question",
    "Reading",
    "RehearsalEnd",
    "Results",
    "Row",
    "RowSettled",
    "Run",
    "RunEnd",
    "SheetError",
    "TemplateError",
    "UnansweredError",
    "UndecidedError",
    "UsageError",
    "__version__",
    "check",
    "follow",
    "follow_async",
    "rehearse",
    "rehearse_async",
    "rerun",
    "rerun_async",
    "results",
    "resume",
    "resume_async",
    "start",
    "start_async",
    "status",
]
