-- Counters: tracking numbers of cases, numbers of registers. One row a name; the row
-- of a register's number stays locked until the paper that takes it is committed.

-- by key
CREATE TABLE counter (
	name TEXT PRIMARY KEY,  -- what is counted, with its year or unit: 'KN/2026'
	n    BIGINT NOT NULL    -- the last number given out, or on PostgreSQL reserved
);
