-- Incidents over the borders of communes (sự cố, tình huống liên xã). Words stand in the
-- history under its salts; the rows hold numbers, units and where the words are.

-- by key
CREATE TABLE incident (
	case_id     TEXT PRIMARY KEY REFERENCES casefile (id),
	type        TEXT NOT NULL,              -- the kind of incident, as the rule names it
	secret      BOOLEAN NOT NULL,           -- of a sealed kind
	joint       BOOLEAN NOT NULL,
	parent      TEXT NOT NULL DEFAULT '',   -- the incident it is a part of
	reported_n  BIGINT NOT NULL DEFAULT 0,
	occurred_at TEXT,
	number      TEXT NOT NULL DEFAULT '',   -- of the paper that went the secret way, or of the written report
	issued_on   TEXT NOT NULL DEFAULT '',
	ended_at    TEXT
);

CREATE INDEX incident_parent ON incident (parent, case_id);

-- The communes it touches, on the map.
-- by key
CREATE TABLE incident_place (
	case_id TEXT NOT NULL REFERENCES casefile (id),
	commune TEXT NOT NULL,
	since_at TEXT NOT NULL,
	PRIMARY KEY (case_id, commune)
);

-- Situation reports: n is the event with the words.
-- by key
CREATE TABLE incident_situation (
	case_id TEXT NOT NULL REFERENCES casefile (id),
	n       BIGINT NOT NULL,
	unit    TEXT NOT NULL,
	commune TEXT NOT NULL,
	seen_at TEXT NOT NULL,                  -- as of when it is so
	officer TEXT NOT NULL,
	PRIMARY KEY (case_id, n)
);

-- The figures of a situation report: how many of what, in hundredths of its unit.
-- by key
CREATE TABLE incident_figure (
	case_id TEXT NOT NULL REFERENCES casefile (id),
	n       BIGINT NOT NULL,
	what    TEXT NOT NULL,                  -- one of figures.csv
	hundredths BIGINT NOT NULL CHECK (hundredths >= 0),
	PRIMARY KEY (case_id, n, what)
);

-- What was asked of whom: n is the event with the words.
-- by key
CREATE TABLE incident_resource (
	case_id TEXT NOT NULL REFERENCES casefile (id),
	n       BIGINT NOT NULL,
	asker   TEXT NOT NULL,
	owner   TEXT NOT NULL,                  -- of whom
	asked   BIGINT NOT NULL CHECK (asked > 0),
	given   BIGINT NOT NULL DEFAULT 0 CHECK (given >= 0),
	state   TEXT NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'given', 'declined', 'over')),
	ended_at TEXT,
	PRIMARY KEY (case_id, n)
);

-- Each delivery of a request.
-- by key
CREATE TABLE incident_delivery (
	case_id TEXT NOT NULL REFERENCES casefile (id),
	n       BIGINT NOT NULL,                -- the event
	resource BIGINT NOT NULL,
	amount_given BIGINT NOT NULL CHECK (amount_given > 0),
	handed_at TEXT NOT NULL,
	PRIMARY KEY (case_id, n)
);

-- What was decided, and who does it.
-- by key
CREATE TABLE incident_decision (
	case_id TEXT NOT NULL REFERENCES casefile (id),
	n       BIGINT NOT NULL,
	owner   TEXT NOT NULL,
	officer TEXT NOT NULL,
	done_n  BIGINT NOT NULL DEFAULT 0,
	PRIMARY KEY (case_id, n)
);

-- Cases that hang on an incident; who may not read one does not see the link.
-- by key
CREATE TABLE incident_link (
	case_id TEXT NOT NULL REFERENCES casefile (id),
	other   TEXT NOT NULL REFERENCES casefile (id),
	n       BIGINT NOT NULL,
	PRIMARY KEY (case_id, other)
);

CREATE INDEX incident_link_other ON incident_link (other, case_id);
