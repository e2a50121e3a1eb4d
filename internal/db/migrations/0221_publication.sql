-- Results of assignments that are made public, a quarter at a time: what was accepted in it,
-- signed and released by whoever publishes. No words stand here: a title is read from its
-- case, so that what is sealed there is gone from the public list at the same moment.

-- by key
CREATE TABLE publication (
	case_id     TEXT PRIMARY KEY REFERENCES casefile (id),
	quarter     TEXT NOT NULL,           -- 2026-Q3
	paper_id    TEXT NOT NULL DEFAULT '', -- that walks the unit's path
	number      TEXT NOT NULL DEFAULT '', -- of the released paper
	issued_on   TEXT NOT NULL DEFAULT '',
	released_at TEXT,
	dropped     BOOLEAN NOT NULL DEFAULT FALSE -- taken back: the quarter may be made anew
);

-- a quarter is public once
CREATE UNIQUE INDEX publication_once ON publication (quarter) WHERE NOT dropped;

-- by key
CREATE TABLE publication_line (
	case_id    TEXT NOT NULL REFERENCES casefile (id),
	n          BIGINT NOT NULL,
	assignment TEXT NOT NULL REFERENCES casefile (id),
	lead       TEXT NOT NULL,
	due_on     TEXT NOT NULL DEFAULT '',  -- the last day in time; '' without a date
	done_on    TEXT NOT NULL DEFAULT '',  -- on which the result was handed in
	late       BOOLEAN NOT NULL DEFAULT FALSE,
	number     TEXT NOT NULL DEFAULT '',  -- of the paper that is the result
	withheld   BOOLEAN NOT NULL DEFAULT FALSE, -- a person left it out; why stands in the history
	PRIMARY KEY (case_id, n)
);

CREATE INDEX publication_of ON publication_line (assignment);
