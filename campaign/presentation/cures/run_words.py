"""Command-line wording of answers to a run's questions, and of cures for runs."""

from collections.abc import Mapping

from campaign.domain.cures import CureCode

RUN_WORDS: Mapping[CureCode, str] = {
    CureCode.ACCEPT_REPAIRS: "--accept-repairs",
    CureCode.SKIP_REPAIRS: "--skip-repairs",
    CureCode.CALL_CHANGED: "--call-changed",
    CureCode.SKIP_CHANGED: "--skip-changed",
    CureCode.FOLLOW_FIRST: "--follow-first",
    CureCode.CALL_UNFOLLOWED: "--call-unfollowed",
    CureCode.RAISE_CALL_LIMIT: "--max-calls {calls}",
    CureCode.CALL_FIRST_ONES: "--limit {calls}",
    CureCode.RAISE_OR_CALL_FIRST: (
        "raise it for this run with --max-calls {calls}, or make only the first ones with --limit"
    ),
    CureCode.RAISE_ROW_LIMIT: "--max-rows {rows}",
    CureCode.ALLOW_FICTITIOUS: "--allow-fictitious",
    CureCode.SKIP_OPTED_OUT: "--skip-opted-out",
    CureCode.CALL_OPTED_OUT: "--call-opted-out",
    CureCode.SKIP_MARKED: "--skip-marked",
    CureCode.CALL_MARKED: "--call-marked",
    CureCode.SKIP_PAST: "--skip-past",
    CureCode.CALL_PAST: "--call-past",
    CureCode.PLUS_AS_WRITTEN: "--plus-as-written",
    CureCode.PLUS_IN_REGION: "--plus-in-region",
    CureCode.SKIP_PLUS: "--skip-plus",
    CureCode.TURN_NAMES: "--turn-names",
    CureCode.NAMES_AS_WRITTEN: "--names-as-written",
    CureCode.READ_SHORT_ROWS: "--read-short-rows",
    CureCode.READ_LINE_BREAKS: "--read-line-breaks",
    CureCode.DAY_FIRST: "--day-first",
    CureCode.MONTH_FIRST: "--month-first",
    CureCode.SAY_YES_WORD: "--yes-word {word!r}",
    CureCode.SAY_NO_WORD: "--no-word {word!r}",
    CureCode.OTHER_WORDS_ARE_NO: "--no-word '*' for all others",
    CureCode.SET_KEY_OR_REHEARSE: "set it to your AICaller API key, or try the command with --sandbox",
    CureCode.REHEARSE: "add --sandbox",
    CureCode.USE_SERVICE_ADDRESS: "set AICALLER_BASE_URL to it, without --sandbox",
    CureCode.WRITE_OFFSET: "Write it with its offset, {time}-05:00, or give stagger.timezone, or --timezone",
    CureCode.RESUME_RUN: "go on with: campaign resume {run}",
    CureCode.RESUME_WAITING_ROW: "campaign resume goes on with it",
    CureCode.RESUME_LOST_ROW: "campaign resume settles it",
    CureCode.RESUME_LATER: "go on later with: campaign resume {run} (--no-audit goes on without looking)",
    CureCode.SET_CLOCK: (
        "set this machine's clock right, then go on with: campaign resume {run} (--trust-clock goes on by it as it is)"
    ),
    CureCode.RESUME_OR_FORGET: "go on with it: campaign resume {run}, or forget them uncalled with --unfinished",
    CureCode.WAIT_AND_RESUME: "wait for it, or stop it, then go on with: campaign resume {run}",
    CureCode.RENAME_OR_RESUME: "give another --name, or go on with it: campaign resume {run}",
    CureCode.RERUN_REJECTED: "campaign rerun {run} calls the rejected rows again",
    CureCode.RUN_AGAIN: "--again starts a new run of it (numbers called recently are still left out)",
    CureCode.SAY_WHICH_PLAN: (
        "--new-plan calls the rest by the template as it is now, --old-plan as the run was begun"
    ),
    CureCode.KEEP_OLD_PLAN: "correct it, or go on as the run was begun with --old-plan",
    CureCode.LEAVE_NAME_OUT: "leave --name out, or start a new run of it with --again",
    CureCode.CORRECT_AND_RUN: "correct it, and campaign run calls it",
    CureCode.NAME_RUN_TO_RERUN: "name the one that is meant: campaign rerun RUN",
    CureCode.GIVE_TEMPLATE: "give the template that it was begun with: -t TEMPLATE",
    CureCode.LEAVE_TEMPLATE_OUT: "leave -t out, or start a new run of the corrected rows: campaign run",
    CureCode.LEAVE_OUT_OF_NOT_CALLED: "leave it out of --not-called",
    CureCode.SEE_RUN: "see: campaign status {run}",
    CureCode.SEE_RUNS: "see all of them: campaign status",
    CureCode.SEE_RUNS_OR_OTHER_HOME: (
        "see the runs: campaign status, or point CAMPAIGN_HOME at the ledger that made it"
    ),
    CureCode.SEE_LIST: "see who is: campaign suppress list",
    CureCode.SEE_STATUS: "see: campaign status",
    CureCode.WRITE_RESULTS_ANEW: "the ledger holds every row: `campaign results RUN -o FILE` writes the file anew",
    CureCode.WRITE_RESULTS_OF_RUN: "write the file anew: campaign results {run} -o FILE",
    CureCode.LET_RESULTS_BE_CSV: (
        "let its name end in .csv, and make the other one afterwards: campaign results RUN -o {path}"
    ),
    CureCode.NAME_OTHER_RESULTS: "name another file with --results or -o, or move it away",
    CureCode.SAVE_OR_NAME_OTHER_RESULTS: (
        "save it under another name and rerun that, or name another file with --results"
    ),
    CureCode.INSTALL_WEB: "install it in the folder of this program: pip install '.[web]'",
    CureCode.INSTALL_POSTGRES: "install it in the folder of this program: pip install '.[postgres]'",
    CureCode.ADD_USER: "add one first: campaign user add NAME",
    CureCode.GO_ON_HERE: "see that nothing goes on there, then say so once: campaign --go-on-here status",
}
