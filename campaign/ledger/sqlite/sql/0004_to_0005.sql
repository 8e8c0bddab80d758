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
