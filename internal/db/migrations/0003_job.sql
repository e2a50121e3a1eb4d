-- Long work in steps: imports, recomputed due instants, exports. One row a job; its
-- cursor moves in the transaction of each step.

CREATE TABLE job (
	id         TEXT PRIMARY KEY,
	kind       TEXT NOT NULL,
	input      TEXT NOT NULL,       -- the kind's own form
	state      TEXT NOT NULL CHECK (state IN ('open', 'done', 'failed', 'cancelled')),
	cursor     TEXT NOT NULL,       -- where the next step begins; '' before the first
	done       BIGINT NOT NULL,
	total      BIGINT NOT NULL,     -- 0 while unknown
	error      TEXT NOT NULL,       -- why the last step failed
	started_by TEXT NOT NULL,       -- an officer; '' for the system
	created_at TEXT NOT NULL,
	ended_at   TEXT,
	holder     TEXT NOT NULL,       -- the node that does it; '' when nobody
	until      TEXT NOT NULL        -- the instant its lease ends; '' when free
);

CREATE INDEX job_open ON job (id) WHERE state = 'open';
