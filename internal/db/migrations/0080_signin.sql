-- Who is at the door: accounts, sessions, known devices, tokens, and what was tried in vain.
-- Secrets (session, device, token, recovery code) are random; only their SHA-256 stands here.
-- Passwords stand as argon2id in PHC form.

CREATE TABLE account (
	officer     TEXT PRIMARY KEY REFERENCES officer (id),
	login       TEXT NOT NULL UNIQUE,       -- folded: lower case, no marks, no spaces
	hash        TEXT NOT NULL,              -- '' while no password is set: nobody gets in
	must_change BOOLEAN NOT NULL,           -- a password somebody else chose
	set_at      TEXT NOT NULL,              -- when the password was set
	totp        TEXT NOT NULL,              -- base32 secret of the second factor; '' none
	totp_new    TEXT NOT NULL,              -- the secret shown but not yet confirmed
	totp_step   BIGINT NOT NULL             -- the last 30-second step a code was taken for: none is taken twice
);

CREATE TABLE recovery (
	officer TEXT NOT NULL REFERENCES account (officer),
	hash    TEXT NOT NULL,
	used_at TEXT,
	PRIMARY KEY (officer, hash)
);

-- by key
CREATE TABLE session (
	hash     TEXT PRIMARY KEY,
	id       TEXT NOT NULL UNIQUE,          -- names the session to its owner; opens nothing
	officer  TEXT NOT NULL REFERENCES account (officer),
	stage    TEXT NOT NULL CHECK (stage IN ('code', 'enrol', 'password', 'full')), -- what is still asked before anything opens
	post     TEXT NOT NULL,                 -- the post chosen to act in; '' none chosen
	device   TEXT NOT NULL,                 -- hash of the device's cookie
	address  TEXT NOT NULL,
	agent    TEXT NOT NULL,
	made_at  TEXT NOT NULL,
	seen_at  TEXT NOT NULL,                 -- up to a minute behind
	ends_at  TEXT NOT NULL,                 -- the absolute limit
	ended_at TEXT                           -- signed out
);

CREATE INDEX session_officer ON session (officer, made_at);
CREATE INDEX session_ends ON session (ends_at);

-- A browser in which this account was opened before: other people's failures do not
-- keep it out.
CREATE TABLE device (
	officer TEXT NOT NULL REFERENCES account (officer),
	hash    TEXT NOT NULL,
	agent   TEXT NOT NULL,
	made_at TEXT NOT NULL,
	seen_at TEXT NOT NULL,
	PRIMARY KEY (officer, hash)
);

-- Failures in a row by account ("a:"), address ("i:"), known device ("d:"), second factor ("c:").
CREATE TABLE failure (
	subject TEXT PRIMARY KEY,
	n       BIGINT NOT NULL,
	last_at TEXT NOT NULL,
	wait_to TEXT NOT NULL                   -- no try before this instant
);

CREATE INDEX failure_last ON failure (last_at);

-- by key
CREATE TABLE token (
	id         TEXT PRIMARY KEY,
	hash       TEXT NOT NULL UNIQUE,
	officer    TEXT NOT NULL REFERENCES officer (id),
	label      TEXT NOT NULL,
	rate       BIGINT NOT NULL,             -- requests a second; 0: the setting's
	made_by    TEXT NOT NULL,
	made_at    TEXT NOT NULL,
	ends_at    TEXT NOT NULL,
	revoked_at TEXT
);

CREATE INDEX token_officer ON token (officer, made_at);
