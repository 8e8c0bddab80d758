-- The whole ledger of schema 7, for PostgreSQL. Every rule that SQL can hold is held here; `schema/tables.py` states the
-- same for the statements of this program, and a test ties the two.
--
--     run 1--* sheet_row 1--* attempt          what is true now
--                   |-------* event            how it came to be; append-only
--                   `-------* mending          what a row said before a person corrected it
--              sheet_row 1--? timetable        whose hours hold for the row, and when it is due, where that matters
--                attempt 1--? delay            the callDelayedUntil that was sent: no two of a run are alike
--                attempt 1--? call_outcome     what became of the call
--               schedule 1--* firing 1--? run  what is to be fired when, and what became of each instant
--                    run 1--* draft 1--* draft_row  what was loaded, and is not published yet
--                    run 1--* row_count        how many of its rows stand where
--                    run 1--? dial_order       which runs a server was told to dial
--                    run 1--? run_control      whether it is to be dialled: all who dial it obey
--                  draft ?--? upload           the sheet that somebody uploaded
--               web_user 1--* web_session      who may use the page; api_token, act, idempotency_key stand for themselves
--                 worker                   processes that hold runs, with their heartbeat: attempt.owner names one
--
-- Times are UTC text, `YYYY-MM-DDTHH:MM:SS.mmmZ`, so that they sort as they read. Text is compared byte by byte.

-- A rule that a trigger holds is refused as a constraint would be: class 23, under the trigger's own name.
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_ARGV[0], CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
END
$$;

CREATE FUNCTION refuse_illegal_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM transition WHERE from_state = OLD.state AND to_state = NEW.state) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'integrity_constraint_violation', MESSAGE = 'a row cannot move so',
            CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION refuse_without_outcome() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM call_outcome AS o WHERE o.call_id = OLD.call_id AND o.row_id = OLD.id
        AND o.final_since IS NOT NULL AND (
        (o.status_code IS NULL AND o.status IN ('busy', 'noAnswer', 'cancelled', 'canceled'))
        OR (o.status_code IN ('VOICEMAIL_DETECTED', 'IVR_DETECTED', 'CALL_LATER') AND o.status <> 'failed'))
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'integrity_constraint_violation',
            MESSAGE = 'a row cannot move so: what became of its call leaves no room for another',
            CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION count_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM row_count WHERE run_id = NEW.id;
    INSERT INTO row_count (run_id, state, skip_reason, rows)
    SELECT NEW.id, unnest(ARRAY['pending', 'sending', 'retry_wait', 'created', 'rejected', 'unknown', 'invalid',
        'skipped']), '', 0;
    INSERT INTO row_count (run_id, state, skip_reason, rows)
    SELECT NEW.id, s.state, coalesce(s.skip_reason, ''), count(*) FROM sheet_row AS s WHERE s.run_id = NEW.id
    GROUP BY 2, 3
    ON CONFLICT (run_id, state, skip_reason) DO UPDATE SET rows = excluded.rows;
    RETURN NULL;
END
$$;

CREATE FUNCTION count_codes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO row_count (run_id, state, skip_reason, rows)
    SELECT DISTINCT c.run_id, c.state, a.skip_reason, 0 FROM after AS a
    JOIN row_count AS c ON c.run_id = a.run_id AND c.state = 'skipped' AND c.skip_reason = ''
    WHERE a.skip_reason IS NOT NULL
    ON CONFLICT (run_id, state, skip_reason) DO NOTHING;
    RETURN NULL;
END
$$;

CREATE FUNCTION count_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE row_count AS c SET rows = c.rows + changed.by FROM (
        SELECT run_id, state, skip_reason, sum(by) AS by FROM (
            SELECT run_id, state, coalesce(skip_reason, '') AS skip_reason, 1 AS by FROM after
            UNION ALL SELECT run_id, state, coalesce(skip_reason, ''), -1 FROM before) AS moved
        GROUP BY run_id, state, skip_reason HAVING sum(by) <> 0) AS changed
    WHERE c.run_id = changed.run_id AND c.state = changed.state AND c.skip_reason = changed.skip_reason;
    RETURN NULL;
END
$$;

CREATE FUNCTION note_polled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE attempt SET polled = 1 WHERE row_id = NEW.row_id AND number = NEW.attempt;
    RETURN NULL;
END
$$;

-- A run is "loading" until all of its rows are in: a load that was cut off is never dialled.
CREATE TABLE run (
    id BIGSERIAL NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    service TEXT COLLATE "C" NOT NULL,
    template_fingerprint TEXT COLLATE "C" NOT NULL,
    content_fingerprint TEXT COLLATE "C" NOT NULL,
    sheet TEXT COLLATE "C" NOT NULL,
    header TEXT COLLATE "C" NOT NULL,
    plan TEXT COLLATE "C" NOT NULL,
    results_path TEXT COLLATE "C" NOT NULL,
    created_at TEXT COLLATE "C" NOT NULL,
    again INTEGER DEFAULT '0' NOT NULL CONSTRAINT run_again CHECK (again IN (0, 1)),
    PRIMARY KEY (id),
    CONSTRAINT run_state CHECK (state IN ('loading', 'ready')),
    UNIQUE (name)
);
CREATE INDEX run_by_content ON run (service, template_fingerprint, content_fingerprint);

-- The heart of the promise is one_row_per_number: within a run, one number is one row's, whatever becomes of it.
CREATE TABLE sheet_row (
    id BIGSERIAL NOT NULL,
    run_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    attempts INTEGER DEFAULT '0' NOT NULL,
    round INTEGER DEFAULT '0' NOT NULL,
    phone TEXT COLLATE "C",
    contact TEXT COLLATE "C",
    cells TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C",
    call_id TEXT COLLATE "C",
    submitted_at TEXT COLLATE "C",
    skip_reason TEXT COLLATE "C" CONSTRAINT skip_reason_of_skipped
        CHECK (skip_reason IS NULL OR (state = 'skipped' AND skip_reason = lower(skip_reason) AND skip_reason <> '')),
    PRIMARY KEY (id),
    CONSTRAINT row_by_content UNIQUE (run_id, key),
    CONSTRAINT row_state CHECK (state IN ('pending', 'sending', 'retry_wait', 'created',
        'rejected', 'unknown', 'invalid', 'skipped')),
    CONSTRAINT created_has_id CHECK ((state = 'created') = (call_id IS NOT NULL)),
    CONSTRAINT callable_has_phone
        CHECK (state IN ('invalid', 'skipped') OR (phone IS NOT NULL AND contact IS NOT NULL)),
    CONSTRAINT sending_has_attempt CHECK (state <> 'sending' OR attempts > 0),
    FOREIGN KEY(run_id) REFERENCES run (id)
);
CREATE UNIQUE INDEX one_row_per_number ON sheet_row (run_id, phone) WHERE state NOT IN ('invalid', 'skipped');
CREATE INDEX row_by_number ON sheet_row (run_id, number);
CREATE INDEX row_by_state ON sheet_row (run_id, state, id);
CREATE INDEX row_in_order ON sheet_row (run_id, id);
CREATE INDEX row_of_rerun ON sheet_row (run_id, id) WHERE round > 0;
CREATE TRIGGER row_moves_legally BEFORE UPDATE OF state ON sheet_row
    FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION refuse_illegal_move();

-- Two workers, two processes or two machines: one of them loses at one_open_attempt, before its first byte.
-- line: numbers that ring the same line in two spellings are one person; said: keyed hash of the call's words.
CREATE TABLE attempt (
    row_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    run_id BIGINT NOT NULL,
    service TEXT COLLATE "C" NOT NULL,
    phone TEXT COLLATE "C" NOT NULL,
    owner TEXT COLLATE "C" NOT NULL,
    body_sha256 TEXT COLLATE "C" NOT NULL,
    claimed_at TEXT COLLATE "C" NOT NULL,
    ended_at TEXT COLLATE "C",
    outcome TEXT COLLATE "C",
    status BIGINT,
    call_id TEXT COLLATE "C",
    evidence TEXT COLLATE "C",
    line TEXT COLLATE "C" GENERATED ALWAYS AS (CASE
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
        ELSE phone END) STORED,
    said TEXT COLLATE "C",
    polled INTEGER,
    PRIMARY KEY (row_id, number),
    CONSTRAINT attempt_number CHECK (number > 0),
    CONSTRAINT attempt_outcome CHECK (outcome IN ('created', 'rejected', 'not_sent', 'unknown')),
    CONSTRAINT attempt_ended CHECK ((outcome IS NULL) = (ended_at IS NULL)),
    CONSTRAINT attempt_id CHECK ((call_id IS NOT NULL) = (outcome IS NOT NULL AND outcome = 'created')),
    FOREIGN KEY(row_id) REFERENCES sheet_row (id),
    FOREIGN KEY(run_id) REFERENCES run (id),
    UNIQUE (call_id)
);
CREATE INDEX attempt_by_line ON attempt (service, line, claimed_at);
CREATE INDEX attempt_by_time ON attempt (run_id, claimed_at);
CREATE INDEX attempt_to_poll ON attempt (run_id, claimed_at) WHERE call_id IS NOT NULL AND polled IS NULL;
CREATE UNIQUE INDEX one_open_attempt ON attempt (row_id) WHERE outcome IS NULL;

-- How many rows of a run stand where: at hand, however long the run is. skip_reason is '' but for skipped rows with a
-- code. The rows of a published run change by moves alone; a run that is being loaded is counted once it is published.
CREATE TABLE row_count (
    run_id BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    skip_reason TEXT COLLATE "C" NOT NULL,
    rows INTEGER NOT NULL,
    PRIMARY KEY (run_id, state, skip_reason),
    CONSTRAINT row_count_of_rows CHECK (rows >= 0),
    FOREIGN KEY(run_id) REFERENCES run (id) ON DELETE CASCADE
);
CREATE TRIGGER run_is_counted AFTER UPDATE OF state ON run
    FOR EACH ROW WHEN (NEW.state = 'ready' AND OLD.state <> 'ready') EXECUTE FUNCTION count_run();
-- Once a statement, however many rows it moves: each change of a count leaves an old one behind. In the order of names.
CREATE TRIGGER code_is_counted AFTER UPDATE ON sheet_row
    REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION count_codes();
CREATE TRIGGER move_is_counted AFTER UPDATE ON sheet_row
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION count_moves();

-- asked = 1: the sheet itself asks for that time, and it is never planned anew.
CREATE TABLE timetable (
    row_id BIGINT NOT NULL,
    run_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
    due TEXT COLLATE "C",
    asked INTEGER NOT NULL,
    PRIMARY KEY (row_id),
    CONSTRAINT one_time_per_row UNIQUE (run_id, number),
    CONSTRAINT one_row_per_millisecond UNIQUE (run_id, due),
    CONSTRAINT asked_has_time CHECK (asked IN (0, 1) AND (asked = 0 OR due IS NOT NULL)),
    FOREIGN KEY(row_id) REFERENCES sheet_row (id),
    FOREIGN KEY(run_id) REFERENCES run (id)
);
CREATE INDEX timetable_by_place ON timetable (run_id, place, due, row_id);

-- The callDelayedUntil that was sent: it comes back in the API's lists, and tells there which attempt a call is.
CREATE TABLE delay (
    row_id BIGINT NOT NULL,
    attempt INTEGER NOT NULL,
    run_id BIGINT NOT NULL,
    until TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (row_id, attempt),
    CONSTRAINT delay_of_attempt FOREIGN KEY(row_id, attempt) REFERENCES attempt (row_id, number),
    CONSTRAINT one_attempt_per_millisecond UNIQUE (run_id, until),
    FOREIGN KEY(run_id) REFERENCES run (id)
);

-- Which moves are legal at all.
CREATE TABLE transition (
    from_state TEXT COLLATE "C" NOT NULL,
    to_state TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (from_state, to_state)
);
INSERT INTO transition (from_state, to_state) VALUES
    ('pending', 'sending'),
    ('retry_wait', 'sending'),
    ('pending', 'skipped'),
    ('retry_wait', 'skipped'),
    ('sending', 'created'),
    ('sending', 'rejected'),
    ('sending', 'unknown'),
    ('sending', 'retry_wait'),
    ('sending', 'pending'),
    ('retry_wait', 'pending'),
    ('rejected', 'pending'),
    ('unknown', 'created'),
    ('unknown', 'rejected'),
    ('unknown', 'pending'),
    ('created', 'pending'),
    ('created', 'unknown'),
    ('rejected', 'unknown');

-- An illegal move cannot be written down, and a move that is not written down is rolled back.
CREATE TABLE event (
    id BIGSERIAL NOT NULL,
    row_id BIGINT NOT NULL,
    attempt INTEGER NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    owner TEXT COLLATE "C" NOT NULL,
    from_state TEXT COLLATE "C" NOT NULL,
    to_state TEXT COLLATE "C" NOT NULL,
    why TEXT COLLATE "C",
    PRIMARY KEY (id),
    CONSTRAINT legal_move FOREIGN KEY(from_state, to_state) REFERENCES transition (from_state, to_state),
    FOREIGN KEY(row_id) REFERENCES sheet_row (id)
);
CREATE INDEX event_by_row ON event (row_id);
-- The one change that the history allows is what a forgotten run's events quote, by the session that says so beforehand.
CREATE TRIGGER event_no_update BEFORE UPDATE ON event
    FOR EACH ROW WHEN (current_setting('campaign.forgetting', true) IS DISTINCT FROM 'on'
        OR (NEW.id, NEW.row_id, NEW.attempt, NEW.at, NEW.owner, NEW.from_state, NEW.to_state)
        <> (OLD.id, OLD.row_id, OLD.attempt, OLD.at, OLD.owner, OLD.from_state, OLD.to_state))
    EXECUTE FUNCTION refuse('the history is append-only');
CREATE TRIGGER event_no_delete BEFORE DELETE OR TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('the history is append-only');

-- What a row said before a person corrected it.
CREATE TABLE mending (
    id BIGSERIAL NOT NULL,
    row_id BIGINT NOT NULL,
    attempt INTEGER NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    owner TEXT COLLATE "C" NOT NULL,
    columns TEXT COLLATE "C" NOT NULL,
    phone TEXT COLLATE "C" NOT NULL,
    contact TEXT COLLATE "C" NOT NULL,
    cells TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(row_id) REFERENCES sheet_row (id)
);
CREATE INDEX mending_by_row ON mending (row_id);

-- AICaller's clock beside ours, at the start of each dialling and whenever that changed: ahead_seconds is 0 when both may be
-- right, NULL when nothing was known.
CREATE TABLE clock_reading (
    id BIGSERIAL NOT NULL,
    run_id BIGINT NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    ahead_seconds BIGINT,
    trusted INTEGER NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(run_id) REFERENCES run (id)
);
CREATE INDEX clock_reading_by_run ON clock_reading (run_id, at);

-- Runs whose people were taken out: they can be shown, and never dialled again.
CREATE TABLE forgotten (
    run_id BIGINT NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    owner TEXT COLLATE "C" NOT NULL,
    rows INTEGER NOT NULL,
    PRIMARY KEY (run_id),
    FOREIGN KEY(run_id) REFERENCES run (id)
);

-- What became of a call. final_since, looked_at, look_at and again_at are by our own clock, as all that decides.
CREATE TABLE call_outcome (
    call_id TEXT COLLATE "C" NOT NULL,
    row_id BIGINT NOT NULL,
    attempt INTEGER NOT NULL,
    run_id BIGINT NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    status_code TEXT COLLATE "C",
    ended_as TEXT COLLATE "C",
    later_at TEXT COLLATE "C",
    duration FLOAT,
    recording_url TEXT COLLATE "C",
    result_values TEXT COLLATE "C",
    triggered_at TEXT COLLATE "C",
    started_at TEXT COLLATE "C",
    ended_at TEXT COLLATE "C",
    final_since TEXT COLLATE "C",
    looks INTEGER NOT NULL,
    looked_at TEXT COLLATE "C" NOT NULL,
    look_at TEXT COLLATE "C",
    again_at TEXT COLLATE "C",
    PRIMARY KEY (call_id),
    CONSTRAINT outcome_of_attempt FOREIGN KEY(row_id, attempt) REFERENCES attempt (row_id, number),
    CONSTRAINT one_outcome_per_attempt UNIQUE (row_id, attempt),
    CONSTRAINT outcome_final CHECK ((final_since IS NOT NULL) =
        (status IN ('busy', 'noAnswer', 'failed', 'cancelled', 'canceled', 'completed'))),
    CONSTRAINT outcome_looked_for CHECK (look_at IS NOT NULL OR final_since IS NOT NULL),
    CONSTRAINT outcome_again CHECK (again_at IS NULL OR final_since IS NOT NULL),
    FOREIGN KEY(run_id) REFERENCES run (id)
);
CREATE INDEX outcome_by_again ON call_outcome (run_id, again_at);
CREATE INDEX outcome_by_end ON call_outcome (run_id, ended_as);
CREATE INDEX outcome_to_poll ON call_outcome (run_id, look_at) WHERE look_at IS NOT NULL;
CREATE TRIGGER call_is_polled AFTER INSERT ON call_outcome FOR EACH ROW EXECUTE FUNCTION note_polled();
CREATE TRIGGER outcome_stays BEFORE UPDATE ON call_outcome
    FOR EACH ROW WHEN ((NEW.call_id, NEW.row_id, NEW.attempt) <> (OLD.call_id, OLD.row_id, OLD.attempt)
        OR (OLD.final_since IS NOT NULL AND NEW.final_since IS NULL)
        OR (OLD.ended_as = 'do_not_call' AND NEW.ended_as IS DISTINCT FROM 'do_not_call'))
    EXECUTE FUNCTION refuse('a call that is over does not go on, and a wish not to be called stands');
CREATE TRIGGER outcome_no_delete BEFORE DELETE OR TRUNCATE ON call_outcome
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('what became of a call is kept');
CREATE TRIGGER created_row_leaves_by_its_outcome BEFORE UPDATE OF state ON sheet_row
    FOR EACH ROW WHEN (OLD.state = 'created' AND NEW.state NOT IN ('created', 'unknown'))
    EXECUTE FUNCTION refuse_without_outcome();

-- Who is not to be called: by any run, or by those of the one service whose calls are made up. A number that was taken
-- off may be put on again; it is never there twice.
CREATE TABLE suppression (
    id BIGSERIAL NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    last_digits TEXT COLLATE "C" NOT NULL,
    added_at TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    service TEXT COLLATE "C" NOT NULL,
    removed_at TEXT COLLATE "C",
    removed_reason TEXT COLLATE "C",
    PRIMARY KEY (id),
    CONSTRAINT suppression_digest CHECK (length(digest) = 64),
    CONSTRAINT suppression_keeps_no_number CHECK (length(last_digits) <= 4),
    CONSTRAINT suppression_reason CHECK (length(reason) <= 200
        AND (removed_reason IS NULL OR length(removed_reason) <= 200)),
    CONSTRAINT suppression_removed CHECK ((removed_at IS NULL) = (removed_reason IS NULL))
);
CREATE UNIQUE INDEX one_suppression_per_number ON suppression (digest, service) WHERE removed_at IS NULL;
CREATE TRIGGER suppression_no_delete BEFORE DELETE OR TRUNCATE ON suppression
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('an entry of the suppression list can only be removed, and once');
CREATE TRIGGER suppression_only_removed BEFORE UPDATE ON suppression
    FOR EACH ROW WHEN (OLD.removed_at IS NOT NULL OR NEW.removed_at IS NULL
        OR (NEW.id, NEW.digest, NEW.last_digits, NEW.added_at, NEW.reason, NEW.source, NEW.service)
        <> (OLD.id, OLD.digest, OLD.last_digits, OLD.added_at, OLD.reason, OLD.source, OLD.service))
    EXECUTE FUNCTION refuse('an entry of the suppression list can only be removed, and once');

-- Which key the hashes were made with, but not the key.
CREATE TABLE suppression_key (
    id BIGSERIAL NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT one_suppression_key CHECK (id = 1)
);

-- Which file this ledger was when it was last gone on with: a copy has the same row, and is another file.
CREATE TABLE home (
    id BIGSERIAL NOT NULL,
    ledger_id TEXT COLLATE "C" NOT NULL,
    file TEXT COLLATE "C" NOT NULL,
    path TEXT COLLATE "C" NOT NULL,
    since TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT one_home CHECK (id = 1)
);

-- What all runs of one account share. Instants are seconds since 1970: slots lie closer than milliseconds.
CREATE TABLE account_pace (
    service TEXT COLLATE "C" NOT NULL,
    team TEXT COLLATE "C" NOT NULL,
    revision INTEGER NOT NULL,
    written_at FLOAT NOT NULL,
    last_slot FLOAT NOT NULL,
    interval FLOAT NOT NULL,
    fastest_until FLOAT NOT NULL,
    held_until FLOAT NOT NULL,
    share FLOAT NOT NULL,
    share_since FLOAT NOT NULL,
    why TEXT COLLATE "C" NOT NULL,
    found TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (service, team),
    CONSTRAINT account_share CHECK (share > 0 AND share <= 1)
);

-- What is to be fired when.
CREATE TABLE schedule (
    id BIGSERIAL NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    timezone TEXT COLLATE "C" NOT NULL,
    cron TEXT COLLATE "C",
    at TEXT COLLATE "C",
    sheet TEXT COLLATE "C" NOT NULL,
    template TEXT COLLATE "C" NOT NULL,
    service TEXT COLLATE "C" NOT NULL,
    answers TEXT COLLATE "C" NOT NULL,
    results_folder TEXT COLLATE "C" NOT NULL,
    grace_seconds INTEGER NOT NULL,
    notify_url TEXT COLLATE "C",
    created_at TEXT COLLATE "C" NOT NULL,
    paused_at TEXT COLLATE "C",
    removed_at TEXT COLLATE "C",
    PRIMARY KEY (id),
    CONSTRAINT schedule_cron_or_at CHECK ((cron IS NULL) <> (at IS NULL)),
    CONSTRAINT schedule_grace CHECK (grace_seconds > 0)
);
CREATE UNIQUE INDEX one_schedule_per_name ON schedule (name) WHERE removed_at IS NULL;

-- What became of an instant. Of two schedulers one loses at one_firing_per_instant, before anything is read.
CREATE TABLE firing (
    id BIGSERIAL NOT NULL,
    schedule_id BIGINT NOT NULL,
    instant TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    owner TEXT COLLATE "C" NOT NULL,
    noted_at TEXT COLLATE "C" NOT NULL,
    seen_at TEXT COLLATE "C" NOT NULL,
    run_id BIGINT,
    ended_at TEXT COLLATE "C",
    exit_code INTEGER,
    why TEXT COLLATE "C",
    PRIMARY KEY (id),
    CONSTRAINT one_firing_per_instant UNIQUE (schedule_id, instant),
    CONSTRAINT firing_state CHECK (state IN ('firing', 'ended', 'abandoned', 'refused', 'missed', 'skipped')),
    CONSTRAINT firing_ended CHECK ((state = 'firing') = (ended_at IS NULL)),
    CONSTRAINT firing_ended_says_how CHECK ((state = 'ended') = (exit_code IS NOT NULL)),
    CONSTRAINT firing_run CHECK (state = 'firing' OR (state IN ('ended', 'abandoned')) = (run_id IS NOT NULL)),
    CONSTRAINT firing_says_why CHECK (state IN ('firing', 'ended') OR why IS NOT NULL),
    FOREIGN KEY(schedule_id) REFERENCES schedule (id),
    UNIQUE (run_id),
    FOREIGN KEY(run_id) REFERENCES run (id)
);
CREATE UNIQUE INDEX one_open_firing ON firing (schedule_id) WHERE state = 'firing';
CREATE TRIGGER firing_no_delete BEFORE DELETE OR TRUNCATE ON firing
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('what was noted of an instant stays so');
CREATE TRIGGER firing_is_kept BEFORE UPDATE ON firing
    FOR EACH ROW WHEN (OLD.state <> 'firing'
        OR (NEW.id, NEW.schedule_id, NEW.instant, NEW.noted_at) <> (OLD.id, OLD.schedule_id, OLD.instant, OLD.noted_at)
        OR (OLD.run_id IS NOT NULL AND NEW.run_id IS DISTINCT FROM OLD.run_id))
    EXECUTE FUNCTION refuse('what was noted of an instant stays so');

-- What was loaded, and is not published yet. Of a sheet run_id is the loading run of its rows; of a rerun it is the run
-- whose rows are called again. What is known of its people is gone as soon as nobody has to look at it.
CREATE TABLE draft (
    id BIGSERIAL NOT NULL,
    token TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    revision INTEGER DEFAULT '0' NOT NULL,
    run_id BIGINT,
    owner TEXT COLLATE "C" NOT NULL,
    created_at TEXT COLLATE "C" NOT NULL,
    expires_at TEXT COLLATE "C" NOT NULL,
    progress INTEGER DEFAULT '0' NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    "view" TEXT COLLATE "C",
    answers TEXT COLLATE "C" NOT NULL,
    published_as TEXT COLLATE "C",
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
    draft_id BIGINT NOT NULL,
    row_id BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    reason TEXT COLLATE "C",
    skip_reason TEXT COLLATE "C",
    phone TEXT COLLATE "C",
    contact TEXT COLLATE "C",
    cells TEXT COLLATE "C",
    columns TEXT COLLATE "C",
    PRIMARY KEY (draft_id, row_id),
    CONSTRAINT draft_row_corrected CHECK ((phone IS NULL) = (contact IS NULL) AND (phone IS NULL) = (cells IS NULL)
        AND (phone IS NULL) = (columns IS NULL)),
    CONSTRAINT draft_row_use CHECK (reason IS NULL OR phone IS NULL),
    CONSTRAINT draft_row_skipped CHECK ((reason IS NULL) = (skip_reason IS NULL)),
    FOREIGN KEY(draft_id) REFERENCES draft (id),
    FOREIGN KEY(row_id) REFERENCES sheet_row (id)
);
CREATE INDEX draft_row_by_row ON draft_row (row_id);

-- Sheets that people uploaded, each in a file of our own naming. Of one that is removed only the token is left, and which
-- draft its sheet was loaded into; the file's name and hash stay until its run is forgotten.
CREATE TABLE upload (
    id BIGSERIAL NOT NULL,
    token TEXT COLLATE "C" NOT NULL,
    owner TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    file TEXT COLLATE "C" NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    created_at TEXT COLLATE "C" NOT NULL,
    expires_at TEXT COLLATE "C" NOT NULL,
    settings TEXT COLLATE "C" NOT NULL,
    revision INTEGER DEFAULT '0' NOT NULL,
    draft_token TEXT COLLATE "C",
    failure TEXT COLLATE "C",
    removed_at TEXT COLLATE "C",
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
    id BIGSERIAL NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    password_hash TEXT COLLATE "C",
    created_at TEXT COLLATE "C" NOT NULL,
    removed_at TEXT COLLATE "C",
    PRIMARY KEY (id),
    CONSTRAINT web_user_role CHECK (role IN ('operator', 'viewer')),
    CONSTRAINT web_user_removed CHECK ((removed_at IS NULL) = (password_hash IS NOT NULL))
);
CREATE UNIQUE INDEX one_user_per_name ON web_user (name) WHERE removed_at IS NULL;

-- Who is signed in. The secret itself is in the browser alone.
CREATE TABLE web_session (
    id_hash TEXT COLLATE "C" NOT NULL,
    user_id BIGINT NOT NULL,
    created_at TEXT COLLATE "C" NOT NULL,
    seen_at TEXT COLLATE "C" NOT NULL,
    expires_at TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id_hash),
    CONSTRAINT web_session_hash CHECK (length(id_hash) = 64),
    CONSTRAINT web_session_ends CHECK (created_at < expires_at),
    FOREIGN KEY(user_id) REFERENCES web_user (id)
);
CREATE INDEX web_session_by_end ON web_session (expires_at);
CREATE INDEX web_session_by_user ON web_session (user_id);

-- What lets programs in, as hashes.
CREATE TABLE api_token (
    id BIGSERIAL NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    token_hash TEXT COLLATE "C" NOT NULL,
    created_at TEXT COLLATE "C" NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    used_at TEXT COLLATE "C",
    revoked_at TEXT COLLATE "C",
    PRIMARY KEY (id),
    CONSTRAINT one_token_per_hash UNIQUE (token_hash),
    CONSTRAINT api_token_role CHECK (role IN ('operator', 'viewer')),
    CONSTRAINT api_token_hash CHECK (length(token_hash) = 64)
);
CREATE UNIQUE INDEX one_token_per_name ON api_token (name) WHERE revoked_at IS NULL;

-- Who did what to what, on the page or through the API.
CREATE TABLE act (
    id BIGSERIAL NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    who TEXT COLLATE "C" NOT NULL,
    what TEXT COLLATE "C" NOT NULL,
    target TEXT COLLATE "C" NOT NULL,
    detail TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT act_what CHECK (what = lower(what) AND what <> ''),
    CONSTRAINT act_length CHECK (length(target) <= 200 AND length(detail) <= 1000)
);
CREATE TRIGGER act_no_update BEFORE UPDATE ON act
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('the record of acts is append-only');
CREATE TRIGGER act_no_delete BEFORE DELETE OR TRUNCATE ON act
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('the record of acts is append-only');

-- Requests that name themselves, so that one that is sent again does nothing twice. What became of draft_token became of
-- the request, also where its process ended before the answer.
CREATE TABLE idempotency_key (
    id BIGSERIAL NOT NULL,
    who TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    owner TEXT COLLATE "C" NOT NULL,
    draft_token TEXT COLLATE "C",
    run TEXT COLLATE "C",
    status INTEGER,
    answer TEXT COLLATE "C",
    created_at TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT one_request_per_key UNIQUE (who, key),
    CONSTRAINT key_answered CHECK ((status IS NULL) = (answer IS NULL))
);

-- Which runs a server was told to dial, and with what: it goes on with them after a restart.
CREATE TABLE dial_order (
    run_id BIGINT NOT NULL,
    wanted TEXT COLLATE "C" NOT NULL,
    options TEXT COLLATE "C" NOT NULL,
    ordered_by TEXT COLLATE "C" NOT NULL,
    ordered_at TEXT COLLATE "C" NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (run_id),
    CONSTRAINT dial_order_wanted CHECK (wanted IN ('go', 'stop')),
    CONSTRAINT dial_order_revision CHECK (revision > 0),
    FOREIGN KEY(run_id) REFERENCES run (id)
);
CREATE INDEX dial_order_to_go ON dial_order (run_id) WHERE wanted = 'go';

-- Processes that hold runs, a row for each start. id is the fencing token: who is ended claims nothing any more. owner is
-- what attempts name. beats counts heartbeats: by it others see that it lives, and compare no clocks. seen_at is for people.
CREATE TABLE worker (
    id BIGSERIAL NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    owner TEXT COLLATE "C" NOT NULL,
    version TEXT COLLATE "C" NOT NULL,
    takes TEXT COLLATE "C",
    started_at TEXT COLLATE "C" NOT NULL,
    seen_at TEXT COLLATE "C" NOT NULL,
    beats INTEGER NOT NULL,
    ended_at TEXT COLLATE "C",
    ended_by TEXT COLLATE "C",
    PRIMARY KEY (id),
    CONSTRAINT one_worker_per_owner UNIQUE (owner),
    CONSTRAINT worker_ended CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
    CONSTRAINT worker_beats CHECK (beats > 0)
);
CREATE INDEX worker_on_duty ON worker (id) WHERE ended_at IS NULL;
CREATE TRIGGER worker_stays_ended BEFORE UPDATE ON worker
    FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL
        OR (NEW.id, NEW.owner, NEW.started_at) <> (OLD.id, OLD.owner, OLD.started_at))
    EXECUTE FUNCTION refuse('a worker that has ended does not go on');
CREATE TRIGGER worker_no_delete BEFORE DELETE OR TRUNCATE ON worker
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('a worker that has ended does not go on');

-- What is wanted of a run: all who dial it obey before their next claim. who is NULL where the program itself stops it.
CREATE TABLE run_control (
    run_id BIGINT NOT NULL,
    wanted TEXT COLLATE "C" NOT NULL,
    why TEXT COLLATE "C",
    code INTEGER,
    who TEXT COLLATE "C",
    at TEXT COLLATE "C" NOT NULL,
    parts INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (run_id),
    CONSTRAINT run_control_wanted CHECK (wanted IN ('go', 'stop')),
    CONSTRAINT run_control_says_why CHECK ((wanted = 'stop') = (why IS NOT NULL) AND (wanted = 'stop') = (code IS NOT NULL)),
    CONSTRAINT run_control_counts CHECK (parts > 0 AND revision > 0),
    FOREIGN KEY(run_id) REFERENCES run (id)
);
