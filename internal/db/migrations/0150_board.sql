-- Figures by commune, area and field, the map, and the yearly table of how units worked
-- together.

-- The counters tell counterpart and field apart from here on, so that a map or a board by
-- commune sums counters and never goes over duties. Counted anew from what is there.
DROP TABLE duty_tally;

-- by key
CREATE TABLE duty_tally (
	rule        TEXT NOT NULL,
	fate        TEXT NOT NULL,         -- open, suspended, met, late, waived, handed
	owner       TEXT NOT NULL,
	counterpart TEXT NOT NULL,
	field       TEXT NOT NULL,
	due_day     TEXT NOT NULL,         -- as duty.due_day
	n           BIGINT NOT NULL,
	PRIMARY KEY (rule, fate, owner, counterpart, field, due_day)
);

INSERT INTO duty_tally (rule, fate, owner, counterpart, field, due_day, n)
	SELECT rule, word, owner, counterpart, field, due_day, count(*) FROM (
		SELECT rule, CASE WHEN fate IN ('met', 'handed') AND ended_at >= own_due_at THEN 'late' ELSE fate END AS word, owner, counterpart, field, due_day
		FROM duty WHERE NOT request) d
	GROUP BY rule, word, owner, counterpart, field, due_day;

-- what runs beside an answer and says why it waits, or what an answer left open: few rows
CREATE INDEX duty_beside ON duty (rule, owner, case_id) WHERE ended_at IS NULL
	AND rule IN ('petition.clarify', 'petition.assign', 'petition.contribute', 'petition.explain', 'petition.report');
