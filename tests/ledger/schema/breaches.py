"""A small ledger in plain SQL, and for each of the schema's named rules a statement that breaks it, and no other."""

from collections.abc import Mapping, Sequence

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint

from campaign.ledger.schema.rules import TRIGGERS
from campaign.ledger.schema.tables import metadata

_A, _B = "a" * 64, "b" * 64

SEED = """
INSERT INTO run (id, name, state, service, template_fingerprint, content_fingerprint, sheet, header, plan,
    results_path, created_at) VALUES (1, 'december', 'ready', 's', 't', 'c', 'x.csv', '[]', '{}', '', '2026');
INSERT INTO sheet_row (id, run_id, number, key, state, attempts, phone, contact, cells, call_id) VALUES
    (1, 1, 2, 'k1', 'pending', 0, '+12025550101', '{}', '[]', NULL),
    (2, 1, 3, 'k2', 'created', 1, '+12025550102', '{}', '[]', 'c2'),
    (3, 1, 4, 'k3', 'created', 1, '+12025550103', '{}', '[]', 'c3'),
    (4, 1, 5, 'k4', 'rejected', 1, '+12025550104', '{}', '[]', NULL),
    (6, 1, 7, 'k6', 'sending', 1, '+12025550106', '{}', '[]', NULL),
    (7, 1, 8, 'k7', 'created', 1, '+12025550107', '{}', '[]', 'c7');
INSERT INTO row_count (run_id, state, skip_reason, rows) VALUES
    (1, 'pending', '', 1), (1, 'sending', '', 1), (1, 'created', '', 3), (1, 'rejected', '', 1), (1, 'skipped', '', 0);
INSERT INTO attempt (row_id, number, run_id, service, phone, owner, body_sha256, claimed_at, ended_at, outcome,
    call_id) VALUES
    (2, 1, 1, 's', '+12025550102', 'o', '', '2026', '2026', 'created', 'c2'),
    (3, 1, 1, 's', '+12025550103', 'o', '', '2026', '2026', 'created', 'c3'),
    (4, 1, 1, 's', '+12025550104', 'o', '', '2026', '2026', 'rejected', NULL),
    (6, 1, 1, 's', '+12025550106', 'o', '', '2026', NULL, NULL, NULL),
    (7, 1, 1, 's', '+12025550107', 'o', '', '2026', '2026', 'created', 'c7');
INSERT INTO event (id, row_id, attempt, at, owner, from_state, to_state, why)
    VALUES (1, 4, 1, '2026', 'o', 'sending', 'rejected', 'said to Ada');
INSERT INTO call_outcome (call_id, row_id, attempt, run_id, status, status_code, ended_as, final_since, looks,
    looked_at) VALUES
    ('c2', 2, 1, 1, 'completed', 'DO_NOT_CALL', 'do_not_call', '2026', 1, '2026'),
    ('c3', 3, 1, 1, 'noAnswer', NULL, 'no_answer', '2026', 1, '2026');
INSERT INTO timetable (row_id, run_id, number, place, due, asked) VALUES (1, 1, 2, 'p', '2026', 1);
INSERT INTO delay (row_id, attempt, run_id, until) VALUES (2, 1, 1, '2026');
INSERT INTO suppression (id, digest, last_digits, added_at, reason, source, service) VALUES
    (1, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '0101', '2026', '', 'x', '');
INSERT INTO suppression (id, digest, last_digits, added_at, reason, source, service, removed_at, removed_reason) VALUES
    (2, 'cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc', '0103', '2026', '', 'x', '', '2026', '');
INSERT INTO suppression_key (id, fingerprint) VALUES (1, 'f');
INSERT INTO account_pace (service, team, revision, written_at, last_slot, interval, fastest_until, held_until, share,
    share_since, why) VALUES ('s', 't', 1, 0, 0, 0, 0, 0, 1, 0, '');
INSERT INTO schedule (id, name, timezone, cron, sheet, template, service, answers, results_folder, grace_seconds,
    created_at) VALUES
    (1, 'daily', 'UTC', '* * * * *', 'x', 't', 's', '', '', 60, '2026'),
    (2, 'weekly', 'UTC', '* * * * 1', 'x', 't', 's', '', '', 60, '2026');
INSERT INTO firing (id, schedule_id, instant, state, owner, noted_at, seen_at, ended_at, why) VALUES
    (1, 1, '2026-1', 'firing', 'o', '2026', '2026', NULL, NULL),
    (2, 1, '2026-2', 'missed', 'o', '2026', '2026', '2026', 'late');
INSERT INTO firing (id, schedule_id, instant, state, owner, noted_at, seen_at, run_id) VALUES
    (3, 2, '2026-1', 'firing', 'o', '2026', '2026', 1);
INSERT INTO draft (id, token, kind, state, run_id, owner, created_at, expires_at, source, view, answers) VALUES
    (1, 'sheet', 'sheet', 'ready', 1, 'o', '2026', '2027', '{}', '{}', '{}'),
    (2, 'rerun', 'rerun', 'ready', 1, 'o', '2026', '2027', '{}', '{}', '{}');
INSERT INTO draft_row (draft_id, row_id, attempts) VALUES (2, 4, 1);
INSERT INTO upload (id, token, owner, name, file, size, sha256, created_at, expires_at, settings) VALUES
    (1, 'u1', 'ada', 'x.csv', 'u1.csv', 1, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '2026',
        '2027', '{}');
INSERT INTO web_user (id, name, role, password_hash, created_at) VALUES (1, 'ada', 'operator', 'h', '2026');
INSERT INTO web_session (id_hash, user_id, created_at, seen_at, expires_at) VALUES
    ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 1, '2026', '2026', '2027');
INSERT INTO api_token (id, name, role, token_hash, created_at, created_by) VALUES
    (1, 'n8n', 'operator', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '2026', 'ada');
INSERT INTO act (id, at, who, what, target, detail) VALUES (1, '2026', 'ada', 'launch', 'december', '');
INSERT INTO idempotency_key (id, who, key, fingerprint, owner, created_at) VALUES (1, 'n8n', 'k', 'f', 'o', '2026');
INSERT INTO dial_order (run_id, wanted, options, ordered_by, ordered_at, revision)
    VALUES (1, 'go', '{}', 'ada', '2026', 1);
INSERT INTO worker (id, name, owner, version, started_at, seen_at, beats, ended_at, ended_by) VALUES
    (1, 'rack-1', 'o', '1', '2026', '2026', 1, NULL, NULL),
    (2, 'rack-1', 'p', '1', '2026', '2026', 1, '2026', 'o');
INSERT INTO run_control (run_id, wanted, at, parts, revision) VALUES (1, 'go', '2026', 1, 1);
"""

_ROW = (
    "INSERT INTO sheet_row (id, run_id, number, key, state, attempts, phone, contact, cells, call_id) VALUES (9, 1, 9, "
)
_ATTEMPT = (
    "INSERT INTO attempt (row_id, number, run_id, service, phone, owner, body_sha256, claimed_at, ended_at, outcome, "
    "call_id) VALUES "
)
_TIME = "INSERT INTO timetable (row_id, run_id, number, place, due, asked) VALUES "
_OUTCOME = (
    "INSERT INTO call_outcome (call_id, row_id, attempt, run_id, looks, looked_at, status, final_since, look_at, "
    "again_at) VALUES ('c9', "
)
_LISTED = (
    "INSERT INTO suppression (id, added_at, source, service, digest, last_digits, reason, removed_at, removed_reason) "
    "VALUES (9, '2026', 'x', '', "
)
_FIRING = (
    "INSERT INTO firing (id, schedule_id, owner, noted_at, seen_at, instant, state, ended_at, run_id, exit_code, why) "
    "VALUES (9, 1, 'o', '2026', '2026', "
)
_DRAFT = (
    "INSERT INTO draft (id, owner, created_at, expires_at, source, answers, token, kind, state, run_id, view, "
    "published_as, round) VALUES (9, 'o', '2026', '2027', '{}', '{}', 'new', "
)
_UPLOAD = (
    "INSERT INTO upload (id, owner, created_at, expires_at, settings, token, file, name, size, sha256) "
    "VALUES (9, 'ada', '2026', '2027', '{}', "
)
_USER = "INSERT INTO web_user (id, created_at, name, role, password_hash) VALUES (9, '2026', "
_SESSION = "INSERT INTO web_session (user_id, seen_at, id_hash, created_at, expires_at) VALUES (1, '2026', "
_TOKEN = "INSERT INTO api_token (id, created_at, created_by, name, role, token_hash) VALUES (9, '2026', 'ada', "
_ACT = "INSERT INTO act (id, at, who, what, target, detail) VALUES (9, '2026', 'ada', "

BREACHES: Mapping[str, str] = {
    "run_state": "UPDATE run SET state = 'done'",
    "run_again": "UPDATE run SET again = 2",
    "row_state": f"{_ROW} 'k9', 'called', 0, '+12025550109', '{{}}', '[]', NULL)",
    "created_has_id": f"{_ROW} 'k9', 'created', 1, '+12025550109', '{{}}', '[]', NULL)",
    "callable_has_phone": f"{_ROW} 'k9', 'pending', 0, NULL, '{{}}', '[]', NULL)",
    "sending_has_attempt": f"{_ROW} 'k9', 'sending', 0, '+12025550109', '{{}}', '[]', NULL)",
    "row_by_content": f"{_ROW} 'k1', 'pending', 0, '+12025550109', '{{}}', '[]', NULL)",
    "one_row_per_number": f"{_ROW} 'k9', 'pending', 0, '+12025550102', '{{}}', '[]', NULL)",
    "skip_reason_of_skipped": "UPDATE sheet_row SET skip_reason = 'duplicate' WHERE id = 1",
    "row_moves_legally": "UPDATE sheet_row SET state = 'skipped' WHERE id = 4",
    "created_row_leaves_by_its_outcome": "UPDATE sheet_row SET state = 'pending', call_id = NULL WHERE id = 2",
    "row_count_of_rows": "UPDATE row_count SET rows = -1",
    "attempt_number": f"{_ATTEMPT} (1, 0, 1, 's', 'p', 'o', '', '2026', NULL, NULL, NULL)",
    "attempt_outcome": f"{_ATTEMPT} (1, 1, 1, 's', 'p', 'o', '', '2026', '2026', 'rang', NULL)",
    "attempt_ended": f"{_ATTEMPT} (1, 1, 1, 's', 'p', 'o', '', '2026', NULL, 'rejected', NULL)",
    "attempt_id": f"{_ATTEMPT} (1, 1, 1, 's', 'p', 'o', '', '2026', '2026', 'rejected', 'c9')",
    "one_open_attempt": f"{_ATTEMPT} (6, 2, 1, 's', 'p', 'o', '', '2026', NULL, NULL, NULL)",
    "asked_has_time": f"{_TIME} (2, 1, 3, 'p', NULL, 1)",
    "one_time_per_row": f"{_TIME} (2, 1, 2, 'p', NULL, 0)",
    "one_row_per_millisecond": f"{_TIME} (2, 1, 3, 'p', '2026', 0)",
    "delay_of_attempt": "INSERT INTO delay (row_id, attempt, run_id, until) VALUES (1, 9, 1, '2027')",
    "one_attempt_per_millisecond": "INSERT INTO delay (row_id, attempt, run_id, until) VALUES (3, 1, 1, '2026')",
    "legal_move": "INSERT INTO event (id, row_id, attempt, at, owner, from_state, to_state) "
    "VALUES (9, 1, 1, '2026', 'o', 'pending', 'created')",
    "event_no_update": "UPDATE event SET why = 'x'",
    "event_no_delete": "DELETE FROM event",
    "outcome_final": f"{_OUTCOME} 4, 1, 1, 1, '2026', 'ringing', '2026', '2026', NULL)",
    "outcome_looked_for": f"{_OUTCOME} 4, 1, 1, 1, '2026', 'ringing', NULL, NULL, NULL)",
    "outcome_again": f"{_OUTCOME} 4, 1, 1, 1, '2026', 'ringing', NULL, '2026', '2026')",
    "one_outcome_per_attempt": f"{_OUTCOME} 3, 1, 1, 1, '2026', 'busy', '2026', NULL, NULL)",
    "outcome_of_attempt": f"{_OUTCOME} 1, 9, 1, 1, '2026', 'busy', '2026', NULL, NULL)",
    "outcome_stays": "UPDATE call_outcome SET ended_as = 'busy' WHERE call_id = 'c2'",
    "outcome_no_delete": "DELETE FROM call_outcome",
    "suppression_digest": f"{_LISTED} 'short', '0102', '', NULL, NULL)",
    "suppression_keeps_no_number": f"{_LISTED} '{_B}', '50102', '', NULL, NULL)",
    "suppression_reason": f"{_LISTED} '{_B}', '0102', '{'x' * 201}', NULL, NULL)",
    "suppression_removed": f"{_LISTED} '{_B}', '0102', '', '2026', NULL)",
    "one_suppression_per_number": f"{_LISTED} '{_A}', '0101', '', NULL, NULL)",
    "suppression_only_removed": "UPDATE suppression SET reason = 'x'",
    "suppression_no_delete": "DELETE FROM suppression",
    "one_home": "INSERT INTO home (id, ledger_id, file, path, since) VALUES (2, 'l', 'f', 'p', 's')",
    "one_suppression_key": "INSERT INTO suppression_key (id, fingerprint) VALUES (2, 'g')",
    "account_share": "UPDATE account_pace SET share = 0",
    "schedule_cron_or_at": "UPDATE schedule SET at = '2026'",
    "schedule_grace": "UPDATE schedule SET grace_seconds = 0",
    "one_schedule_per_name": "INSERT INTO schedule (id, name, timezone, cron, sheet, template, service, answers, "
    "results_folder, grace_seconds, created_at) VALUES (9, 'daily', 'UTC', '*', 'x', 't', 's', '', '', 60, '2026')",
    "firing_state": f"{_FIRING} '2026-9', 'odd', '2026', NULL, NULL, 'why')",
    "firing_ended": f"{_FIRING} '2026-9', 'missed', NULL, NULL, NULL, 'why')",
    "firing_ended_says_how": f"{_FIRING} '2026-9', 'missed', '2026', NULL, 0, 'why')",
    "firing_run": f"{_FIRING} '2026-9', 'abandoned', '2026', NULL, NULL, 'why')",
    "firing_says_why": f"{_FIRING} '2026-9', 'missed', '2026', NULL, NULL, NULL)",
    "one_firing_per_instant": f"{_FIRING} '2026-2', 'missed', '2026', NULL, NULL, 'why')",
    "one_open_firing": f"{_FIRING} '2026-9', 'firing', NULL, NULL, NULL, NULL)",
    "firing_is_kept": "UPDATE firing SET why = 'x' WHERE id = 2",
    "firing_no_delete": "DELETE FROM firing",
    "draft_kind": f"{_DRAFT} 'odd', 'ready', 1, '{{}}', NULL, NULL)",
    "draft_state": f"{_DRAFT} 'rerun', 'odd', 1, NULL, NULL, NULL)",
    "draft_counts": "UPDATE draft SET revision = -1",
    "draft_view": f"{_DRAFT} 'rerun', 'ready', 1, NULL, NULL, NULL)",
    "draft_published": "UPDATE draft SET published_as = 'december' WHERE id = 1",
    "draft_run": f"{_DRAFT} 'rerun', 'ready', NULL, '{{}}', NULL, NULL)",
    "draft_round": f"{_DRAFT} 'rerun', 'published', 1, NULL, 'december', NULL)",
    "draft_loading": f"{_DRAFT} 'rerun', 'loading', 1, NULL, NULL, NULL)",
    "one_draft_per_sheet_run": f"{_DRAFT} 'sheet', 'ready', 1, '{{}}', NULL, NULL)",
    "draft_row_corrected": "UPDATE draft_row SET phone = '+12025550101'",
    "draft_row_skipped": "UPDATE draft_row SET reason = 'x'",
    "draft_row_use": "UPDATE draft_row SET reason = 'x', skip_reason = 'x', phone = 'x', contact = 'x', cells = 'x', "
    "columns = 'x'",
    "one_upload_per_token": f"{_UPLOAD} 'u1', 'u9', 'x', 1, '{_B}')",
    "one_upload_per_file": f"{_UPLOAD} 'u9', 'u1.csv', 'x', 1, '{_B}')",
    "upload_counts": "UPDATE upload SET size = 0",
    "upload_name": f"UPDATE upload SET name = '{'x' * 201}'",  # noqa: S608 - words from here
    "upload_sha256": "UPDATE upload SET sha256 = ''",
    "upload_removed": "UPDATE upload SET removed_at = '2026', settings = '{\"cells\"}'",
    "web_user_role": f"{_USER} 'bob', 'owner', 'h')",
    "web_user_removed": "UPDATE web_user SET removed_at = '2026'",
    "one_user_per_name": f"{_USER} 'ada', 'viewer', 'h')",
    "web_session_hash": f"{_SESSION} 'plain', '2026', '2027')",
    "web_session_ends": f"{_SESSION} '{_B}', '2027', '2027')",
    "api_token_role": f"{_TOKEN} 'zap', 'owner', '{_B}')",
    "api_token_hash": f"{_TOKEN} 'zap', 'viewer', 'cmp_plain')",
    "one_token_per_hash": f"{_TOKEN} 'zap', 'viewer', '{_A}')",
    "one_token_per_name": f"{_TOKEN} 'n8n', 'viewer', '{_B}')",
    "act_what": f"{_ACT} 'Launch', '', '')",
    "act_length": f"{_ACT} 'launch', '', '{'x' * 1001}')",
    "act_no_update": "UPDATE act SET who = 'bob'",
    "act_no_delete": "DELETE FROM act",
    "one_request_per_key": "INSERT INTO idempotency_key (id, who, key, fingerprint, owner, created_at) "
    "VALUES (9, 'n8n', 'k', 'g', 'o', '2027')",
    "key_answered": "UPDATE idempotency_key SET status = 201",
    "dial_order_wanted": "UPDATE dial_order SET wanted = 'pause'",
    "dial_order_revision": "UPDATE dial_order SET revision = 0",
    "one_worker_per_owner": "INSERT INTO worker (id, name, owner, version, started_at, seen_at, beats) "
    "VALUES (9, 'rack-2', 'o', '1', '2026', '2026', 1)",
    "worker_ended": "UPDATE worker SET ended_at = '2026' WHERE id = 1",
    "worker_beats": "UPDATE worker SET beats = 0 WHERE id = 1",
    "worker_stays_ended": "UPDATE worker SET seen_at = '2027' WHERE id = 2",
    "worker_no_delete": "DELETE FROM worker",
    "run_control_wanted": "UPDATE run_control SET wanted = 'pause'",
    "run_control_says_why": "UPDATE run_control SET wanted = 'stop', why = 'x'",
    "run_control_counts": "UPDATE run_control SET parts = 0",
}


FURTHER_BREACHES: Sequence[tuple[str, str]] = (
    ("draft_view", "UPDATE draft SET state = 'published', published_as = 'december' WHERE id = 1"),
    ("draft_round", "UPDATE draft SET round = 1 WHERE id = 2"),
    ("draft_row_corrected", "UPDATE draft_row SET columns = '[]'"),
    ("skip_reason_of_skipped", "UPDATE sheet_row SET state = 'skipped', skip_reason = '' WHERE id = 1"),
    ("skip_reason_of_skipped", "UPDATE sheet_row SET state = 'skipped', skip_reason = 'Duplicate' WHERE id = 1"),
    ("outcome_stays", "UPDATE call_outcome SET call_id = 'c9' WHERE call_id = 'c3'"),
    ("outcome_stays", "UPDATE call_outcome SET attempt = 2 WHERE call_id = 'c3'"),
    (
        "outcome_stays",
        "UPDATE call_outcome SET status = 'ringing', final_since = NULL, look_at = '2027' WHERE call_id = 'c3'",
    ),
    ("outcome_stays", "UPDATE call_outcome SET ended_as = NULL WHERE call_id = 'c2'"),
    ("event_no_update", "UPDATE event SET at = at"),
    ("suppression_only_removed", "UPDATE suppression SET reason = reason WHERE id = 1"),
    ("suppression_only_removed", "UPDATE suppression SET removed_at = '2028', removed_reason = '' WHERE id = 2"),
    ("suppression_only_removed", "UPDATE suppression SET removed_at = NULL, removed_reason = NULL WHERE id = 2"),
    (
        "suppression_only_removed",
        "UPDATE suppression SET last_digits = '9', removed_at = '2027', removed_reason = '' WHERE id = 1",
    ),
    ("firing_is_kept", "UPDATE firing SET instant = '2026-7' WHERE id = 1"),
    ("firing_is_kept", "UPDATE firing SET schedule_id = 2, state = state WHERE id = 1"),
    ("firing_is_kept", "UPDATE firing SET run_id = NULL WHERE id = 3"),
    ("upload_removed", "UPDATE upload SET removed_at = '2026', failure = 'cell B2'"),
    ("upload_counts", "UPDATE upload SET revision = -1"),
    ("web_user_removed", "UPDATE web_user SET password_hash = NULL"),
    ("act_what", f"{_ACT} '', '', '')"),
    ("key_answered", "UPDATE idempotency_key SET answer = '{}'"),
    ("worker_stays_ended", "UPDATE worker SET ended_at = NULL, ended_by = NULL WHERE id = 2"),
    ("worker_stays_ended", "UPDATE worker SET owner = 'q' WHERE id = 1"),
    ("run_control_says_why", "UPDATE run_control SET wanted = 'stop', code = 5"),
    ("run_control_says_why", "UPDATE run_control SET why = 'x'"),
    ("run_control_counts", "UPDATE run_control SET revision = 0"),
)
"""The other ways to break a rule that has several."""


def named_rules() -> set[str]:
    """The names of all rules that the tables and the triggers hold."""
    kinds = (CheckConstraint, UniqueConstraint, ForeignKeyConstraint)
    constraints = {
        str(one.name)
        for table in metadata.tables.values()
        for one in (*table.constraints, *(rule for column in table.columns for rule in column.constraints))
        if isinstance(one, kinds) and one.name
    }
    indexes = {str(one.name) for table in metadata.tables.values() for one in table.indexes if one.unique}
    return constraints | indexes | set(TRIGGERS)
