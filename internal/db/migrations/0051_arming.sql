-- Duties that the calendar makes: one row for each rule, owner and period, so that an
-- occasion is armed once, however many nodes look and however the calendar changes.

-- by key
CREATE TABLE duty_arming (
	rule     TEXT NOT NULL,
	owner    TEXT NOT NULL,              -- as the rule names it; the duty may be with its successor or the fall-back
	period   TEXT NOT NULL,              -- the day as the rule states it, before any roll
	due_at   TEXT NOT NULL,              -- as it was reckoned when it was armed
	armed_at TEXT NOT NULL,
	case_id  TEXT REFERENCES casefile (id),
	PRIMARY KEY (rule, owner, period)
);
