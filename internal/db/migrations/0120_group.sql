-- Groups of alike petitions (nhóm vấn đề): a case of its own that holds petitions of many
-- communes, each of which stays where it is, and reaches them with one answer.

-- by key
CREATE TABLE petition_group (
	case_id  TEXT PRIMARY KEY REFERENCES casefile (id),
	paper_id TEXT NOT NULL DEFAULT '', -- the answer's paper; it lies on the member below
	carrier  TEXT NOT NULL DEFAULT '', -- the member on which the answer was given first
	round    BIGINT NOT NULL DEFAULT 0, -- of answering, on that member
	proposal TEXT NOT NULL DEFAULT '', -- the petition that proposes to amend the regulation
	answered_at TEXT
);

CREATE INDEX petition_group_paper ON petition_group (paper_id);

-- Which petitions stand in a group; a petition stands in one open group at most.
-- by key
CREATE TABLE group_member (
	case_id   TEXT NOT NULL REFERENCES casefile (id), -- the group
	n         BIGINT NOT NULL,
	petition  TEXT NOT NULL REFERENCES casefile (id),
	since_at  TEXT NOT NULL,
	by        TEXT NOT NULL,
	until_at  TEXT,                    -- NULL while the group holds it
	fate      TEXT NOT NULL DEFAULT '' CHECK (fate IN ('', 'left', 'answered', 'missed')), -- missed: the answer did not reach it
	PRIMARY KEY (case_id, n)
);

CREATE UNIQUE INDEX group_member_once ON group_member (petition) WHERE until_at IS NULL;
CREATE INDEX group_member_petition ON group_member (petition, case_id, n);
