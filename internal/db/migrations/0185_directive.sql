-- Directives from above (văn bản chỉ đạo, điều hành) and the assignments that they give. A
-- directive's text stands in its history; a proposal is one task that was read in it, as the
-- reader saw it and as people made it. Dates by which something is owed stand in duty alone.

-- by key
CREATE TABLE directive (
	case_id   TEXT PRIMARY KEY REFERENCES casefile (id),
	way       TEXT NOT NULL CHECK (way IN ('signed', 'drafted')),
	number    TEXT NOT NULL DEFAULT '',
	number_key TEXT NOT NULL DEFAULT '', -- folded, without blanks: what makes two numbers one
	issued_on TEXT NOT NULL DEFAULT '',
	issuer    TEXT NOT NULL DEFAULT '',
	issuer_key TEXT NOT NULL DEFAULT '',
	kind      TEXT NOT NULL DEFAULT '',  -- công văn, công điện, chỉ thị …
	signer_name TEXT NOT NULL DEFAULT '',
	urgency   TEXT NOT NULL DEFAULT '' CHECK (urgency IN ('', 'urgent', 'flash')),
	text_n    BIGINT NOT NULL DEFAULT 0, -- the event that holds the text
	paper_id  TEXT NOT NULL DEFAULT '',  -- of one that is drafted here
	dropped   BOOLEAN NOT NULL DEFAULT FALSE,
	confirmed_by TEXT NOT NULL DEFAULT '',
	confirmed_at TEXT,
	confirmed_section TEXT NOT NULL DEFAULT '', -- whose head releases
	released_by TEXT NOT NULL DEFAULT '',
	released_at TEXT,
	job       TEXT NOT NULL DEFAULT ''   -- that opens the assignments
);

CREATE UNIQUE INDEX directive_once ON directive (number_key, issued_on, issuer_key) WHERE number_key <> '' AND NOT dropped;
CREATE INDEX directive_paper ON directive (paper_id);

-- by key
CREATE TABLE directive_proposal (
	case_id TEXT NOT NULL REFERENCES casefile (id),
	n       BIGINT NOT NULL,
	state   TEXT NOT NULL CHECK (state IN ('proposed', 'edited', 'added', 'split', 'merged', 'dropped')),
	from_n  TEXT NOT NULL DEFAULT '',  -- the proposals that it was made of, with commas
	body    TEXT NOT NULL,             -- the task as it stands
	read    TEXT NOT NULL DEFAULT '',  -- the task as the reader proposed it; '' where a person added it
	changed TEXT NOT NULL DEFAULT '',  -- which parts a person changed
	by      TEXT NOT NULL DEFAULT '',
	at      TEXT NOT NULL,
	PRIMARY KEY (case_id, n)
);

-- by key
CREATE TABLE assignment (
	case_id   TEXT PRIMARY KEY REFERENCES casefile (id),
	directive TEXT NOT NULL DEFAULT '', -- its case
	proposal  BIGINT NOT NULL DEFAULT 0, -- the task of that directive
	clause    TEXT NOT NULL DEFAULT '', -- the item as printed: 2.b.-3
	parent    TEXT NOT NULL DEFAULT '', -- the assignment that this one is a part of
	period    TEXT NOT NULL DEFAULT '', -- of one that comes again: its day
	kind      TEXT NOT NULL DEFAULT 'task' CHECK (kind IN ('task', 'scheme')),
	urgency   TEXT NOT NULL DEFAULT '' CHECK (urgency IN ('', 'urgent', 'flash')),
	given_n   BIGINT NOT NULL DEFAULT 0, -- the event with what is to be done
	percent   BIGINT NOT NULL DEFAULT 0,
	section   TEXT NOT NULL DEFAULT '',  -- of a part that lies inside the unit
	submitted_n BIGINT NOT NULL DEFAULT 0, -- the event with the result that waits or was accepted
	submitted_at TEXT,
	returns   BIGINT NOT NULL DEFAULT 0, -- how often the result was given back
	quality   TEXT NOT NULL DEFAULT '',  -- of the accepted result, one of the rule's words
	form      TEXT NOT NULL DEFAULT '',  -- the form of coordination, one of the rule's
	form_state TEXT NOT NULL DEFAULT '' CHECK (form_state IN ('', 'asked', 'decided')),
	result_number TEXT NOT NULL DEFAULT '',
	accepted_at TEXT,
	armed     BOOLEAN NOT NULL DEFAULT FALSE -- its duties stand
);

CREATE INDEX assignment_directive ON assignment (directive, proposal, case_id);
CREATE INDEX assignment_parent ON assignment (parent, case_id);

-- What each unit has in an assignment, and how far it is.
-- by key
CREATE TABLE assignment_part (
	case_id TEXT NOT NULL REFERENCES casefile (id),
	unit    TEXT NOT NULL,
	part    TEXT NOT NULL CHECK (part IN ('coordinating', 'requested')),
	state   TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'ended')),
	percent BIGINT NOT NULL DEFAULT 0,
	told_n  BIGINT NOT NULL DEFAULT 0, -- the event that says what the unit has to do
	done_n  BIGINT NOT NULL DEFAULT 0, -- the event with what it gave
	PRIMARY KEY (case_id, unit)
);

-- by key
CREATE TABLE assignment_progress (
	case_id TEXT NOT NULL REFERENCES casefile (id),
	n       BIGINT NOT NULL,           -- the event with the words
	unit    TEXT NOT NULL,
	percent BIGINT NOT NULL,
	what    TEXT NOT NULL CHECK (what IN ('progress', 'difficulty')),
	petition TEXT NOT NULL DEFAULT '', -- the petition that a difficulty became
	at      TEXT NOT NULL,
	PRIMARY KEY (case_id, n)
);

-- Every request for more time, with what became of it.
-- by key
CREATE TABLE assignment_extension (
	case_id TEXT NOT NULL REFERENCES casefile (id),
	n       BIGINT NOT NULL,
	unit    TEXT NOT NULL,             -- who asks
	decider TEXT NOT NULL,             -- whose people decide
	rule    TEXT NOT NULL,             -- of the duty
	round   BIGINT NOT NULL,
	until_text TEXT NOT NULL,          -- asked for, as a limit
	granted TEXT NOT NULL DEFAULT '',  -- as a limit; may differ
	state   TEXT NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'granted', 'refused')),
	asked_n BIGINT NOT NULL,
	decided_n BIGINT NOT NULL DEFAULT 0,
	asked_at TEXT NOT NULL,
	PRIMARY KEY (case_id, n)
);

-- What a directive asks for again and again; the calendar opens an assignment each time.
-- by key
CREATE TABLE assignment_series (
	case_id TEXT NOT NULL REFERENCES casefile (id), -- the directive
	n       BIGINT NOT NULL,           -- the proposal
	lead    TEXT NOT NULL,
	again   TEXT NOT NULL,             -- a recurrence
	basis   TEXT NOT NULL,
	since_at TEXT NOT NULL,
	ended_at TEXT,
	PRIMARY KEY (case_id, n, lead)
);

CREATE INDEX assignment_series_running ON assignment_series (ended_at, case_id, n, lead);
