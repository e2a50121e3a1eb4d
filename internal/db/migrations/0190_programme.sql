-- Work programmes (chương trình công tác): items with their place in a year, and the cases
-- that gather them - a unit's week, the whole week of all units, a plan, a review. What is
-- owed on them, and by when, stands in duty.

-- by key
CREATE TABLE programme (
	case_id  TEXT PRIMARY KEY REFERENCES casefile (id),
	unit     TEXT NOT NULL,           -- whose it is
	what     TEXT NOT NULL CHECK (what IN ('week', 'whole', 'plan', 'review')),
	grain    TEXT NOT NULL,           -- of its period: year, half, quarter, month, week; '' of a plan
	from_on  TEXT NOT NULL,           -- first and last day of its period
	until_on TEXT NOT NULL,
	paper_id TEXT NOT NULL DEFAULT '', -- the paper that sends it, under way or released
	sent_at  TEXT                     -- when it was sent first, a whole week last; NULL: not yet
);

CREATE UNIQUE INDEX programme_once ON programme (what, grain, from_on, unit) WHERE what <> 'plan';
CREATE INDEX programme_paper ON programme (paper_id) WHERE paper_id <> '';

-- by key
CREATE TABLE programme_item (
	case_id    TEXT PRIMARY KEY REFERENCES casefile (id),
	unit       TEXT NOT NULL,            -- in whose programme it stands
	plan       TEXT NOT NULL DEFAULT '', -- the plan it is a part of, a case
	grain      TEXT NOT NULL CHECK (grain IN ('year', 'quarter', 'month', 'week', 'day')),
	from_on    TEXT NOT NULL,            -- its place now: first and last day
	until_on   TEXT NOT NULL,
	from_hour  TEXT NOT NULL DEFAULT '', -- "08:00" of a day's item; '' the whole day
	until_hour TEXT NOT NULL DEFAULT '',
	venue      TEXT NOT NULL DEFAULT '', -- where
	officer    TEXT NOT NULL DEFAULT '', -- who attends or is in charge; '' the unit
	number     TEXT NOT NULL DEFAULT '', -- số, ký hiệu of the document it comes from
	issued_on  TEXT NOT NULL DEFAULT '',
	arising    BOOLEAN NOT NULL,         -- phát sinh: not in the yearly programme
	estimate   BIGINT NOT NULL,          -- dự toán, đồng; 0 none
	funding    TEXT NOT NULL DEFAULT '' CHECK (funding IN ('', 'yearly', 'arising')), -- from where it is paid
	estimate_n BIGINT NOT NULL,          -- event that approved it; 0 not yet
	changed_at TEXT NOT NULL
);

CREATE INDEX programme_item_day ON programme_item (from_on, until_on);
CREATE INDEX programme_item_plan ON programme_item (plan) WHERE plan <> '';

-- What each unit does in an item.
-- by key
CREATE TABLE programme_part (
	case_id TEXT NOT NULL REFERENCES casefile (id),
	unit    TEXT NOT NULL,
	task    TEXT NOT NULL,
	PRIMARY KEY (case_id, unit)
);

-- Every place an item was asked to leave, and what was decided. Reasons stand in the history.
-- by key
CREATE TABLE programme_move (
	case_id   TEXT NOT NULL REFERENCES casefile (id),
	n         BIGINT NOT NULL,
	old_grain TEXT NOT NULL,
	old_from_on  TEXT NOT NULL,
	old_until_on TEXT NOT NULL,
	new_grain TEXT NOT NULL,
	new_from_on  TEXT NOT NULL,
	new_until_on TEXT NOT NULL,
	asked_n   BIGINT NOT NULL,           -- event with the reason
	decided_n BIGINT NOT NULL DEFAULT 0, -- event with the decision; 0 waits
	fate      TEXT NOT NULL DEFAULT '' CHECK (fate IN ('', 'approved', 'declined')),
	at        TEXT NOT NULL,
	PRIMARY KEY (case_id, n)
);

-- To which assignment, meeting or result an item belongs: a case of another kind.
-- by key
CREATE TABLE programme_link (
	case_id TEXT NOT NULL REFERENCES casefile (id),
	what    TEXT NOT NULL CHECK (what IN ('assignment', 'meeting', 'result')),
	target  TEXT NOT NULL REFERENCES casefile (id),
	PRIMARY KEY (case_id, what, target)
);

CREATE INDEX programme_link_target ON programme_link (target);

-- Addresses under which an officer's calendar is read by his own programs.
-- by key
CREATE TABLE programme_feed (
	id         TEXT PRIMARY KEY,
	hash       TEXT NOT NULL UNIQUE,     -- SHA-256 of the token; the token itself is kept nowhere
	officer    TEXT NOT NULL,
	label      TEXT NOT NULL,
	made_at    TEXT NOT NULL,
	revoked_at TEXT
);

CREATE INDEX programme_feed_officer ON programme_feed (officer);
