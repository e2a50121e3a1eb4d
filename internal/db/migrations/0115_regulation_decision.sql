-- The province's own decision that makes a model profile its regulation: the newest of a
-- profile holds, the older ones stay to be read.
CREATE TABLE regulation_decision (
	id      TEXT PRIMARY KEY,
	profile TEXT NOT NULL,
	number  TEXT NOT NULL,      -- 12/QĐ-UBND
	date    TEXT NOT NULL,      -- the day it was signed, 2026-03-02
	by_whom TEXT NOT NULL,      -- who entered it: an officer, or "cli:" and a name
	at      TEXT NOT NULL
);
