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
    INSERT INTO row_count (run_id, state, skip_reason, rows) VALUES
        (NEW.id, 'pending', '', 0), (NEW.id, 'sending', '', 0), (NEW.id, 'retry_wait', '', 0), (NEW.id, 'created', '', 0),
        (NEW.id, 'rejected', '', 0), (NEW.id, 'unknown', '', 0), (NEW.id, 'invalid', '', 0), (NEW.id, 'skipped', '', 0)
    ON CONFLICT DO UPDATE SET rows = 0;
    INSERT INTO row_count (run_id, state, skip_reason, rows)
    SELECT NEW.id, state, ifnull(skip_reason, ''), count(*) FROM sheet_row WHERE run_id = NEW.id GROUP BY 2, 3
    ON CONFLICT DO UPDATE SET rows = excluded.rows;
END;
CREATE TRIGGER move_is_counted AFTER UPDATE OF state, skip_reason ON sheet_row
WHEN NEW.state <> OLD.state OR NEW.skip_reason IS NOT OLD.skip_reason
BEGIN
    INSERT INTO row_count (run_id, state, skip_reason, rows)
    SELECT run_id, state, NEW.skip_reason, 0 FROM row_count
    WHERE NEW.skip_reason IS NOT NULL AND run_id = NEW.run_id AND state = 'skipped' AND skip_reason = ''
    ON CONFLICT DO NOTHING;
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
