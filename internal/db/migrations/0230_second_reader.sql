-- What a language model, asked as a second reader, proposed for a directive. Nothing here is
-- issued: a person takes a proposal over among the reader's, or leaves it.

-- by key: the last question asked about a directive, and what came of it
CREATE TABLE directive_second (
	case_id  TEXT PRIMARY KEY REFERENCES casefile (id),
	state    TEXT NOT NULL CHECK (state IN ('asked', 'read', 'failed')),
	asked_by TEXT NOT NULL,
	asked_at TEXT NOT NULL,
	host     TEXT NOT NULL,             -- where the text went, without the rest of the address
	model    TEXT NOT NULL,
	ended_at TEXT,
	dropped  BIGINT NOT NULL DEFAULT 0, -- proposals that did not stand in the text
	failure  TEXT NOT NULL DEFAULT ''   -- a sentence of the program, never of the model
);

-- by key
CREATE TABLE directive_second_task (
	case_id TEXT NOT NULL REFERENCES casefile (id),
	n       BIGINT NOT NULL,
	state   TEXT NOT NULL CHECK (state IN ('proposed', 'taken', 'left')),
	body    TEXT NOT NULL,              -- the task, as in directive_proposal
	by      TEXT NOT NULL DEFAULT '',   -- who took it over or left it
	at      TEXT NOT NULL,
	PRIMARY KEY (case_id, n)
);
