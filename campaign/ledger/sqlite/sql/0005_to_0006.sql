-- From schema 5 to schema 6: what a page and an API need beside the runs. No table of schema 5 is changed.

-- Sheets that people uploaded, each in a file of our own naming. Of one that is removed only the token is left, and which
-- draft its sheet was loaded into; the file's name and hash stay until its run is forgotten.
CREATE TABLE upload (
    id INTEGER NOT NULL,
    token TEXT NOT NULL,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    file TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    settings TEXT NOT NULL,
    revision INTEGER DEFAULT '0' NOT NULL,
    draft_token TEXT,
    failure TEXT,
    removed_at TEXT,
    PRIMARY KEY (id),
    CONSTRAINT one_upload_per_token UNIQUE (token),
    CONSTRAINT one_upload_per_file UNIQUE (file),
    CONSTRAINT upload_counts CHECK (size > 0 AND revision >= 0),
    CONSTRAINT upload_name CHECK (length(name) <= 200),
    CONSTRAINT upload_sha256 CHECK (length(sha256) = 64 OR (removed_at IS NOT NULL AND sha256 = '')),
    CONSTRAINT upload_removed CHECK (removed_at IS NULL OR (settings = '{}' AND failure IS NULL))
);
CREATE INDEX upload_by_draft ON upload (draft_token);
CREATE INDEX upload_to_expire ON upload (expires_at) WHERE removed_at IS NULL;

-- Who may use the page. A name is one user's until they are removed; their password's hash goes with them.
CREATE TABLE web_user (
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    password_hash TEXT,
    created_at TEXT NOT NULL,
    removed_at TEXT,
    PRIMARY KEY (id),
    CONSTRAINT web_user_role CHECK (role IN ('operator', 'viewer')),
    CONSTRAINT web_user_removed CHECK ((removed_at IS NULL) = (password_hash IS NOT NULL))
);
CREATE UNIQUE INDEX one_user_per_name ON web_user (name) WHERE removed_at IS NULL;

-- Who is signed in. The secret itself is in the browser alone.
CREATE TABLE web_session (
    id_hash TEXT NOT NULL,
    user_id INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    PRIMARY KEY (id_hash),
    CONSTRAINT web_session_hash CHECK (length(id_hash) = 64),
    CONSTRAINT web_session_ends CHECK (created_at < expires_at),
    FOREIGN KEY(user_id) REFERENCES web_user (id)
);
CREATE INDEX web_session_by_end ON web_session (expires_at);
CREATE INDEX web_session_by_user ON web_session (user_id);

-- What lets programs in, as hashes.
CREATE TABLE api_token (
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    used_at TEXT,
    revoked_at TEXT,
    PRIMARY KEY (id),
    CONSTRAINT one_token_per_hash UNIQUE (token_hash),
    CONSTRAINT api_token_role CHECK (role IN ('operator', 'viewer')),
    CONSTRAINT api_token_hash CHECK (length(token_hash) = 64)
);
CREATE UNIQUE INDEX one_token_per_name ON api_token (name) WHERE revoked_at IS NULL;

-- Who did what to what, on the page or through the API.
CREATE TABLE act (
    id INTEGER NOT NULL,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    target TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT act_what CHECK (what = lower(what) AND what <> ''),
    CONSTRAINT act_length CHECK (length(target) <= 200 AND length(detail) <= 1000)
);
CREATE TRIGGER act_no_update BEFORE UPDATE ON act
BEGIN SELECT RAISE(ABORT, 'the record of acts is append-only'); END;
CREATE TRIGGER act_no_delete BEFORE DELETE ON act
BEGIN SELECT RAISE(ABORT, 'the record of acts is append-only'); END;

-- Requests that name themselves, so that one that is sent again does nothing twice. What became of draft_token became of
-- the request, also where its process ended before the answer.
CREATE TABLE idempotency_key (
    id INTEGER NOT NULL,
    who TEXT NOT NULL,
    "key" TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    owner TEXT NOT NULL,
    draft_token TEXT,
    run TEXT,
    status INTEGER,
    answer TEXT,
    created_at TEXT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT one_request_per_key UNIQUE (who, "key"),
    CONSTRAINT key_answered CHECK ((status IS NULL) = (answer IS NULL))
);

-- Which runs a server was told to dial, and with what: it goes on with them after a restart.
CREATE TABLE dial_order (
    run_id INTEGER NOT NULL,
    wanted TEXT NOT NULL,
    options TEXT NOT NULL,
    ordered_by TEXT NOT NULL,
    ordered_at TEXT NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (run_id),
    CONSTRAINT dial_order_wanted CHECK (wanted IN ('go', 'stop')),
    CONSTRAINT dial_order_revision CHECK (revision > 0),
    FOREIGN KEY(run_id) REFERENCES run (id)
);
CREATE INDEX dial_order_to_go ON dial_order (run_id) WHERE wanted = 'go';
