-- From schema 4 to schema 5. What skips a row is a code of `SkipReason`; the file does not repeat the list of them, so that
-- a new one needs no step. The CHECK is exchanged in the text of the schema, as a new ledger and as the step before wrote
-- it: the table is not copied, however long it is.
PRAGMA writable_schema=ON;
UPDATE sqlite_schema SET sql = replace(replace(sql,
'CONSTRAINT skip_reason_known CHECK (skip_reason IS NULL OR (state = ''skipped''
    AND skip_reason IN (''duplicate'', ''no_consent'', ''own_number'', ''suppressed'', ''called_recently'', ''called_before'',
        ''changed'', ''over_day_limit'', ''superseded'', ''called_elsewhere'', ''erased'')))',
'CONSTRAINT skip_reason_of_skipped
        CHECK (skip_reason IS NULL OR (state = ''skipped'' AND skip_reason = lower(skip_reason) AND skip_reason <> ''''))'),
'CONSTRAINT skip_reason_known CHECK (skip_reason IS NULL OR (state = ''skipped''
        AND skip_reason IN (''duplicate'', ''no_consent'', ''own_number'', ''suppressed'', ''called_recently'', ''called_before'',
            ''changed'', ''over_day_limit'', ''superseded'', ''called_elsewhere'', ''erased'')))',
'CONSTRAINT skip_reason_of_skipped
        CHECK (skip_reason IS NULL OR (state = ''skipped'' AND skip_reason = lower(skip_reason) AND skip_reason <> ''''))')
WHERE type = 'table' AND name = 'sheet_row';
PRAGMA writable_schema=RESET;

-- What was taken for certain may turn out not to be: an answer that is another call's, a refusal by a box on the way, a
-- second call in AICaller's list. Such a row is unknown then, which never leads to a call by itself.
INSERT INTO transition (from_state, to_state) VALUES ('created', 'unknown'), ('rejected', 'unknown');
DROP TRIGGER created_row_leaves_by_its_outcome;
CREATE TRIGGER created_row_leaves_by_its_outcome BEFORE UPDATE OF state ON sheet_row
WHEN OLD.state = 'created' AND NEW.state NOT IN ('created', 'unknown') AND NOT EXISTS (
SELECT 1 FROM call_outcome AS o WHERE o.call_id = OLD.call_id AND o.row_id = OLD.id
AND o.final_since IS NOT NULL AND (
(o.status_code IS NULL AND o.status IN ('busy', 'noAnswer', 'cancelled', 'canceled'))
OR (o.status_code IN ('VOICEMAIL_DETECTED', 'IVR_DETECTED', 'CALL_LATER') AND o.status <> 'failed')))
BEGIN SELECT RAISE(ABORT, 'a row cannot move so: what became of its call leaves no room for another'); END;
-- Numbers that ring the same line in two spellings are one person: the line of each attempt, computed from its number, so
-- that no row has to be rewritten, and an attempt that an older version writes meanwhile has its line as well.
ALTER TABLE attempt ADD COLUMN line TEXT GENERATED ALWAYS AS (CASE
        WHEN length(phone) = 14 AND substr(phone, 1, 5) IN ('+5491', '+5492', '+5493') THEN '+54' || substr(phone, 5)
        WHEN length(phone) = 14 AND substr(phone, 1, 5) IN ('+5212', '+5213', '+5214', '+5215', '+5216', '+5217', '+5218', '+5219') THEN '+52' || substr(phone, 5)
        WHEN length(phone) = 12 AND substr(phone, 1, 6) IN ('+24102', '+24103', '+24104', '+24105', '+24106', '+24107') THEN '+241' || substr(phone, 6)
        WHEN length(phone) = 13 AND substr(phone, 1, 7) IN ('+390549') THEN '+378' || substr(phone, 4)
        WHEN length(phone) = 14 AND substr(phone, 1, 6) IN ('+35348') THEN '+4428' || substr(phone, 7)
        WHEN length(phone) = 13 AND substr(phone, 1, 6) IN ('+97256', '+97259') THEN '+970' || substr(phone, 5)
        WHEN length(phone) = 12 AND substr(phone, 1, 6) IN ('+33263', '+33269') THEN '+262' || substr(phone, 4)
        WHEN length(phone) = 12 AND substr(phone, 1, 7) IN ('+332688', '+332689') THEN '+262' || substr(phone, 4)
        WHEN length(phone) = 12 AND substr(phone, 1, 7) IN ('+335987') THEN '+590' || substr(phone, 4)
        WHEN length(phone) = 12 AND substr(phone, 1, 7) IN ('+335988') THEN '+594' || substr(phone, 4)
        WHEN length(phone) = 12 AND substr(phone, 1, 6) IN ('+33596') THEN '+596' || substr(phone, 4)
        WHEN length(phone) = 12 AND substr(phone, 1, 7) IN ('+335989') THEN '+596' || substr(phone, 4)
        ELSE phone END);
-- What was said, as a keyed hash: a run refuses to say it a second time beside another one. Not known of older attempts.
ALTER TABLE attempt ADD COLUMN said TEXT;
DROP INDEX attempt_by_number;
CREATE INDEX attempt_by_line ON attempt (service, line, claimed_at);
-- Whether --again was said for the run. Of an older run it is not known, and the stricter rule holds.
ALTER TABLE run ADD COLUMN again INTEGER DEFAULT '0' NOT NULL CONSTRAINT run_again CHECK (again IN (0, 1));
-- Which file this ledger was when it was last gone on with: a copy has the same row, and is another file.
CREATE TABLE home (
    id INTEGER NOT NULL,
    ledger_id TEXT NOT NULL,
    file TEXT NOT NULL,
    path TEXT NOT NULL,
    since TEXT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT one_home CHECK (id = 1)
);
-- AICaller's clock beside ours, at the start of each dialling and whenever that changed: ahead_seconds is 0 when both may be
-- right, NULL when nothing was known.
CREATE TABLE clock_reading (
    id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    at TEXT NOT NULL,
    ahead_seconds INTEGER,
    trusted INTEGER NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(run_id) REFERENCES run (id)
);
CREATE INDEX clock_reading_by_run ON clock_reading (run_id, at);

-- Rows in the order of the sheet, and those of reruns, without a sort.
CREATE INDEX row_in_order ON sheet_row (run_id, id);
CREATE INDEX row_of_rerun ON sheet_row (run_id, id) WHERE round > 0;

-- Which calls are still to be looked at, without a walk over all of them.
ALTER TABLE attempt ADD COLUMN polled INTEGER;
UPDATE attempt SET polled = 1 WHERE (row_id, number) IN (SELECT row_id, attempt FROM call_outcome);
CREATE INDEX attempt_to_poll ON attempt (run_id, claimed_at) WHERE call_id IS NOT NULL AND polled IS NULL;
CREATE INDEX outcome_to_poll ON call_outcome (run_id, look_at) WHERE look_at IS NOT NULL;
CREATE TRIGGER call_is_polled AFTER INSERT ON call_outcome
BEGIN UPDATE attempt SET polled = 1 WHERE row_id = NEW.row_id AND number = NEW.attempt; END;

-- How many rows of a run stand where: at hand, however long the run is. skip_reason is '' but for skipped rows with a
-- code. The rows of a published run change by moves alone; a run that is being loaded is counted once it is published.
-- A dialled call moves twice: what only skips need is a trigger of its own.
CREATE TABLE row_count (
    run_id INTEGER NOT NULL,
    state TEXT NOT NULL,
    skip_reason TEXT NOT NULL,
    rows INTEGER NOT NULL,
    PRIMARY KEY (run_id, state, skip_reason),
    CONSTRAINT row_count_of_rows CHECK (rows >= 0),
    FOREIGN KEY(run_id) REFERENCES run (id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE TRIGGER run_is_counted AFTER UPDATE OF state ON run WHEN NEW.state = 'ready' AND OLD.state <> 'ready'
BEGIN
    DELETE FROM row_count WHERE run_id = NEW.id;
    INSERT INTO row_count (run_id, state, skip_reason, rows) VALUES
        (NEW.id, 'pending', '', 0), (NEW.id, 'sending', '', 0), (NEW.id, 'retry_wait', '', 0), (NEW.id, 'created', '', 0),
        (NEW.id, 'rejected', '', 0), (NEW.id, 'unknown', '', 0), (NEW.id, 'invalid', '', 0), (NEW.id, 'skipped', '', 0);
    INSERT INTO row_count (run_id, state, skip_reason, rows)
    SELECT NEW.id, state, ifnull(skip_reason, ''), count(*) FROM sheet_row WHERE run_id = NEW.id GROUP BY 2, 3
    ON CONFLICT DO UPDATE SET rows = excluded.rows;
END;
CREATE TRIGGER code_is_counted BEFORE UPDATE OF skip_reason ON sheet_row WHEN NEW.skip_reason IS NOT NULL
BEGIN
    INSERT INTO row_count (run_id, state, skip_reason, rows)
    SELECT run_id, state, NEW.skip_reason, 0 FROM row_count
    WHERE run_id = NEW.run_id AND state = 'skipped' AND skip_reason = ''
    ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER move_is_counted AFTER UPDATE OF state, skip_reason ON sheet_row
WHEN NEW.state <> OLD.state OR NEW.skip_reason IS NOT OLD.skip_reason
BEGIN
    UPDATE row_count SET rows = rows - 1
    WHERE run_id = OLD.run_id AND state = OLD.state AND skip_reason = ifnull(OLD.skip_reason, '');
    UPDATE row_count SET rows = rows + 1
    WHERE run_id = NEW.run_id AND state = NEW.state AND skip_reason = ifnull(NEW.skip_reason, '');
END;
INSERT INTO row_count (run_id, state, skip_reason, rows)
SELECT run.id, states.state, '', 0 FROM run, (SELECT DISTINCT from_state AS state FROM transition
    UNION SELECT to_state FROM transition UNION SELECT 'invalid') AS states
WHERE run.state = 'ready';
INSERT INTO row_count (run_id, state, skip_reason, rows)
SELECT run_id, sheet_row.state, ifnull(skip_reason, ''), count(*) FROM sheet_row JOIN run ON run.id = run_id
WHERE run.state = 'ready' GROUP BY 1, 2, 3
ON CONFLICT DO UPDATE SET rows = excluded.rows;

-- The rate that a server was found to take, which all runs of an account share.
ALTER TABLE account_pace ADD COLUMN found TEXT DEFAULT '' NOT NULL;

-- What a stand-in made up keeps nobody from a real call.
DROP TRIGGER suppression_no_delete;
DROP TRIGGER suppression_only_removed;
DROP INDEX one_suppression_per_number;
ALTER TABLE suppression RENAME TO suppression_before;
CREATE TABLE suppression (
    id INTEGER NOT NULL,
    digest TEXT NOT NULL,
    last_digits TEXT NOT NULL,
    added_at TEXT NOT NULL,
    reason TEXT NOT NULL,
    source TEXT NOT NULL,
    service TEXT NOT NULL,
    removed_at TEXT,
    removed_reason TEXT,
    PRIMARY KEY (id),
    CONSTRAINT suppression_digest CHECK (length(digest) = 64),
    CONSTRAINT suppression_keeps_no_number CHECK (length(last_digits) <= 4),
    CONSTRAINT suppression_reason CHECK (length(reason) <= 200
        AND (removed_reason IS NULL OR length(removed_reason) <= 200)),
    CONSTRAINT suppression_removed CHECK ((removed_at IS NULL) = (removed_reason IS NULL))
);
INSERT INTO suppression (id, digest, last_digits, added_at, reason, source, service, removed_at, removed_reason)
SELECT id, digest, last_digits, added_at, reason, source, '', removed_at, removed_reason FROM suppression_before;
DROP TABLE suppression_before;
CREATE UNIQUE INDEX one_suppression_per_number ON suppression (digest, service) WHERE removed_at IS NULL;
CREATE TRIGGER suppression_no_delete BEFORE DELETE ON suppression
BEGIN SELECT RAISE(ABORT, 'an entry of the suppression list can only be removed, and once'); END;
CREATE TRIGGER suppression_only_removed BEFORE UPDATE ON suppression
WHEN OLD.removed_at IS NOT NULL OR NEW.removed_at IS NULL
OR (NEW.id, NEW.digest, NEW.last_digits, NEW.added_at, NEW.reason, NEW.source, NEW.service)
<> (OLD.id, OLD.digest, OLD.last_digits, OLD.added_at, OLD.reason, OLD.source, OLD.service)
BEGIN SELECT RAISE(ABORT, 'an entry of the suppression list can only be removed, and once'); END;
