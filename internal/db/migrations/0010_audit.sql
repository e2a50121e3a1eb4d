-- The log of what happened: one leaf for each entry, the Merkle tree over them in tiles,
-- and the signed head, so that an outsider can prove that nothing was edited or dropped.

-- A leaf is left by the transaction that wrote the entry, and gets its position later.
-- by key
CREATE TABLE leaf (
	ref     TEXT PRIMARY KEY,   -- the writer's name of the entry, never content
	hash    BYTEA NOT NULL,     -- 32 bytes, over the entry's stored bytes
	seq     BIGINT,             -- position in the log from 0, gapless; NULL until sealed
	left_at TEXT NOT NULL
);

CREATE INDEX leaf_pending ON leaf (left_at, ref) WHERE seq IS NULL;

CREATE UNIQUE INDEX leaf_seq ON leaf (seq) WHERE seq IS NOT NULL;

-- 256 hashes of 32 bytes side by side; the last tile of a level is shorter.
CREATE TABLE tile (
	level BIGINT NOT NULL,      -- 0 holds the leaves; a tile's own hash stands one level up
	n     BIGINT NOT NULL,
	bytes BYTEA NOT NULL,
	PRIMARY KEY (level, n)
);

-- One row: the newest head. Who gives positions holds this row.
CREATE TABLE log_head (
	id         BIGINT PRIMARY KEY CHECK (id = 1),
	size       BIGINT NOT NULL,
	root       TEXT NOT NULL,   -- base64; '' before the first signature
	checkpoint TEXT NOT NULL,   -- the signed note; '' before the first signature
	sealed_at  TEXT
);

INSERT INTO log_head (id, size, root, checkpoint) VALUES (1, 0, '', '');

-- One row: the server's signing key, made at the first start.
CREATE TABLE log_key (
	id       BIGINT PRIMARY KEY CHECK (id = 1),
	secret   TEXT NOT NULL,     -- never leaves the store except in its backup
	verifier TEXT NOT NULL,     -- what outsiders keep
	made_at  TEXT NOT NULL
);
