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

-- What was loaded, and is not published yet. Of a sheet run_id is the loading run of its rows; of a rerun it is the run
-- whose rows are called again. What is known of its people is gone as soon as nobody has to look at it.
CREATE TABLE draft (
    id INTEGER NOT NULL,
    token TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    revision INTEGER DEFAULT '0' NOT NULL,
    run_id INTEGER,
    owner TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    progress INTEGER DEFAULT '0' NOT NULL,
    source TEXT NOT NULL,
    "view" TEXT,
    answers TEXT NOT NULL,
    published_as TEXT,
    round INTEGER,
    PRIMARY KEY (id),
    CONSTRAINT draft_kind CHECK (kind IN ('sheet', 'rerun')),
    CONSTRAINT draft_state CHECK (state IN ('loading', 'ready', 'published', 'expired')),
    CONSTRAINT draft_counts CHECK (revision >= 0 AND progress >= 0),
    CONSTRAINT draft_view CHECK ((state = 'ready') = ("view" IS NOT NULL)),
    CONSTRAINT draft_published CHECK ((state = 'published') = (published_as IS NOT NULL)),
    CONSTRAINT draft_run CHECK ((state = 'expired') = (run_id IS NULL)),
    CONSTRAINT draft_round CHECK ((state = 'published' AND kind = 'rerun') = (round IS NOT NULL)),
    CONSTRAINT draft_loading CHECK (kind = 'sheet' OR state <> 'loading'),
    UNIQUE (token),
    FOREIGN KEY(run_id) REFERENCES run (id)
);
CREATE INDEX draft_by_run ON draft (run_id);
CREATE INDEX draft_by_state ON draft (state, expires_at);
CREATE UNIQUE INDEX one_draft_per_sheet_run ON draft (run_id) WHERE kind = 'sheet';

-- Of a sheet: rows that are skipped if a person says so. Of a rerun: all of its rows, and what corrected ones say then.
CREATE TABLE draft_row (
    draft_id INTEGER NOT NULL,
    row_id INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    reason TEXT,
    skip_reason TEXT,
    phone TEXT,
    contact TEXT,
    cells TEXT,
    columns TEXT,
    PRIMARY KEY (draft_id, row_id),
    CONSTRAINT draft_row_corrected CHECK ((phone IS NULL) = (contact IS NULL) AND (phone IS NULL) = (cells IS NULL)
        AND (phone IS NULL) = (columns IS NULL)),
    CONSTRAINT draft_row_use CHECK (reason IS NULL OR phone IS NULL),
    CONSTRAINT draft_row_skipped CHECK ((reason IS NULL) = (skip_reason IS NULL)),
    FOREIGN KEY(draft_id) REFERENCES draft (id),
    FOREIGN KEY(row_id) REFERENCES sheet_row (id)
);
CREATE INDEX draft_row_by_row ON draft_row (row_id);
