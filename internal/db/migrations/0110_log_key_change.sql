-- The server's signing key stands sealed in log_key (an older release kept it open: it is
-- sealed at the next start), and it can be changed: each change is a note signed by the
-- old key and by the new one, so that who kept the old one can follow.

CREATE TABLE log_key_change (
	n          BIGINT PRIMARY KEY,  -- 1 is the first change
	note       TEXT NOT NULL,       -- what both keys signed: size and root then, both public keys
	by_whom    TEXT NOT NULL,       -- who asked for it at the command line
	changed_at TEXT NOT NULL
);
