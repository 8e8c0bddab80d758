-- From schema 2 to schema 3. Published: never edited again. Only additions, so that a run of the older version that
-- goes on in another process is not disturbed.

CREATE TABLE account_pace (
    service TEXT NOT NULL,
    team TEXT NOT NULL,
    revision INTEGER NOT NULL,
    written_at FLOAT NOT NULL,
    last_slot FLOAT NOT NULL,
    interval FLOAT NOT NULL,
    fastest_until FLOAT NOT NULL,
    held_until FLOAT NOT NULL,
    share FLOAT NOT NULL,
    share_since FLOAT NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (service, team),
    CONSTRAINT account_share CHECK (share > 0 AND share <= 1)
);

CREATE TABLE timetable (
    row_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    place TEXT NOT NULL,
    due TEXT,
    asked INTEGER NOT NULL,
    PRIMARY KEY (row_id),
    CONSTRAINT one_time_per_row UNIQUE (run_id, number),
    CONSTRAINT one_row_per_millisecond UNIQUE (run_id, due),
    CONSTRAINT asked_has_time CHECK (asked IN (0, 1) AND (asked = 0 OR due IS NOT NULL)),
    FOREIGN KEY(row_id) REFERENCES sheet_row (id),
    FOREIGN KEY(run_id) REFERENCES run (id)
);

CREATE INDEX timetable_by_place ON timetable (run_id, place, due, row_id);

CREATE TABLE delay (
    row_id INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    until TEXT NOT NULL,
    PRIMARY KEY (row_id, attempt),
    CONSTRAINT delay_of_attempt FOREIGN KEY(row_id, attempt) REFERENCES attempt (row_id, number),
    CONSTRAINT one_attempt_per_millisecond UNIQUE (run_id, until),
    FOREIGN KEY(run_id) REFERENCES run (id)
);

CREATE TABLE schedule (
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    timezone TEXT NOT NULL,
    cron TEXT,
    at TEXT,
    sheet TEXT NOT NULL,
    template TEXT NOT NULL,
    service TEXT NOT NULL,
    answers TEXT NOT NULL,
    results_folder TEXT NOT NULL,
    grace_seconds INTEGER NOT NULL,
    notify_url TEXT,
    created_at TEXT NOT NULL,
    paused_at TEXT,
    removed_at TEXT,
    PRIMARY KEY (id),
    CONSTRAINT schedule_cron_or_at CHECK ((cron IS NULL) <> (at IS NULL)),
    CONSTRAINT schedule_grace CHECK (grace_seconds > 0)
);

CREATE UNIQUE INDEX one_schedule_per_name ON schedule (name) WHERE removed_at IS NULL;

CREATE TABLE firing (
    id INTEGER NOT NULL,
    schedule_id INTEGER NOT NULL,
    instant TEXT NOT NULL,
    state TEXT NOT NULL,
    owner TEXT NOT NULL,
    noted_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    run_id INTEGER,
    ended_at TEXT,
    exit_code INTEGER,
    why TEXT,
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

CREATE TRIGGER firing_no_delete BEFORE DELETE ON firing
BEGIN SELECT RAISE(ABORT, 'what was noted of an instant stays so'); END;

CREATE TRIGGER firing_is_kept BEFORE UPDATE ON firing
WHEN OLD.state <> 'firing' OR (NEW.id, NEW.schedule_id, NEW.instant, NEW.noted_at)
<> (OLD.id, OLD.schedule_id, OLD.instant, OLD.noted_at)
OR (OLD.run_id IS NOT NULL AND NEW.run_id IS NOT OLD.run_id)
BEGIN SELECT RAISE(ABORT, 'what was noted of an instant stays so'); END;

CREATE TABLE mending (
    id INTEGER NOT NULL,
    row_id INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    at TEXT NOT NULL,
    owner TEXT NOT NULL,
    columns TEXT NOT NULL,
    phone TEXT NOT NULL,
    contact TEXT NOT NULL,
    cells TEXT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(row_id) REFERENCES sheet_row (id)
);

CREATE INDEX mending_by_row ON mending (row_id);

CREATE INDEX row_by_number ON sheet_row (run_id, number);

CREATE TABLE forgotten (
    run_id INTEGER NOT NULL,
    at TEXT NOT NULL,
    owner TEXT NOT NULL,
    rows INTEGER NOT NULL,
    PRIMARY KEY (run_id),
    FOREIGN KEY(run_id) REFERENCES run (id)
);

CREATE TABLE call_outcome (
    call_id TEXT NOT NULL,
    row_id INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    status TEXT NOT NULL,
    status_code TEXT,
    ended_as TEXT,
    later_at TEXT,
    duration FLOAT,
    recording_url TEXT,
    result_values TEXT,
    triggered_at TEXT,
    started_at TEXT,
    ended_at TEXT,
    final_since TEXT,
    looks INTEGER NOT NULL,
    looked_at TEXT NOT NULL,
    look_at TEXT,
    again_at TEXT,
    PRIMARY KEY (call_id),
    CONSTRAINT outcome_of_attempt FOREIGN KEY(row_id, attempt) REFERENCES attempt (row_id, number),
    CONSTRAINT one_outcome_per_attempt UNIQUE (row_id, attempt),
    CONSTRAINT outcome_final CHECK ((final_since IS NOT NULL) =
        (status IN ('busy', 'noAnswer', 'failed', 'cancelled', 'canceled', 'completed'))),
    CONSTRAINT outcome_looked_for CHECK (look_at IS NOT NULL OR final_since IS NOT NULL),
    CONSTRAINT outcome_again CHECK (again_at IS NULL OR final_since IS NOT NULL),
    FOREIGN KEY(run_id) REFERENCES run (id)
);

CREATE INDEX outcome_by_end ON call_outcome (run_id, ended_as);

CREATE INDEX outcome_by_again ON call_outcome (run_id, again_at);

CREATE TRIGGER created_row_leaves_by_its_outcome BEFORE UPDATE OF state ON sheet_row
WHEN OLD.state = 'created' AND NEW.state <> 'created' AND NOT EXISTS (
SELECT 1 FROM call_outcome AS o WHERE o.call_id = OLD.call_id AND o.row_id = OLD.id
AND o.final_since IS NOT NULL AND (
(o.status_code IS NULL AND o.status IN ('busy', 'noAnswer', 'cancelled', 'canceled'))
OR (o.status_code IN ('VOICEMAIL_DETECTED', 'IVR_DETECTED', 'CALL_LATER') AND o.status <> 'failed')))
BEGIN SELECT RAISE(ABORT, 'a row cannot move so: what became of its call leaves no room for another'); END;

CREATE TRIGGER outcome_stays BEFORE UPDATE ON call_outcome
WHEN (NEW.call_id, NEW.row_id, NEW.attempt) <> (OLD.call_id, OLD.row_id, OLD.attempt)
OR (OLD.final_since IS NOT NULL AND NEW.final_since IS NULL)
OR (OLD.ended_as = 'do_not_call' AND NEW.ended_as IS NOT 'do_not_call')
BEGIN SELECT RAISE(ABORT, 'a call that is over does not go on, and a wish not to be called stands'); END;

CREATE TRIGGER outcome_no_delete BEFORE DELETE ON call_outcome
BEGIN SELECT RAISE(ABORT, 'what became of a call is kept'); END;

INSERT INTO transition (from_state, to_state) VALUES ('created', 'pending');
