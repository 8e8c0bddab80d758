-- From schema 3 to schema 4. Only additions, so that a run of the older version that goes on in another process is not
-- disturbed: what it skips meanwhile has a text, and no code.

ALTER TABLE sheet_row ADD COLUMN skip_reason TEXT CONSTRAINT skip_reason_known CHECK (skip_reason IS NULL OR (state = 'skipped'
    AND skip_reason IN ('duplicate', 'no_consent', 'own_number', 'suppressed', 'called_recently', 'called_before',
        'changed', 'over_day_limit', 'superseded', 'called_elsewhere', 'erased')));

-- Texts of all earlier versions, and what is left of them where people were erased. What is none of these has no code.
UPDATE sheet_row SET skip_reason = CASE
    WHEN reason LIKE 'duplicate of row%' THEN 'duplicate'
    WHEN reason LIKE 'no consent%' THEN 'no_consent'
    WHEN reason = 'our own number' THEN 'own_number'
    WHEN reason LIKE 'on the suppression list%' THEN 'suppressed'
    WHEN reason LIKE 'called with the same words%' THEN 'called_elsewhere'
    WHEN reason LIKE 'called recently: % by a call that this ledger does not know:%' THEN 'called_elsewhere'
    WHEN reason LIKE 'called lately: % by a call that this ledger does not know:%' THEN 'called_elsewhere'
    WHEN reason LIKE 'done already: % by a call that this ledger does not know:%' THEN 'called_elsewhere'
    WHEN reason LIKE 'called recently%' OR reason LIKE 'called lately%' THEN 'called_recently'
    WHEN reason LIKE 'done already%' THEN 'called_before'
    WHEN reason LIKE 'changed since it was called%' THEN 'changed'
    WHEN reason LIKE 'called % within 24 hours%' THEN 'over_day_limit'
    WHEN reason LIKE 'called since%' THEN 'superseded'
    WHEN reason LIKE 'forgotten before it was called%' THEN 'erased'
END
WHERE state = 'skipped';
