"""Words of cures on a page: what a person can do there, without a flag or a command."""

from collections.abc import Mapping

from campaign.domain.cures import CureCode, Setting
from campaign.presentation.cures.page_run_words import PAGE_RUN_WORDS
from campaign.presentation.cures.page_sheet_words import PAGE_SHEET_WORDS

PAGE_WORDS: Mapping[CureCode, str] = {**PAGE_SHEET_WORDS, **PAGE_RUN_WORDS}
"""One entry for each cure."""
PAGE_SETTINGS: Mapping[Setting, str] = {
    Setting.AT: "the time",
    Setting.CANARY: "the number of calls to try first",
    Setting.CRON: "the times of the schedule",
    Setting.DELIMITER: "the delimiter",
    Setting.ENCODING: "the encoding",
    Setting.FAULT: "the fault to rehearse",
    Setting.GRACE: "the time by which a call may be late",
    Setting.HEADER_ROW: "the row of the columns' names",
    Setting.HOST: "the address to listen at",
    Setting.NAME: "the run's name",
    Setting.NO_HEADER: "the answer that the first row is a person",
    Setting.NOT_CALLED: "the rows that were not called",
    Setting.NOTIFY_URL: "the address to notify",
    Setting.PROBLEMS: "the file of problems",
    Setting.REASON: "the reason",
    Setting.REGION: "the region",
    Setting.RESULTS: "the results file",
    Setting.SHEET: "the workbook's sheet",
    Setting.TIMEZONE: "the time zone",
    Setting.START: "the start",
    Setting.WEBHOOK: "the webhook's address",
}
"""The settings by the names that fields of pages have."""
