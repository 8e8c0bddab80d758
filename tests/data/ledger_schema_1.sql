-- A ledger as the version with schema 1 left it; made by that version, never edited.
PRAGMA application_id=1128352817;
PRAGMA user_version=1;
BEGIN TRANSACTION;
CREATE TABLE attempt (
	row_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	run_id INTEGER NOT NULL, 
	service TEXT NOT NULL, 
	phone TEXT NOT NULL, 
	owner TEXT NOT NULL, 
	body_sha256 TEXT NOT NULL, 
	claimed_at TEXT NOT NULL, 
	ended_at TEXT, 
	outcome TEXT, 
	status INTEGER, 
	call_id TEXT, 
	evidence TEXT, 
	PRIMARY KEY (row_id, number), 
	CONSTRAINT attempt_number CHECK (number > 0), 
	CONSTRAINT attempt_outcome CHECK (outcome IN ('created', 'rejected', 'not_sent', 'unknown')), 
	CONSTRAINT attempt_ended CHECK ((outcome IS NULL) = (ended_at IS NULL)), 
	CONSTRAINT attempt_id CHECK ((call_id IS NOT NULL) = (outcome IS NOT NULL AND outcome = 'created')), 
	FOREIGN KEY(row_id) REFERENCES sheet_row (id), 
	FOREIGN KEY(run_id) REFERENCES run (id), 
	UNIQUE (call_id)
);
INSERT INTO "attempt" VALUES(1,1,1,'https://aicaller.test','+12025550101','office:4711:0a1b2c3d','44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a','2026-12-01T09:00:00.000Z','2026-12-01T09:00:00.000Z','created',200,'id-1',NULL);
INSERT INTO "attempt" VALUES(2,1,1,'https://aicaller.test','+12025550102','office:4711:0a1b2c3d','44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a','2026-12-01T09:00:00.000Z','2026-12-01T09:00:00.000Z','rejected',400,NULL,NULL);
INSERT INTO "attempt" VALUES(3,1,1,'https://aicaller.test','+12025550103','office:4711:0a1b2c3d','44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a','2026-12-01T09:00:00.000Z','2026-12-01T09:00:00.000Z','unknown',NULL,NULL,'{"ended": "ReadError"}');
INSERT INTO "attempt" VALUES(4,1,1,'https://aicaller.test','+12025550104','office:4711:0a1b2c3d','44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a','2026-12-01T09:00:00.000Z','2026-12-01T09:00:00.000Z','not_sent',NULL,NULL,'{"cause": "connect"}');
INSERT INTO "attempt" VALUES(6,1,1,'https://aicaller.test','+12025550105','office:4711:0a1b2c3d','44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a','2026-12-01T09:00:00.000Z',NULL,NULL,NULL,NULL,NULL);
CREATE TABLE event (
	id INTEGER NOT NULL, 
	row_id INTEGER NOT NULL, 
	attempt INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	owner TEXT NOT NULL, 
	from_state TEXT NOT NULL, 
	to_state TEXT NOT NULL, 
	why TEXT, 
	PRIMARY KEY (id), 
	CONSTRAINT legal_move FOREIGN KEY(from_state, to_state) REFERENCES transition (from_state, to_state), 
	FOREIGN KEY(row_id) REFERENCES sheet_row (id)
);
INSERT INTO "event" VALUES(1,1,1,'2026-12-01T09:00:00.000Z','office:4711:0a1b2c3d','pending','sending',NULL);
INSERT INTO "event" VALUES(2,1,1,'2026-12-01T09:00:00.000Z','office:4711:0a1b2c3d','sending','created',NULL);
INSERT INTO "event" VALUES(3,2,1,'2026-12-01T09:00:00.000Z','office:4711:0a1b2c3d','pending','sending',NULL);
INSERT INTO "event" VALUES(4,2,1,'2026-12-01T09:00:00.000Z','office:4711:0a1b2c3d','sending','rejected','400: toPhoneNumber is not valid');
INSERT INTO "event" VALUES(5,3,1,'2026-12-01T09:00:00.000Z','office:4711:0a1b2c3d','pending','sending',NULL);
INSERT INTO "event" VALUES(6,3,1,'2026-12-01T09:00:00.000Z','office:4711:0a1b2c3d','sending','unknown','the answer was lost');
INSERT INTO "event" VALUES(7,4,1,'2026-12-01T09:00:00.000Z','office:4711:0a1b2c3d','pending','sending',NULL);
INSERT INTO "event" VALUES(8,4,1,'2026-12-01T09:00:00.000Z','office:4711:0a1b2c3d','sending','retry_wait','connection refused');
INSERT INTO "event" VALUES(9,6,1,'2026-12-01T09:00:00.000Z','office:4711:0a1b2c3d','pending','sending',NULL);
INSERT INTO "event" VALUES(10,9,1,'2026-12-01T09:00:00.000Z','office:4711:0a1b2c3d','pending','skipped','called lately: 2026-12-01T09:00:00.000Z by run december, row 2');
CREATE TABLE run (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	state TEXT NOT NULL, 
	service TEXT NOT NULL, 
	template_fingerprint TEXT NOT NULL, 
	content_fingerprint TEXT NOT NULL, 
	sheet TEXT NOT NULL, 
	header TEXT NOT NULL, 
	"plan" TEXT NOT NULL, 
	results_path TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT run_state CHECK (state IN ('loading', 'ready')), 
	UNIQUE (name)
);
INSERT INTO "run" VALUES(1,'december','ready','https://aicaller.test','template-1','december','people.csv','["Name", "Mobile"]','{}','','2026-12-01T09:00:00.000Z');
INSERT INTO "run" VALUES(2,'january','ready','https://aicaller.test','template-1','january','people.csv','["Name", "Mobile"]','{}','','2026-12-01T09:00:00.000Z');
INSERT INTO "run" VALUES(3,'(loading by office:4711:0a1b2c3d 2026-12-01T09:00:00.000Z f8a2d871)','loading','https://aicaller.test','template-1','','people.csv','["Name", "Mobile"]','{}','','2026-12-01T09:00:00.000Z');
CREATE TABLE sheet_row (
	id INTEGER NOT NULL, 
	run_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	state TEXT NOT NULL, 
	attempts INTEGER DEFAULT '0' NOT NULL, 
	round INTEGER DEFAULT '0' NOT NULL, 
	phone TEXT, 
	contact TEXT, 
	cells TEXT NOT NULL, 
	reason TEXT, 
	call_id TEXT, 
	submitted_at TEXT, 
	PRIMARY KEY (id), 
	CONSTRAINT row_by_content UNIQUE (run_id, "key"), 
	CONSTRAINT row_state CHECK (state IN ('pending', 'sending', 'retry_wait', 'created', 'rejected', 'unknown', 'invalid', 'skipped')), 
	CONSTRAINT created_has_id CHECK ((state = 'created') = (call_id IS NOT NULL)), 
	CONSTRAINT callable_has_phone CHECK (state IN ('invalid', 'skipped') OR (phone IS NOT NULL AND contact IS NOT NULL)), 
	CONSTRAINT sending_has_attempt CHECK (state <> 'sending' OR attempts > 0), 
	FOREIGN KEY(run_id) REFERENCES run (id)
);
INSERT INTO "sheet_row" VALUES(1,1,2,'key-2','created',1,0,'+12025550101','{"name": "Ada", "email": null, "variables": [["doctor", "Dr. Who"]]}','["Ada", "+12025550101"]',NULL,'id-1','2026-12-01T09:00:00.000Z');
INSERT INTO "sheet_row" VALUES(2,1,3,'key-3','rejected',1,0,'+12025550102','{"name": "Ada", "email": null, "variables": [["doctor", "Dr. Who"]]}','["Ada", "+12025550102"]','400: toPhoneNumber is not valid',NULL,'2026-12-01T09:00:00.000Z');
INSERT INTO "sheet_row" VALUES(3,1,4,'key-4','unknown',1,0,'+12025550103','{"name": "Ada", "email": null, "variables": [["doctor", "Dr. Who"]]}','["Ada", "+12025550103"]','the answer was lost',NULL,'2026-12-01T09:00:00.000Z');
INSERT INTO "sheet_row" VALUES(4,1,5,'key-5','retry_wait',1,0,'+12025550104','{"name": "Ada", "email": null, "variables": [["doctor", "Dr. Who"]]}','["Ada", "+12025550104"]','connection refused',NULL,'2026-12-01T09:00:00.000Z');
INSERT INTO "sheet_row" VALUES(5,1,6,'key-6','invalid',0,0,NULL,NULL,'["Ada", ""]','row 6, column ''Mobile'': is empty; write the number',NULL,NULL);
INSERT INTO "sheet_row" VALUES(6,1,7,'key-7','sending',1,0,'+12025550105','{"name": "Ada", "email": null, "variables": [["doctor", "Dr. Who"]]}','["Ada", "+12025550105"]',NULL,NULL,'2026-12-01T09:00:00.000Z');
INSERT INTO "sheet_row" VALUES(7,1,8,'key-8','pending',0,0,'+12025550106','{"name": "Ada", "email": null, "variables": [["doctor", "Dr. Who"]]}','["Ada", "+12025550106"]',NULL,NULL,NULL);
INSERT INTO "sheet_row" VALUES(8,2,2,'key-2','pending',0,0,'+12025550102','{"name": "Ada", "email": null, "variables": [["doctor", "Dr. Who"]]}','["Ada", "+12025550102"]',NULL,NULL,NULL);
INSERT INTO "sheet_row" VALUES(9,2,3,'key-3','skipped',0,0,'+12025550101','{"name": "Ada", "email": null, "variables": [["doctor", "Dr. Who"]]}','["Ada", "+12025550101"]','called lately: 2026-12-01T09:00:00.000Z by run december, row 2',NULL,NULL);
INSERT INTO "sheet_row" VALUES(10,2,4,'key-4','pending',0,0,'+12025550107','{"name": "Ada", "email": null, "variables": [["doctor", "Dr. Who"]]}','["Ada", "+12025550107"]',NULL,NULL,NULL);
INSERT INTO "sheet_row" VALUES(11,3,2,'key-2','pending',0,0,'+12025550101','{"name": "Ada", "email": null, "variables": [["doctor", "Dr. Who"]]}','["Ada", "+12025550101"]',NULL,NULL,NULL);
CREATE TABLE transition (
	from_state TEXT NOT NULL, 
	to_state TEXT NOT NULL, 
	PRIMARY KEY (from_state, to_state)
);
INSERT INTO "transition" VALUES('pending','sending');
INSERT INTO "transition" VALUES('retry_wait','sending');
INSERT INTO "transition" VALUES('pending','skipped');
INSERT INTO "transition" VALUES('retry_wait','skipped');
INSERT INTO "transition" VALUES('sending','created');
INSERT INTO "transition" VALUES('sending','rejected');
INSERT INTO "transition" VALUES('sending','unknown');
INSERT INTO "transition" VALUES('sending','retry_wait');
INSERT INTO "transition" VALUES('sending','pending');
INSERT INTO "transition" VALUES('retry_wait','pending');
INSERT INTO "transition" VALUES('rejected','pending');
INSERT INTO "transition" VALUES('unknown','created');
INSERT INTO "transition" VALUES('unknown','pending');
CREATE INDEX run_by_content ON run (service, template_fingerprint, content_fingerprint);
CREATE UNIQUE INDEX one_row_per_number ON sheet_row (run_id, phone) WHERE state NOT IN ('invalid', 'skipped');
CREATE INDEX row_by_state ON sheet_row (run_id, state, id);
CREATE TRIGGER row_moves_legally BEFORE UPDATE OF state ON sheet_row WHEN NEW.state <> OLD.state AND NOT EXISTS (SELECT 1 FROM transition WHERE from_state = OLD.state AND to_state = NEW.state) BEGIN SELECT RAISE(ABORT, 'a row cannot move so'); END;
CREATE INDEX attempt_by_number ON attempt (service, phone, claimed_at);
CREATE INDEX attempt_by_time ON attempt (run_id, claimed_at);
CREATE UNIQUE INDEX one_open_attempt ON attempt (row_id) WHERE outcome IS NULL;
CREATE INDEX event_by_row ON event (row_id);
CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
COMMIT;
