-- From schema 6 to schema 7: workers with a heartbeat, what is wanted of each run, and the late answer that heals.

-- Processes that hold runs, a row for each start. id is the fencing token: who is ended claims nothing any more. owner is
-- what attempts name. beats counts heartbeats: by it others see that it lives, and compare no clocks. seen_at is for people.
CREATE TABLE worker (
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    owner TEXT NOT NULL,
    version TEXT NOT NULL,
    takes TEXT,
    started_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    beats INTEGER NOT NULL,
    ended_at TEXT,
    ended_by TEXT,
    PRIMARY KEY (id),
    CONSTRAINT one_worker_per_owner UNIQUE (owner),
    CONSTRAINT worker_ended CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
    CONSTRAINT worker_beats CHECK (beats > 0)
);
CREATE INDEX worker_on_duty ON worker (id) WHERE ended_at IS NULL;
CREATE TRIGGER worker_stays_ended BEFORE UPDATE ON worker
WHEN OLD.ended_at IS NOT NULL OR (NEW.id, NEW.owner, NEW.started_at) <> (OLD.id, OLD.owner, OLD.started_at)
BEGIN SELECT RAISE(ABORT, 'a worker that has ended does not go on'); END;
CREATE TRIGGER worker_no_delete BEFORE DELETE ON worker
BEGIN SELECT RAISE(ABORT, 'a worker that has ended does not go on'); END;

-- What is wanted of a run: all who dial it obey before their next claim. who is NULL where the program itself stops it.
CREATE TABLE run_control (
    run_id INTEGER NOT NULL,
    wanted TEXT NOT NULL,
    why TEXT,
    code INTEGER,
    who TEXT,
    at TEXT NOT NULL,
    parts INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (run_id),
    CONSTRAINT run_control_wanted CHECK (wanted IN ('go', 'stop')),
    CONSTRAINT run_control_says_why CHECK ((wanted = 'stop') = (why IS NOT NULL) AND (wanted = 'stop') = (code IS NOT NULL)),
    CONSTRAINT run_control_counts CHECK (parts > 0 AND revision > 0),
    FOREIGN KEY(run_id) REFERENCES run (id)
);

-- A late answer: the owner of the attempt itself says what became of it.
INSERT INTO transition (from_state, to_state) VALUES ('unknown', 'rejected');
