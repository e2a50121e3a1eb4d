-- Rulebooks (quy định đã biên dịch): the bytes operations obey, by hash, and the acts
-- that put one in force. Both are written once and never changed.

CREATE TABLE rulebook (
	hash      TEXT PRIMARY KEY,   -- SHA-256 of content, hexadecimal
	profile   TEXT NOT NULL,      -- the profile it was compiled from
	content   TEXT NOT NULL,      -- canonical JSON; its shape has a number inside
	stored_at TEXT NOT NULL
);

CREATE TABLE rulebook_adoption (
	n          BIGINT PRIMARY KEY, -- 1, 2, 3 …; the highest is in force
	hash       TEXT NOT NULL REFERENCES rulebook (hash),
	adopted_by TEXT NOT NULL,      -- who did it
	adopted_at TEXT NOT NULL
);
