-- The yearly table of how units worked together (tổng hợp kết quả phối hợp hằng năm), of
-- which a case holds one year: every answer owed and every petition raised is an item, so
-- that each figure is a count of items and opens them. Reasons stand in the history.

-- by key
CREATE TABLE score_year (
	case_id    TEXT PRIMARY KEY REFERENCES casefile (id),
	year       BIGINT NOT NULL UNIQUE,
	open_until TEXT,                    -- the first instant at which no unit may object any more; NULL while being prepared
	number     TEXT NOT NULL DEFAULT '', -- số, ký hiệu, ngày of the paper with which it was published
	issued_on  TEXT NOT NULL DEFAULT ''
);

-- by key
CREATE TABLE score_item (
	case_id  TEXT NOT NULL REFERENCES casefile (id),
	n        BIGINT NOT NULL,
	petition TEXT NOT NULL REFERENCES casefile (id),
	unit     TEXT NOT NULL,
	side     TEXT NOT NULL CHECK (side IN ('answers', 'raised')),
	fate     TEXT NOT NULL CHECK (fate IN ('in_time', 'late', 'waived', 'raised')),
	due_day  TEXT NOT NULL,
	mark     TEXT NOT NULL DEFAULT '' CHECK (mark IN ('', 'excused', 'home')), -- by a person: a late answer excused; a petition that could have been settled at home
	cause    TEXT NOT NULL DEFAULT '', -- of the excuse, one of the rule's
	marked_by TEXT NOT NULL DEFAULT '', -- the officer
	marked_n BIGINT NOT NULL DEFAULT 0, -- the event with the reason
	PRIMARY KEY (case_id, n)
);

CREATE INDEX score_item_unit ON score_item (case_id, unit, side, fate, n);

-- What units object to, each through its own signed paper, and what was decided.
-- by key
CREATE TABLE score_objection (
	case_id  TEXT NOT NULL REFERENCES casefile (id),
	n        BIGINT NOT NULL,
	item     BIGINT NOT NULL,
	unit     TEXT NOT NULL,
	paper_id TEXT NOT NULL DEFAULT '',
	made_n   BIGINT NOT NULL DEFAULT 0, -- the event with its words; 0 while the paper is on its way
	decision TEXT NOT NULL DEFAULT '' CHECK (decision IN ('', 'accepted', 'declined')),
	decided_n BIGINT NOT NULL DEFAULT 0, -- the event with the reason
	PRIMARY KEY (case_id, n)
);

CREATE INDEX score_objection_paper ON score_objection (paper_id);
