-- From schema 1 to schema 2. Published: never edited again. Only additions, so that a run of the older version that
-- goes on in another process is not disturbed.

CREATE TABLE suppression (
    id INTEGER NOT NULL,
    digest TEXT NOT NULL,
    last_digits TEXT NOT NULL,
    added_at TEXT NOT NULL,
    reason TEXT NOT NULL,
    source TEXT NOT NULL,
    removed_at TEXT,
    removed_reason TEXT,
    PRIMARY KEY (id),
    CONSTRAINT suppression_digest CHECK (length(digest) = 64),
    CONSTRAINT suppression_keeps_no_number CHECK (length(last_digits) <= 4),
    CONSTRAINT suppression_reason CHECK (length(reason) <= 200
        AND (removed_reason IS NULL OR length(removed_reason) <= 200)),
    CONSTRAINT suppression_removed CHECK ((removed_at IS NULL) = (removed_reason IS NULL))
);

CREATE UNIQUE INDEX one_suppression_per_number ON suppression (digest) WHERE removed_at IS NULL;

CREATE TABLE suppression_key (
    id INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT one_suppression_key CHECK (id = 1)
);

CREATE TRIGGER suppression_no_delete BEFORE DELETE ON suppression
BEGIN SELECT RAISE(ABORT, 'an entry of the suppression list can only be removed, and once'); END;

CREATE TRIGGER suppression_only_removed BEFORE UPDATE ON suppression
WHEN OLD.removed_at IS NOT NULL OR NEW.removed_at IS NULL
OR (NEW.id, NEW.digest, NEW.last_digits, NEW.added_at, NEW.reason, NEW.source)
<> (OLD.id, OLD.digest, OLD.last_digits, OLD.added_at, OLD.reason, OLD.source)
BEGIN SELECT RAISE(ABORT, 'an entry of the suppression list can only be removed, and once'); END;
