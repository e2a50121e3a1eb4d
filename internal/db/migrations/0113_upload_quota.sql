-- Files that wait for their act are bounded for each officer, and so is what an officer sends
-- in a day; a file that came with a page's form which was refused waits here too, so that
-- neither a restart nor another node loses it.

ALTER TABLE upload ADD COLUMN taken BOOLEAN NOT NULL DEFAULT FALSE; -- an act of a page took it: read again when the same form comes twice, counted no more

CREATE INDEX upload_officer ON upload (officer, at);

-- by key
CREATE TABLE upload_day (
	officer TEXT NOT NULL,
	day     TEXT NOT NULL,      -- of the office, 2026-03-02
	bytes   BIGINT NOT NULL,    -- sent on that day, whatever became of it
	PRIMARY KEY (officer, day)
);
