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
