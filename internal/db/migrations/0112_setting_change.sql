-- Who changed which setting, when, from what to what, on what ground.
CREATE TABLE setting_change (
	id      TEXT PRIMARY KEY,
	name    TEXT NOT NULL,
	was     TEXT NOT NULL,      -- '' the default held
	became  TEXT NOT NULL,      -- '' the default holds again
	source  TEXT NOT NULL,      -- the ground that was given
	by_whom TEXT NOT NULL,      -- an officer, or "cli:" and a name
	at      TEXT NOT NULL
);
