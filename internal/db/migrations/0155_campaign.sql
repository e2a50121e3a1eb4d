-- Campaigns (đợt thu thập khó khăn, vướng mắc): a case of its own with the groups and answers
-- of an online session; each item that a commune or a working group enters is a case too.

-- by key
CREATE TABLE campaign (
	case_id       TEXT PRIMARY KEY REFERENCES casefile (id),
	number        TEXT NOT NULL DEFAULT '', -- of the document that asks: "1208/UBND-TH"
	issued_on     TEXT NOT NULL DEFAULT '',
	collect_until TEXT NOT NULL,            -- the first instant at which nothing is taken any more
	session_at    TEXT,                     -- when the session begins
	begun_at      TEXT,
	ended_at      TEXT
);

-- Who enters items for a working group.
-- by key
CREATE TABLE campaign_member (
	case_id TEXT NOT NULL REFERENCES casefile (id),
	officer TEXT NOT NULL,
	team    TEXT NOT NULL, -- the working group's name
	PRIMARY KEY (case_id, officer)
);

-- One item of one commune. Its title and state stand on its own case.
-- by key
CREATE TABLE campaign_item (
	case_id  TEXT PRIMARY KEY REFERENCES casefile (id),
	campaign TEXT NOT NULL REFERENCES casefile (id),
	commune  TEXT NOT NULL,
	by       TEXT NOT NULL,            -- the officer who entered it
	team     TEXT NOT NULL DEFAULT '', -- the working group; '' where the commune entered it itself
	content  TEXT NOT NULL,
	theme    BIGINT NOT NULL DEFAULT 0, -- the group it stands in; 0 none
	round    BIGINT NOT NULL DEFAULT 0, -- how many answers reached it
	settled  TEXT NOT NULL DEFAULT '' CHECK (settled IN ('', 'yes', 'no')),
	petition TEXT NOT NULL DEFAULT ''   -- the petition it became
);

CREATE INDEX campaign_item_of ON campaign_item (campaign, case_id);
CREATE INDEX campaign_item_theme ON campaign_item (campaign, theme, case_id);

-- A group of items (nhóm vấn đề) in its place on the agenda.
-- by key
CREATE TABLE campaign_theme (
	case_id TEXT NOT NULL REFERENCES casefile (id),
	n       BIGINT NOT NULL,
	title   TEXT NOT NULL,
	lead    TEXT NOT NULL, -- the unit that answers
	place   BIGINT NOT NULL,
	PRIMARY KEY (case_id, n)
);

-- What was answered to a group, oldest first: the newest holds, none is written again.
-- by key
CREATE TABLE campaign_answer (
	case_id     TEXT NOT NULL REFERENCES casefile (id),
	theme       BIGINT NOT NULL,
	n           BIGINT NOT NULL,
	event_n     BIGINT NOT NULL, -- its text, in the campaign's history
	unit        TEXT NOT NULL,
	speaker     TEXT NOT NULL,   -- who answered, as people name him
	outcome     TEXT NOT NULL,
	number      TEXT NOT NULL DEFAULT '', -- of the document that it rests on
	next_on     TEXT NOT NULL DEFAULT '', -- the day of the next report on what stays open
	in_session  BOOLEAN NOT NULL,
	answered_at TEXT NOT NULL,
	PRIMARY KEY (case_id, theme, n)
);
