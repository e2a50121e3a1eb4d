-- What happened at the door, for the person it is about and for administrators: sign-ins, refusals,
-- delays, second factors, passwords, tokens. Never a secret, and never what was typed
-- as a name that nobody has: it may be a password in the wrong field.

CREATE TABLE door_log (
	id      TEXT PRIMARY KEY,
	officer TEXT NOT NULL,             -- '' when the name is nobody's
	what    TEXT NOT NULL,             -- signed_in, refused, delayed …: see package signin
	by_whom TEXT NOT NULL,             -- who did it when it was somebody else: an administrator
	address TEXT NOT NULL,
	agent   TEXT NOT NULL,
	detail  TEXT NOT NULL,             -- how long a delay, which token: its id and label
	at      TEXT NOT NULL
);

CREATE INDEX door_log_officer ON door_log (officer, id);
CREATE INDEX door_log_at ON door_log (at);

-- When a token was used first; NULL: never.
ALTER TABLE token ADD COLUMN used_at TEXT;

-- Files that wait for the virus scanner.
CREATE INDEX document_waiting ON document (hash) WHERE scan = 'waiting';
CREATE INDEX upload_waiting ON upload (hash) WHERE scan = 'waiting';
