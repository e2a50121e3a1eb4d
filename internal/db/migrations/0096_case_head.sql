-- Where a case's history ends, on the case's own row: an operation locks and writes that
-- row anyway, and need not look for the last event. A case that never was locked since it
-- was opened has 0 here, and its history is asked.

ALTER TABLE casefile ADD COLUMN leaf_n BIGINT NOT NULL DEFAULT 0; -- the number of the last event
ALTER TABLE casefile ADD COLUMN leaf BYTEA;                       -- its leaf, which the next one names
ALTER TABLE casefile ADD COLUMN leaf_at TEXT;                     -- when it was recorded

-- no list asks for them: lists begin with duties
DROP INDEX casefile_opened;
DROP INDEX casefile_lead;
DROP INDEX casefile_raiser;
