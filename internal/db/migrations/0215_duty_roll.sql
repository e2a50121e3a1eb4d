-- Counters by day become so many that no board can add all of them up while it is asked: a
-- million cases of one year left half a million. So what they say is also kept by year and
-- by month, behind the operations: a row says how much of it is already in the sums, and a
-- board adds what is not.

-- by key
CREATE TABLE duty_roll (
	rule        TEXT NOT NULL,
	level       TEXT NOT NULL,         -- now: what runs; year, month: what ended
	fate        TEXT NOT NULL,         -- as duty_tally.fate
	owner       TEXT NOT NULL,
	counterpart TEXT NOT NULL,
	field       TEXT NOT NULL,
	period      TEXT NOT NULL,         -- of what runs the day, '0' for days gone by; of what ended '2026' or '2026-03'; '' without a date
	n           BIGINT NOT NULL,
	PRIMARY KEY (rule, level, fate, owner, counterpart, field, period)
);

ALTER TABLE duty_tally ADD COLUMN rolled BIGINT NOT NULL DEFAULT 0; -- how much of n stands in duty_roll

-- the day of the newest case has come, so what fell due before it is a day gone by
INSERT INTO duty_roll (rule, level, fate, owner, counterpart, field, period, n)
	SELECT rule, 'now', fate, owner, counterpart, field, day, sum(n) FROM (
		SELECT rule, fate, owner, counterpart, field, n, CASE WHEN fate = 'suspended' OR due_day = '' THEN ''
			WHEN due_day < (SELECT coalesce(substr(max(opened_at), 1, 10), '') FROM casefile) THEN '0' ELSE due_day END AS day
		FROM duty_tally WHERE fate IN ('open', 'suspended')) t
	GROUP BY rule, fate, owner, counterpart, field, day;

INSERT INTO duty_roll (rule, level, fate, owner, counterpart, field, period, n)
	SELECT rule, 'year', fate, owner, counterpart, field, substr(due_day, 1, 4), sum(n) FROM duty_tally
	WHERE fate NOT IN ('open', 'suspended') GROUP BY rule, fate, owner, counterpart, field, substr(due_day, 1, 4);

INSERT INTO duty_roll (rule, level, fate, owner, counterpart, field, period, n)
	SELECT rule, 'month', fate, owner, counterpart, field, substr(due_day, 1, 7), sum(n) FROM duty_tally
	WHERE fate NOT IN ('open', 'suspended') GROUP BY rule, fate, owner, counterpart, field, substr(due_day, 1, 7);

UPDATE duty_tally SET rolled = n WHERE n <> 0;

-- what the sums do not hold yet: few rows, with all that a board reads of them
CREATE INDEX duty_tally_fresh ON duty_tally (rule, fate, owner, counterpart, field, due_day, n, rolled) WHERE n <> rolled;
