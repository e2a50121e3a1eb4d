-- What the store itself needs: leases of background work, keys of requests.

-- by key
CREATE TABLE lease (
	name   TEXT PRIMARY KEY,
	holder TEXT NOT NULL,   -- the node that has it
	until  TEXT NOT NULL    -- an instant; '' when free
);

-- A request's key and the first answer to it (idempotency). Swept after the days the setting says.
-- by key
CREATE TABLE request_key (
	officer  TEXT NOT NULL,
	key      TEXT NOT NULL,
	route    TEXT NOT NULL,
	body     TEXT NOT NULL,      -- hash of the body that came with the key
	status   BIGINT NOT NULL,
	location TEXT NOT NULL,
	version  BIGINT NOT NULL,
	at       TEXT NOT NULL,
	PRIMARY KEY (officer, key)
);

CREATE INDEX request_key_at ON request_key (at);

-- Settings of this tenant that no regulation states (office hours for reminders, limits of uploads …).
-- by key
CREATE TABLE setting (
	name   TEXT PRIMARY KEY,
	value  TEXT NOT NULL,
	source TEXT NOT NULL,        -- who set it and on what ground, shown beside it
	set_at TEXT NOT NULL
);
