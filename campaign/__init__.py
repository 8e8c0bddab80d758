"""A contact spreadsheet goes in, a phone call per person comes out: each made once.

    import campaign
    campaign.check("people.csv", "visits.toml").calls
    campaign.start("people.csv", "visits.toml", sandbox=True)

A name is loaded when it is first used: the import itself, and with it the command, costs next to nothing.
"""

from importlib import import_module

_ROOMS = {
    "campaign.api.arguments": ("Reading",),
    "campaign.api.checking": ("Check", "ProblemGroup", "Question", "check"),
    "campaign.api.dialling": ("RunEnd",),
    "campaign.api.events": ("CallLooked", "Event", "Notice", "RowSettled"),
    "campaign.api.following": ("FollowEnd", "follow", "follow_async"),
    "campaign.api.rehearsing": ("RehearsalEnd", "rehearse", "rehearse_async"),
    "campaign.api.resuming": ("rerun", "rerun_async", "resume", "resume_async"),
    "campaign.api.run_results": ("Results", "Row", "results"),
    "campaign.api.runs": ("Counts", "Run", "status"),
    "campaign.api.starting": ("start", "start_async"),
    "campaign.domain.errors": (
        "AuditError",
        "BusyError",
        "CampaignError",
        "ClockError",
        "IncompleteError",
        "LedgerError",
        "SheetError",
        "TemplateError",
        "UnansweredError",
        "UndecidedError",
        "UsageError",
    ),
}
_WHERE = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = ["__version__", *_WHERE]  # noqa: PLE0604 - each is a text; `__init__.pyi` says the same for type checkers


def __getattr__(name: str) -> object:
    """Loads what is asked for first."""
    if name == "__version__":
        value: object = import_module("importlib.metadata").version("campaign")
    elif name in _WHERE:
        value = getattr(import_module(_WHERE[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
