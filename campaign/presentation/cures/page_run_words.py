"""Words of cures for runs on a page: what a person can do there, without a flag or a command."""

from collections.abc import Mapping

from campaign.domain.cures import CureCode

PAGE_RUN_WORDS: Mapping[CureCode, str] = {
    CureCode.RESUME_RUN: "resume it",
    CureCode.RESUME_WAITING_ROW: "Resume goes on with it",
    CureCode.RESUME_LOST_ROW: "Resume settles it",
    CureCode.RESUME_LATER: "resume it later",
    CureCode.SET_CLOCK: "set the clock of this server's machine right, then resume the run",
    CureCode.RESUME_OR_FORGET: "resume it, or tick that its unfinished rows are erased as well",
    CureCode.WAIT_AND_RESUME: "wait for it, or stop it, then resume the run",
    CureCode.RENAME_OR_RESUME: "give another name, or resume that run",
    CureCode.RERUN_REJECTED: "call the rejected rows again from the page of run {run}",
    CureCode.SAY_WHICH_PLAN: "choose which plan holds for the rest",
    CureCode.KEEP_OLD_PLAN: "correct it, or go on as the run was begun",
    CureCode.CORRECT_AND_RUN: "correct it in the sheet, and upload that as a new campaign",
    CureCode.GIVE_TEMPLATE: "upload the corrected rows as a new campaign",
    CureCode.LEAVE_OUT_OF_NOT_CALLED: "do not tick it",
    CureCode.SEE_RUN: "see run {run}",
    CureCode.SEE_RUNS: "see all runs",
    CureCode.SEE_STATUS: "see all runs",
    CureCode.USE_SERVICE_ADDRESS: "start this server with AICALLER_BASE_URL set to it",
    CureCode.REHEARSE: "try it in the sandbox",
    CureCode.WRITE_RESULTS_ANEW: "the ledger holds every row: download the results from the run's page",
    CureCode.WRITE_RESULTS_OF_RUN: "download the results of run {run} anew",
    CureCode.NAME_OTHER_RESULTS: "move it away",
}
