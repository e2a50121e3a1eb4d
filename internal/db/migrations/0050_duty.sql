-- Duties (việc phải làm): who owes which act to whom by when under which clause,
-- the office calendars they are reckoned on, and what changed them.

CREATE TABLE calendar (
	id         TEXT PRIMARY KEY,
	name       TEXT NOT NULL,
	is_default BOOLEAN NOT NULL
);

-- What was known of a calendar from an instant on. Rows are never changed.
CREATE TABLE calendar_revision (
	calendar TEXT NOT NULL REFERENCES calendar (id),
	n        BIGINT NOT NULL,
	known_at TEXT NOT NULL,          -- '' has always been known
	source   TEXT NOT NULL,          -- the notice with number and date, shown to people
	days     TEXT NOT NULL,          -- JSON: holidays, days in lieu, make-up days
	hours    TEXT NOT NULL,          -- JSON: office hours, with their source
	week     BIGINT NOT NULL,        -- the weekdays worked, one bit each, Sunday the lowest; 0: Monday to Friday
	set_by   TEXT NOT NULL,
	PRIMARY KEY (calendar, n)
);

-- by key
CREATE TABLE duty (
	case_id     TEXT NOT NULL REFERENCES casefile (id),
	rule        TEXT NOT NULL,       -- the rule that made it: petition.answer
	owner       TEXT NOT NULL,       -- the unit that owes
	round       BIGINT NOT NULL,     -- which time it is owed on this case by this owner, from 1
	counterpart TEXT NOT NULL,       -- to whom it is owed
	field       TEXT NOT NULL,
	officer     TEXT NOT NULL DEFAULT '',  -- in charge, once directed
	section     TEXT NOT NULL DEFAULT '',
	request     BOOLEAN NOT NULL DEFAULT FALSE, -- a body that was only asked: never late, never in a figure
	fate        TEXT NOT NULL,       -- open, suspended, met, waived, handed
	from_at     TEXT NOT NULL,       -- the instant from which it is counted
	due_at      TEXT NOT NULL,       -- the first instant that is late; '9999-12-31…' where no date is stated
	due_on      TEXT NOT NULL,       -- the last day still in time; '' for an hour or none
	own_from    TEXT,                -- when it reached this owner from another; NULL for the first owner
	own_due_at  TEXT NOT NULL,       -- the first instant after this owner's own share: due_at for the first owner, never earlier for another
	carried     BIGINT NOT NULL DEFAULT 0, -- how many of its changes it took along from the owner before
	due_day     TEXT NOT NULL,       -- the day the tally counts it under: of due_at while it runs, of own_due_at once it ended; '' for none
	limits      TEXT NOT NULL,       -- JSON: every limit with its clause; the earliest binds
	calendar    TEXT NOT NULL,
	revision    BIGINT NOT NULL,     -- of the calendar it was last reckoned on
	reminders   TEXT NOT NULL DEFAULT '',  -- working days before the last day, with commas
	inner_on    TEXT NOT NULL DEFAULT '',  -- a leader's inner date; it never replaces the legal one
	next_at     TEXT NOT NULL,       -- when the sweep looks at it next; '9999-12-31…' never
	missed_at   TEXT,                -- when the sweep told the overseers (lateness itself is computed)
	changes     BIGINT NOT NULL DEFAULT 0,
	ended_at    TEXT,
	ended_why   TEXT NOT NULL DEFAULT '',  -- reason and clause of a waiver or a hand-over
	PRIMARY KEY (case_id, rule, owner, round)
);

CREATE INDEX duty_owner ON duty (owner, due_at, case_id, rule, round) WHERE ended_at IS NULL;
CREATE INDEX duty_officer ON duty (officer, due_at, case_id, rule, owner, round) WHERE ended_at IS NULL AND officer <> '';
-- what came from another owner: few rows, whose lateness may not be this owner's
CREATE INDEX duty_inherited ON duty (owner, due_at, case_id, rule, round) WHERE ended_at IS NULL AND own_due_at > due_at;
CREATE INDEX duty_next ON duty (next_at, case_id, rule, owner, round) WHERE ended_at IS NULL;

-- What changed a duty: suspended, resumed, extended, handed over, waived, reckoned anew.
-- by key
CREATE TABLE duty_change (
	case_id TEXT NOT NULL REFERENCES casefile (id),
	rule    TEXT NOT NULL,
	owner   TEXT NOT NULL,
	round   BIGINT NOT NULL,
	n       BIGINT NOT NULL,
	what    TEXT NOT NULL,
	at      TEXT NOT NULL,           -- the instant from which it counts
	recorded_at TEXT NOT NULL,
	on_limit BIGINT NOT NULL,        -- which limit an extension lengthens, from 0; -1: all
	anew    BOOLEAN NOT NULL DEFAULT FALSE,
	amount  TEXT NOT NULL DEFAULT '', -- an extension's limit: 3wd, or an instant
	clause  TEXT NOT NULL,
	reason  TEXT NOT NULL,
	by_whom TEXT NOT NULL,
	old_due TEXT NOT NULL,
	new_due TEXT NOT NULL,
	PRIMARY KEY (case_id, rule, owner, round, n)
);

-- How many duties there are for each owner, rule, fate and day, kept in the same
-- transaction as the duty; lateness is a sum over days.
-- by key
CREATE TABLE duty_tally (
	owner   TEXT NOT NULL,
	rule    TEXT NOT NULL,
	fate    TEXT NOT NULL,           -- open, suspended, met, late, waived, handed
	due_day TEXT NOT NULL,
	n       BIGINT NOT NULL,
	PRIMARY KEY (owner, rule, fate, due_day)
);
