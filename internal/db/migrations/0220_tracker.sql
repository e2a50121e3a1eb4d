-- The tracker of assignments at the size of a province: sums that need no pass over days, what
-- is late or comes due soon in the order of days, and lists by field and of what is only asked.

-- What runs and what ended for each unit and field: what runs by the month of its day, what
-- ended whatever the day. Figures across all units are sums over some thousand of these rows.
-- Kept with duty_tally in the same transaction, of assignments alone; what a unit owes to
-- itself (a part given to its own section) is in no figure of the tracker.
-- by key
CREATE TABLE duty_sum (
	fate     TEXT NOT NULL,          -- as duty_tally.fate
	owner    TEXT NOT NULL,
	field    TEXT NOT NULL,
	month    TEXT NOT NULL,          -- '2026-03'; '' of what has no date, and of what ended
	n        BIGINT NOT NULL,
	PRIMARY KEY (fate, owner, field, month)
);

INSERT INTO duty_sum (fate, owner, field, month, n)
	SELECT fate, owner, field, month, sum(n) FROM (
		SELECT fate, owner, field, CASE WHEN fate IN ('open', 'suspended') THEN substr(due_day, 1, 7) ELSE '' END AS month, n FROM duty_tally
		WHERE rule IN ('assignment.do', 'assignment.recur') AND owner <> counterpart) t
	GROUP BY fate, owner, field, month;

-- months in which nothing runs any more keep their row; sums do not go over it
CREATE INDEX duty_sum_some ON duty_sum (fate, owner, field, month, n) WHERE n <> 0;

-- running assignments by day: what is late and what comes due, without those that ended. The
-- conditions are written as no key of the table is, so that a range of days is what is sought.
CREATE INDEX duty_tally_assigned ON duty_tally (due_day, rule, owner, field, counterpart, n)
	WHERE substr(rule, 1, 11) = 'assignment.' AND fate NOT IN ('met', 'late', 'waived', 'handed') AND n > 0;

-- running assignments of one field, and those that were only asked: few rows
CREATE INDEX duty_assigned_field ON duty (field, due_at, case_id) WHERE ended_at IS NULL AND rule IN ('assignment.do', 'assignment.recur');
CREATE INDEX duty_assigned_asked ON duty (due_at, case_id) WHERE ended_at IS NULL AND request AND rule IN ('assignment.do', 'assignment.recur');

-- results by the day on which they were accepted: what a quarter has brought
CREATE INDEX assignment_accepted ON assignment (accepted_at, case_id) WHERE accepted_at IS NOT NULL;

-- results that were given back, in the order of their directives: by the number of the case
-- alone SQLite goes over the table, whose order that is
DROP INDEX assignment_returned;
CREATE INDEX assignment_given_back ON assignment (directive, case_id) WHERE returns > 0 AND accepted_at IS NULL;

-- released directives, the newest first
CREATE INDEX directive_released ON directive (case_id) WHERE released_at IS NOT NULL;
