-- What a person decided where the province's own tracker and this system do not agree. The
-- words of both sides stand in the history of the case; here only what they hash to, so that
-- the same difference is not asked twice, and a new one is.

-- by key
CREATE TABLE tracker_settlement (
	case_id    TEXT NOT NULL REFERENCES casefile (id),
	hash       TEXT NOT NULL,           -- of the column and of both texts
	taken      BOOLEAN NOT NULL,        -- as the sheet has it; otherwise kept as it was
	officer    TEXT NOT NULL,
	settled_at TEXT NOT NULL,
	PRIMARY KEY (case_id, hash)
);
