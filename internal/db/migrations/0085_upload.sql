-- Files that programs sent ahead of the act they belong to (JSON face). The act that
-- names a file takes its row away and makes it a document of a case; a row that
-- nobody names within a day is removed, and its bytes with the others that no row needs.

CREATE TABLE upload (
	id         TEXT PRIMARY KEY,
	officer    TEXT NOT NULL,   -- who sent it and alone may name it
	name       TEXT NOT NULL,
	media_type TEXT NOT NULL,
	size       BIGINT NOT NULL,
	hash       TEXT NOT NULL,   -- of the bytes in the blob store
	scan       TEXT NOT NULL,   -- clean, waiting or unscanned
	at         TEXT NOT NULL
);

CREATE INDEX upload_at ON upload (at);
