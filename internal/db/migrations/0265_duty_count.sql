-- Counters of duties in two places. What operations add and take away stands in duty_tally
-- until the sweep takes it into the sums, some thousand rows at the most: an operation changes
-- rows of a small table. The sums - by day, and of what ended by month and by year - are kept
-- in memory by each node, which follows duty_roll_change. One way for every figure: the sums
-- that operations wrote for the tracker alone are gone.

-- the whole count of all days up to the last roll; the days of a month stand together
-- by key
CREATE TABLE duty_count (
	rule        TEXT NOT NULL,
	fate        TEXT NOT NULL,         -- open, suspended, met, late, waived, handed
	due_day     TEXT NOT NULL,         -- as duty.due_day
	owner       TEXT NOT NULL,
	counterpart TEXT NOT NULL,
	field       TEXT NOT NULL,
	n           BIGINT NOT NULL,
	PRIMARY KEY (rule, fate, due_day, owner, counterpart, field)
);

INSERT INTO duty_count (rule, fate, due_day, owner, counterpart, field, n)
	SELECT rule, fate, due_day, owner, counterpart, field, n FROM duty_tally WHERE n <> 0;

DROP TABLE duty_tally;

-- what operations have added to the count (or taken from it: n < 0) since the last roll
-- by key
CREATE TABLE duty_tally (
	rule        TEXT NOT NULL,
	fate        TEXT NOT NULL,
	owner       TEXT NOT NULL,
	counterpart TEXT NOT NULL,
	field       TEXT NOT NULL,
	due_day     TEXT NOT NULL,
	n           BIGINT NOT NULL,
	PRIMARY KEY (rule, fate, owner, counterpart, field, due_day)
);

DROP TABLE duty_roll;

-- sums of duty_count over what ended
-- by key
CREATE TABLE duty_roll (
	rule        TEXT NOT NULL,
	level       TEXT NOT NULL,         -- year, month
	period      TEXT NOT NULL,         -- '2026' or '2026-03'; '' without a date
	fate        TEXT NOT NULL,
	owner       TEXT NOT NULL,
	counterpart TEXT NOT NULL,
	field       TEXT NOT NULL,
	n           BIGINT NOT NULL,
	PRIMARY KEY (rule, level, period, fate, owner, counterpart, field)
);

INSERT INTO duty_roll (rule, level, period, fate, owner, counterpart, field, n)
	SELECT rule, 'year', substr(due_day, 1, 4), fate, owner, counterpart, field, sum(n) FROM duty_count
	WHERE fate NOT IN ('open', 'suspended') GROUP BY rule, substr(due_day, 1, 4), fate, owner, counterpart, field;

INSERT INTO duty_roll (rule, level, period, fate, owner, counterpart, field, n)
	SELECT rule, 'month', substr(due_day, 1, 7), fate, owner, counterpart, field, sum(n) FROM duty_count
	WHERE fate NOT IN ('open', 'suspended') GROUP BY rule, substr(due_day, 1, 7), fate, owner, counterpart, field;

-- what the last rolls took into the sums, so that a node which keeps them in memory reads no more
-- by key
CREATE TABLE duty_roll_change (
	roll        BIGINT NOT NULL,       -- the number of the roll: version 'duty.roll'
	rule        TEXT NOT NULL,
	fate        TEXT NOT NULL,
	owner       TEXT NOT NULL,
	counterpart TEXT NOT NULL,
	field       TEXT NOT NULL,
	due_day     TEXT NOT NULL,
	n           BIGINT NOT NULL,
	PRIMARY KEY (roll, rule, fate, owner, counterpart, field, due_day)
);

DROP TABLE duty_sum;
