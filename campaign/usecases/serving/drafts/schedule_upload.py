"""Use case: an uploaded sheet is called by a schedule. Its file is kept for that, under the schedule's name.

upload --> scheduled-sheets/1a2b3c4d/NAME.xlsx + schedule with the answers and corrections --> the upload is removed
"""

import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from campaign.domain.errors import UsageError
from campaign.ledger.port.ledger import Ledger
from campaign.preparation.drafts.look import SheetDraft
from campaign.preparation.drafts.publish import refuse_open_questions, refuse_unusable_name
from campaign.scheduler.definitions import add_schedule
from campaign.usecases.context import Context
from campaign.usecases.schedules import PresetAnswers, ScheduleOptions, ScheduleView, schedule_draft
from campaign.usecases.serving.add_schedule import place_for, remove_kept
from campaign.usecases.serving.drafts.launch_upload import refuse_outdated
from campaign.usecases.serving.load_upload import settings_of
from campaign.usecases.serving.uploads import UploadRecord, discard_upload, path_of

__all__ = ["When", "schedule_upload"]

_PRIVATE_FILE, _PRIVATE_FOLDER = 0o600, 0o700


@dataclass(frozen=True, slots=True)
class When:
    """When a schedule fires, as a person says it.

    Attributes:
        name: of the schedule.
        at: once, at this time on the clocks of `timezone`; or else `cron`.
        grace: longest delay with which it is still fired.
    """

    name: str
    at: str | None
    cron: str | None
    timezone: str
    grace: str = "30m"


def schedule_upload(
    ledger: Ledger, upload: UploadRecord, draft: SheetDraft, *, when: When, context: Context
) -> ScheduleView:
    """Adds the schedule, and keeps the sheet for it; the upload and its draft are removed.

    Raises:
        DraftOvertakenError: the draft is not as the upload's settings are now.
        UsageError: a question is open, a setting holds for no schedule, or the schedule will not do.
    """
    refuse_outdated(upload, draft)
    refuse_open_questions(draft, limit=None)
    refuse_unusable_name(when.name)
    said = settings_of(upload)
    if said.limit is not None or said.canary is not None or said.start is not None or said.timezone is not None:
        raise UsageError("a schedule calls all rows at its own time; take limit, canary and start out first")
    if any(record.name == when.name for record in ledger.schedules.all()):
        raise UsageError(f"there is a schedule called {when.name!r} already; give it another name")
    assert said.template is not None  # noqa: S101 - it was loaded by one
    kept = place_for(ledger, when.name, suffix=path_of(ledger, upload).suffix)
    kept.parent.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
    options = ScheduleOptions(
        name=when.name,
        sheet=str(kept),
        template=said.template,
        at=when.at,
        cron=when.cron,
        timezone=when.timezone,
        grace=when.grace,
        results_folder=ledger.home / "results" / when.name,
        notify_url=None,
        said=PresetAnswers(
            choices=said.choices,
            edits=said.edits,
            region=said.region,
            rate=said.rate,
            max_in_flight=said.max_in_flight,
            # The same sheet again and again: those who may be called again by then are.
            again=said.again or when.cron is not None,
            # They were shown, and stay as they are.
            skip_invalid=True,
            sandbox=said.sandbox,
            **asdict(draft.answers),
        ),
    )
    _keep(path_of(ledger, upload), kept)
    try:
        # The draft has shown what the sheet is like.
        view = add_schedule(ledger, schedule_draft(options, context=context))
    except BaseException:
        remove_kept(ledger, kept)
        raise
    discard_upload(ledger, upload)
    return view


def _keep(sheet: Path, kept: Path) -> None:
    part = kept.with_name(f".{kept.name}.part")
    shutil.copyfile(sheet, part)
    part.chmod(_PRIVATE_FILE)
    part.replace(kept)
