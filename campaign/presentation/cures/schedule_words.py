"""Command-line wording of cures for schedules."""

from collections.abc import Mapping

from campaign.domain.cures import CureCode

SCHEDULE_WORDS: Mapping[CureCode, str] = {
    CureCode.SAY_WHEN: 'either --at 2026-12-01T09:00 or --cron "0 9 * * mon-fri"',
    CureCode.SEE_FIRINGS: "see: campaign schedule list",
    CureCode.SEE_SCHEDULES: "see all of them: campaign schedule list",
    CureCode.RENAME_OR_REMOVE_SCHEDULE: "choose another name, or remove it: campaign schedule remove {schedule}",
    CureCode.RESUME_SCHEDULE: "campaign schedule resume {schedule} lets it fire again",
    CureCode.SCHEDULE_WITHOUT_INVALID: "correct it, or add the schedule with --skip-invalid to call the others",
    CureCode.SCHEDULE_WITH_REPAIRS: ("correct the sheet, or add the schedule with --accept-repairs or --skip-repairs"),
    CureCode.SCHEDULE_WITH_CHANGED: "add the schedule with --call-changed or --skip-changed",
    CureCode.SCHEDULE_IT_WITHOUT_INVALID: ("so it fires nothing, unless the schedule is added with --skip-invalid"),
    CureCode.SCHEDULE_IT_WITH_REPAIRS: (
        "so it fires nothing, unless the schedule is added with --accept-repairs or --skip-repairs"
    ),
}
