"""The rules that table constraints cannot express: every database enforces them by triggers of these names."""

from collections.abc import Mapping

TRIGGERS: Mapping[str, str] = {
    "row_moves_legally": "sheet_row",
    "created_row_leaves_by_its_outcome": "sheet_row",
    "outcome_stays": "call_outcome",
    "outcome_no_delete": "call_outcome",
    "event_no_update": "event",
    "event_no_delete": "event",
    "suppression_only_removed": "suppression",
    "suppression_no_delete": "suppression",
    "firing_is_kept": "firing",
    "firing_no_delete": "firing",
    "act_no_update": "act",
    "act_no_delete": "act",
    "worker_stays_ended": "worker",
    "worker_no_delete": "worker",
}
"""Name -> the table that it guards."""

COUNTERS: Mapping[str, str] = {
    "run_is_counted": "run",
    "code_is_counted": "sheet_row",
    "move_is_counted": "sheet_row",
    "call_is_polled": "call_outcome",
}
"""Triggers that refuse nothing, and keep what else would be counted or sought: name -> the table that they follow."""
